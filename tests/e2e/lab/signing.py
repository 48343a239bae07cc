"""Laboratories with a real OpenDKIM, by the lines of docs/dkim.md."""

import re

from .laboratory import Laboratory
from .open_dkim import SOCKET, OpenDkim
from .postfix_programs import PROJECT

DOCUMENTATION = PROJECT / "docs" / "dkim.md"
SELECTOR, OTHER_DOMAIN = "2026", "relay.example"
_MILTERS = "  -o { non_smtpd_milters = "


def documented(beginning):
    """The block of the documentation that begins so."""
    blocks = re.findall(r"^```[^`\n]*\n(.*?)^```$", DOCUMENTATION.read_text(), re.MULTILINE | re.DOTALL)
    block, = [block for block in blocks if block.startswith(beginning)]
    return block.rstrip("\n")


def bounce_milters(reverse=False):
    """The line for master.cf: the milter, then the signer."""
    line = documented(_MILTERS).replace(f"unix:{SOCKET}", "unix:{directory}/opendkim/opendkim.sock")
    if not reverse:
        return line
    first, second = re.findall(r"\{ unix:.*? \}", line)
    return f"{_MILTERS}{second}, {first} }}"


def make_signer(directory):
    command = documented("sudo -u opendkim opendkim-genkey").split("\n")[0]
    return OpenDkim(directory / "opendkim", documented("Domain "),
                    command.removeprefix("sudo -u opendkim "))


class SigningLaboratory(Laboratory):
    """With Postfix. `signer` signs what `bounce_milters` or the services name it for."""

    signer = None

    def _build(self, *options):
        super()._build(*options)
        self.signer = make_signer(self.directory)
        # Another domain, which signs with the same key.
        key, = self.signer.records.values()
        self.signer.records[f"{SELECTOR}._domainkey.{OTHER_DOMAIN}"] = key

    def _start(self):
        self._start_parts(self.signer)
        super()._start()
