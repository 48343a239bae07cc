"""Assertions on a bounce of Sendmail's as it lies in the mailbox, against what the milter got."""

import re

from .bounce_checks import check_edit, without_trace


def queue_id(mail):
    """Of the last server, which here is the filter port's."""
    return re.search(rb"^Received: .*\n.* id (\w+)", mail, re.MULTILINE)[1].decode()


def seen_by_milter(lab, mail):
    """The message as the milter got it that became this mail."""
    seen, = [each for each in lab.tap.seen if each.queue_id == queue_id(mail)]
    return seen


def check_rewritten(test, lab, mail):
    """Once, by the one edit, after one detour."""
    seen = seen_by_milter(lab, mail)
    test.assertEqual(seen.sender, b"")
    check_edit(test, without_trace(mail), without_trace(seen.message))
    head = mail[:mail.index(b"\n\n")]
    test.assertEqual(len(re.findall(rb"^Received: from mx\.example\.org ", head, re.MULTILINE)), 1)
