"""Bounces that are no RFC 3464 reports, where the conf asks for an explanation."""

import smtplib

from lab.laboratory import LaboratoryTest, main
from lab.processes import free_port

PORT = free_port()
WORDS = b"""\
Hi. This is the qmail-send program at mx.example.org.

<bob@example.net>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 No such user
"""
HEADER = b"""\
Date: Thu, 1 Jan 2026 10:00:00 +0000
From: MAILER-DAEMON@mx.example.org
To: alice@example.org
Subject: failure notice
Message-ID: <1@mx.example.org>

"""


class OtherBouncesTest(LaboratoryTest):
    settings = {
        "milter_settings": {"messages": {"other_bounces": "explain"}},
        "services": f"""\
127.0.0.1:{PORT} inet n - n - - smtpd
  -o {{ smtpd_milters = {{ {{milter}}, default_action=tempfail }} }}
""",
    }

    def deliver(self, mailbox, message):
        with smtplib.SMTP("127.0.0.1", PORT, timeout=30) as client:
            client.sendmail("", f"{mailbox}@example.org", message.replace(b"\n", b"\r\n"))
        return self.postfix.wait_for_mail(mailbox)

    def test_an_explanation_stands_above_the_words(self):
        delivered = self.deliver("alice", HEADER + WORDS)
        header, _, body = delivered.partition(b"\n\n")
        self.assertIn(b"\nX-Plainbounce: ", header)
        self.assertIn(b"\nSubject: failure notice", header)
        self.assertTrue(body.startswith(b"Not delivered: "), body)
        self.assertIn(b"\n\n" + WORDS, body)

    def test_other_mail_with_the_null_sender_is_left_alone(self):
        message = HEADER.replace(b"failure notice", b"Lunch").replace(b"MAILER-DAEMON", b"bob")
        delivered = self.deliver("berta", message + b"Yes, at noon.\n")
        self.assertNotIn(b"X-Plainbounce", delivered)
        self.assertTrue(delivered.rstrip(b"\n").endswith(b"\n\nYes, at noon."))


if __name__ == "__main__":
    main()
