"""All of it together: Sendmail, a remote server, the milter and a tap between it and Sendmail."""

import shutil

from .laboratory import MailLaboratory
from .milter_daemon import ACCOUNT, MilterDaemon
from .milter_tap import MilterTap
from .processes import free_port
from .remote_server import RemoteServer
from .sendmail_instance import INCLUDE, LOCAL_DOMAIN, SendmailInstance

# Every name's address, on loopback; Sendmail uses the same port everywhere.
REMOTE, NOBODY_THERE = "127.0.0.2", "127.0.0.4"


class SendmailLaboratory(MailLaboratory):
    """With Sendmail.

    Mail for example.com goes to `remote`, mail for unreachable.example nowhere.
    """

    logs = ("mail.log", "sendmail.out", "milter/milter.log", "sendmail/etc/mail/sendmail.cf")

    def __init__(self, mailboxes, answers=None, local_config="", lines=INCLUDE, hosts=None,
                 m4_files=(), flag="F=T"):
        """lines, local_config: of sendmail.mc. m4_files: what they include, beyond ours.
        hosts: {name: address}, beyond the usual ones. flag: of the filter (SendmailInstance)."""
        super().__init__(mailboxes, answers, local_config, lines, hosts, m4_files, flag)
        self.sendmail = None

    def _start(self):
        self._start_parts(self.remote, self.milter, self.tap)
        self.sendmail.start()

    def _build(self, mailboxes, answers, local_config, lines, hosts, m4_files, flag):
        self._make_directory()
        port = free_port()
        self.remote = RemoteServer(answers, address=REMOTE, port=port)
        self.sendmail = SendmailInstance(
            self.directory / "sendmail", mailboxes,
            {LOCAL_DOMAIN: "127.0.0.1", "example.com": REMOTE, "unreachable.example": NOBODY_THERE,
             **(hosts or {})}, port, local_config, lines, m4_files, flag=flag)
        self._stack.callback(self.sendmail.stop)
        self.milter = MilterDaemon(self.directory / "milter")
        self.tap = MilterTap(self.sendmail.milter_socket, self.milter.socket)
        # As plainbounce makes it; Sendmail asks who owns the socket and its directory.
        self.sendmail.milter_socket.chmod(0o660)
        for path in (self.sendmail.milter_socket, self.sendmail.milter_socket.parent):
            shutil.chown(path, ACCOUNT, "nogroup")
