"""A bounce during which the milter dies: Postfix makes it anew, and it isn't read a second time."""

import mmap
import time

from lab import message_bytes
from lab.laboratory import LaboratoryTest, main
from lab.postfix_instance import plain_message
from lab.remote_server import Answer
from lab.waiting import wait_for

LARGE = "Shall we say noon? Or rather one, or two, or three o'clock in the afternoon?\n" * 200_000
MARK = b"\nX-Plainbounce: "


class CrashMemoryTest(LaboratoryTest):
    settings = {"answers": {"nobody": Answer("550 5.1.1 No such user")},
                "milter_timeouts": (5, 20, 30),
                "postfix_settings": {"bounce_size_limit": "100000000",
                                     "message_size_limit": "100000000",
                                     "mailbox_size_limit": "0", "virtual_mailbox_limit": "0"}}

    def send(self, sender, body):
        address = f"{sender}@example.org"
        self.postfix.sendmail(address, ["nobody@example.com"],
                              plain_message(address, "nobody@example.com", body=body))

    def kill_at_work(self, sender):
        """Kills the milter while it works on that sender's bounce. False: it was too quick."""
        with open(self.milter.directory / "in-hand", "r+b") as file, \
                mmap.mmap(file.fileno(), 0) as state:
            idle = state[:]
            self.send(sender, LARGE)
            end = time.monotonic() + 60
            while state[:] == idle and time.monotonic() < end:
                pass
            self.milter.kill()
            return state[:] != idle

    def test_the_bounce_comes_unchanged_and_the_next_one_is_rewritten(self):
        for attempt in range(10):
            sender = f"alice{attempt}"
            killed_at_work = self.kill_at_work(sender)
            self.milter.start()
            if killed_at_work:
                break
        else:
            self.fail("the milter was always done before it could be killed")
        wait_for(lambda: "bounce failed" in self.postfix.log(), "the bounce to be deferred")
        self.postfix.flush()
        bounce = self.postfix.wait_for_mail(sender)
        self.assertNotIn(MARK, bounce)
        self.assertEqual(len(message_bytes.split_message(bounce).parts), 3)
        self.assertGreater(len(bounce), len(LARGE))
        self.assertIn("result=failed-open reason=failed-before", self.milter.log())
        self.assertEqual(self.milter.log().count("were in hand when plainbounce died"), 1)

        self.send("bob", "Shall we say noon?\n")
        self.assertIn(MARK, self.postfix.wait_for_mail("bob"))


if __name__ == "__main__":
    main()
