"""Mail on a DebianMachine with Postfix: what a user of it sends, and the bounces in her mailbox."""

import email
import email.policy
import re

from .waiting import wait_for

USER = "alice"
LOCAL = "nosuchuser@example.org"
REMOTE = "full@example.net"  # another server refuses it: its mailbox is full
# The server of example.net; Postfix' own program, on a port of its own.
_REFUSING = """\
127.0.0.1:2525 inet n - y - - smtpd
  -o syslog_name=postfix/example.net -o smtpd_client_restrictions=
  -o { smtpd_recipient_restrictions = check_recipient_access static:{552 5.2.2 Mailbox full}, reject }
"""
_MAILBOX = f"/var/mail/{USER}"


class MachineMail:
    def __init__(self, machine):
        self._machine = machine
        self.sent = []  # subjects
        machine.run(f"useradd --create-home {USER}")
        machine.run("cat >>/etc/postfix/master.cf", given=_REFUSING.encode())
        machine.run("postconf -e 'transport_maps = inline:{ example.net=smtp:[127.0.0.1]:2525 }' "
                    "&& systemctl restart postfix")

    def send(self, subject, recipient=LOCAL):
        self.sent.append(subject)
        self._machine.run(
            f"su {USER} -c 'sendmail {recipient}'",
            given=f"Subject: {subject}\nTo: {recipient}\n\nHello\n".encode())

    def flush(self):
        self._machine.run("postqueue -f")

    def queued(self):
        """How many messages wait."""
        return len(re.findall(r"^[0-9A-F]{6,}", self._machine.run("postqueue -p").stdout,
                              re.MULTILINE))

    def bounce(self, subject):
        """The bounce of what was sent as `subject`, once it is there."""
        return wait_for(lambda: self.bounces().get(subject, [None])[0],
                        f"the bounce of {subject!r}", 30, 0.2)

    def bounces(self):
        """{subject of what was sent: [bounces of it]}"""
        content = self._machine.run(f"cat {_MAILBOX} 2>/dev/null", check=False).stdout
        found = {}
        for text in re.split(r"^From .*\n", content, flags=re.MULTILINE)[1:]:
            bounce = email.message_from_string(text, policy=email.policy.default)
            returned = re.findall(r"^Subject: (.*)", text, re.MULTILINE)[-1]
            found.setdefault(returned, []).append(bounce)
        return found
