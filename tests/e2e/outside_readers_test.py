"""What a stranger can have the house say: mail to a mailbox here, with a sender elsewhere who gets the report."""

import email
import email.policy
import smtplib

from lab.laboratory import LaboratoryTest, main
from lab.remote_server import Answer
from lab.waiting import wait_for

LURE = "Your account has been locked"
LURES = ("account", "locked", "evil.example", "log in")


class OutsideReadersTest(LaboratoryTest):
    settings = {"answers": {"nobody": Answer("550 5.1.1 No such user")},
                "milter_settings": {"messages": {"reply_to": "help"},
                                    "notice": {"help_email": "help@example.org"}}}

    def send(self, victim, recipient, original=""):
        """A stranger's mail, which asks for every report there is."""
        options = ["NOTIFY=SUCCESS,FAILURE"]
        if original:
            options.append(f"ORCPT=rfc822;{original}")
        with smtplib.SMTP("127.0.0.1", self.postfix.smtp_port, timeout=30) as client:
            client.ehlo("client.evil.example")
            client.mail(victim)
            self.assertEqual(client.rcpt(recipient, options)[0], 250)
            client.data(f"From: Bank <log.in@evil.example>\r\nTo: {recipient}\r\n"
                        f"Subject: {LURE}, log in at evil.example\r\n\r\nHello\r\n".encode())

    def report_to(self, victim):
        def found():
            return [mail for mail in self.remote.received if victim in mail.recipients]
        mail = wait_for(found, f"the report to {victim}")[0]
        return email.message_from_bytes(mail.data, policy=email.policy.default)

    def check_neutral(self, report):
        self.assertIn("X-Plainbounce", report)
        self.assertNotIn("Reply-To", report)
        self.assertNotIn("help@example.org", report.as_string())
        for lure in LURES:
            self.assertNotIn(lure, report["Subject"])
        alternatives = next(report.iter_parts())
        texts = [part.get_content() for part in alternatives.iter_parts()]
        self.assertEqual(len(texts), 2)
        # The server's own notice stands at the end of the text, as the server wrote it.
        texts[0] = texts[0][:texts[0].index("This is the mail system at host")]
        for text in texts:
            for lure in LURES:
                self.assertNotIn(lure, text.replace("change your password", ""))
            self.assertIn("example.org", text)
            self.assertNotIn("Our mail service", text)

    def test_a_report_of_success_says_nothing_of_the_strangers(self):
        self.send("victim@example.com", "alto@example.org",
                  "Your+20account+20has+20been+20locked.+20Log+20in+20at+20evil.example+20@x")
        self.check_neutral(self.report_to("victim@example.com"))

    def test_nor_does_a_report_of_failure(self):
        self.send("other@example.com", "nobody@example.com")
        report = self.report_to("other@example.com")
        self.check_neutral(report)

    def test_one_of_the_house_is_spoken_to_as_such(self):
        self.send("alice@example.org", "nobody@example.com")
        report = email.message_from_bytes(self.postfix.wait_for_mail("alice"),
                                          policy=email.policy.default)
        self.assertIn(f'"{LURE}', report["Subject"])
        self.assertIn("Our mail service", report.as_string())
        self.assertEqual(report.get_all("Reply-To"), ["help@example.org"])


if __name__ == "__main__":
    main()
