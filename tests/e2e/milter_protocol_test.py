"""plainbounce-milter as an MTA sees it, packet by packet."""

import re
import unittest

from milter_client import NO_REPLY, NO_STEP, MilterClient
from milter_test_case import EDITS, MilterTestCase, bounce


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

    def test_answers_go_to_the_help_desk_where_the_conf_says_so(self):
        """... as one more header field, after the whole body; and there is never a second one."""
        conf = ('[messages]\nreply_to = "help"\n'
                '[notice]\nhelp_email = "help@example.org"\nown_domains = ["example.org"]\n')
        daemon = self.daemon(conf)
        own = b"reply-to: desk@example.org\r\n" + bounce()
        for message, reader, expected in (
                (bounce(), "alice@example.org", ["help@example.org"]),
                (own, "alice@example.org", []), (bounce(), "eve@example.net", [])):
            client = daemon.client()
            outcome = client.message("<>", [f"<{reader}>"], message)
            client.close()
            self.assertRegex(outcome.edits, "^b+mhh$" if expected else EDITS)
            self.assertEqual([change[2] for change in outcome.headers if change[1] == "Reply-To"],
                             expected)
            self.assertEqual(outcome.headers[-1][1], "X-Plainbounce")
            self.assertEqual(len(outcome.headers), 2 + len(expected))

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

    def test_from_nowhere_is_left_alone(self):
        daemon = self.daemon()
        client = MilterClient(daemon.address)
        client.connect_info("x", None, 25)
        self.assert_untouched(client.message("<>", ["<alice@example.org>"], bounce()), "M")
        client.close()
        self.assertEqual(daemon.records()[0]["reason"], "untrusted-client")

    def test_from_any_form_of_loopback_is_our_own(self):
        daemon = self.daemon()
        for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
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

    def judge_many(self, time_budget):
        """What becomes of a report on many recipients, and the line in the log."""
        daemon = self.daemon(f"[messages]\ntime_budget = {time_budget}\nmax_recipients = 10000\n")
        many = bounce(recipients=[f"nobody{i}@d{i}.example.com" for i in range(4000)])
        client = daemon.client(timeout=300)
        outcome = client.message("", ["alice@example.org"], many)
        client.close()
        daemon.stop()
        return many, outcome, daemon.records()[-1]

    def test_work_ends_when_its_time_is_over(self):
        many, outcome, whole = self.judge_many(600)
        self.assert_rewritten(outcome, many)
        many, outcome, cut_short = self.judge_many(0.05)
        self.assert_untouched(outcome, "E")
        self.assertEqual((cut_short["result"], cut_short["reason"]), ("failed-open", "time-budget"))
        self.assertLess(float(cut_short["ms"]), float(whole["ms"]) / 2)

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


if __name__ == "__main__":
    unittest.main(verbosity=2)
