"""Message bytes -> their pieces, by the delimiter lines alone.

Deliberately not Python's `email`: it would hide a byte that changed. Line ends may be LF or CRLF,
and stay in the pieces.
"""

import dataclasses
import email
import email.policy
import re


@dataclasses.dataclass(frozen=True)
class Pieces:
    """Header fields, and the multipart body cut at its delimiter lines.

    fields: (name, bytes after the colon, folds included, line end not).
    preamble, delimiters, parts, epilogue: in the order preamble, delimiter, part, delimiter, ...,
    epilogue they are the body again.
    """

    fields: tuple
    preamble: bytes
    delimiters: tuple
    parts: tuple
    epilogue: bytes
    boundary: bytes

    def values(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]


def split_header(message):
    """(fields, body)"""
    end = re.search(rb"^\r?\n", message, re.MULTILINE)
    head, body = (message[:end.start()], message[end.end():]) if end else (message, b"")
    fields = []
    for line in re.split(rb"\r?\n(?![ \t])", head):
        name, _, value = line.partition(b":")
        fields.append((name.decode("latin-1"), value))
    if fields and fields[-1] == ("", b""):
        fields.pop()  # what follows the last line end
    return tuple(fields), body


def content_type(fields):
    """The field's value, its case kept; without one: the standard's default."""
    values = [value for name, value in fields if name.lower() == "content-type"]
    return values[0].strip() if values else b"text/plain"


def split_message(message):
    """A multipart message's pieces; ValueError where it isn't one."""
    fields, body = split_header(message)
    match = re.search(rb"boundary=(?:\"([^\"]+)\"|([^\s;]+))", content_type(fields), re.IGNORECASE)
    if not match:
        raise ValueError("no boundary in the top-level Content-Type")
    boundary = match[1] or match[2]
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)",
                           re.MULTILINE)
    cuts = []
    for found in delimiter.finditer(body):
        cuts.append(found)
        if found[1]:
            break
    if not cuts:
        raise ValueError("the boundary doesn't occur in the body")
    closed = bool(cuts[-1][1])
    ends = [cut.start() for cut in cuts[1:]] + ([] if closed else [len(body)])
    return Pieces(
        fields=fields,
        preamble=body[:cuts[0].start()],
        delimiters=tuple(cut[0] for cut in cuts),
        parts=tuple(body[cut.end():end] for cut, end in zip(cuts, ends)),
        epilogue=body[cuts[-1].end():] if closed else b"",
        boundary=boundary)


def parse(message):
    """As a mail program reads it."""
    return email.message_from_bytes(message, policy=email.policy.default)


def text_of(part):
    """A text part's decoded content; bytes that its charset lacks become U+FFFD."""
    return part.get_payload(decode=True).decode(part.get_content_charset("utf-8"), "replace")


def first_text(part):
    """The first plain text in a part, decoded. None: there is none, or in no known charset."""
    plain = next((leaf for leaf in part.walk() if leaf.get_content_type() == "text/plain"), None)
    if plain is None:
        return None
    try:
        return text_of(plain)
    except LookupError:
        return None
