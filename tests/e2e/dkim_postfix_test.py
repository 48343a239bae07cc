"""Postfix with a real OpenDKIM after the milter: rewritten bounces are signed, and the signature is
good wherever they go; what others have signed stays as it is."""

import re

from lab import signatures
from lab.bounce_checks import check_rewritten, seen_by_milter
from lab.laboratory import LaboratoryTest, main
from lab.postfix_instance import plain_message
from lab.processes import free_port
from lab.remote_server import Answer, RemoteServer
from lab.signing import (SigningChecks, SigningLaboratory, bounce_lines, documented,
                         signed_report)
from lab.smtp_client import deliver
from lab.waiting import wait_for

ANSWERS = {"nobody": Answer("550 5.1.1 There is no such mailbox")}
RELAY = "127.0.0.3"
BODY_CHANGED = "body hash mismatch"


class SigningTest(SigningChecks, LaboratoryTest):
    @classmethod
    def make_laboratory(cls):
        # A server that can't take 8 bits.
        cls.old_server = cls.enterClassContext(
            RemoteServer(extensions=("PIPELINING", "SIZE 104857600")))
        nexthop = cls.old_server.nexthop
        return SigningLaboratory(**{
            "answers": ANSWERS, **cls.settings,
            "transports": {"old.example": nexthop,
                           "unchanged.example": nexthop.replace("smtp:", "unchanged:")},
            "services": cls.settings.get("services", "") + "unchanged unix - - n - - smtp\n  "
                        + documented("-o disable_mime_output_conversion") + "\n"})

    def send(self, sender):
        self.postfix.sendmail(sender, ["nobody@example.com"],
                              plain_message(sender, "nobody@example.com"))

    def bounce(self, mailbox):
        """A bounce, as it is delivered here."""
        self.send(f"{mailbox}@example.org")
        return self.postfix.wait_for_mail(mailbox)

    def rewritten_bounce(self, mailbox):
        mail = self.bounce(mailbox)
        check_rewritten(self, mail.replace(signature_field(mail), b""),
                        seen_by_milter(self.tap, mail).message)
        return mail

    def relayed_bounce(self, server, domain):
        """A bounce, as it arrives at another server."""
        self.send(f"alice@{domain}")
        mail = wait_for(lambda: next((each for each in server.received
                                      if each.recipients == (f"alice@{domain}",)), None),
                        f"the bounce at {domain}")
        self.assertEqual(mail.sender, "")
        return mail.data


def signature_field(mail):
    """The field with its line end; empty where there is none."""
    field = re.search(rb"^DKIM-Signature:(?:.*\n[ \t])*.*\n", mail, re.MULTILINE)
    return field[0] if field else b""


class RecommendedFormTest(SigningTest):
    """The milter, then the signer."""

    settings = {"bounce_lines": bounce_lines()}

    def test_rewritten_bounce_is_signed(self):
        mail = self.rewritten_bounce("alice")
        self.check_signed(mail)
        signed = signatures.fields(mail)["h"].lower().split(":")
        self.assertLessEqual({"from", "to", "subject", "date"}, set(signed))

    def test_signature_covers_the_notice_and_its_subject(self):
        mail = self.rewritten_bounce("berta")
        for old, new, verdict in ((b"Your message to", b"Your Message to", BODY_CHANGED),
                                  (b"Subject: Not", b"Subject: Now", signatures.NOT_SIGNED)):
            with self.subTest(old):
                self.assertIn(old, mail)
                self.assertEqual(self.verify(mail.replace(old, new, 1)), verdict)

    def test_delivery_receipt_is_signed(self):
        self.postfix.sendmail("carla@example.org", ["friend@example.com"],
                              plain_message("carla@example.org", "friend@example.com"),
                              "-N", "success")
        self.check_signed(self.postfix.wait_for_mail("carla"))

    def test_signature_is_good_at_the_next_server(self):
        mail = self.relayed_bounce(self.remote, "example.com")
        self.assertIn(b"X-Plainbounce", mail)
        self.check_signed(mail)

    def test_conversion_for_a_server_without_8bitmime_breaks_the_signature(self):
        mail = self.relayed_bounce(self.old_server, "old.example")
        self.assertEqual(self.verify(mail), BODY_CHANGED)

    def test_option_of_the_documentation_keeps_the_signature(self):
        mail = self.relayed_bounce(self.old_server, "unchanged.example")
        self.assertIn(b"X-Plainbounce", mail)
        self.check_signed(mail)

    def test_signer_that_is_down_does_not_hold_bounces_up(self):
        self.addCleanup(self.lab.signer.start)
        self.lab.signer.stop()
        self.assertEqual(signature_field(self.rewritten_bounce("dora")), b"")

    def test_who_counts_as_internal(self):
        elsewhere = "InternalHosts 192.0.2.1"
        for mailbox, lines, signed in (
                ("emilia", [elsewhere], False),
                ("frida", ["InternalHosts 192.0.2.1, 127.0.0.1"], True),
                ("gerda", [elsewhere, "MTA postfix-dsn"], True),
                ("hanna", [elsewhere, "MacroList daemon_name=ORIGINATING|postfix-dsn"], True),
                ("inga", ["Mode v"], False),
                ("julia", ["Mode s"], True)):
            with self.subTest(lines):
                self.with_signer(*lines)
                mail = self.rewritten_bounce(mailbox)
                self.assertEqual(self.verify(mail) == signatures.PASS, signed)
                self.assertEqual(bool(signature_field(mail)), signed)


class HostNameAsOriginTest(SigningTest):
    """Bounces come from MAILER-DAEMON@mx.example.org, as with Debian's main.cf."""

    settings = {"bounce_lines": bounce_lines(),
                "postfix_settings": {"myorigin": "mx.example.org", "smtputf8_enable": "no"}}

    def test_rewritten_bounce_is_signed(self):
        mail = self.rewritten_bounce("alice")
        self.assertIn(b"\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n", mail)
        self.check_signed(mail)

    def test_without_subdomains_it_is_not_signed(self):
        self.with_signer("SubDomains no")
        self.assertEqual(signature_field(self.rewritten_bounce("berta")), b"")

    def test_signing_table_must_name_it(self):
        key = self.lab.signer.directory / "2026.private"
        table = self.lab.signer.directory / "signing-table"
        for mailbox, names, signed in (("carla", ["*@example.org"], False),
                                       ("dora", ["*@example.org", "*@mx.example.org"], True)):
            table.write_text("".join(f"{name} our-key\n" for name in names))
            self.with_signer(f"KeyTable csl:our-key=example.org:2026:{key}",
                             f"SigningTable refile:{table}")
            mail = self.rewritten_bounce(mailbox)
            with self.subTest(names):
                self.assertEqual(bool(signature_field(mail)), signed)
                if signed:
                    self.check_signed(mail)

    def test_without_smtputf8_the_signature_is_good_at_a_server_without_8bitmime(self):
        mail = self.relayed_bounce(self.old_server, "old.example")
        self.assertIn(b"X-Plainbounce", mail)
        self.check_signed(mail)


class SignedBeforeTest(SigningTest):
    """The signer before the milter, for bounces; and signed reports that arrive by SMTP."""

    port = free_port()

    @classmethod
    def smtpd(cls, *milters):
        return (f"127.0.0.1:{cls.port} inet n - n - - smtpd\n"
                f"  -o {{ smtpd_milters = {', '.join(milters)} }}\n")

    def deliver(self, mailbox, message):
        deliver(self.port, "", f"{mailbox}@example.org", message, source=RELAY)
        return self.postfix.wait_for_mail(mailbox)

    def check_opendkim_agrees(self, mail):
        """It got the report with a good signature."""
        self.assertIn(b"\nAuthentication-Results: mx.example.org;\n\tdkim=pass ", mail)

    def check_log(self, mail, words):
        queue_id = re.search(rb"^Received: (?:.*\n\t)+?.*\bid (\w+)", mail, re.MULTILINE)[1].decode()
        self.assertRegex(self.milter.log(), f"queue_id={queue_id} {words} ")


SIGNER = "{ unix:{directory}/opendkim/opendkim.sock, default_action=accept }"


class DefaultPolicyTest(SignedBeforeTest):
    settings = {
        "bounce_lines": bounce_lines(reverse=True),
        "milter_settings": {"messages": {"trusted": ["127.0.0.1", RELAY]}},
        "services": SignedBeforeTest.smtpd("{milter}", SIGNER),
    }

    def test_signed_bounce_is_left_alone(self):
        mail = self.bounce("alice")
        self.check_signed(mail)
        self.assertNotIn(b"X-Plainbounce", mail)
        self.check_log(mail, "result=left-alone reason=signed")

    def test_signed_report_that_arrives_is_left_alone(self):
        report = signed_report(self.lab.signer)
        mail = self.deliver("berta", report)
        self.assertTrue(mail.endswith(report))
        self.assertEqual(self.verify(mail), signatures.PASS)
        self.check_opendkim_agrees(mail)
        self.check_log(mail, "result=left-alone reason=signed")


class RewriteSignedTest(SignedBeforeTest):
    settings = {
        "bounce_lines": bounce_lines(reverse=True),
        "milter_settings": {"messages": {"trusted": ["127.0.0.1", RELAY], "rewrite_signed": True}},
        "services": SignedBeforeTest.smtpd(SIGNER, "{milter}"),
    }

    def test_bounce_that_was_signed_first_fails(self):
        mail = self.bounce("alice")
        self.assertIn(b"X-Plainbounce", mail)
        self.assertEqual(self.verify(mail), BODY_CHANGED)

    def test_signed_report_that_arrives_is_rewritten(self):
        mail = self.deliver("berta", signed_report(self.lab.signer))
        self.assertIn(b"X-Plainbounce", mail)
        self.assertEqual(self.verify(mail), BODY_CHANGED)
        self.check_opendkim_agrees(mail)
        self.check_log(mail, "result=rewritten")


del SigningTest, SignedBeforeTest

if __name__ == "__main__":
    main()
