#!/usr/bin/env python3
"""Messages are read by processes that can do nothing else, and what becomes of one is no other's loss."""

import contextlib
import os
import pathlib
import re
import signal
import time
import unittest

from milter_test_case import MilterTestCase, bounce

# Groups within groups in a header field: for a parser without limits, seconds of work for each of them.
NESTED = (b"To: " + (b"a:" * 490 + b"\r\n ") * 66 + b"\r\n") * 140


def alive(process):
    """Also where nobody waits for it any more: then it only has a number left."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("in vain")
        time.sleep(0.01)


class ConfinementTest(MilterTestCase):
    def test_a_worker_has_its_channel_and_a_filter_and_nothing_else(self):
        daemon = self.daemon("[workers]\ncount = 3\n")
        wait_until(lambda: len(daemon.workers()) == 3)
        for worker in daemon.workers():
            # The last thing that it does before it waits for its first message.
            wait_until(lambda: re.search(r"(?m)^Seccomp:\s+2$", self.status(worker)))
            self.assertEqual(os.listdir(f"/proc/{worker}/fd"), ["0"])
            status = self.status(worker)
            for field, value in (("NoNewPrivs", "1"), ("Seccomp", "2"), ("Threads", "1")):
                self.assertRegex(status, rf"(?m)^{field}:\s+{value}$")
            limits = pathlib.Path(f"/proc/{worker}/limits").read_text()
            for name, value in (("Max open files", "1"), ("Max file size", "0"),
                                ("Max core file size", "0"), ("Max processes", "0"),
                                ("Max cpu time", "120"), ("Max stack size", str(64 << 20))):
                self.assertRegex(limits, rf"(?m)^{name}\s+{value}\s")
            self.assertRegex(limits, r"(?m)^Max address space\s+\d+\s")
        self.assertNotIn("without a filter", daemon.log())

    def test_the_daemon_holds_no_knowledge(self):
        daemon = self.daemon()
        own, shared = (self.resident(process) for process in (daemon.process.pid,
                                                              daemon.fork_server()))
        self.assertLess(own, shared / 2)

    @staticmethod
    def resident(process):
        """Anonymous memory, kB."""
        return int(re.search(r"RssAnon:\s+(\d+)", ConfinementTest.status(process))[1])

    @staticmethod
    def status(process):
        return pathlib.Path(f"/proc/{process}/status").read_text()


def processor_time(process):
    """Nanoseconds, of all its threads that still run."""
    threads = pathlib.Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads)


class EvilMessageTest(MilterTestCase):
    def test_one_that_takes_too_long_passes_and_then_at_once(self):
        daemon = self.daemon("[messages]\ntime_budget = 0.05\nmax_recipients = 10000\n")
        client = daemon.client(timeout=60)
        many = bounce(recipients=[f"nobody{i}@d{i}.example.com" for i in range(4000)])
        for _ in range(2):
            self.assert_untouched(client.message("", ["alice@example.org"], many), "E")
        first, second = daemon.records()
        self.assertEqual((first["reason"], second["reason"]), ("time-budget", "failed-before"))
        self.assertLess(float(second["ms"]), float(first["ms"]) / 2)
        client.close()

    def test_groups_within_groups_cost_next_to_nothing(self):
        daemon = self.daemon()
        client = daemon.client(timeout=60)
        def used():
            return sum(processor_time(each) for each in daemon.processes())

        start = used()
        many = bounce(recipients=[f"nobody{i}@d{i}.example.com" for i in range(100)])
        self.assert_rewritten(client.message("", ["alice@example.org"], many), many)
        cost_of_many = used() - start
        start = used()
        self.assert_untouched(client.message("", ["alice@example.org"], NESTED + bounce()), "E")
        self.assertLess(used() - start, 10 * cost_of_many)
        self.assertIn(' reason=no-first-part ', daemon.log())
        self.assertIn(' detail="header-too-long"', daemon.log())
        another = bounce(recipients=("somebody@example.com",))
        self.assert_rewritten(client.message("", ["alice@example.org"], another), another)
        client.close()


class DeathTest(MilterTestCase):
    def offer(self, client, message):
        """Up to its last step."""
        return client.content(client.begin("", ["alice@example.org"]), message)

    def test_of_a_worker_leaves_its_message_unchanged_then_and_the_next_time(self):
        daemon = self.daemon("[workers]\ncount = 1\n[messages]\ntime_budget = 60\n")
        client = daemon.client(timeout=60)
        many = bounce(recipients=[f"nobody{i}@d{i}.example.com" for i in range(900)])
        outcome = self.offer(client, many)
        worker, = daemon.workers()
        client.send("E")
        ticks = processor_time(worker)
        wait_until(lambda: processor_time(worker) > ticks)
        os.kill(worker, signal.SIGKILL)
        outcome.reply = client.reply()
        self.assertEqual(outcome.reply, "accept")
        self.assertIn('result=failed-open reason=worker-died ', daemon.log())
        self.assertIn('detail="SIGKILL"', daemon.log())
        self.assert_untouched(client.message("", ["alice@example.org"], many), "E")
        self.assertEqual(daemon.records()[-1]["reason"], "failed-before")
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        self.assertNotIn(worker, daemon.workers())

    def test_of_the_daemon_is_the_end_of_all(self):
        daemon = self.daemon()
        processes = daemon.processes()
        self.assertGreater(len(processes), 3)
        daemon.kill()
        wait_until(lambda: not any(map(alive, processes)))

    def test_of_the_fork_server_ends_the_daemon_so_that_it_is_started_again(self):
        daemon = self.daemon()
        processes = daemon.processes()
        os.kill(daemon.fork_server(), signal.SIGKILL)
        self.assertEqual(daemon.process.wait(60), 1)
        wait_until(lambda: not any(map(alive, processes)))
        self.assertIn("the process that starts the workers ended", daemon.log())
        self.assertFalse(daemon.socket.exists())

    def test_signals_to_all_processes_are_the_daemons_alone(self):
        daemon = self.daemon()
        client = daemon.client(timeout=60)
        outcome = self.offer(client, bounce())
        for process in daemon.processes():
            os.kill(process, signal.SIGHUP)
        self.assertTrue(daemon.notify.recv(100).startswith(b"RELOADING=1"))
        self.assertEqual(daemon.notify.recv(100), b"READY=1")
        for process in daemon.processes():
            with contextlib.suppress(ProcessLookupError):  # a worker of before the reload
                os.kill(process, signal.SIGTERM)
        self.assertEqual(daemon.notify.recv(100), b"STOPPING=1")
        self.assert_rewritten(client.finish(outcome), bounce())
        client.close()
        self.assertEqual(daemon.process.wait(60), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
