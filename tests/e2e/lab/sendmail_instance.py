"""Directory + mailboxes -> a running private Sendmail with Debian's configuration and our lines.

It accepts mail at 127.0.0.1:smtp_port and by sendmail(1), and keeps what is for LOCAL_DOMAIN. Other
domains are where `hosts` says, on the same port. The queue is run each second.
"""

import pathlib
import re
import shutil
import socket

from . import processes
from .sendmail_root import SENDMAIL, make_map, make_root, run_in
from .system_log import SystemLog
from .waiting import wait_for

LOCAL_DOMAIN = "example.org"
# What administrators are told to include.
CONF = pathlib.Path(__file__).parents[3] / "conf" / "sendmail"
INCLUDE = "include(`/usr/share/plainbounce/sendmail/plainbounce.m4')dnl\n"
FILTER_PORT = "36026"

# Mail with "Priority: urgent" is given up soon; for all other the times are the usual ones.
_TIMES = """\
define(`confTO_QUEUEWARN_URGENT', `1s')dnl
define(`confTO_QUEUERETURN_URGENT', `5s')dnl
"""


class SendmailInstance:
    """`milter_socket` is where Sendmail looks for the milter: a file in its root."""

    def __init__(self, root, mailboxes, hosts, smtp_port, local_config="", lines=INCLUDE,
                 m4_files=(), milter=None, flag="F=T"):
        """root: of Sendmail, a directory that doesn't exist. lines: what the administrator adds to
        sendmail.mc; local_config: and what below its LOCAL_CONFIG. m4_files: for /etc/mail/m4.
        milter: where it is ("inet:PORT@HOST"), instead of at `milter_socket`.
        flag: what the filter has for F=T, with none where that is empty."""
        self.root = pathlib.Path(root)
        self.smtp_port = smtp_port
        self.filter_port = processes.free_port()
        self.milter_socket = self.root / "run/plainbounce/milter.sock"
        self.root.mkdir()
        self.root.chmod(0o755)
        make_root(self.root, mailboxes, hosts,
                  {"smtp": smtp_port, "submission": processes.free_port()})
        self._log = SystemLog(self.root / "dev/log", self.root.parent / "mail.log")
        self._log.start()
        for file in m4_files:
            shutil.copy(file, self.root / "etc/mail/m4")
        self._copy_conf(milter, flag)
        self._write_configuration(local_config, lines)
        self._mailboxes = self.root / "var/mailboxes"
        self._queue = self.root / "var/spool/mqueue"
        self._daemon = None

    def start(self):
        self._daemon = processes.start(
            ["chroot", self.root, f"/{SENDMAIL}", "-bD", "-q1s"],
            log=self.root.parent / "sendmail.out", cwd="/",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC"})
        wait_for(self._is_up, f"Sendmail in {self.root} to start")

    def stop(self):
        if self._daemon:
            processes.stop(self._daemon)
            self._daemon = None
        self._log.stop()

    def sendmail(self, sender, recipients, message, *options):
        """Submits as a program on this machine does, past the submission queue. Errors are told by
        mail, and by the exit status."""
        run_in(self.root, f"/{SENDMAIL}", "-Am", "-i", "-oem", *options, "-f", sender, "--",
               *recipients, stdin=message, may_fail=True)

    def run(self, *arguments, stdin=b""):
        return run_in(self.root, f"/{SENDMAIL}", *arguments, stdin=stdin)

    def rewrite_rules(self, *lines):
        """What `sendmail -bt` answers."""
        return self.run("-bt", stdin="".join(f"{line}\n" for line in lines).encode()).decode()

    def queue_ids(self):
        return sorted(path.name[2:] for path in self._queue.glob("[qQht]f*"))

    def log(self):
        return self._log.text()

    def mails(self, mailbox):
        """What has been delivered to that mailbox, oldest first, as bytes."""
        found = sorted((path.stat().st_mtime_ns, path)
                       for path in self._mailboxes.glob(f"{mailbox}.*"))
        return [path.read_bytes() for _, path in found]

    def wait_for_mails(self, mailbox, count=1, seconds=60):
        """At least `count` mails in that mailbox."""
        wait_for(lambda: len(self.mails(mailbox)) >= count, f"{count} mail(s) for {mailbox}",
                 seconds)
        return self.mails(mailbox)

    def _write_configuration(self, local_config, lines):
        etc = self.root / "etc/mail"
        (etc / "local-host-names").write_text(f"{LOCAL_DOMAIN}\nmx.{LOCAL_DOMAIN}\nlocalhost\n")
        for name in ("trusted-users", "relay-domains", "m4/dialup.m4", "m4/provider.m4"):
            (etc / name).touch()
        stock = (self.root / "usr/share/sendmail/cf/debian/sendmail.mc").read_text()
        (etc / "sendmail.mc").write_text(with_include(stock, _TIMES, local_config, lines))
        (etc / "sendmail.cf").write_bytes(run_in(self.root, "/usr/bin/m4", "/etc/mail/sendmail.mc"))
        make_map(self.root, "access")
        self.run("-bi")

    def _copy_conf(self, milter, flag):
        """As it is, but for a port that is free here, and the milter's place and flag."""
        target = self.root / "usr/share/plainbounce/sendmail"
        shutil.copytree(CONF, target)
        snippet = target / "plainbounce.m4"
        text, count = re.subn(rf"(Port=|TCP \$h ){FILTER_PORT}\b",
                              rf"\g<1>{self.filter_port}", snippet.read_text())
        assert count == 2, count
        if milter:
            usual = "S=unix:/run/plainbounce/milter.sock"
            assert text.count(usual) == 1
            text = text.replace(usual, f"S={milter}")
        assert text.count(", F=T,") == 1
        text = text.replace(", F=T,", f", {flag}," if flag else ",")
        snippet.write_text(text)

    def _is_up(self):
        if self._daemon.poll() is not None:
            output = (self.root.parent / "sendmail.out").read_text(errors="replace")
            raise RuntimeError(f"Sendmail ended at once: {output}\n{self.log()}")
        if "starting daemon" not in self.log():
            return False
        with socket.socket() as probe:  # it says so a little early
            return probe.connect_ex(("127.0.0.1", self.smtp_port)) == 0


def with_include(stock, times="", local_config="", lines=INCLUDE):
    """Debian's sendmail.mc, as its sendmailconfig leaves it, with our lines before its mailers."""
    end, host_status = "\nMAILER_DEFINITIONS\n", "\ndnl undefine(`confHOST_STATUS_DIRECTORY')"
    assert stock.count(end) == stock.count(host_status) == 1
    stock = stock.replace(host_status, host_status.replace("dnl ", ""))
    if local_config:
        local_config = f"LOCAL_CONFIG\n{local_config}"
    return stock.replace(end, f"\n{times}{lines}{local_config}{end[1:]}")
