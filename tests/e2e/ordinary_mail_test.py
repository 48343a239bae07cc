"""Ordinary mail: not changed by a byte, and not even seen by the milter."""

import smtplib

from lab.bounce_checks import check_rewritten, seen_by_milter, without_trace
from lab.laboratory import LaboratoryTest, main
from lab.postfix_programs import PROJECT
from lab.smtp_client import deliver
from lab.waiting import wait_for

SAMPLE = PROJECT / "tests" / "samples" / "postfix-recipient-unknown" / "message.eml"
REPORT = SAMPLE.read_bytes()[SAMPLE.read_bytes().index(b"Date: "):]
MESSAGE = (b"From: alice@example.org\nTo: bob@example.org\nSubject: Minutes\n"
           b"Date: Sat, 21 Nov 2026 12:00:00 +0100\nMessage-ID: <minutes@example.org>\n"
           b"X-Odd:    spaces  and\n\tfolds \n\n"
           b"Body with  spaces \n\n.\n.. dots\nand \xc3\xa4 bytes\n")


class OrdinaryMailTest(LaboratoryTest):
    def by_smtp(self, sender, *recipients):
        with smtplib.SMTP("127.0.0.1", self.postfix.smtp_port, timeout=30) as client:
            client.sendmail(sender, recipients, MESSAGE.replace(b"\n", b"\r\n"), ["BODY=8BITMIME"])

    def remote_mail(self, recipient):
        return wait_for(lambda: next((mail for mail in self.remote.received
                                      if recipient in mail.recipients), None),
                        f"mail for {recipient} at the remote server")

    def setUp(self):
        self.connections = self.tap.connections

    def check_unseen(self):
        self.assertEqual(self.tap.connections, self.connections)

    def test_a_bounce_is_seen(self):
        """So that the other tests prove something."""
        self.postfix.sendmail("hugo@example.org", ["unknown@example.org"], MESSAGE)
        mail = self.postfix.wait_for_mail("hugo")
        check_rewritten(self, mail, seen_by_milter(self.tap, mail).message)
        self.assertGreater(self.tap.connections, self.connections)

    def test_by_smtp_to_a_mailbox(self):
        self.by_smtp("alice@example.org", "bob@example.org")
        self.assertEqual(without_trace(self.postfix.wait_for_mail("bob")), MESSAGE)
        self.check_unseen()

    def test_by_smtp_to_a_remote_server(self):
        self.by_smtp("alice@example.org", "carl@example.com")
        data = self.remote_mail("carl@example.com").data.replace(b"\r\n", b"\n")
        self.assertEqual(without_trace(data), MESSAGE)
        self.check_unseen()

    def test_by_sendmail_to_a_mailbox(self):
        self.postfix.sendmail("alice@example.org", ["dora@example.org"], MESSAGE)
        self.assertEqual(without_trace(self.postfix.wait_for_mail("dora")), MESSAGE)
        self.check_unseen()

    def test_by_sendmail_with_the_null_sender(self):
        self.postfix.sendmail("", ["emil@example.org"], MESSAGE)
        self.assertEqual(without_trace(self.postfix.wait_for_mail("emil")), MESSAGE)
        self.check_unseen()

    def test_forged_reports(self):
        """Neither a local program's nor a stranger's."""
        self.postfix.sendmail("", ["klara@example.org"], REPORT)
        self.assertEqual(without_trace(self.postfix.wait_for_mail("klara")), REPORT)
        deliver(self.postfix.smtp_port, "", "ludwig@example.org", REPORT)
        self.assertEqual(without_trace(self.postfix.wait_for_mail("ludwig")), REPORT)
        self.check_unseen()

    def test_while_the_milter_is_dead(self):
        self.milter.kill()
        self.addCleanup(self.milter.start)
        self.by_smtp("alice@example.org", "frida@example.org")
        self.postfix.sendmail("alice@example.org", ["gerd@example.org"], MESSAGE)
        for mailbox in ("frida", "gerd"):
            self.assertEqual(without_trace(self.postfix.wait_for_mail(mailbox)), MESSAGE)


if __name__ == "__main__":
    main()
