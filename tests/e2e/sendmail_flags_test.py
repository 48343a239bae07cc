"""The filter's flag in conf/sendmail, and what becomes of a bounce while the milter is down: the
table of docs/sendmail.md, cell by cell.

Each scenario has a Sendmail of its own; they run side by side, since most of each is waiting.
"""

import itertools
import re

from lab import message_bytes
from lab.bounce_checks import MARK, check_untouched, without_trace
from lab.laboratory import main
from lab.milter_tap import Fault
from lab.postfix_instance import plain_message
from lab.postfix_programs import PROJECT
from lab.remote_server import Answer
from lab.sendmail_checks import check_rewritten
from lab.sendmail_laboratory import SendmailLaboratory
from lab.side_by_side import SideBySide
from lab.smtp_client import deliver
from lab.waiting import wait_for

ANSWERS = {"nobody": Answer("550 5.1.1 There is no such mailbox")}


def send(lab):
    """What comes of it is a bounce for Alice."""
    deliver(lab.sendmail.smtp_port, "alice@example.org", "nobody@example.com",
            plain_message("alice@example.org", "nobody@example.com"))


# What happens to the milter; each returns what brings it back.


def down(lab):
    lab.milter.kill()
    send(lab)
    return lab.milter.start


def hanging(lab):
    lab.milter.suspend()
    send(lab)
    return lab.milter.resume


def strike(lab, packet, moment):
    """It is killed then."""
    lab.tap.arm(Fault(packet, moment, lab.milter.kill))
    send(lab)
    wait_for(lab.tap.struck.is_set, f"the fault at {packet}")
    return lab.milter.start


def killed(lab):
    """When it has all of the bounce."""
    return strike(lab, "mta:E", "before")


def killed_while_it_replaces_the_text(lab):
    """Its first piece is all that Sendmail gets."""
    return strike(lab, "milter:b", "after")


# What becomes of the bounce.


def kept(test, lab, bring_back):
    wait_for(lambda: re.search(r"to=.*mailer=dsnfilter.*stat=Deferred", lab.sendmail.log()),
             "the bounce to be deferred")
    test.assertEqual(lab.sendmail.mails("alice"), [])
    bring_back()
    check_rewritten(test, lab, only_mail(test, lab, "alice"))


def unchanged(test, lab, bring_back):
    lab.sendmail.wait_for_mails("alice")
    bring_back()
    mail = only_mail(test, lab, "alice")
    pieces = message_bytes.split_message(mail)
    test.assertEqual(pieces.values(MARK), [])
    test.assertTrue(pieces.parts[0].startswith(b"\nThe original message was received at "))
    test.assertIn(b"Diagnostic-Code: SMTP; 550 5.1.1 There is no such mailbox", pieces.parts[1])
    test.assertIn(b"Subject: Lunch on Friday", pieces.parts[2])
    for seen in lab.tap.seen:
        check_untouched(test, mail, without_trace(seen.message))


def cut_short(test, lab, bring_back):
    lab.sendmail.wait_for_mails("alice")
    bring_back()
    mail = only_mail(test, lab, "alice")
    seen, = lab.tap.seen
    test.assertIn(b"nobody@example.com", seen.message)
    test.assertNotIn(b"nobody@example.com", mail)
    test.assertNotIn(b"There is no such mailbox", mail)


def refused(test, lab, bring_back):
    lab.sendmail.wait_for_mails("root")
    bring_back()
    mail = only_mail(test, lab, "root")
    test.assertIn(b"\nSubject: Postmaster notify: ", mail)
    test.assertIn(b"\nFinal-Recipient: RFC822; alice@example.org\n", mail)
    test.assertNotIn(b"nobody@example.com", mail)


def only_mail(test, lab, mailbox):
    """Once there is nothing left that could bring another one, to that mailbox or elsewhere."""
    mail = lab.sendmail.wait_for_mails(mailbox)[0]
    wait_for(lambda: not lab.sendmail.queue_ids(), "an empty queue")
    test.assertEqual({name: len(lab.sendmail.mails(name)) for name in ("alice", "root")},
                     {"alice": 0, "root": 0, mailbox: 1})
    return mail


EVENTS = {
    "down": down,
    "hanging": hanging,
    "killed": killed,
    "killed while it replaces the text": killed_while_it_replaces_the_text,
}
OUTCOMES = {
    "the bounce stays in the queue and is rewritten later": kept,
    "delivered as it was": unchanged,
    "**delivered cut short**": cut_short,
    "refused: only the postmaster hears of it, and not which mail failed": refused,
}
FLAGS = {"`F=T`": "F=T", "none": "", "`F=R`": "F=R"}


def documented():
    """(flag, event, outcome), in the words of docs/sendmail.md."""
    text = (PROJECT / "docs" / "sendmail.md").read_text()
    table = re.search(r"^\| flag of the filter \|.*\n(?:\|.*\n)+", text, re.MULTILINE)[0]
    heads, _, *rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    for flag, *cells in rows:
        outcome = None
        for head, cell in zip(heads[1:], cells):
            outcome = outcome if cell == "the same" else cell
            for event in head.split(", "):
                yield flag, event, outcome


def scenario(flag, event, outcome):
    def run(test):
        with SendmailLaboratory(("alice",), ANSWERS, flag=FLAGS[flag]) as lab:
            OUTCOMES[outcome](test, lab, EVENTS[event](lab))
    return run


class FlagsTest(SideBySide):
    """One test for each flag and event. Those that hang take longest, and begin."""

    scenarios = {f"{FLAGS[flag].replace('=', ' ') or flag} {event}": scenario(flag, event, outcome)
                 for flag, event, outcome in
                 sorted(documented(), key=lambda cell: cell[1] != "hanging")}

    def test_table_is_complete(self):
        self.assertEqual([cell[:2] for cell in documented()],
                         list(itertools.product(FLAGS, EVENTS)))


if __name__ == "__main__":
    main()
