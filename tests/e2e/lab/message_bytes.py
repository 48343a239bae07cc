"""Message bytes -> their pieces, by the delimiter lines alone.

Deliberately not Python's `email`: it would hide a byte that changed. Line ends are LF here (as
mail lies in a Maildir); `with_lf` makes them so.
"""

import dataclasses
import email
import email.policy
import re


@dataclasses.dataclass(frozen=True)
class Pieces:
    """Header fields, and the multipart body cut at its delimiter lines.

    fields: (name, value as written with its folds), without line end.
    preamble, parts, epilogue: concatenated with the delimiter lines they give the body again.
    """

    fields: tuple
    preamble: bytes
    parts: tuple
    epilogue: bytes
    boundary: bytes

    def values(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]


def with_lf(message):
    return message.replace(b"\r\n", b"\n")


def split_header(message):
    """(fields, body)"""
    head, _, body = message.partition(b"\n\n")
    fields = []
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + b"\n" + line)
        else:
            name, _, value = line.partition(b":")
            fields.append((name.decode("latin-1"), value.removeprefix(b" ")))
    return tuple(fields), body


def split_message(message):
    """A multipart message's pieces; ValueError where it isn't one."""
    fields, body = split_header(message)
    content_types = [value for name, value in fields if name.lower() == "content-type"]
    match = re.search(rb"boundary=(?:\"([^\"]+)\"|([^\s;]+))", (content_types or [b""])[0],
                      re.IGNORECASE)
    if not match:
        raise ValueError("no boundary in the top-level Content-Type")
    boundary = match[1] or match[2]
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$\n?", re.MULTILINE)
    cuts = []
    for found in delimiter.finditer(body):
        cuts.append(found)
        if found[1]:
            break
    if not cuts:
        raise ValueError("the boundary doesn't occur in the body")
    ends = [cut.start() for cut in cuts[1:]]
    if not cuts[-1][1]:
        ends.append(len(body))  # never closed
    parts = tuple(body[cut.end():end] for cut, end in zip(cuts, ends))
    epilogue = body[cuts[-1].end():] if cuts[-1][1] else b""
    return Pieces(fields, body[:cuts[0].start()], parts, epilogue, boundary)


def parse(message):
    """As a mail program reads it."""
    return email.message_from_bytes(message, policy=email.policy.default)


def text_of(part):
    """A text part's decoded content; bytes that its charset lacks become U+FFFD."""
    return part.get_payload(decode=True).decode("utf-8", "replace")
