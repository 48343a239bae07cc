"""The messages that come back in the samples."""

import base64
import email.utils

_SUBJECTS = ("Lunch on Friday", "Minutes of Tuesday's meeting", "Your order 4711",
             "Photos from the hike", "Question about the invoice", "Re: Offer for the new roof")
_TEXT = "Hello,\n\nplease find the details below. Do call if anything is unclear.\n\nBest, Maria\n"
_TEXT_8BIT = "Hallo Jörg,\n\nschöne Grüße aus Århus – bis Freitag!\n\nMaria\n"


def make_message(sample, number):
    """The message of a row of scenarios.toml, as bytes; its Message-ID says which one it is."""
    kind = sample.get("message", "plain")
    fields = [
        ("From", f"Maria Lind <{sample.get('from', 'maria.lind@example.org')}>"),
        ("To", ", ".join(sample["recipients"])),
        ("Subject", sample.get("subject") or _SUBJECTS[number % len(_SUBJECTS)]),
        ("Date", email.utils.formatdate()),
        ("Message-ID", message_id(sample)),
        ("MIME-Version", "1.0"),
    ]
    fields += [tuple(header.split(": ", 1)) for header in sample.get("headers", [])]
    charset = "utf-8"
    more, body = _BODIES[kind]()
    if kind == "latin1-header":
        charset = "latin-1"
        fields[2] = ("Subject", "Grüße aus Århus")
    if kind == "smtputf8":
        fields[2] = ("Subject", "Grüße aus Århus – 日本より")
    if kind == "looping":
        hop = "from relay.example.org (relay.example.org [192.0.2.1]) by relay.example.org; " \
              "Sat, 1 Aug 2026 12:00:00 +0000"
        fields = [("Received", hop)] * 60 + fields
    head = "".join(f"{name}: {value}\n" for name, value in fields + more)
    return head.encode(charset) + b"\n" + body.encode()


def message_id(sample):
    return f"<{sample['case']}@example.org>"


def _plain():
    return [("Content-Type", "text/plain; charset=us-ascii")], _TEXT


def _eight_bit():
    return [("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit")], _TEXT_8BIT


def _attachment(size):
    def make():
        data = base64.encodebytes(bytes(range(256)) * (size // 256 * 3 // 4)).decode()
        return [("Content-Type", 'application/octet-stream; name="plan.pdf"'),
                ("Content-Disposition", 'attachment; filename="plan.pdf"'),
                ("Content-Transfer-Encoding", "base64")], data
    return make


def _multipart():
    more, data = _attachment(36_000)()
    attachment = "".join(f"{name}: {value}\n" for name, value in more)
    return [("Content-Type", 'multipart/mixed; boundary="=_inner"')], (
        "This is a multi-part message.\n"
        f"--=_inner\nContent-Type: text/plain; charset=us-ascii\n\n{_TEXT}\n"
        f"--=_inner\n{attachment}\n{data}\n--=_inner--\n")


_BODIES = {
    "plain": _plain,
    "latin1-header": _plain,
    "looping": _plain,
    "8bit": _eight_bit,
    "smtputf8": _eight_bit,
    "attachment": _attachment(40_000),
    "large": _attachment(200_000),
    "multipart": _multipart,
}
