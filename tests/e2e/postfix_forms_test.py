"""The other ways to have Postfix' bounces rewritten, by the very lines of conf/postfix: the simple
form in main.cf, and bounces that come from a relay; with the milter down, or killed; chrooted."""

import smtplib
import subprocess

from lab.bounce_checks import MARK, check_rewritten, check_untouched, seen_by_milter, without_trace
from lab.laboratory import LaboratoryTest, main
from lab.milter_tap import Fault
from lab.postfix_instance import plain_message
from lab.postfix_lines import (EXAMPLE_RELAY, documented_command, documented_settings,
                               read_lines)
from lab.postfix_programs import PROJECT
from lab.remote_server import Answer
from lab.smtp_client import deliver
from lab.waiting import wait_for

ANSWERS = {"nobody": Answer("550 5.1.1 No such user")}
SAMPLE = PROJECT / "tests" / "samples" / "postfix-recipient-unknown" / "message.eml"
REPORT = SAMPLE.read_bytes()[SAMPLE.read_bytes().index(b"Date: "):]
ORDINARY = (b"From: alice@example.org\nTo: bob@example.org\nSubject: Minutes\n"
            b"Date: Sat, 21 Nov 2026 12:00:00 +0100\nMessage-ID: <minutes@example.org>\n"
            b"X-Odd:    spaces  and\n\tfolds \n\nBody with  spaces \n.. dots\n")
RELAY, OTHER_RELAY, STRANGER = "127.0.0.2", "127.0.0.3", "127.0.0.4"
OTHER_MILTER = "plainbounce/other.sock"
LATER = (451, b"4.7.1 Service unavailable - try again later")


class FormTest(LaboratoryTest):
    def send(self, mailbox, recipient="nobody@example.com"):
        """By sendmail(1)."""
        sender = f"{mailbox}@example.org"
        self.postfix.sendmail(sender, [recipient], plain_message(sender, recipient))

    def by_smtp(self, recipient, message=REPORT, sender="", source="127.0.0.1"):
        """The reply that refuses it; None: it is accepted."""
        try:
            deliver(self.postfix.smtp_port, sender, recipient, message, source=source)
        except smtplib.SMTPResponseException as error:
            return error.smtp_code, error.smtp_error
        return None

    def deliver_by_smtp(self, mailbox, **options):
        self.assertIsNone(self.by_smtp(f"{mailbox}@example.org", **options))
        return self.postfix.wait_for_mail(mailbox)

    def take_down(self):
        self.milter.stop()
        self.addCleanup(self.milter.start)

    def put_up(self):
        self.doCleanups()
        self.postfix.flush()

    def strike(self):
        """The milter is killed when it has replaced a text, and has yet to change the header."""
        self.tap.struck.clear()
        self.tap.arm(Fault("milter:m", "before", self.milter.kill))

    def check_bounce(self, mailbox):
        """It comes, once, rewritten."""
        mail = self.postfix.wait_for_mail(mailbox)
        check_rewritten(self, mail, seen_by_milter(self.tap, mail).message)
        wait_for(lambda: not self.postfix.queue_ids(), "an empty queue")
        self.assertEqual(len(self.postfix.mails(mailbox)), 1)

    def wait_in_log(self, text):
        wait_for(lambda: text in self.postfix.log(), f"{text!r} in the mail log")


class SimpleFormTest(FormTest):
    settings = {"answers": ANSWERS, "main_cf": read_lines("simple.main.cf"),
                "postfix_settings": {"notify_classes": "protocol"}}

    def waiting(self):
        return list((self.postfix.queue / "maildrop").iterdir())

    def test_own_bounce_is_rewritten(self):
        self.send("alice")
        self.check_bounce("alice")

    def test_documented_receipt_is_rewritten(self):
        command = documented_command("printf ")
        text, sendmail = command.split(" | ")
        self.assertEqual(sendmail, "sendmail -N success you@example.org")
        message = subprocess.run(["sh", "-c", text], capture_output=True, check=True).stdout
        self.postfix.sendmail("berta@example.org", ["you@example.org"], message, "-N", "success")
        self.postfix.wait_for_mail("you")
        self.check_bounce("berta")

    def test_mail_by_sendmail_is_accepted_at_its_sender(self):
        self.postfix.sendmail("alice@example.org", ["carla@example.org"], ORDINARY)
        check_untouched(self, self.postfix.wait_for_mail("carla"), ORDINARY)
        seen, = [each for each in self.tap.seen if each.sender == b"alice@example.org"]
        self.assertEqual((seen.verdict, seen.recipients, seen.headers), (b"a", [], []))

    def test_mail_by_sendmail_with_the_null_sender_is_left_alone(self):
        self.postfix.sendmail("", ["dora@example.org"], ORDINARY)
        check_untouched(self, self.postfix.wait_for_mail("dora"), ORDINARY)

    def test_report_that_a_local_program_forges_is_rewritten(self):
        """The guides say so: nobody can tell it from Postfix' own here."""
        self.postfix.sendmail("", ["erna@example.org"], REPORT)
        check_rewritten(self, self.postfix.wait_for_mail("erna"), REPORT)

    def test_report_that_a_stranger_forges_never_meets_the_milter(self):
        connections = self.tap.connections
        check_untouched(self, self.deliver_by_smtp("fritz"), REPORT)
        self.assertEqual(self.tap.connections, connections)

    def test_mail_by_smtp_never_meets_the_milter(self):
        connections = self.tap.connections
        for message, sender in ((ORDINARY, "alice@example.org"), (REPORT, "")):
            with self.subTest(sender):
                mail = self.deliver_by_smtp(f"emil-{len(sender)}", message=message, sender=sender)
                check_untouched(self, mail, message)
        self.assertEqual(self.tap.connections, connections)

    def test_report_on_an_smtp_session_never_meets_the_milter(self):
        connections = self.tap.connections
        with smtplib.SMTP("127.0.0.1", self.postfix.smtp_port, timeout=30) as client:
            client.ehlo()
            client.docmd("WHAT")
            client.mail("alice@example.org")
        report = self.postfix.wait_for_mail("postmaster")
        self.assertIn(b"Postfix SMTP server: errors from", report)
        self.assertEqual(self.tap.connections, connections)

    def test_while_the_milter_is_down_all_but_mail_by_smtp_waits(self):
        self.take_down()
        self.postfix.sendmail("alice@example.org", ["frida@example.org"], ORDINARY)
        self.by_smtp("nobody@example.com", ORDINARY, "gerd@example.org")
        self.wait_in_log("status=deferred (bounce failed)")
        self.wait_in_log("milter-reject: CONNECT from localhost[127.0.0.1]: 4.7.1")
        check_untouched(self, self.deliver_by_smtp("hanna", message=ORDINARY), ORDINARY)
        self.assertEqual(len(self.waiting()), 1)
        self.assertEqual(self.postfix.mails("frida") + self.postfix.mails("gerd"), [])
        self.put_up()
        check_untouched(self, self.postfix.wait_for_mail("frida"), ORDINARY)
        self.check_bounce("gerd")
        self.assertEqual(self.waiting(), [])

    def test_milter_killed_while_it_replaces_the_text(self):
        self.strike()
        self.send("inga")
        wait_for(self.tap.struck.is_set, "the fault")
        self.assertEqual(self.postfix.mails("inga"), [])
        self.milter.start()
        self.check_bounce("inga")


def relay_lines(*changes):
    """Two relays in the table, one of them with the milters that everybody else has."""
    return read_lines("trusted-relay.main.cf", {
        f"  {{ {EXAMPLE_RELAY} $plainbounce }} }}":
            f"  {{ {RELAY} $plainbounce }}\n"
            f"  {{ {OTHER_RELAY} $plainbounce, $smtpd_milters }} }}",
        **dict(changes)})


class RelayTest(FormTest):
    """The conf file trusts the first relay alone."""

    settings = {
        "answers": ANSWERS,
        "main_cf": relay_lines(),
        "milter_settings": {"messages": {
            key: [address.replace(EXAMPLE_RELAY, RELAY).replace("127.0.0.0/8", "127.0.0.1")
                  for address in addresses]
            for key, addresses in documented_settings("messages").items()}},
        # What is asked leaves a trace, since it isn't there.
        "postfix_settings": {
            "smtpd_milters": f"{{ unix:{OTHER_MILTER}, default_action=accept }}"},
    }

    def check_unseen(self, mailbox, source, message):
        connections = self.tap.connections
        mail = self.deliver_by_smtp(mailbox, source=source, message=message)
        check_untouched(self, mail, message)
        self.assertEqual(self.tap.connections, connections)

    def test_the_relays_bounce_is_rewritten(self):
        check_rewritten(self, self.deliver_by_smtp("alice", source=RELAY), REPORT)

    def test_bounce_from_a_relay_that_isnt_trusted_is_left_alone(self):
        count = len(self.tap.seen)
        check_untouched(self, self.deliver_by_smtp("berta", source=OTHER_RELAY), REPORT)
        self.assertEqual(len(self.tap.seen), count + 1)

    def test_nobody_elses_mail_meets_the_milter(self):
        self.check_unseen("carla", STRANGER, REPORT)
        self.check_unseen("dora", STRANGER, ORDINARY)

    def test_the_relays_ordinary_mail_is_accepted_at_its_sender(self):
        count = len(self.tap.seen)
        mail = self.deliver_by_smtp("emil", message=ORDINARY, sender="x@example.com", source=RELAY)
        check_untouched(self, mail, ORDINARY)
        seen, = self.tap.seen[count:]
        self.assertEqual((seen.verdict, seen.recipients, seen.headers), (b"a", [], []))

    def test_the_table_takes_the_place_of_other_milters_unless_it_names_them(self):
        for mailbox, source, asked in (("jan", RELAY, 0), ("karla", OTHER_RELAY, 1),
                                       ("lars", STRANGER, 1)):
            trace = f"connect to Milter service unix:{OTHER_MILTER}: No such file"
            before = self.postfix.log().count(trace)
            self.deliver_by_smtp(mailbox, source=source)
            self.assertEqual(self.postfix.log().count(trace) - before, asked, source)

    def test_own_bounces_dont_meet_the_milter(self):
        connections = self.tap.connections
        self.send("frida")
        self.assertNotIn(f"\n{MARK}:".encode(), self.postfix.wait_for_mail("frida"))
        self.assertEqual(self.tap.connections, connections)

    def test_while_the_milter_is_down_only_the_relay_is_told_to_try_again(self):
        self.take_down()
        for message, sender in ((REPORT, ""), (ORDINARY, "x@example.com")):
            self.assertEqual(self.by_smtp("gerd@example.org", message, sender, RELAY), LATER)
            self.check_unseen(f"hanna-{len(sender)}", STRANGER, message)
        self.put_up()
        check_rewritten(self, self.deliver_by_smtp("gerd", source=RELAY), REPORT)

    def test_milter_killed_while_it_replaces_the_text(self):
        self.strike()
        self.assertEqual(self.by_smtp("inga@example.org", source=RELAY), LATER)
        self.milter.start()
        self.assertEqual(self.postfix.queue_ids(), [])
        check_rewritten(self, self.deliver_by_smtp("inga", source=RELAY), REPORT)
        self.assertEqual(len(self.postfix.mails("inga")), 1)


class AcceptTest(FormTest):
    """Why the lines have tempfail."""

    settings = {**RelayTest.settings,
                "main_cf": relay_lines(("default_action=tempfail", "default_action=accept"))}

    def test_milter_killed_while_it_replaces_the_text_costs_the_bounce(self):
        self.strike()
        self.assertIsNone(self.by_smtp("alice@example.org", source=RELAY))
        self.wait_in_log("warning: saving corrupt file")
        self.assertEqual(self.postfix.queue_ids() + self.postfix.mails("alice"), [])
        self.assertEqual(len(list((self.postfix.queue / "corrupt").iterdir())), 1)


if __name__ == "__main__":
    main()
