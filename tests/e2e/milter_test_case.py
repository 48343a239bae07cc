"""A plainbounce-milter of a test's own, a bounce to offer it, and what must become of it."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from lab.processes import children
from milter_client import MilterClient, split

BUILD = pathlib.Path(os.environ["PLAINBOUNCE_BUILD"])
MILTER = BUILD / "milter" / "plainbounce-milter"
EDITS = "^b+mh$"  # the whole body, then at once the Subject, then the mark


def bounce(boundary="4F1C.1700000000/mail.example.org", padding=0, returned=b"",
           recipients=("nobody@example.com",)):
    """A delivery report as Postfix makes it, CRLF."""
    blocks = "".join(f"""
Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected:
    User unknown in virtual mailbox table
""" for recipient in recipients)
    text = f"""\
Date: Tue, 14 Nov 2023 22:13:20 +0000 (UTC)
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: alice@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="{boundary}"
Message-Id: <20231114221320.4F1C@mail.example.org>

This is a MIME-encapsulated message.

--{boundary}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

                   The mail system

<{recipients[0]}>: host mx.example.com[192.0.2.1] said: 550 5.1.1
    <{recipients[0]}>: Recipient address rejected: User unknown in virtual mailbox table
    (in reply to RCPT TO command)

--{boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
X-Postfix-Queue-ID: 4F1C
X-Postfix-Sender: rfc822; alice@example.org
Arrival-Date: Tue, 14 Nov 2023 22:13:19 +0000 (UTC)
{blocks}
--{boundary}
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: alice@example.org
To: {recipients[0]}
Subject: Lunch
Message-Id: <lunch@example.org>

Shall we say noon?
"""
    end = f"\r\n--{boundary}--\r\n"
    line = b"0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVW\r\n"
    return (text.replace("\n", "\r\n").encode() + line * (padding // len(line)) + returned +
            end.encode())


def free_port():
    """A TCP port of the loopback interface that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """One plainbounce-milter with a conf file, a socket and a log of its own."""

    def __init__(self, directory, conf="", listen=None, log_level="debug", start=True,
                 command=(MILTER,), environment=None):
        """`command`: the program with what is to stand before it."""
        self.command = command
        self.environment = environment or {}
        self.directory = pathlib.Path(directory)
        self.socket = self.directory / "milter.sock"
        self.state = self.directory / "in-hand"
        self.address = listen or f"unix:{self.socket}"
        self.conf = self.directory / "plainbounce.conf"
        self.conf.write_text(f"""\
[milter]
listen = "{self.address}"
state_file = "{self.state}"
allow_root = true
[log]
level = "{log_level}"
{conf}""")
        self.log_path = self.directory / "log"
        self.process = None
        if start:
            self.start()

    def start(self, **environment):
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.directory / "notify"
        path.unlink(missing_ok=True)
        notify.bind(str(path))
        path.chmod(0o777)
        notify.settimeout(60)
        self.notify = notify
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "--conf", self.conf], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "NOTIFY_SOCKET": str(path), **self.environment, **environment})
        if notify.recv(100) != b"READY=1":
            raise AssertionError("not ready")

    def log(self):
        return self.log_path.read_text()

    def records(self):
        """The log lines of messages, each as a dictionary."""
        lines = [line[line.index("queue_id="):] for line in self.log().splitlines()
                 if "queue_id=" in line]
        return [dict(pair.split("=", 1) for pair in line.split(" detail=")[0].split())
                for line in lines]

    def fork_server(self):
        """The process that starts the workers."""
        process, = children(self.process.pid)
        return process

    def workers(self):
        """Their processes."""
        return children(self.fork_server())

    def processes(self):
        return [self.process.pid, self.fork_server(), *self.workers()]

    def client(self, **options):
        client = MilterClient(self.address, **options)
        client.connect_info()
        client.helo()
        return client

    def reload(self):
        """Returns once it has ended, well or not."""
        self.process.send_signal(signal.SIGHUP)
        if not self.notify.recv(100).startswith(b"RELOADING=1"):
            raise AssertionError("doesn't reload")
        if self.notify.recv(100) != b"READY=1":
            raise AssertionError("not ready again")

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        self.process.kill()
        self.process.wait(60)
        self.notify.close()

    def stop(self):
        self.terminate()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self.notify.close()


class MilterTestCase(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-milter-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def daemon(self, *arguments, **options):
        daemon = Daemon(self.directory, *arguments, **options)
        self.addCleanup(self.stop_if_running, daemon)
        return daemon

    @staticmethod
    def stop_if_running(daemon):
        if daemon.process is not None:
            daemon.kill()

    def assert_rewritten(self, outcome, original):
        self.assertEqual((outcome.reply, outcome.replied_at), ("accept", "E"))
        self.assertRegex(outcome.edits, EDITS)
        body = split(original)[1]
        self.assertNotEqual(outcome.body, body)
        before = body.index(b"Content-Description: Notification")
        self.assertEqual(outcome.body[:before], body[:before])
        after = body[body.index(b"Content-Description: Delivery report"):]
        self.assertTrue(outcome.body.endswith(after))
        self.assertIn(b"multipart/alternative", outcome.body)
        self.assertEqual(outcome.headers[0][:3], ("change", 1, "Subject"))
        self.assertEqual(outcome.headers[1][:2], ("add", "X-Plainbounce"))
        for header in outcome.headers:
            self.assertNotIn("\r", header[-1])

    def assert_untouched(self, outcome, replied_at):
        self.assertEqual((outcome.reply, outcome.replied_at), ("accept", replied_at))
        self.assertEqual((outcome.edits, outcome.body, outcome.headers), ("", None, []))
