"""Sendmail with a real OpenDKIM after the milter: rewritten bounces are signed, and the signature is
good in the mailbox and at the next server; what others have signed stays as it is."""

import re

from lab import signatures
from lab.laboratory import LaboratoryTest, main
from lab.postfix_instance import plain_message
from lab.remote_server import Answer, RemoteServer
from lab.sendmail_instance import INCLUDE
from lab.signing import (LINES, SigningChecks, SigningSendmailLaboratory, documented,
                         signed_report)
from lab.smtp_client import deliver
from lab.waiting import wait_for

MAILBOXES = ("alice", "berta", "carla", "dora", "emilia", "frida", "gerda", "hanna",
             "inga", "julia", "kara", "lotte", "maria", "full", "slow")
NEW, OLD = "127.0.0.6", "127.0.0.7"
RELAY, STRANGER = "127.0.0.3", "127.0.0.5"
ANSWERS = {"nobody": Answer("550 5.1.1 There is no such mailbox"),
           "umlaut": Answer("550 5.1.1 Empfänger unbekannt")}


class DkimTest(SigningChecks, LaboratoryTest):
    mta = "sendmail"

    @classmethod
    def make_laboratory(cls):
        return SigningSendmailLaboratory(
            MAILBOXES, answers=ANSWERS, hosts={"new.example": NEW, "old.example": OLD},
            local_config=f"C{{BounceDomains}}new.example old.example\nC{{BounceRelays}}{RELAY}\n")

    @classmethod
    def prepare(cls):
        port = cls.sendmail.smtp_port
        cls.new_server = cls.enterClassContext(RemoteServer(address=NEW, port=port))
        cls.old_server = cls.enterClassContext(
            RemoteServer(address=OLD, port=port, extensions=("PIPELINING",)))

    def send(self, sender, recipient="nobody@example.com"):
        deliver(self.sendmail.smtp_port, sender, recipient, plain_message(sender, recipient))

    def bounce(self, mailbox, recipient="nobody@example.com"):
        self.send(f"{mailbox}@example.org", recipient)
        mail, = self.sendmail.wait_for_mails(mailbox)
        self.assertIn(b"\nX-Plainbounce: ", mail)
        return mail

    def check_relayed(self, server, domain, recipient, is_ascii):
        before = len(server.received)
        self.send(f"anna@{domain}", recipient)
        wait_for(lambda: len(server.received) > before, f"the bounce at {domain}")
        mail = server.received[-1]
        self.assertEqual(mail.sender, "")
        self.assertIn(b"\nX-Plainbounce: ", mail.data)
        self.assertEqual(mail.data.isascii(), is_ascii)
        self.check_signed(mail.data)

    def test_rewritten_bounce_is_signed(self):
        self.check_signed(self.bounce("alice"))

    def test_signature_covers_the_notice(self):
        mail = self.bounce("berta").replace(b"Your message to", b"Your Message to", 1)
        self.assertEqual(self.verify(mail), "body hash mismatch")

    def test_8bit_bounce_is_signed(self):
        mail = self.bounce("carla", "umlaut@example.com")
        self.assertFalse(mail.isascii())
        self.check_signed(mail)

    def test_signature_is_good_at_the_next_server(self):
        self.check_relayed(self.new_server, "new.example", "nobody@example.com", True)
        self.check_relayed(self.new_server, "new.example", "umlaut@example.com", False)

    def test_signature_is_good_at_a_server_without_8bitmime(self):
        self.check_relayed(self.old_server, "old.example", "nobody@example.com", True)
        self.check_relayed(self.old_server, "old.example", "umlaut@example.com", False)

    def test_signer_that_is_down_does_not_hold_bounces_up(self):
        self.addCleanup(self.lab.signer.start)
        self.lab.signer.stop()
        self.assertNotIn(b"DKIM-Signature", self.bounce("dora").split(b"\n\n")[0])

    def test_name_of_the_port_can_stand_for_an_internal_host(self):
        self.with_signer("InternalHosts 192.0.2.1")
        self.assertEqual(self.verify(self.bounce("emilia")), signatures.NOT_SIGNED)
        self.with_signer("InternalHosts 192.0.2.1", "MTA DSNFILTER")
        self.check_signed(self.bounce("frida"))

    def test_signed_report_that_arrives_is_left_alone(self):
        report = signed_report(self.lab.signer)
        deliver(self.sendmail.smtp_port, "", "gerda@example.org", report, source=RELAY)
        mail, = self.sendmail.wait_for_mails("gerda")
        self.assertIn(b"\tdkim=pass ", mail)
        self.assertEqual(self.verify(mail), signatures.PASS)
        queue_id = re.search(rb"^Received: .*\n.* id (\w+)", mail, re.MULTILINE)[1].decode()
        self.assertIn(f"queue_id={queue_id} result=left-alone reason=signed ",
                      self.lab.milter.log())

    def test_mail_to_oneself_passes_both_ports_and_both_signatures_are_good(self):
        self.send("hanna@example.org", "hanna@example.org")
        mail, = self.sendmail.wait_for_mails("hanna")
        for index in range(2):
            self.assertEqual(signatures.verify(mail, self.lab.signer.records, index),
                             signatures.PASS)

    def test_nothing_that_strangers_send_is_signed(self):
        # The slow one's comes from the queue. Another recipient leaves traces in Sendmail's macros.
        for mailbox, sender, others in (("inga", "inga@example.org", []),
                                        ("kara", "kara@example.org", ["lotte@example.org"]),
                                        ("slow", "slow@example.org", ["lotte@example.org"]),
                                        ("maria", "", [])):
            address = f"{mailbox}@example.org"
            message = plain_message(address, address)
            deliver(self.sendmail.smtp_port, sender, [*others, address], message, source=STRANGER)
            mail, = self.sendmail.wait_for_mails(mailbox)
            with self.subTest(mailbox):
                self.assertNotIn(b"DKIM-Signature", mail)
                self.assertTrue(mail.endswith(message))

    def test_bounce_of_a_message_that_came_from_elsewhere_is_signed(self):
        deliver(self.sendmail.smtp_port, "julia@example.org", "full@example.org",
                plain_message("julia@example.org", "full@example.org"), source=STRANGER)
        mail, = self.sendmail.wait_for_mails("julia")
        self.assertIn(b"\nX-Plainbounce: ", mail)
        self.check_signed(mail)

    def test_documentation_ends_with_the_line_of_the_guide(self):
        self.assertTrue(documented(LINES).endswith(INCLUDE.rstrip()))


if __name__ == "__main__":
    main()
