"""Directory + settings -> a running private Postfix.

It accepts mail at 127.0.0.1:smtp_port and by sendmail(1), keeps mail for `LOCAL_DOMAIN` in a
Maildir (every local part has a mailbox but those that begin "unknown"), and sends everything else
to where `transports` says. A deferred mail is tried again each second.
"""

import email.utils
import os
import pathlib
import pwd
import signal
import stat
import subprocess

from . import processes
from .waiting import wait_for

LOCAL_DOMAIN = "example.org"
HOST_NAME = "mx.example.org"

# Accounts that each Debian machine has, that nobody logs into, and that Postfix lets stand in for
# its own, so that no account has to be made. The mailboxes belong to a third one.
MAIL_OWNER = "daemon"
SETGID_GROUP = "operator"
MAILBOX_OWNER = "nobody"

# Notices name the usual times, however short the real ones are here.
USUAL_TIMES = """
  -o delay_warning_time=4h -o maximal_queue_lifetime=5d"""

# What administrators are told to put into master.cf and main.cf.
LINES = pathlib.Path(__file__).parents[3] / "conf" / "postfix"
DSN_ONLY = LINES / "dsn-only.master.cf"

# Ends even a forgotten server.
LONGEST_LIFE_SECONDS = 900

MASTER_CF = """\
127.0.0.1:{smtp_port} inet n - {chroot} - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - {chroot} - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce{bounce_options}
defer     unix - - n - 0 bounce{bounce_options}
trace     unix - - n - 0 bounce{bounce_options}
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
tlsmgr    unix - - n 1000? 1 tlsmgr
discard   unix - - n - - discard
local     unix - n n - - local
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
{more_services}"""


def bounce_options(lines):
    """The options that they give to "bounce", "defer" and "trace"."""
    options = {}
    for line in lines.splitlines():
        if line.startswith("  -o "):
            options[service] += "\n" + line
        elif line and not line.startswith("#"):
            service = line.split()[0]
            options[service] = ""
    assert options["bounce"] == options["defer"] == options["trace"] != "", options
    return options["bounce"]


def cleanup_dsn(lines, socket, timeouts):
    """Their service of its own, with this socket and these timeouts in seconds."""
    lines = lines[lines.index("\ncleanup-dsn") + 1:]
    milter = socket if str(socket).startswith("inet:") else f"unix:{socket}"
    changes = {"unix:/run/plainbounce/milter.sock": milter}
    for name, usual, wanted in zip(("connect", "command", "content"), (3, 4, 6), timeouts):
        changes[f"{name}_timeout={usual}s"] = f"{name}_timeout={wanted}s"
    for old, new in changes.items():
        assert lines.count(old) == 1, old
        lines = lines.replace(old, new)
    return lines


class PostfixInstance:
    """Use as a context manager."""

    longest_life_seconds = LONGEST_LIFE_SECONDS

    def __init__(self, programs, directory, settings=None, transports=None, services="",
                 bounce_milter=None, milter_timeouts=(3, 4, 6), bounce_lines=None,
                 main_cf="", chrooted=False):
        """settings: of main.cf, beyond or instead of the usual ones.
        transports: {domain: "transport:nexthop"}.
        services: lines to add to master.cf.
        bounce_milter: socket of the milter for DSNs, or "inet:HOST:PORT"; None: no milter.
        milter_timeouts: seconds for connect, command, content.
        bounce_lines: for master.cf, where there is such a milter; None: those of DSN_ONLY.
        main_cf: lines to add to main.cf.
        chrooted: smtpd and cleanup see the queue directory as the root, as with Debian.
        """
        self.programs = programs
        self.directory = pathlib.Path(directory)
        self.config = self.directory / "conf"
        self.queue = self.directory / "queue"
        self._maildir = self.directory / "mail"
        self._delivered = {}
        self.log_file = self.directory / "mail.log"
        self.smtp_port = processes.free_port()
        self._transports = transports or {}
        self._settings = settings or {}
        self._services = services
        self._bounce_options = USUAL_TIMES
        if bounce_milter:
            bounce_lines = bounce_lines or DSN_ONLY.read_text()
            self._services += cleanup_dsn(bounce_lines, bounce_milter, milter_timeouts)
            self._bounce_options += bounce_options(bounce_lines)
        self._main_cf = main_cf
        self._chroot = "y" if chrooted else "n"
        self._master = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._make_directories()
        self._write_configuration()
        self._master = processes.start(
            [self.programs.daemons / "master", "-c", self.config, "-d", "-e",
             self.longest_life_seconds],
            log=self.directory / "master.out", env=self.programs.environment())
        wait_for(self._is_up, f"Postfix in {self.directory} to start")

    def stop(self):
        if self._master:
            processes.stop(self._master)
            self._master = None

    def reload(self):
        """Takes up what was changed in the configuration's files."""
        before = self.log().count("reload -- version")
        self._master.send_signal(signal.SIGHUP)
        wait_for(lambda: self.log().count("reload -- version") > before, "Postfix to reload")

    def sendmail(self, sender, recipients, message, *options):
        """Submits as a program on this machine does."""
        self._run("sendmail", "-C", self.config, *options, "-i", "-f", sender, "--", *recipients,
                  stdin=message)

    def flush(self):
        """Asks for a delivery attempt of everything now."""
        self._run("postqueue", "-c", self.config, "-f")

    def queue_ids(self):
        """Every message in the queue, whatever its state."""
        return sorted(path.name for name in ("incoming", "active", "deferred")
                      for path in (self.queue / name).rglob("*") if path.is_file())

    def taken(self):
        """Those that it has taken: what it was told only in part, when it was killed, isn't executable."""
        return [path for name in ("incoming", "active", "deferred")
                for path in (self.queue / name).rglob("*") if _is_taken(path)]

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def delivered(self):
        """(file, bytes) of all that has been delivered, one after another."""
        for path in (self._maildir / "new").glob("*"):
            yield path, path.read_bytes()

    def mails(self, local_part=None):
        """What has been delivered to that local part, or at all, oldest first, as bytes."""
        for path in (self._maildir / "new").glob("*"):
            if path.name not in self._delivered:
                self._delivered[path.name] = (path.stat().st_mtime_ns, path.read_bytes())
        wanted = f"\nDelivered-To: {local_part}@{LOCAL_DOMAIN}\n".encode() if local_part else b""
        return [mail for _, mail in sorted(self._delivered.values())
                if wanted in mail[:mail.index(b"\n\n") + 1]]

    def wait_for_mails(self, local_part, count=1, seconds=90):
        """At least `count` mails in that mailbox."""
        wait_for(lambda: len(self.mails(local_part)) >= count,
                 f"{count} mail(s) for {local_part}", seconds)
        return self.mails(local_part)

    def wait_for_mail(self, local_part, seconds=90):
        return self.wait_for_mails(local_part, 1, seconds)[0]

    def _run(self, command, *arguments, stdin=b""):
        result = subprocess.run([self.programs.commands / command, *arguments], input=stdin,
                                env=self.programs.environment(), capture_output=True, timeout=60)
        if result.returncode != 0:
            raise RuntimeError(f"{command}: exit status {result.returncode}: "
                               f"{result.stderr.decode(errors='replace')}")
        return result.stdout

    def _is_up(self):
        if self._master.poll() is not None:
            output = (self.directory / "master.out").read_text(errors="replace")
            raise RuntimeError(f"Postfix ended at once: {output}\n{self.log()}")
        return (self.queue / "public" / "pickup").exists() and (
            self.queue / "private" / "bounce").exists() and "daemon started" in self.log()

    def _make_directories(self):
        owner = pwd.getpwnam(MAIL_OWNER).pw_uid
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
                     "incoming", "private", "maildrop", "public", "saved", "trace"):
            _make_directory(self.queue / name, 0o755, owner)
        _make_directory(self.queue / "pid", 0o755)
        _make_directory(self.directory / "data", 0o700, owner)
        _make_directory(self._maildir, 0o755, pwd.getpwnam(MAILBOX_OWNER).pw_uid)
        _make_directory(self.config, 0o755)

    def _write_configuration(self):
        (self.config / "dynamicmaps.cf").touch()
        (self.config / "master.cf").write_text(MASTER_CF.format(
            smtp_port=self.smtp_port,
            chroot=self._chroot,
            bounce_options=self._bounce_options,
            more_services=self._services))
        (self.config / "transport").write_text(
            "".join(f"{domain} {target}\n" for domain, target in self._transports.items()))
        (self.config / "mailboxes").write_text("!/^unknown/ mail/\n")
        settings = {**self._usual_settings(), **self._settings}
        (self.config / "main.cf").write_text(
            "".join(f"{name} = {value}\n" for name, value in settings.items()) + self._main_cf)
        for name in ("main.cf", "transport"):
            make_old(self.config / name)

    def _usual_settings(self):
        mailbox_owner = pwd.getpwnam(MAILBOX_OWNER)
        return {
            "compatibility_level": "3.6",
            "queue_directory": self.queue,
            "data_directory": self.directory / "data",
            "daemon_directory": self.programs.daemons,
            "command_directory": self.programs.commands,
            "shlib_directory": self.programs.libraries,
            "meta_directory": self.config,
            "mail_owner": MAIL_OWNER,
            "setgid_group": SETGID_GROUP,
            "import_environment": "MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH "
                                  "POSTLOG_SERVICE POSTLOG_HOSTNAME",
            "export_environment": "TZ LANG=C PATH MAIL_CONFIG LD_LIBRARY_PATH",
            "maillog_file": self.log_file,
            "maillog_file_prefixes": self.directory,
            "myhostname": HOST_NAME,
            "mydomain": LOCAL_DOMAIN,
            "myorigin": LOCAL_DOMAIN,
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "alias_maps": "",
            "local_recipient_maps": "",
            "virtual_mailbox_domains": LOCAL_DOMAIN,
            "virtual_mailbox_base": self.directory,
            "virtual_mailbox_maps": f"regexp:{self.config}/mailboxes",
            "virtual_uid_maps": f"static:{mailbox_owner.pw_uid}",
            "virtual_gid_maps": f"static:{mailbox_owner.pw_gid}",
            "transport_maps": f"texthash:{self.config}/transport",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "smtp_tls_security_level": "none",
            "smtputf8_enable": "yes",
            "smtpd_relay_restrictions": "permit_mynetworks, reject_unauth_destination",
            "biff": "no",
            # Try again soon, and never hold one destination back for another's failure.
            "queue_run_delay": "1s",
            "minimal_backoff_time": "1s",
            "maximal_backoff_time": "1s",
            "default_destination_concurrency_failed_cohort_limit": "0",
            "smtp_connection_cache_on_demand": "no",
            "smtp_connect_timeout": "3s",
        }


def _is_taken(path):
    try:
        status = path.stat()
    except FileNotFoundError:  # it went on
        return False
    return stat.S_ISREG(status.st_mode) and bool(status.st_mode & stat.S_IXUSR)


def make_old(file):
    """Each of Postfix' programs waits until the second in which a file was written is over."""
    os.utime(file, (0, 0))


def _make_directory(path, mode, owner=0):
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, owner, -1)
    path.chmod(mode)


def plain_message(sender, recipient, subject="Lunch on Friday", body="Shall we say noon?\n"):
    """An everyday mail, as bytes."""
    return (f"From: {sender}\nTo: {recipient}\nSubject: {subject}\n"
            f"Date: {email.utils.formatdate()}\nMessage-ID: <lunch.{id(body)}@example.org>\n"
            f"\n{body}").encode()
