"""Laboratories with a real OpenDKIM, by the lines of docs/dkim.md."""

import pathlib
import re

from . import signatures
from .laboratory import Laboratory
from .open_dkim import M4_FILE, SOCKET, OpenDkim, fetch
from .pages import fenced_blocks
from .postfix_lines import read_lines
from .postfix_programs import PROJECT
from .sendmail_laboratory import SendmailLaboratory

DOCUMENTATION = PROJECT / "docs" / "dkim.md"
SELECTOR, OTHER_DOMAIN = "2026", "relay.example"
_REPORT = PROJECT / "tests" / "samples" / "postfix-recipient-unknown" / "message.eml"
LINES = "include(`/etc/mail/m4/opendkim.m4')"  # of sendmail.mc
_MILTERS = "  -o { non_smtpd_milters = "


def documented(beginning):
    """The block of the documentation that begins so."""
    block, = [block for block in fenced_blocks(DOCUMENTATION) if block.startswith(beginning)]
    return block.rstrip("\n")


def bounce_lines(reverse=False):
    """The lines for master.cf: the milter, then the signer."""
    lines = read_lines("dsn-only-with-dkim.master.cf")
    line = documented(_MILTERS)
    assert lines.endswith(f"\n{line}\n"), "the documentation has another line"
    if reverse:
        first, second = re.findall(r"\{ unix:.*? \}", line)
        lines = lines.replace(line, f"{_MILTERS}{second}, {first} }}")
    return lines.replace(f"unix:{SOCKET}", "unix:{directory}/opendkim/opendkim.sock")


def make_signer(directory, socket_directory=None):
    command = documented("sudo -u opendkim opendkim-genkey").split("\n")[0]
    signer = OpenDkim(directory / "opendkim", documented("Domain "),
                      command.removeprefix("sudo -u opendkim "), socket_directory)
    # Another domain, which signs with the same key.
    key, = signer.records.values()
    signer.records[f"{SELECTOR}._domainkey.{OTHER_DOMAIN}"] = key
    return signer


def signed_report(signer):
    """Another server's, as it arrives."""
    message = _REPORT.read_bytes()
    message = re.sub(rb"^From: .*", f"From: <MAILER-DAEMON@{OTHER_DOMAIN}>".encode(),
                     message[message.index(b"Date: "):], count=1, flags=re.MULTILINE)
    return signatures.sign(message, OTHER_DOMAIN, SELECTOR, signer.private_key())


class SigningChecks:
    """Mixed into a test case that has a laboratory of these as `lab`."""

    def verify(self, mail):
        return signatures.verify(mail, self.lab.signer.records)

    def check_signed(self, mail):
        self.assertEqual(self.verify(mail), signatures.PASS)
        self.assertEqual(signatures.fields(mail)["d"], "example.org")

    def with_signer(self, *lines):
        """Until the test ends the signer has these lines, too."""
        self.addCleanup(self.lab.signer.restart)
        self.lab.signer.restart(*lines)


class SigningLaboratory(Laboratory):
    """With Postfix. `signer` signs what `bounce_lines` or the services name it for."""

    signer = None

    def _build(self, *options):
        super()._build(*options)
        self.signer = make_signer(self.directory)

    def _start(self):
        self._start_parts(self.signer)
        super()._start()


class SigningSendmailLaboratory(SendmailLaboratory):
    """With Sendmail, and Debian's lines for OpenDKIM. `signer` signs what passes the milter."""

    signer = None

    def __init__(self, mailboxes, **options):
        fetch()
        super().__init__(mailboxes, lines=documented(LINES) + "\n", m4_files=[M4_FILE], **options)

    def _build(self, *options):
        super()._build(*options)
        directory = self.sendmail.root / pathlib.Path(SOCKET).parent.relative_to("/")
        directory.mkdir(parents=True)
        self.signer = make_signer(self.directory, directory)

    def _start(self):
        self._start_parts(self.signer)
        super()._start()
