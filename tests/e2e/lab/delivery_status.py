"""Delivery-status part -> its recipients, read without the project's own code."""

import base64
import quopri
import re

from . import message_bytes

_TYPES = (b"message/delivery-status", b"message/global-delivery-status")
_GROUP_FIELDS = ("final-recipient", "original-recipient", "action", "status", "diagnostic-code")


def recipients(message):
    """One {field name in lower case: value} for each per-recipient block (RFC 3464), in order.

    None: there is no delivery-status part among the message's own parts.
    """
    try:
        pieces = message_bytes.split_message(message)
    except ValueError:
        return None
    for part in pieces.parts:
        fields, body = message_bytes.split_header(part)
        if message_bytes.content_type(fields).lower().startswith(_TYPES):
            return _blocks(_decoded(fields, body))
    return None


def _decoded(fields, body):
    encoding = "".join(value.decode("latin-1").strip().lower() for name, value in fields
                       if name.lower() == "content-transfer-encoding")
    if encoding == "base64":
        return base64.b64decode(body)
    return quopri.decodestring(body) if encoding == "quoted-printable" else body


def _blocks(text):
    found = []
    for block in _separate(re.split(rb"(?:\r?\n){2,}", text.strip(b"\r\n"))):
        fields, _ = message_bytes.split_header(block + b"\n")
        values = {name.strip().lower(): re.sub(r"\s+", " ", value.decode("utf-8", "replace"))
                  for name, value in fields}
        if any(name in values for name in _GROUP_FIELDS):
            found.append(values)
    return found


def _separate(blocks):
    """Some servers forget the empty line between two recipients."""
    for block in blocks:
        pieces = re.split(rb"(?im)^(?=Final-Recipient *:)", block)
        yield from [block] if len(pieces) < 3 else pieces


def addresses(block):
    """Every way in which that block names its recipient, in lower case."""
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    values = [block[name].rpartition(";")[2] for name in names if name in block]
    return {value.strip().strip("<>").lower() for value in values}
