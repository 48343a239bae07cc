"""All of it together: Sendmail, a remote server, the milter and a tap between it and Sendmail."""

import contextlib
import pathlib
import shutil
import sys
import tempfile

from .laboratory import keep_logs
from .milter_daemon import ACCOUNT, MilterDaemon
from .milter_tap import MilterTap
from .processes import free_port
from .remote_server import RemoteServer
from .sendmail_instance import LOCAL_DOMAIN, SendmailInstance

# Every name's address, on loopback; Sendmail uses the same port everywhere.
REMOTE, NOBODY_THERE = "127.0.0.2", "127.0.0.4"


class SendmailLaboratory:
    """Use as a context manager; everything is stopped and removed at the end.

    Mail for example.com goes to `remote`, mail for unreachable.example nowhere.
    """

    def __init__(self, mailboxes, answers=None, local_config=""):
        self._options = (mailboxes, answers, local_config)
        self._stack = contextlib.ExitStack()
        self.failed = False
        self.directory = self.milter = self.tap = self.remote = self.sendmail = None

    def __enter__(self):
        try:
            self._build(*self._options)
            for part in (self.remote, self.milter, self.tap):
                self._stack.callback(part.stop)
                part.start()
            self.sendmail.start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, *_):
        self._stack.close()
        if self.directory is None:
            return
        if self.failed or (kind and kind is not KeyboardInterrupt):
            keep_logs(self.directory, "mail.log", "sendmail.out", "milter/milter.log",
                      "sendmail/etc/mail/sendmail.cf")
        shutil.rmtree(self.directory, ignore_errors=True)

    def _build(self, mailboxes, answers, local_config):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-lab-", dir="/tmp"))
        self.directory.chmod(0o755)
        port = free_port()
        self.remote = RemoteServer(answers, address=REMOTE, port=port)
        self.sendmail = SendmailInstance(
            self.directory / "sendmail", mailboxes,
            {LOCAL_DOMAIN: "127.0.0.1", "example.com": REMOTE, "unreachable.example": NOBODY_THERE},
            port, local_config)
        self._stack.callback(self.sendmail.stop)
        self.milter = MilterDaemon(self.directory / "milter")
        self.tap = MilterTap(self.sendmail.milter_socket, self.milter.socket)
        # As plainbounce makes it; Sendmail asks who owns the socket and its directory.
        self.sendmail.milter_socket.chmod(0o660)
        for path in (self.sendmail.milter_socket, self.sendmail.milter_socket.parent):
            shutil.chown(path, ACCOUNT, "nogroup")
