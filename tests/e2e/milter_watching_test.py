#!/usr/bin/env python3
"""What can be seen of the daemon from outside: metrics and signs of life."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from milter_test_case import MILTER, MilterTestCase, bounce, free_port

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
MANUAL = DOCS / "man" / "plainbounce-milter.8.scd"


class MetricsTest(MilterTestCase):
    def text(self, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            return answer.read().decode()

    def scrape(self, port):
        text = self.text(port)
        return {name: float(value) for name, value in
                re.findall(r"^(plainbounce_\S+) (\S+)$", text, re.MULTILINE)}

    def test_counts_what_became_of_each_bounce(self):
        port = free_port()
        daemon = self.daemon(f'[metrics]\nlisten = "127.0.0.1:{port}"\n')
        client = daemon.client()
        for _ in range(3):
            self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.message("", ["list-bounces@example.org"], bounce())
        client.message("bob@example.org", ["alice@example.org"], bounce())
        client.close()
        daemon.reload()
        found = self.scrape(port)
        version = re.escape('plainbounce_build_info{version="')
        self.assertTrue(any(re.match(version, name) for name in found), found)
        for name, value in {
                'plainbounce_messages_total{reason="",result="rewritten"}': 3,
                'plainbounce_messages_total{reason="machine-recipient",result="left-alone"}': 1,
                'plainbounce_recipients_total{cause="recipient-unknown",outcome="failed"}': 3,
                'plainbounce_notices_total{language="en"}': 3,
                'plainbounce_duration_seconds_count': 3,
                'plainbounce_unmatched_replies_total': 0,
                'plainbounce_reloads_total{result="succeeded"}': 1,
                'plainbounce_reloads_total{result="failed"}': 0}.items():
            self.assertEqual(found.get(name), value, name)
        self.assertEqual(daemon.stop(), 0)
        with self.assertRaises(urllib.error.URLError):
            self.scrape(port)

    def test_the_manual_names_each_metric_and_no_other(self):
        port = free_port()
        daemon = self.daemon(f'[metrics]\nlisten = "127.0.0.1:{port}"\n')
        client = daemon.client()
        client.message("", ["alice@example.org"], bounce())
        client.close()
        served = set(re.findall(r"^# TYPE (plainbounce_\w+)", self.text(port), re.MULTILINE))
        manual = set(re.findall(r"^\| `(plainbounce_\w+)`", (DOCS / "monitoring.md").read_text(),
                                re.MULTILINE))
        self.assertEqual(served, manual)
        for file in ("alerts.yml", "dashboard.json"):
            used = set(re.findall(r"plainbounce_\w+?(?=_bucket|\b)",
                                  (DOCS / "monitoring" / file).read_text()))
            self.assertTrue(used)
            self.assertLessEqual(used, served, file)

    def test_every_way_to_fail_is_counted_from_zero_on(self):
        """Else an alert on an increase would miss the first time."""
        port = free_port()
        self.daemon(f'[metrics]\nlisten = "127.0.0.1:{port}"\n')
        reasons = (MANUAL.read_text().partition("Failed open:")[2].partition("\n\n")[0])
        reasons = re.findall(r"\*([a-z-]+)\*", reasons)
        self.assertGreater(len(reasons), 5)
        self.assertEqual({name: value for name, value in self.scrape(port).items() if "failed-open" in name},
                         {f'plainbounce_messages_total{{reason="{reason}",result="failed-open"}}': 0
                          for reason in reasons})

    def test_silent_and_slow_clients_keep_nobody_waiting_for_long(self):
        port = free_port()
        self.daemon(f'[metrics]\nlisten = "127.0.0.1:{port}"\n')
        with contextlib.ExitStack() as stack:
            for number in range(10):
                silent = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                silent.sendall(b"GET /metrics HTTP/1.1\r\n"[:number * 4])
            start = time.monotonic()
            self.assertIn("plainbounce_build_info", self.text(port))
            self.assertLess(time.monotonic() - start, 20)

    def test_is_off_unless_asked_for(self):
        daemon = self.daemon()
        with open(f"/proc/{daemon.process.pid}/net/tcp", encoding="ascii") as table:
            listening = {line.split()[9] for line in table if line.split()[3] == "0A"}
        own = {os.readlink(f"/proc/{process}/fd/{each}") for process in daemon.processes()
               for each in os.listdir(f"/proc/{process}/fd")}
        self.assertFalse({f"socket:[{inode}]" for inode in listening} & own)

    def test_a_port_that_is_taken_ends_the_start(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            daemon = self.daemon(f'[metrics]\nlisten = "127.0.0.1:{port}"\n', start=False)
            done = subprocess.run([MILTER, "--conf", daemon.conf], capture_output=True, text=True,
                                  timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"can't listen on 127.0.0.1:{port}", done.stderr)


class WatchdogTest(MilterTestCase):
    def test_tells_systemd_that_it_lives_where_it_asks(self):
        daemon = self.daemon(start=False)
        daemon.start(WATCHDOG_USEC="10000000")
        self.assertEqual(daemon.notify.recv(100), b"WATCHDOG=1")


if __name__ == "__main__":
    unittest.main(verbosity=2)
