"""Messages that arrive by SMTP where smtpd has the milter: which are rewritten, which aren't."""

import pathlib
import smtplib

from lab.bounce_checks import check_rewritten, check_untouched
from lab.laboratory import LaboratoryTest, main
from lab.processes import free_port

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "samples"
TRUSTED, UNTRUSTED = "127.0.0.1", "127.0.0.2"
PORT = free_port()


def sample(name):
    """A sample without the fields that delivery put on top."""
    message = (SAMPLES / name / "message.eml").read_bytes()
    return message[message.index(b"Date: "):] if name.startswith("postfix-") else message


class ArrivingReportsTest(LaboratoryTest):
    settings = {
        "milter_settings": {"messages": {"trusted": [TRUSTED]}},
        "services": f"""\
127.0.0.1:{PORT} inet n - n - - smtpd
  -o {{ smtpd_milters = {{ {{milter}}, default_action=tempfail }} }}
""",
    }

    def deliver(self, mailbox, message, source=TRUSTED, sender=""):
        """Sends it by SMTP; returns how it was delivered and what the milter saw."""
        recipient = f"{mailbox}@example.org"
        count = len(self.tap.seen)
        with smtplib.SMTP("127.0.0.1", PORT, timeout=30, source_address=(source, 0)) as client:
            client.ehlo()
            options = ["SMTPUTF8", "BODY=8BITMIME"] if not message.isascii() else []
            code, reply = client.mail(sender, options)
            self.assertEqual(code, 250, reply)
            self.assertEqual(client.rcpt(recipient)[0], 250)
            code, reply = client.data(message.replace(b"\n", b"\r\n"))
            self.assertEqual(code, 250, reply)
        self.assertEqual(len(self.tap.seen), count + 1)
        return self.postfix.wait_for_mail(mailbox), self.tap.seen[count]

    def check_left_alone(self, mailbox, message, source=TRUSTED, sender=""):
        delivered, seen = self.deliver(mailbox, message, source, sender)
        self.assertEqual(seen.changes, [])
        check_untouched(self, delivered, message)
        return seen

    def test_report_from_a_trusted_address_is_rewritten(self):
        message = sample("postfix-recipient-unknown")
        delivered, _ = self.deliver("alice", message)
        check_rewritten(self, delivered, message)

    def test_8bit_report_from_a_trusted_address_is_rewritten(self):
        message = sample("postfix-8bit-body")
        delivered, _ = self.deliver("berta", message)
        check_rewritten(self, delivered, message)

    def test_report_from_an_untrusted_address_is_left_alone(self):
        self.check_left_alone("carla", sample("postfix-recipient-unknown"), UNTRUSTED)

    def test_report_with_a_sender_is_left_alone(self):
        self.check_left_alone("dora", sample("postfix-recipient-unknown"),
                              sender="postmaster@example.com")

    def test_report_to_a_machine_is_left_alone(self):
        for mailbox in ("choir-bounces+anna=example.com",
                        "SRS0=HHH=TT=example.net=maria"):
            with self.subTest(mailbox):
                self.check_left_alone(mailbox, sample("postfix-recipient-unknown"))

    def test_postmaster_copy_is_left_alone(self):
        self.check_left_alone("postmaster", sample("postfix-postmaster-copy"),
                              sender="double-bounce@mx.example.com")

    def test_signed_report_is_left_alone(self):
        message = sample("other-signed-report")
        self.check_left_alone("emilia", message[message.index(b"DKIM-Signature"):])

    def test_other_automatic_messages_are_left_alone(self):
        for name in ("other-mdn", "other-feedback-report", "other-auto-reply"):
            message = sample(name)
            with self.subTest(name):
                self.check_left_alone(name, message[message.index(b"From: "):])

    def test_report_without_its_end_is_rewritten_or_left_alone_but_whole(self):
        message = sample("other-truncated-report")
        message = message[message.index(b"Date: "):] + b"\n"
        delivered, seen = self.deliver("frida", message)
        check = check_rewritten if seen.changes else check_untouched
        check(self, delivered, message)

    def test_ordinary_mail_costs_one_round_trip(self):
        message = sample("other-list-message")
        seen = self.check_left_alone("gerda", message[message.index(b"From: "):],
                                     sender="maria@example.com")
        self.assertEqual(seen.verdict, b"a")
        self.assertEqual((seen.recipients, seen.headers, seen.body), ([], [], b""))

    def test_second_pass_changes_nothing(self):
        first, _ = self.deliver("hanna", sample("postfix-several-fates"))
        rewritten = first[first.index(b"Date: "):]
        self.assertIn(b"\nX-Plainbounce: ", rewritten)
        self.check_left_alone("inga", rewritten)


if __name__ == "__main__":
    main()
