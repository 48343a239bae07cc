"""Every kind of report that Postfix makes: rewritten, and nothing of it harmed."""

import re

from lab import message_bytes
from lab.bounce_checks import check_rewritten, notice_text, seen_by_milter
from lab.laboratory import LaboratoryTest, main
from lab.postfix_instance import plain_message
from lab.remote_server import Answer

HOSTILE = "550 5.1.1 <script>alert(1)</script> <a href='https://phish.example/'>log in</a> " \
          "{{mustache}} {0} \x1b[31m\x07 user unknown"
HUGE = "\n".join(["550-5.7.1 " + "Rejected as spam. " * 10] * 10_000 + ["550 5.7.1 the end"])


class KindsOfReportTest(LaboratoryTest):
    settings = {
        "answers": {
            "nobody": Answer("550-5.1.1 There is no such mailbox\n550 5.1.1 here"),
            "full": Answer("552 5.2.2 <full@example.com> Quota exceeded"),
            "blocked": Answer("554 5.7.1 Sender is blocked"),
            "spam": Answer("554 5.7.1 Looks like spam", at="end"),
            "greylisted": Answer("450 4.2.0 Greylisted, come back in 5 minutes"),
            "umlaut": Answer("550 5.1.1 Empfänger unbekannt"),
            "müller": Answer("550 5.1.1 Empfänger unbekannt"),
            "latin": Answer("550 5.1.1 Empfänger unbekannt".encode("latin-1")),
            "hostile": Answer(HOSTILE),
            "huge": Answer(HUGE),
            "silent": Answer("550"),
        },
        "postfix_settings": {
            "delay_warning_time": "2s",
            "maximal_queue_lifetime": "6s",
            "bounce_queue_lifetime": "6s",
            "virtual_alias_maps": "inline:{ { choir@example.org = alto@example.org,"
                                  " bass@example.org } }",
        },
    }

    @classmethod
    def prepare(cls):
        utf8 = ("From: {0}@example.org\nTo: x\nSubject: {1}\nMIME-Version: 1.0\n"
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                "Schöne Grüße\n")
        parts = ("From: wholly@example.org\nTo: nobody@example.com\nSubject: Plans\n"
                 "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=inner\n\n"
                 "--inner\n\nSee below.\n--inner\nContent-Type: text/x-plan\n\n"
                 + "One line of the plan.\n" * 1500 + "--inner--\n")
        large = plain_message("large@example.org", "nobody@example.com",
                              body="One line of many.\n" * 5000)
        cls.send("failed", ["nobody@example.com"])
        cls.send("junk", ["spam@example.com"])
        cls.send("late", ["greylisted@example.com"], "-N", "failure,delay")
        cls.send("pleased", ["alto@example.org"], "-N", "success")
        cls.send("passed", ["friend@example.com"], "-N", "success")
        cls.send("singer", ["choir@example.org"], "-N", "success")
        cls.send("several", ["nobody@example.com", "full@example.com", "blocked@example.com",
                             "friend@example.com", "unknown.clerk@example.org"])
        cls.send("eight", ["umlaut@example.com"], message=utf8.format("eight", "Hello").encode())
        cls.send("utf8", ["müller@example.com"],
                 message=utf8.format("utf8", "Grüße – 日本").encode())
        cls.send("latin", ["latin@example.com"],
                 message="From: latin@example.org\nSubject: Grüße\n\nÄ\n".encode("latin-1"))
        cls.send("wholly", ["nobody@example.com"], message=parts.encode())
        cls.send("large", ["nobody@example.com"], message=large)
        cls.send("thrifty", ["nobody@example.com"], "-R", "hdrs", "-V", "order-4711")
        cls.send("target", ["hostile@example.com"])
        cls.send("buried", ["huge@example.com"])
        cls.send("curt", ["silent@example.com"])
        cls.send("hermit", ["x@unreachable.example"], "-N", "failure")

    @classmethod
    def send(cls, mailbox, recipients, *options, message=None):
        sender = f"{mailbox}@example.org"
        cls.postfix.sendmail(sender, recipients, message or plain_message(sender, recipients[0]),
                             *options)

    def rewritten(self, mailbox, expected=1):
        """The reports in that mailbox, each checked against what the milter got."""
        delivered = self.postfix.wait_for_mails(mailbox, expected)
        self.assertEqual(len(delivered), expected)
        for mail in delivered:
            seen = seen_by_milter(self.tap, mail)
            self.assertEqual(seen.sender, b"")
            self.assertEqual(seen.macros[b"daemon_name"], b"postfix-dsn")
            check_rewritten(self, mail, seen.message)
        return delivered

    def status(self, mail):
        """The delivery-status part and the type of the returned one."""
        parts = message_bytes.split_message(mail).parts
        return parts[1].decode(), message_bytes.parse(parts[2]).get_content_type()

    def assert_notice_names(self, mail, *addresses):
        notice = notice_text(mail)
        above = notice[:notice.index("This is the mail system at host")]
        for address in addresses:
            self.assertIn(address, above)

    def test_failed(self):
        mail, = self.rewritten("failed")
        status, returned = self.status(mail)
        self.assertIn("\nAction: failed\nStatus: 5.1.1\n", status)
        self.assertEqual(returned, "message/rfc822")
        self.assert_notice_names(mail, "nobody@example.com")

    def test_refused_after_its_data(self):
        mail, = self.rewritten("junk")
        self.assertIn("554 5.7.1 Looks like spam", self.status(mail)[0])

    def test_delayed_then_expired(self):
        delayed, expired = self.rewritten("late", 2)
        self.assertIn("\nAction: delayed\nStatus: 4.2.0\n", self.status(delayed)[0])
        self.assertIn("\nAction: failed\nStatus: 4.2.0\n", self.status(expired)[0])
        self.assert_notice_names(delayed, "greylisted@example.com")
        self.assert_notice_names(expired, "greylisted@example.com")

    def test_expired_without_any_reply(self):
        mail, = self.rewritten("hermit")
        self.assertIn("Diagnostic-Code: X-Postfix; connect to", self.status(mail)[0])

    def test_delivered(self):
        mail, = self.rewritten("pleased")
        self.assertIn("\nAction: delivered\n", self.status(mail)[0])
        self.assert_notice_names(mail, "alto@example.org")

    def test_relayed(self):
        mail, = self.rewritten("passed")
        self.assertIn("\nAction: relayed\n", self.status(mail)[0])
        self.assert_notice_names(mail, "friend@example.com")

    def test_expanded(self):
        mail, = self.rewritten("singer")
        self.assertIn("\nAction: expanded\n", self.status(mail)[0])
        self.assert_notice_names(mail, "choir@example.org")

    def test_several_recipients_with_different_fates(self):
        mail, = self.rewritten("several")
        recipients = re.findall(r"Final-Recipient: rfc822; (.*)", self.status(mail)[0])
        self.assertCountEqual(recipients, ["nobody@example.com", "full@example.com",
                                           "blocked@example.com", "unknown.clerk@example.org"])
        self.assert_notice_names(mail, *recipients)

    def test_8bit_message(self):
        mail, = self.rewritten("eight")
        self.assertIn("Schöne Grüße".encode(), mail)
        self.assertIn("Empfänger unbekannt", notice_text(mail))

    def test_smtputf8_message(self):
        mail, = self.rewritten("utf8")
        status, returned = self.status(mail)
        self.assertIn("Content-Type: message/global-delivery-status", status)
        self.assertEqual(returned, "message/global")
        self.assert_notice_names(mail, "müller@example.com")

    def test_message_and_reply_in_latin1(self):
        mail, = self.rewritten("latin")
        self.assertIn("Grüße".encode("latin-1"), mail)

    def test_returned_whole(self):
        mail, = self.rewritten("wholly")
        self.assertIn(b"--inner\nContent-Type: text/x-plan\n\nOne line of the plan.\n", mail)
        self.assertEqual(mail.count(b"One line of the plan.\n"), 1500)

    def test_returned_without_body_where_that_is_too_large(self):
        mail, = self.rewritten("large")
        self.assertEqual(self.status(mail)[1], "text/rfc822-headers")

    def test_returned_headers_only_on_request(self):
        mail, = self.rewritten("thrifty")
        status, returned = self.status(mail)
        self.assertEqual(returned, "text/rfc822-headers")
        self.assertIn("Original-Envelope-Id: order-4711", status)

    def test_hostile_reply_is_shown_as_text(self):
        mail, = self.rewritten("target")
        plain, html = next(message_bytes.parse(mail).iter_parts()).iter_parts()
        page = message_bytes.text_of(html)
        self.assertIn("&lt;script&gt;alert(1)", page)
        self.assertNotIn("<script", page.lower())
        links = re.findall(r"<a [^>]*>", page, re.IGNORECASE)
        self.assertEqual([re.search('href="([^"]*)"', link)[1] for link in links],
                         ["mailto:postmaster@example.org"], "the house's own alone")
        for text in (page, message_bytes.text_of(plain)):
            self.assertIn("{{mustache}} {0}", text)
            self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f]")

    def test_huge_reply(self):
        mail, = self.rewritten("buried")
        self.assertLess(len(mail), 100_000)

    def test_reply_without_a_word(self):
        mail, = self.rewritten("curt")
        self.assert_notice_names(mail, "silent@example.com")


if __name__ == "__main__":
    main()
