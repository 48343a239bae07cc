"""Postfix' own reports that aren't for people: the milter sees them and leaves them alone."""

from lab import message_bytes
from lab.bounce_checks import MARK, check_rewritten, seen_by_milter, without_trace
from lab.laboratory import LaboratoryTest, main
from lab.postfix_instance import plain_message
from lab.remote_server import Answer
from lab.waiting import wait_for


class OwnReportsLeftAloneTest(LaboratoryTest):
    settings = {
        "answers": {"nobody": Answer("550 5.1.1 No such user")},
        "postfix_settings": {"notify_classes": "bounce, 2bounce, delay",
                             "delay_warning_time": "1s"},
    }

    def bounce_to(self, sender):
        self.postfix.sendmail(sender, ["nobody@example.com"],
                              plain_message(sender, "nobody@example.com"))

    def check_alone(self, delivered):
        """The milter saw it, as far as it wanted to, and asked for no change."""
        seen = seen_by_milter(self.tap, delivered)
        self.assertEqual((seen.verdict, seen.changes), (b"a", []))
        rest = without_trace(delivered)
        self.assertTrue(rest.startswith(seen.message.removesuffix(b"\n")))
        pieces = message_bytes.split_message(rest)
        self.assertEqual(message_bytes.parse(pieces.parts[0]).get_content_type(), "text/plain")
        self.assertEqual(pieces.values(MARK), [])

    def test_bounce_to_a_mailing_lists_program(self):
        mailbox = "choir-bounces+anna=example.com"
        self.bounce_to(f"{mailbox}@example.org")
        self.check_alone(self.postfix.wait_for_mail(mailbox))

    def test_postmaster_copy_is_left_alone_and_the_senders_is_not(self):
        self.bounce_to("alice@example.org")
        mail = self.postfix.wait_for_mail("alice")
        check_rewritten(self, mail, seen_by_milter(self.tap, mail).message)
        copies = wait_for(lambda: self.copies("Postmaster Copy: Undelivered Mail", "alice"),
                          "the postmaster's copy")
        self.check_alone(copies[0])

    def test_postmaster_copy_of_a_delay_warning(self):
        self.postfix.sendmail("berta@example.org", ["x@unreachable.example"],
                              plain_message("berta@example.org", "x@unreachable.example"))
        mail = self.postfix.wait_for_mail("berta")
        check_rewritten(self, mail, seen_by_milter(self.tap, mail).message)
        copies = wait_for(lambda: self.copies("Postmaster Warning: Delayed Mail", "berta"),
                          "the postmaster's warning")
        self.check_alone(copies[0])

    def test_double_bounce(self):
        """A bounce that can't be delivered itself goes to the postmaster."""
        self.bounce_to("unknown.sender@example.org")
        copies = wait_for(lambda: self.copies("Postmaster Copy: Undelivered Mail",
                                              "unknown.sender"), "the double bounce")
        for copy in copies:
            self.check_alone(copy)

    def copies(self, subject, sender):
        """The postmaster's copies about that sender's mail."""
        found = []
        for mail in self.postfix.mails("postmaster"):
            head, _, body = mail.partition(b"\n\n")
            if f"\nSubject: {subject}\n".encode() in head and f"{sender}@".encode() in body:
                found.append(mail)
        return found


if __name__ == "__main__":
    main()
