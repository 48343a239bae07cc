"""Three milters behind HAProxy, and one of them killed, hanging or stopped while bounces flow: each
mail has one bounce, rewritten, and the health check sees who is well. And what
docs/several-machines.md says, done.

Each scenario has a Postfix and a HAProxy of its own; they run side by side, since most of each is
waiting.
"""

import concurrent.futures
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import urllib.request

from lab import message_bytes
from lab.balanced_laboratory import BalancedLaboratory, BalancedSendmailLaboratory
from lab.bounce_checks import MARK, check_rewritten, seen_by_milter
from lab.laboratory import main
from lab.milter_daemon import program
from lab.pages import fenced_blocks
from lab.postfix_instance import plain_message
from lab.remote_server import Answer
from lab.side_by_side import SideBySide
from lab.waiting import wait_for

PROJECT = pathlib.Path(__file__).resolve().parents[2]
GUIDE = PROJECT / "docs" / "several-machines.md"
UNIT = "systemd/plainbounce-milter.service"  # in the build directory

ANSWERS = {"nobody": Answer("550 5.1.1 No such user")}
MAILS = 60  # in each scenario
PAUSE = 0.1  # seconds between two
DEFERRED = "status=deferred (bounce failed)"
# All that a daemon may log; the health check's connections are in none of these.
LOGGED = re.compile(r"info: (plainbounce \S+ listens on|stopping|stopped|queue_id=)"
                    r"|warning: (queue_id=|\d+ messages were in hand)")


def guide_block(language, word):
    """The block of the guide that holds this word."""
    found, = [block for block in fenced_blocks(GUIDE, language) if word in block]
    return found


class Scenario:
    """One laboratory, and mails whose bounces are counted."""

    def __init__(self, test, **options):
        self.test = test
        self.lab = BalancedLaboratory(ANSWERS, **options)
        self.tapped = not options.get("by_tcp")
        self.senders = []

    def __enter__(self):
        self.lab.__enter__()
        return self

    def __exit__(self, *error):
        return self.lab.__exit__(*error)

    def send(self, count=1):
        for _ in range(count):
            sender = f"sender{len(self.senders)}"
            self.lab.postfix.sendmail(
                f"{sender}@example.org", ["nobody@example.com"],
                plain_message(f"{sender}@example.org", "nobody@example.com", f"Letter to {sender}"))
            self.senders.append(sender)
            time.sleep(PAUSE)

    def send_around(self, *acts):
        """MAILS mails at an even pace, and between them these."""
        for act in acts:
            self.send(MAILS // (len(acts) + 1))
            act()
        self.send(MAILS - len(self.senders))

    def check_bounces(self):
        """Each mail has one, rewritten, and nothing is left that could bring another."""
        postfix = self.lab.postfix
        # A look at the queue can miss what moves from one of its directories to another meanwhile.
        wait_for(lambda: all(map(postfix.mails, self.senders)), "a bounce for each mail")
        wait_for(lambda: not postfix.queue_ids(), "an empty queue")
        for sender in self.senders:
            mails = postfix.mails(sender)
            self.test.assertEqual(len(mails), 1, sender)
            self.check_bounce(sender, mails[0])
        self.test.assertEqual(len(postfix.mails()), len(self.senders))

    def check_bounce(self, sender, mail):
        pieces = message_bytes.split_message(mail)
        self.test.assertEqual(len(pieces.values(MARK)), 1, sender)
        self.test.assertIn(b"Diagnostic-Code: smtp; 550 5.1.1 No such user", pieces.parts[1])
        self.test.assertIn(f"\nSubject: Letter to {sender}\n".encode(), pieces.parts[2])
        if self.tapped:
            check_rewritten(self.test, mail, seen_by_milter(self.lab.tap, mail).message)

    def check_serves(self, name):
        """The only one that is let do it rewrites a bounce."""
        others = [each for each in self.lab.daemons if each != name]
        for other in others:
            self.lab.haproxy.admin(f"set server plainbounce/{other} state maint")
        before = self.records(name)
        self.send()
        self.check_bounces()
        self.test.assertGreater(self.records(name), before)
        for other in others:
            self.lab.haproxy.admin(f"set server plainbounce/{other} state ready")

    def check_refusal_costs_nothing(self, name):
        """As long as the health check hasn't seen it: the others get at once what it refuses."""
        haproxy = self.lab.haproxy
        haproxy.admin(f"disable health plainbounce/{name}")
        haproxy.admin(f"set server plainbounce/{name} health up")
        before = self.lab.postfix.log().count(DEFERRED)
        self.send(6)
        self.check_bounces()
        self.test.assertGreater(int(haproxy.server(name)["wredis"]), 0)
        self.test.assertEqual(haproxy.server("BACKEND")["econ"], "0")
        self.test.assertEqual(self.lab.postfix.log().count(DEFERRED), before)
        haproxy.admin(f"enable health plainbounce/{name}")
        haproxy.wait_until_down(name, "L4CON")

    def check_logs_and_metrics(self):
        """What the health check did is in neither."""
        for name, daemon in self.lab.daemons.items():
            for line in daemon.log().splitlines():
                self.test.assertRegex(line, LOGGED, name)
        self.test.assertGreater(self.records("two"), 0)
        self.test.assertEqual(self.counted("two"), self.records("two"))

    def follow(self, block, name="one"):
        """The guide's commands for "one", here; their output."""
        return self.lab.haproxy.shell(block.replace("/one ", f"/{name} "))

    def check_postfix(self):
        """As the guide says; what it prints."""
        command = guide_block("sh", "check-postfix").removeprefix("sudo ").split()
        command[0] = program("plainbounce")
        command[-1] = f"unix:{self.lab.tap.path}"
        postfix = self.lab.postfix
        environment = postfix.programs.environment()
        environment["PATH"] = f"{postfix.programs.commands}:{environment['PATH']}"
        return subprocess.run([*command, "--config", postfix.config, "--conf", "/dev/null"],
                              env=environment, capture_output=True, text=True, timeout=60).stdout

    def records(self, name):
        return self.lab.daemons[name].log().count(" queue_id=")

    def counted(self, name):
        """By the metrics of a daemon that runs since the beginning."""
        url = self.lab.metrics_url(name)
        with urllib.request.urlopen(url, timeout=30) as answer:
            found = re.findall(r"^plainbounce_messages_total\{.*\} (\S+)$", answer.read().decode(),
                               re.MULTILINE)
        return sum(map(float, found))


def killed(test, **options):
    """SIGKILL, with a bounce in hand: from then on its port refuses."""
    with Scenario(test, **options) as scenario:
        one, haproxy = scenario.lab.daemons["one"], scenario.lab.haproxy

        def kill_at_work():
            one.suspend()
            wait_for(lambda: scenario.send() or haproxy.server("one")["scur"] != "0",
                     "a bounce in its hands", 20)
            one.kill()

        scenario.send_around(kill_at_work)
        haproxy.wait_until_down("one", "L4CON")
        scenario.check_bounces()
        test.assertIn(DEFERRED, scenario.lab.postfix.log())
        scenario.check_refusal_costs_nothing("one")
        one.start()
        haproxy.wait_until_well("one")
        scenario.check_serves("one")
        scenario.check_logs_and_metrics()


def hanging(test, **options):
    """SIGSTOP: its port accepts, and nothing comes."""
    with Scenario(test, **options) as scenario:
        one, haproxy = scenario.lab.daemons["one"], scenario.lab.haproxy
        scenario.send_around(one.suspend)
        haproxy.wait_until_down("one", "L7TOUT")
        scenario.check_bounces()
        test.assertIn(DEFERRED, scenario.lab.postfix.log())
        one.resume()
        haproxy.wait_until_well("one")
        scenario.check_serves("one")
        scenario.check_logs_and_metrics()


def stopped(test, **options):
    """SIGTERM, as systemctl stop does; and at last the others, too."""
    with Scenario(test, **options) as scenario:
        daemons, haproxy = scenario.lab.daemons, scenario.lab.haproxy
        scenario.send_around(daemons["one"].stop)
        haproxy.wait_until_down("one", "L4CON")
        scenario.check_bounces()
        scenario.check_logs_and_metrics()
        daemons["two"].stop()
        daemons["three"].stop()
        scenario.send()
        wait_for(lambda: DEFERRED in scenario.lab.postfix.log(), "the bounce to be deferred")
        daemons["one"].start()
        scenario.check_bounces()


def upgraded_one_after_the_other(test):
    """As the guide says: not one bounce has to wait."""
    look_up = guide_block("sh", "show stat")
    with Scenario(test) as scenario, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        test.assertEqual(scenario.follow(guide_block("sh", "haproxy -c")),
                         "Configuration file is valid\nsystemctl reload haproxy\n")
        test.assertIn(": all is well\n", scenario.check_postfix())
        sent = pool.submit(scenario.send, MAILS)
        for name, daemon in scenario.lab.daemons.items():
            scenario.follow(guide_block("sh", "state drain"), name)
            wait_for(lambda: re.search(f"^{name},0,DRAIN,", scenario.follow(look_up), re.MULTILINE),
                     f"{name} to have nothing in hand")
            daemon.stop()
            daemon.start()
            scenario.follow(guide_block("sh", "state ready"), name)
            wait_for(lambda: re.search(f"^{name},\\d+,UP,.*L7OK$", scenario.follow(look_up),
                                       re.MULTILINE), f"{name} to be back")
        sent.result()
        scenario.check_bounces()
        test.assertNotIn(DEFERRED, scenario.lab.postfix.log())
        numbers = [scenario.records(name) for name in scenario.lab.daemons]
        test.assertEqual(sum(numbers), MAILS)
        test.assertGreater(min(numbers), 0)


def killed_with_sendmail(test):
    """As with Postfix; how Sendmail's bounces reach the milter at all, sendmail_test.py shows."""
    with BalancedSendmailLaboratory(("alice",), ANSWERS) as lab:
        message = plain_message("alice@example.org", "nobody@example.com")
        for number in range(10):
            if number == 5:
                lab.daemons["one"].kill()
            lab.sendmail.sendmail("alice@example.org", ["nobody@example.com"], message)
        mails = lab.sendmail.wait_for_mails("alice", 10)
        wait_for(lambda: not lab.sendmail.queue_ids(), "an empty queue")
        test.assertEqual(len(lab.sendmail.mails("alice")), 10)
        for mail in mails:
            test.assertEqual(len(message_bytes.split_message(mail).values(MARK)), 1)
        test.assertEqual(sum(daemon.log().count("result=rewritten")
                             for daemon in lab.daemons.values()), 10)


SCENARIOS = {
    "upgraded one after the other": upgraded_one_after_the_other,
    "killed": lambda test: killed(test),
    "hanging": lambda test: hanging(test, by_tcp=True),
    "stopped": lambda test: stopped(test, by_tcp=True),
    "killed, by the metrics": lambda test: killed(test, by_metrics=True, by_tcp=True),
    "hanging, by the metrics": lambda test: hanging(test, by_metrics=True),
    "killed, with Sendmail": killed_with_sendmail,
}


class SeveralMachinesTest(SideBySide):
    """One test for each scenario."""

    scenarios = SCENARIOS


class GuideTest(unittest.TestCase):
    """What of docs/several-machines.md the scenarios don't show."""

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_the_keys_are_right(self):
        conf = self.directory / "plainbounce.conf"
        conf.write_text(guide_block("toml", "listen"))
        done = subprocess.run([program("plainbounce"), "check-config", "--conf", conf],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_lines_for_systemd_are_right(self):
        unit = self.directory / "plainbounce-milter.service"
        unit.write_bytes((program("plainbounce-milter").parents[1] / UNIT).read_bytes())
        drop_in = self.directory / f"{unit.name}.d" / "override.conf"
        drop_in.parent.mkdir()
        drop_in.write_text(guide_block("ini", "IPAddressAllow"))
        command = ["systemd-analyze", "verify", unit]
        self.assertEqual(self.complaints(command), [])
        drop_in.write_text("[Service]\nIPAddressAllow=everybody\n")
        self.assertEqual(len(self.complaints(command)), 1)

    def complaints(self, command):
        output = subprocess.run(command, capture_output=True, text=True, timeout=60).stderr
        return [line for line in output.splitlines() if "override.conf" in line]

    def test_the_line_for_postfix_is_the_usual_one_but_for_the_socket(self):
        usual = (PROJECT / "conf/postfix/dsn-only.master.cf").read_text()
        line = guide_block("text", "non_smtpd_milters")
        self.assertIn(line.replace("/run/haproxy/plainbounce.sock", "/run/plainbounce/milter.sock"),
                      usual)
        self.assertNotIn(line, usual)


if __name__ == "__main__":
    main()
