"""The program behind run.sh: bounces, a fault, and what became of each bounce."""

import argparse
import dataclasses
import itertools
import os
import pathlib
import re
import signal
import sys
import threading
import time

from checker import damage_of, is_rewritten  # also finds the laboratory
from faults import FAULTS

from lab import smtp_client
from lab.laboratory import SKIPPED, Laboratory
from lab.postfix_instance import PostfixInstance
from lab.waiting import TimedOut, wait_for

DRAIN_SECONDS = 300  # once the fault is over


@dataclasses.dataclass
class Row:
    """What became of the bounces under one fault."""

    fault: str
    bounces: int
    once: int = 0
    lost: int = 0
    doubled: int = 0
    corrupt: int = 0
    rewritten: int = 0
    left: int = 0  # in the queue, at the end
    delay: float = 0  # the longest, in seconds
    killed: int = 0  # by the fault
    died: int = 0  # the daemon, by itself
    damages: list = dataclasses.field(default_factory=list)

    HEAD = ("fault", "bounces", "once", "lost", "doubled", "corrupt", "rewritten", "left",
            "longest delay s", "killed", "died")

    def line(self):
        return "| " + " | ".join(map(str, (
            self.fault, self.bounces, self.once, self.lost, self.doubled, self.corrupt,
            self.rewritten, self.left, f"{self.delay:.1f}", self.killed, self.died))) + " |"

    def is_good(self, may_double):
        at_least_once = self.once + (self.doubled if may_double else 0)
        return at_least_once >= self.bounces and not self.corrupt


class Soak:
    """One fault in a laboratory of its own. Faults act on `lab`, and by kill() and start()."""

    def __init__(self, fault, bounces):
        self.fault, self.row = fault, Row(fault.name, bounces)
        self.lab = Laboratory(postfix_settings=SETTINGS, milter_settings=fault.milter,
                              tapped=fault.tapped)
        self._over = threading.Event()
        self._lock = threading.RLock()
        self._sent = {}  # sender: when
        self._tries = set()  # senders of messages that Postfix may have taken without saying so

    def run(self):
        with self.lab:
            self._restart_under_fault()
            threads = [threading.Thread(target=act) for act in (self._disturb, self._watch)]
            for thread in threads:
                thread.start()
            try:
                self._send()
                self._wait(self.fault.patience)
            finally:
                self._over.set()
                for thread in threads:
                    thread.join()
            self._heal()
            self._wait(DRAIN_SECONDS)
            self._judge()
        return self.row

    # For faults.

    @property
    def milter(self):
        return self.lab.milter

    def kill(self):
        with self._lock:
            if self.milter.is_running():
                self.row.killed += 1
            self.milter.kill()
            self.start()

    def restart(self):
        with self._lock:
            self.milter.stop()
            self.start()

    def start(self):
        """As the service manager would: it may fail, and is tried again."""
        with self._lock:
            try:
                self.milter.start()
            except (RuntimeError, TimedOut, OSError):
                self.row.died += 1

    # The run.

    def _restart_under_fault(self):
        if not (self.fault.wrapper or self.fault.environment or self.fault.log):
            return
        self.milter.stop()
        if self.fault.wrapper:
            self.milter.wrapper = self.fault.wrapper()
        if self.fault.environment:
            self.milter.environment = self.fault.environment(self.lab.directory)
        if self.fault.log:
            self.milter.log_file = pathlib.Path(self.fault.log)
        self.start()

    def _heal(self):
        with self._lock:
            self.milter.wrapper, self.milter.environment = (), {}
            self.milter.stop()
            wait_for(lambda: self.start() or self.milter.is_running(), "the milter to run again")

    def _disturb(self):
        for pause in self.fault.disturb(self):
            if self._over.wait(pause):
                return

    def _watch(self):
        while not self._over.wait(0.2):
            with self._lock:
                if not self.milter.is_running():
                    self.row.died += 1
                    self.start()

    def _send(self):
        threads = [threading.Thread(target=self._send_some, args=(first,)) for first in range(self.fault.senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send_some(self, first):
        for number in range(first, self.row.bounces, self.fault.senders):
            for attempt in itertools.count():
                sender = f"s{number}t{attempt}"
                message = self.fault.message(
                    number, f"{sender}@example.org", f"unknown{number}@example.org")
                try:
                    smtp_client.deliver(self.lab.postfix.smtp_port, f"{sender}@example.org",
                                        f"unknown{number}@example.org", message)
                    break
                except OSError:  # Postfix isn't there just now
                    self._tries.add(sender)
                    time.sleep(0.5)
            self._sent[sender] = time.time()

    def _wait(self, seconds):
        try:
            wait_for(lambda: not self.lab.postfix.taken(), "an empty queue", seconds, 0.5)
        except TimedOut:
            pass

    def _judge(self):
        row = self.row
        row.left = len(self.lab.postfix.taken())
        seen = {each.queue_id: each.message for each in self.lab.tap.seen}
        found = dict.fromkeys([*self._sent, *self._tries], 0)
        delivered = set()
        for path, mail in self.lab.postfix.delivered():
            sender = re.search(rb"^Delivered-To: (s\d+t\d+)@", mail, re.MULTILINE)[1].decode()
            queue_id = re.search(rb"^Received: .*\n\tid ([0-9A-Za-z]+);", mail, re.MULTILINE)[1].decode()
            # Postfix delivers one again that it had delivered when it was killed.
            found[sender] += queue_id not in delivered
            delivered.add(queue_id)
            when = path.stat().st_mtime
            row.delay = max(row.delay, when - self._sent.get(sender, when))
            row.rewritten += is_rewritten(mail)
            damage = self._damage(mail, seen.get(queue_id))
            if damage:
                row.corrupt += 1
                row.damages.append(f"{sender}: {damage}")
        row.once = sum(found[sender] == 1 for sender in self._sent)
        row.lost = max(0, sum(found[sender] == 0 for sender in self._sent) - row.left)
        row.doubled = sum(count > 1 for count in found.values())

    def _damage(self, mail, sent):
        return damage_of(sent, mail) if self.fault.tapped else self.fault.damage(mail)


SETTINGS = {
    "smtpd_reject_unlisted_recipient": "no",
    "bounce_size_limit": "20000000",
    "message_size_limit": "30000000",
    "virtual_mailbox_limit": "0",
    "smtpd_client_connection_count_limit": "0",
    "default_process_limit": "50",
}


def main():
    options = argparse.ArgumentParser(prog="run.sh")
    options.add_argument("--bounces", type=int, default=10_000, help="with each fault")
    options.add_argument("--fault", action="append", choices=list(FAULTS), metavar="NAME")
    options.add_argument("--list", action="store_true", help="the names of the faults")
    given = options.parse_args()
    if given.list:
        for fault in FAULTS.values():
            print(f"{fault.name}: {fault.what}")
        return
    if os.geteuid() != 0:
        print("Needs root, for a private Postfix", file=sys.stderr)
        sys.exit(SKIPPED)
    PostfixInstance.longest_life_seconds = 24 * 3600
    print("| " + " | ".join(Row.HEAD) + " |\n|" + "---|" * len(Row.HEAD))
    bad = []
    for name in given.fault or FAULTS:
        fault = FAULTS[name]
        row = Soak(fault, min(given.bounces, fault.most)).run()
        print(row.line(), flush=True)
        if not row.is_good(fault.may_double):
            bad.append(row)
    for row in bad:
        print("\n".join([f"{row.fault}: not each was delivered once and whole", *row.damages[:5]]))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
