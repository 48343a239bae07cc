"""The checker finds damages that are done on purpose, each of them, and none where there is none."""

import os
import pathlib
import subprocess
import unittest

from checker import damage_of, is_rewritten

SAMPLE = pathlib.Path(__file__).parents[1] / "samples" / "postfix-mailbox-full" / "message.eml"
PROGRAM = pathlib.Path(os.environ["PLAINBOUNCE_BUILD"]) / "cli" / "plainbounce"


def once(old, new):
    """Replaces what stands there; of several the last one."""
    def act(message):
        assert old in message, old
        head, _, tail = message.rpartition(old)
        return head + new + tail
    return act


def without(begin, end):
    """From the last `begin` to the next `end`."""
    def act(message):
        at = message.rindex(begin)
        return message[:at] + message[message.index(end, at):]
    return act


def parts_swapped(message):
    """The status part and the returned message change places."""
    delimiter = message[message.index(b"\n--") + 1:message.index(b"\n", message.index(b"\n--") + 1)]
    head, notice, status, returned, end = message.split(delimiter)
    return delimiter.join((head, notice, returned, status, end))


DAMAGES = {
    "a byte of the returned message": once(b"Subject: ", b"Subject:  "),
    "the end of the returned message": without(b"\n\n--", b"\n--"),
    "a field of the status part": once(b"Action: failed", b"Action: delayed"),
    "a line of the status part": without(b"Arrival-Date:", b"\n\nFinal-Recipient"),
    "the last delimiter": lambda message: message.rstrip(b"\n")[:-2] + b"\n",
    "a delimiter with a blank in front": lambda message: message.replace(b"\n--", b"\n --", 2),
    "another header field": lambda message: message.replace(b"Auto-Submitted: auto-replied",
                                                            b"Auto-Submitted: no", 1),
    "a header field that is gone": lambda message: message.replace(b"MIME-Version: 1.0\n", b"", 1),
    "a mark twice": lambda message: b"X-Plainbounce: 1\n" + message,
    "HTML that ends early": without(b"</html>", b"\n--"),
    "parts in another order": parts_swapped,
    "the end of the original notice": once(b"RCPT TO command)\n", b"\n"),
}


class CheckerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sent = SAMPLE.read_bytes()
        cls.rewritten = subprocess.run([PROGRAM, "rewrite", SAMPLE], check=True,
                                       capture_output=True).stdout
        # As milters see it: without what delivery puts on top.
        cls.sent = cls.sent[cls.sent.index(b"Date: "):]
        cls.rewritten = cls.rewritten[cls.rewritten.index(b"Date: "):]

    def test_what_is_whole_is_whole(self):
        self.assertTrue(is_rewritten(self.rewritten))
        self.assertEqual(damage_of(self.sent, self.rewritten), "")
        self.assertEqual(damage_of(self.sent, b"Return-Path: <>\n" + self.sent), "")

    def test_each_damage_is_found(self):
        for name, act in DAMAGES.items():
            with self.subTest(name):
                damaged = act(self.rewritten)
                self.assertNotEqual(damaged, self.rewritten)
                self.assertNotEqual(damage_of(self.sent, damaged), "")

    def test_an_unchanged_message_may_not_differ_at_all(self):
        for at in range(0, len(self.sent), 97):
            damaged = self.sent[:at] + b"?" + self.sent[at + 1:]
            self.assertNotEqual(damage_of(self.sent, damaged), "", at)


if __name__ == "__main__":
    unittest.main(verbosity=2)
