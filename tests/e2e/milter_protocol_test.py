"""plainbounce-milter as an MTA sees it, packet by packet."""

import concurrent.futures
import contextlib
import mmap
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from milter_client import NO_REPLY, NO_STEP, FilterGone, MilterClient, split

MILTER = pathlib.Path(os.environ["PLAINBOUNCE_BUILD"]) / "milter" / "plainbounce-milter"
EDITS = re.compile("b+mh")  # the whole body, then at once the Subject, then the mark


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


class Daemon:
    """One plainbounce-milter with a conf file, a socket and a log of its own."""

    def __init__(self, directory, conf="", listen=None, log_level="debug", start=True):
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

    def start(self):
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.directory / "notify"
        path.unlink(missing_ok=True)
        notify.bind(str(path))
        notify.settimeout(20)
        self.notify = notify
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [MILTER, "--conf", self.conf], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "NOTIFY_SOCKET": str(path)})
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

    def client(self, **options):
        client = MilterClient(self.address, **options)
        client.connect_info()
        client.helo()
        return client

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        self.process.kill()
        self.process.wait(10)
        self.notify.close()

    def stop(self):
        self.terminate()
        try:
            return self.process.wait(25)
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
        if daemon.process is not None and daemon.process.poll() is None:
            daemon.kill()

    def assert_rewritten(self, outcome, original):
        self.assertEqual((outcome.reply, outcome.replied_at), ("accept", "E"))
        self.assertRegex(outcome.edits, f"^{EDITS.pattern}$")
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


class NegotiationTest(MilterTestCase):
    def test_asks_for_no_more_than_it_uses(self):
        client = self.daemon().client()
        self.assertEqual(client.version, 6)
        self.assertEqual(client.actions, 0x01 | 0x02 | 0x10)
        for command in "HTU":
            self.assertTrue(client.steps & NO_STEP[command], command)
        for command in "CMRLNB":
            self.assertFalse(client.steps & NO_STEP[command], command)
        client.close()

    def test_an_mta_without_no_reply_steps_is_answered(self):
        client = self.daemon().client(steps=0)
        for command in "CRLB":
            self.assertFalse(client.steps & NO_REPLY[command], command)
        outcome = client.message("", ["alice@example.org"], bounce())
        self.assert_rewritten(outcome, bounce())
        self.assertGreater(outcome.replies, 10)
        client.close()

    def test_an_mta_that_allows_no_edits_is_left_alone(self):
        daemon = self.daemon()
        client = daemon.client(actions=0x02)
        self.assertEqual(client.message("", ["alice@example.org"], bounce()).edits, "")
        client.close()
        self.assertIn("allows no edits", daemon.log())


class OrdinaryMailTest(MilterTestCase):
    def test_costs_one_reply_at_mail(self):
        daemon = self.daemon(log_level="info")
        client = daemon.client()
        self.assertEqual(client.replies, 0)
        for sender in ("<alice@example.org> SIZE=1000", "alice@example.org",
                       "<double-bounce@mail.example.org>"):
            outcome = client.message(sender, ["<bob@example.com>"], b"Subject: x\r\n\r\ny\r\n")
            self.assert_untouched(outcome, "M")
            self.assertEqual(outcome.replies, 1)
        client.close()
        self.assertEqual(daemon.records(), [])

    def test_null_sender_without_report_ends_with_the_header(self):
        daemon = self.daemon()
        client = daemon.client()
        mail = b"Subject: Out of office\r\nContent-Type: text/plain\r\n\r\nBack soon.\r\n"
        self.assert_untouched(client.message("<>", ["<alice@example.org>"], mail), "N")
        client.close()
        self.assertEqual([(r["result"], r["reason"]) for r in daemon.records()],
                         [("left-alone", "not-a-report")])


class BounceTest(MilterTestCase):
    def test_is_rewritten_whatever_the_null_sender_looks_like(self):
        daemon = self.daemon()
        for sender in ("", "<>", "<> SIZE=2000 BODY=8BITMIME"):
            client = daemon.client()
            outcome = client.message(sender, ["<alice@example.org>"], bounce(), queue_id="4F2D")
            self.assert_rewritten(outcome, bounce())
            self.assertLessEqual(outcome.replies, 3)
            client.close()
        for record in daemon.records():
            self.assertEqual(record["queue_id"], "4F2D")
            self.assertEqual(record["result"], "rewritten")
            self.assertEqual(record["reason"], "-")
            self.assertEqual(record["recipients"], "1")
            self.assertEqual(record["causes"], "recipient-unknown")
            self.assertEqual(record["outcomes"], "failed")
            self.assertEqual(record["language"], "en")
            self.assertGreater(float(record["ms"]), 0)
            self.assertEqual(int(record["bytes"]), len(bounce()))

    def test_body_in_odd_chunks_gives_the_same(self):
        daemon = self.daemon()
        bodies = set()
        for chunk in (1, 7, 4096, 65535):
            client = daemon.client()
            outcome = client.begin("", ["alice@example.org"])
            client.finish(client.content(outcome, bounce(), chunk=chunk))
            bodies.add(re.sub(rb"=_[^\"\r]*|plainbounce-[0-9a-f]+", b"", outcome.body))
            client.close()
        self.assertEqual(len(bodies), 1)

    def test_several_on_one_connection_without_abort_between(self):
        daemon = self.daemon()
        client = daemon.client()
        for number in range(5):
            name = f"user{number}@example.com"
            message = bounce(recipients=(name,))
            outcome = client.message("<>", ["<alice@example.org>"], message)
            self.assert_rewritten(outcome, message)
            self.assertIn(name.encode(), outcome.body)
            # A message that is left in the middle, without ABORT, as Sendmail may do.
            client.content(client.begin("<>", ["<x-bounces@example.org>"]), bounce())
        client.close()

    def test_abort_forgets_the_message(self):
        client = self.daemon().client()
        client.content(client.begin("<>", ["<alice@example.org>"]), bounce(padding=200000))
        client.abort()
        outcome = client.message("<>", ["<alice@example.org>"], bounce())
        self.assert_rewritten(outcome, bounce())
        client.close()

    def test_unknown_macros_and_late_queue_id(self):
        daemon = self.daemon()
        client = daemon.client()
        client.macros("C", {"{client_ptr}": "x" * 5000, "": "", "{}": "y"})
        outcome = client.begin("<>", ["<alice@example.org>"], macros_at="T", queue_id="LATE1")
        client.macros("E", {"{unheard_of}": "1", "i": "LATE2"})
        client.finish(client.content(outcome, bounce()))
        self.assert_rewritten(outcome, bounce())
        client.close()
        self.assertEqual([r["queue_id"] for r in daemon.records()], ["LATE2"])

    def test_queue_id_cannot_forge_a_log_line(self):
        daemon = self.daemon()
        client = daemon.client()
        client.message("<>", ["<alice@example.org>"], bounce(),
                       queue_id="X\nqueue_id=FORGED result=rewritten")
        client.close()
        self.assertNotRegex(daemon.log(), r"(?m)^queue_id=FORGED")
        self.assertIn(r'queue_id="X\x0aqueue_id=FORGED result=rewritten"', daemon.log())

    def test_from_elsewhere_is_left_alone(self):
        daemon = self.daemon()
        client = MilterClient(daemon.address)
        client.connect_info("mx.example.net", "192.0.2.7", 1234)
        self.assert_untouched(client.message("<>", ["<alice@example.org>"], bounce()), "M")
        client.close()
        self.assertEqual(daemon.records()[0]["reason"], "untrusted-client")

    def test_from_nowhere_or_mapped_loopback_is_our_own(self):
        daemon = self.daemon()
        for address in (None, "::1", "::ffff:127.0.0.1"):
            client = MilterClient(daemon.address)
            client.connect_info("x", address, 25)
            self.assert_rewritten(client.message("<>", ["<alice@example.org>"], bounce()), bounce())
            client.close()

    def test_to_a_machine_is_left_alone_before_its_body(self):
        daemon = self.daemon()
        client = daemon.client()
        outcome = client.message("<>", ["<list-bounces@example.org>"], bounce())
        self.assert_untouched(outcome, "N")
        client.close()
        self.assertEqual(daemon.records()[0]["reason"], "machine-recipient")

    def test_over_size_is_left_alone(self):
        daemon = self.daemon('[messages]\nmax_size = "1 MiB"\n')
        client = daemon.client()
        outcome = client.message("", ["alice@example.org"], bounce(padding=3 << 20))
        self.assert_untouched(outcome, "E")
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        self.assertEqual([r["reason"] for r in daemon.records()], ["too-large", "-"])

    def test_five_megabytes_come_back_whole(self):
        client = self.daemon().client()
        message = bounce(padding=5 << 20)
        self.assert_rewritten(client.message("", ["alice@example.org"], message), message)
        client.close()

    def test_out_of_time_is_left_alone(self):
        daemon = self.daemon("[messages]\ntime_budget = 0.001\n")
        client = daemon.client()
        outcome = client.message("", ["alice@example.org"], bounce(padding=20 << 20))
        self.assert_untouched(outcome, "E")
        client.close()
        self.assertEqual((daemon.records()[0]["result"], daemon.records()[0]["reason"]),
                         ("failed-open", "time-budget"))

    def test_a_connection_that_breaks_off_leaves_nothing(self):
        daemon = self.daemon()
        for _ in range(20):
            client = daemon.client()
            client.content(client.begin("", ["alice@example.org"]), bounce(padding=100000))
            client.close(quit_first=False)
        client = daemon.client()
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("stopping, 0 messages in hand", daemon.log())


class ConcurrencyTest(MilterTestCase):
    def test_forty_connections_at_a_time(self):
        daemon = self.daemon()
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(contextlib.closing(daemon.client())) for _ in range(40)]
            outcomes = [client.begin("", ["alice@example.org"]) for client in clients]
            for client, outcome in zip(clients, outcomes):
                client.finish(client.content(outcome, bounce()))
                self.assert_rewritten(outcome, bounce())

    def test_idle_connections_keep_nobody_waiting(self):
        daemon = self.daemon()
        with contextlib.ExitStack() as stack:
            for _ in range(60):
                stack.enter_context(contextlib.closing(daemon.client()))
            client = stack.enter_context(contextlib.closing(daemon.client()))
            start = time.monotonic()
            self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
            self.assertLess(time.monotonic() - start, 2)


class StopTest(MilterTestCase):
    def test_waits_for_a_message_in_flight(self):
        daemon = self.daemon()
        client = daemon.client()
        outcome = client.content(client.begin("", ["alice@example.org"]), bounce())
        daemon.terminate()
        self.assertEqual(daemon.notify.recv(100), b"STOPPING=1")
        time.sleep(1)
        self.assertIsNone(daemon.process.poll())
        self.assertFalse(daemon.socket.exists())
        self.assert_rewritten(client.finish(outcome), bounce())
        self.assertEqual(daemon.process.wait(5), 0)

    def test_does_not_wait_for_ever(self):
        daemon = self.daemon()
        client = daemon.client()
        client.content(client.begin("", ["alice@example.org"]), bounce())
        start = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - start, 14)
        self.assertIn("stopped with 1 messages in hand", daemon.log())
        client.close()

    def test_is_quick_with_nothing_in_hand(self):
        daemon = self.daemon()
        idle = daemon.client()
        start = time.monotonic()
        self.assertEqual(daemon.stop(), 0, daemon.log())
        self.assertLess(time.monotonic() - start, 3)
        self.assertFalse(daemon.socket.exists())
        idle.close()

    def test_under_load_no_bounce_is_half_edited(self):
        for _ in range(5):
            daemon = self.daemon()
            stop = threading.Event()
            done, refused = [], []

            def offer():
                while not stop.is_set():
                    try:
                        client = daemon.client()
                        outcome = client.content(client.begin("", ["alice@example.org"]), bounce())
                        try:
                            done.append(client.finish(outcome))
                        except FilterGone:
                            refused.append(outcome)
                        client.close()
                    except (FilterGone, OSError):
                        return

            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                work = [pool.submit(offer) for _ in range(8)]
                time.sleep(0.3)
                self.assertEqual(daemon.stop(), 0)
                stop.set()
                for future in work:
                    future.result(20)
            self.assertGreater(len(done), 0)
            for outcome in done:
                self.assert_rewritten(outcome, bounce())
            self.assertEqual([outcome.edits for outcome in refused if outcome.edits], [])


class SocketTest(MilterTestCase):
    def test_has_the_mode_and_survives_a_kill(self):
        daemon = self.daemon()
        self.assertEqual(daemon.socket.stat().st_mode & 0o7777, 0o660)
        daemon.kill()
        self.assertTrue(daemon.socket.exists())
        daemon.start()
        client = daemon.client()
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()

    def run_second(self, conf):
        return subprocess.run([MILTER, "--conf", conf], capture_output=True, text=True, timeout=20)

    def test_of_a_living_daemon_is_left_alone(self):
        daemon = self.daemon()
        second = self.run_second(daemon.conf)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another process listens there", second.stderr)
        client = daemon.client()
        client.close()

    def test_what_is_no_socket_is_left_alone(self):
        daemon = self.daemon(start=False)
        daemon.socket.write_text("precious")
        second = self.run_second(daemon.conf)
        self.assertEqual(second.returncode, 1)
        self.assertIn("isn't a socket", second.stderr)
        self.assertEqual(daemon.socket.read_text(), "precious")

    def test_missing_directory_is_named(self):
        daemon = self.daemon(start=False, listen="unix:/nonexistent/milter.sock")
        second = self.run_second(daemon.conf)
        self.assertEqual(second.returncode, 1)
        self.assertIn("no socket can be made in /nonexistent: No such file", second.stderr)

    def test_unknown_group_is_named(self):
        daemon = self.daemon(start=False)
        daemon.conf.write_text(daemon.conf.read_text().replace(
            "allow_root", 'socket_group = "nosuchgroup"\nallow_root'))
        second = self.run_second(daemon.conf)
        self.assertEqual(second.returncode, 1)
        self.assertIn('no such group: "nosuchgroup"', second.stderr)
        self.assertFalse(daemon.socket.exists())

    def test_tcp_works_and_a_used_port_is_named(self):
        for family, kind, host in ((socket.AF_INET, "inet", "127.0.0.1"),
                                   (socket.AF_INET6, "inet6", "::1")):
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.bind((host, 0))
                port = probe.getsockname()[1]
            daemon = self.daemon(listen=f"{kind}:{port}@{host}")
            client = daemon.client()
            self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
            client.close()
            second = self.run_second(daemon.conf)
            self.assertEqual(second.returncode, 1)
            self.assertIn("Address already in use", second.stderr)
            self.assertEqual(daemon.stop(), 0)


class KilledInHandTest(MilterTestCase):
    def kill_at_work(self, daemon, message):
        """Offers a message, and kills the daemon while it works on it."""
        client = daemon.client(timeout=60)
        outcome = client.content(client.begin("", ["alice@example.org"]), message)
        with open(daemon.state, "r+b") as file, mmap.mmap(file.fileno(), 0) as state:
            idle = bytes(state[:])
            client.send("E")
            deadline = time.monotonic() + 30
            while bytes(state[:]) == idle:
                if time.monotonic() > deadline:
                    self.fail("the message was never marked")
            daemon.kill()
            marked = bytes(state[:]) != idle
        client.close()
        return marked

    def test_the_same_bounce_made_anew_passes_unchanged_and_others_are_rewritten(self):
        daemon = self.daemon()
        big = 40 << 20
        for _ in range(10):
            if self.kill_at_work(daemon, bounce(padding=big)):
                break
            daemon.start()
        else:
            self.fail("the daemon was always done before it could be killed")
        daemon.start()
        self.assertIn("1 messages were in hand", daemon.log())
        client = daemon.client(timeout=60)
        again = bounce(boundary="4F1C.1700000999/mail.example.org", padding=big)
        self.assert_untouched(client.message("", ["Alice@example.org"], again), "E")
        self.assertEqual((daemon.records()[-1]["result"], daemon.records()[-1]["reason"]),
                         ("failed-open", "crashed-before"))
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        self.assertEqual(daemon.stop(), 0)
        daemon.start()  # remembered further on
        client = daemon.client(timeout=60)
        self.assert_untouched(client.message("", ["alice@example.org"], again), "E")
        client.close()

    def test_without_a_usable_state_file_it_works_all_the_same(self):
        daemon = self.daemon(start=False)
        daemon.state.mkdir()
        daemon.start()
        client = daemon.client()
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        self.assertIn("may do so again", daemon.log())


class ArgumentsTest(MilterTestCase):
    def run_it(self, *arguments, **options):
        return subprocess.run([MILTER, *arguments], capture_output=True, text=True, timeout=20,
                              **options)

    def test_version(self):
        done = self.run_it("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^plainbounce-milter \d+\.\d+\.\d+\n$")

    def test_usage_errors_end_with_2(self):
        for arguments in (["--nonsense"], ["stray"], ["--conf"], ["--listen", "tcp:x", "--check"],
                          ["--conf", "/nonexistent/x.conf"]):
            self.assertEqual(self.run_it(*arguments).returncode, 2, arguments)

    def test_check_says_what_is_wrong_and_where(self):
        conf = self.directory / "x.conf"
        conf.write_text("[log]\nlevle = 'info'\n")
        done = self.run_it("--check", "--conf", conf)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr,
                         f"{conf}:2: log.levle: unknown key; the nearest one is log.level\n")
        conf.write_text("[log]\nlevel = 'info'\n")
        done = self.run_it("--check", "--conf", conf)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_is_refused_unless_allowed(self):
        done = self.run_it("--listen", f"unix:{self.directory}/s.sock")
        self.assertEqual(done.returncode, 2)
        self.assertIn("won't run as root", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
