"""Message -> what its DKIM signature is worth, by dkimpy: nothing of OpenDKIM's is in it."""

import functools
import importlib
import logging
import re
import sys

from .debian_packages import unpack
from .postfix_programs import PROJECT

CACHE = PROJECT / "build" / "dkimpy"
_MODULES = "usr/lib/python3/dist-packages"
PASS, NOT_SIGNED = "pass", "no signature of this header by this key"
_LOG = logging.getLogger("dkimpy")
_LOG.disabled = True


def verify(message, records, index=0):
    """PASS, NOT_SIGNED or what else is wrong. records: {name: text} of the name server. index: of
    the signature, from above."""
    dkim = _dkimpy()
    try:
        good = dkim.DKIM(message, logger=_LOG).verify(
            index, dnsfunc=_name_server(records))
    except dkim.DKIMException as error:
        # "body hash mismatch (got ...": without the hashes.
        return re.sub(r" \(.*", "", str(error), flags=re.DOTALL)
    return PASS if good else NOT_SIGNED


def sign(message, domain, selector, private_key):
    """The message with a signature above it. private_key: as PEM."""
    signature = _dkimpy().sign(message, selector.encode(), domain.encode(), private_key,
                               canonicalize=(b"relaxed", b"simple"))
    return signature.replace(b"\r\n", b"\n") + message


def fields(message):
    """The DKIM-Signature's tags. AssertionError where there isn't one, or several."""
    header = re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0]
    values = re.findall(rb"^DKIM-Signature:((?:.*\n[ \t])*.*)", header, re.MULTILINE)
    assert len(values) == 1, f"{len(values)} signatures"
    text = re.sub(r"\s+", "", values[0].decode())
    return dict(tag.split("=", 1) for tag in text.split(";") if tag)


def _name_server(records):
    def answer(name, timeout=5):
        del timeout
        text = records.get(name.decode().rstrip("."))
        return text.encode() if text else None
    return answer


@functools.cache
def _dkimpy():
    if not (CACHE / _MODULES / "dkim").exists():
        unpack(["python3-dkim", "python3-dnspython"], CACHE, f"{_MODULES}/dkim")
    sys.path.insert(0, str(CACHE / _MODULES))
    return importlib.import_module("dkim")
