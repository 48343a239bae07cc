"""Sendmail with Debian's sendmail.mc and conf/sendmail: its bounces pass the milter once, and
nothing else does; whatever happens to the milter, none is lost or doubled."""

import re

from lab import message_bytes
from lab.bounce_checks import check_untouched, notice_text, without_trace
from lab.laboratory import LaboratoryTest, main
from lab.milter_tap import Fault
from lab.postfix_instance import plain_message
from lab.postfix_programs import PROJECT
from lab.remote_server import Answer
from lab.sendmail_checks import check_rewritten, queue_id
from lab.sendmail_instance import INCLUDE
from lab.sendmail_laboratory import SendmailLaboratory
from lab.sendmail_root import run_in
from lab.smtp_client import deliver
from lab.waiting import wait_for

SAMPLES = PROJECT / "tests" / "samples"
MAILBOXES = ("alice", "berta", "carla", "dora", "emilia", "frida", "gerda", "hanna", "inga",
             "julia", "karin", "lotte", "maria", "full", "slow")
TRUSTED, UNTRUSTED = "127.0.0.3", "127.0.0.5"
ANSWERS = {
    "nobody": Answer("550-5.1.1 There is no such mailbox\n550 5.1.1 here"),
    "greylisted": Answer("450 4.2.0 Greylisted, come back in 5 minutes"),
    "umlaut": Answer("550 5.1.1 Empfänger unbekannt"),
}


def report():
    """Another server's, without the fields that delivery put on top."""
    return without_trace((SAMPLES / "exim-multiline-reply" / "message.eml").read_bytes())


class SendmailTest(LaboratoryTest):
    options = {}
    mta = "sendmail"

    @classmethod
    def make_laboratory(cls):
        return SendmailLaboratory(MAILBOXES, ANSWERS, **cls.options)

    @classmethod
    def deliver(cls, sender, recipient, message=None, notify=(), source="127.0.0.1"):
        """By SMTP."""
        deliver(cls.sendmail.smtp_port, sender, recipient,
                message or plain_message(sender, recipient), notify, source)

    def mails(self, mailbox, count=1):
        found = self.sendmail.wait_for_mails(mailbox, count)
        self.assertEqual(len(found), count)
        return found

    def rewritten(self, mailbox, count=1):
        found = self.mails(mailbox, count)
        for mail in found:
            check_rewritten(self, self.lab, mail)
        return found


class KindsOfMailTest(SendmailTest):
    options = {"local_config": f"C{{BounceRelays}}{TRUSTED}\nC{{BounceDomains}}virtual.example\n"}

    @classmethod
    def prepare(cls):
        late = plain_message("dora@example.org", "greylisted@example.com")
        cls.deliver("dora@example.org", "greylisted@example.com", b"Priority: urgent\n" + late,
                    ["NOTIFY=FAILURE,DELAY"])
        cls.sendmail.sendmail("hanna@example.org", ["x@unreachable.example"],
                              b"Priority: urgent\n" + plain_message("hanna@example.org", "x"),
                              "-N", "failure")
        cls.deliver("alice@example.org", "nobody@example.com")
        cls.sendmail.sendmail("berta@example.org", ["stranger@example.org"],
                              plain_message("berta@example.org", "stranger@example.org"))
        cls.deliver("carla@example.org", "full@example.org")
        cls.deliver("emilia@example.org", "gerda@example.org", notify=["NOTIFY=SUCCESS"])
        cls.deliver("frida@example.org", "friend@example.com", notify=["NOTIFY=SUCCESS"])
        cls.sendmail.sendmail("no-such-sender@example.org", ["nobody@example.com"],
                              plain_message("no-such-sender@example.org", "nobody@example.com"))

    def status(self, mail):
        """The delivery-status part."""
        return message_bytes.split_message(mail).parts[1].decode()

    def test_remote_refusal(self):
        mail, = self.rewritten("alice")
        self.assertIn("\nAction: failed\nStatus: 5.1.1\n", self.status(mail))
        self.assertTrue(notice_text(mail).startswith("Not delivered: this address doesn't exist\n"))

    def test_local_unknown_user(self):
        mail, = self.rewritten("berta")
        self.assertIn("\nAction: failed\nStatus: 5.1.1\n", self.status(mail))
        self.assertIn("stranger@example.org", notice_text(mail))

    def test_mailbox_full(self):
        mail, = self.rewritten("carla")
        self.assertIn("Diagnostic-Code: X-Unix; 69\n", self.status(mail))
        self.assertIn("mailbox is full", notice_text(mail))

    def test_delay_warning_then_queue_timeout(self):
        delayed, expired = self.rewritten("dora", 2)
        self.assertIn("\nAction: delayed\nStatus: 4.2.0\n", self.status(delayed))
        self.assertIn("\nAction: failed\nStatus: 4.4.7\n", self.status(expired))

    def test_queue_timeout_without_any_reply(self):
        mail, = self.rewritten("hanna")
        self.assertIn("\nAction: failed\nStatus: 4.4.7\n", self.status(mail))

    def test_delivered(self):
        mail, = self.rewritten("emilia")
        self.assertIn("\nAction: delivered (to mailbox)\n", self.status(mail))

    def test_relayed(self):
        mail, = self.rewritten("frida")
        self.assertIn("\nAction: relayed (to non-DSN-aware mailer)\n", self.status(mail))

    def test_8bit_message_and_reply(self):
        message = ("From: inga@example.org\nTo: umlaut@example.com\nSubject: Hello\n"
                   "Date: Sun, 22 Nov 2026 10:00:00 +0000\n"
                   "Message-ID: <8@example.org>\nMIME-Version: 1.0\n"
                   "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                   "Schöne Grüße\n")
        self.deliver("inga@example.org", "umlaut@example.com", message.encode())
        mail, = self.rewritten("inga")
        self.assertIn("Empfänger unbekannt", notice_text(mail))

    def test_double_bounce_goes_to_the_postmaster_direct(self):
        mail, = self.mails("root")
        self.assertIn(b"\nSubject: Postmaster notify: ", mail)
        self.assertNotIn(queue_id(mail), [seen.queue_id for seen in self.lab.tap.seen])

    def test_report_from_a_trusted_host(self):
        self.deliver("", "julia@example.org", report(), source=TRUSTED)
        self.rewritten("julia")

    def test_report_from_any_other_host_is_left_alone(self):
        self.deliver("", "karin@example.org", report(), source=UNTRUSTED)
        mail, = self.mails("karin")
        self.assertNotIn(b"X-Plainbounce", mail)
        self.assertNotIn(queue_id(mail), [seen.queue_id for seen in self.lab.tap.seen])

    def test_report_from_any_other_host_is_left_alone_when_it_comes_from_the_queue(self):
        self.deliver("", "slow@example.org", report(), source=UNTRUSTED)
        self.assertNotIn(b"X-Plainbounce", self.mails("slow")[0])

    def test_report_made_by_a_program_here(self):
        self.sendmail.sendmail("<>", ["maria@example.org"], report())
        self.rewritten("maria")

    def test_ordinary_mail_never_meets_the_milter(self):
        message = plain_message("alice@example.org", "lotte@example.org")
        self.deliver("alice@example.org", "lotte@example.org", message)
        self.sendmail.sendmail("alice@example.org", ["lotte@example.org"], message)
        for mail in self.mails("lotte", 2):
            check_untouched(self, mail, message)
        self.assertNotIn(b"lotte@example.org", [seen.sender for seen in self.lab.tap.seen])
        # Gerda writes to herself.
        self.assertLessEqual({seen.sender for seen in self.lab.tap.seen},
                             {b"", b"gerda@example.org"})

    def test_mail_to_oneself_passes_untouched(self):
        message = plain_message("gerda@example.org", "gerda@example.org", subject="Note to myself")
        self.deliver("gerda@example.org", "gerda@example.org", message)
        notes = wait_for(lambda: [mail for mail in self.sendmail.mails("gerda")
                                  if b"Note to myself" in mail], "the note")
        self.assertEqual(len(notes), 1)
        check_untouched(self, notes[0], message)

    def test_newaliases(self):
        self.assertRegex(self.sendmail.run("-bi").decode(), r"/etc/mail/aliases: \d+ aliases")

    def test_bounces_for_a_virtual_domain_take_the_detour(self):
        for domain, mailer in (("virtual.example", "dsnfilter"), ("elsewhere.example", "esmtp")):
            answer = self.sendmail.rewrite_rules(f".Dfalice@{domain}", ".D{addr_type}e r",
                                                 f"3,0 alice@{domain}")
            self.assertRegex(answer, rf"parse +returns: \$# {mailer} ")

    def test_only_what_was_made_here_is_taken_for_a_bounce_from_the_queue(self):
        for protocol, mailer in (("", "dsnfilter"), ("SMTP", "local"), ("ESMTPSA", "local")):
            answer = self.sendmail.rewrite_rules(".DfMAILER-DAEMON", f".Dr{protocol}",
                                                 ".D{addr_type}e r", "3,0 alice@example.org")
            self.assertRegex(answer, rf"parse +returns: \$# {mailer} ")

    def test_command_of_the_documentation_shows_the_detour(self):
        text = (PROJECT / "docs" / "sendmail.md").read_text()
        command = re.search(r"^\$ (printf .* \| sendmail -bt)\b", text, re.MULTILINE)[1]
        answer = run_in(self.sendmail.root, "/bin/sh", "-c", command).decode()
        self.assertRegex(answer, r"parse +returns: \$# dsnfilter ")

    def test_documentation_tells_the_line_that_is_tested(self):
        for place in ("README.md", "docs/sendmail.md", "conf/sendmail/plainbounce.m4"):
            self.assertIn(INCLUDE, (PROJECT / place).read_text(), place)

    def test_nothing_loops(self):
        self.rewritten("alice")
        self.assertNotRegex(self.sendmail.log(), "loops back|too many hops|rewrite: ")


class FaultsTest(SendmailTest):
    """While the milter is away bounces wait in the queue."""

    options = {"local_config": f"C{{BounceRelays}}{TRUSTED}\n"}

    def send(self, sender, body="Shall we say noon?\n"):
        address = f"{sender}@example.org"
        self.deliver(address, "nobody@example.com",
                     plain_message(address, "nobody@example.com", body=body))

    def refused(self):
        """How often Sendmail has put a bounce off for want of the milter."""
        return len(re.findall(r"to=.*mailer=dsnfilter.*stat=Deferred", self.sendmail.log()))

    def wait_for_empty_queue(self):
        wait_for(lambda: not self.sendmail.queue_ids(), "an empty queue")

    def test_outage(self):
        senders = [name for name in MAILBOXES[:9] for _ in range(2)]
        self.lab.milter.kill()
        for number, sender in enumerate(senders):
            self.send(sender, f"Letter {number}\n")
        self.deliver("", "maria@example.org", report(), source=TRUSTED)
        wait_for(lambda: self.refused() > len(senders), "the bounces to be deferred")
        self.assertFalse(any(self.sendmail.mails(sender) for sender in senders))
        self.lab.milter.start()
        self.rewritten("maria")
        for sender in set(senders):
            self.rewritten(sender, 2)
        self.wait_for_empty_queue()
        self.assertEqual(sum(len(self.sendmail.mails(name)) for name in MAILBOXES[:9]),
                         len(senders))

    def strike(self, sender, packet, act):
        self.lab.tap.arm(Fault(packet, "after", act))
        self.send(sender)
        wait_for(self.lab.tap.struck.is_set, f"the fault at {packet}")
        self.lab.tap.struck.clear()

    def test_connection_cut_while_the_body_is_replaced(self):
        self.strike("julia", "milter:b", lambda: None)
        self.rewritten("julia")

    def test_killed_while_the_body_is_replaced(self):
        self.strike("karin", "milter:b", self.lab.milter.kill)
        self.lab.milter.start()
        self.rewritten("karin")
        self.wait_for_empty_queue()
        self.assertEqual(len(self.sendmail.mails("karin")), 1)


del SendmailTest

if __name__ == "__main__":
    main()
