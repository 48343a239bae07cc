"""plainbounce-milter as a service: started, stopped, killed, and many at a time."""

import concurrent.futures
import contextlib
import mmap
import os
import socket
import subprocess
import threading
import time
import unittest

from milter_client import FilterGone
from milter_test_case import BUILD, MILTER, MilterTestCase, bounce


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
            self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())


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
        self.assertEqual(daemon.process.wait(60), 0)

    def test_does_not_wait_for_ever(self):
        daemon = self.daemon()
        client = daemon.client()
        client.content(client.begin("", ["alice@example.org"]), bounce())
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("stopped with 1 messages in hand", daemon.log())
        client.close()

    def test_is_quick_with_nothing_in_hand(self):
        times = []
        for _ in range(3):  # a busy machine may stall once
            daemon = self.daemon()
            idle = daemon.client()
            start = time.monotonic()
            self.assertEqual(daemon.stop(), 0, daemon.log())
            times.append(time.monotonic() - start)
            self.assertFalse(daemon.socket.exists())
            idle.close()
        self.assertLess(min(times), 3)

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

    def offer(self, daemon):
        client = daemon.client()
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()

    # What the log says: a new file may have the number of one that was removed.
    def wait_for_socket(self, daemon, times):
        end = time.monotonic() + 30
        while daemon.log().count("the socket was gone, and is made again") < times:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def test_is_made_again_where_somebody_removed_or_replaced_it(self):
        daemon = self.daemon()
        old = daemon.client()
        replacing = (daemon.socket.unlink, lambda: self.leave_a_stale_socket(daemon))
        for times, replace in enumerate(replacing, start=1):
            replace()
            self.wait_for_socket(daemon, times)
            self.offer(daemon)
            self.assertEqual(daemon.socket.stat().st_mode & 0o7777, 0o660)
        self.assert_rewritten(old.message("", ["alice@example.org"], bounce()), bounce())
        old.close()
        self.assertEqual(daemon.log().count("the socket was gone, and is made again"), 2)
        self.assertEqual(daemon.stop(), 0)
        self.assertFalse(daemon.socket.exists())

    @staticmethod
    def leave_a_stale_socket(daemon):
        daemon.socket.unlink()
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(str(daemon.socket))

    def test_of_a_successor_is_left_alone(self):
        daemon = self.daemon()
        daemon.socket.unlink()
        with socket.socket(socket.AF_UNIX) as successor:
            successor.bind(str(daemon.socket))
            successor.listen()
            time.sleep(3)
            self.assertEqual(daemon.stop(), 0)
            self.assertTrue(daemon.socket.exists())
        self.assertLessEqual(daemon.log().count("another process listens there"), 1)

    def run_second(self, conf):
        return subprocess.run([MILTER, "--conf", conf], capture_output=True, text=True, timeout=60)

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
        self.assertEqual(second.returncode, 2)
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


    def test_tcp_adds_no_waiting_for_acknowledgements(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        daemon = self.daemon(listen=f"inet:{port}@127.0.0.1")
        times = []
        for _ in range(20):
            client = daemon.client()
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start = time.monotonic()
            self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
            times.append(time.monotonic() - start)
            client.close()
        # Linux acknowledges after 40 ms at the earliest.
        self.assertLess(min(times), 0.04)


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
                         ("failed-open", "failed-before"))
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        self.assertEqual(daemon.stop(), 0)
        daemon.start()  # remembered further on, but not as if it had died again
        self.assertEqual(daemon.log().count("were in hand when plainbounce died"), 1)
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
        return subprocess.run([MILTER, *arguments], capture_output=True, text=True, timeout=60,
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

    def mistakes(self):
        """Name -> what to put into a conf file: each is found at another place of the loading."""
        own = self.directory / "own"
        texts = {"broken": "[[rule]\n", "wrong-example": """\
[[rule]]
id = "house-x"
cause = "mailbox-full"
pattern = "wibble"
examples = ["550 wobble"]
"""}
        for name, text in texts.items():
            (own / name).mkdir(parents=True)
            (own / name / "x.toml").write_text(text)
        (own / "large").mkdir()
        with open(own / "large" / "x.toml", "wb") as large:
            large.truncate(17 << 20)
        (own / "template").mkdir()
        (own / "template" / "notice.txt.mustache").write_text("{{#open}}")
        (own / "messages").mkdir()
        (own / "messages" / "en.toml").write_text("[nonsense]\nx = 'y'\n")
        (own / "file").write_text("")
        rules, messages = '[knowledge]\nrules_directory = "{}"', '[notice]\nmessages_directory = "{}"'
        return {
            "unknown language": '[notice]\nlanguage = "tlh"',
            "unknown second language": '[notice]\nsecond_language = "tlh"',
            "unknown language of a reader": '[notice.languages]\n"example.org" = "tlh"',
            "unknown key": '[log]\nlevle = "info"',
            "value out of range": "[messages]\ntime_budget = 0",
            "no TOML": "[log",
            "address": '[metrics]\nlisten = "nowhere"',
            "missing directory": rules.format(own / "missing"),
            "file for a directory": rules.format(own / "file"),
            "broken rules": rules.format(own / "broken"),
            "example": rules.format(own / "wrong-example"),
            "large file": rules.format(own / "large"),
            "missing messages": messages.format(own / "missing"),
            "broken messages": messages.format(own / "messages"),
            "broken template": f'[notice]\ntemplates_directory = "{own / "template"}"',
        }

    def test_every_mistake_in_what_is_loaded_ends_with_2(self):
        listen = f'[milter]\nlisten = "unix:{self.directory}/s.sock"\nstate_file = ""\n'
        conf = self.directory / "x.conf"
        confs = {name: listen + text for name, text in self.mistakes().items()}
        confs["group"] = listen + 'socket_group = "nosuchgroup"'
        confs["listen address"] = '[milter]\nlisten = "tcp:x"'
        for name, text in confs.items():
            conf.write_text(text)
            command = [BUILD / "cli" / "plainbounce", "check-config", "--conf", conf]
            checked = subprocess.run(command, capture_output=True, text=True, timeout=60)
            for arguments in (["--check"], ["--allow-root"]):
                with self.subTest(name, arguments=arguments):
                    done = self.run_it("--conf", conf, *arguments)
                    self.assertEqual((done.returncode, checked.returncode), (2, 2), done.stderr)
                    self.assertIn(checked.stderr.strip(), done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_is_refused_unless_allowed(self):
        done = self.run_it("--listen", f"unix:{self.directory}/s.sock")
        self.assertEqual(done.returncode, 2)
        self.assertIn("won't run as root", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
