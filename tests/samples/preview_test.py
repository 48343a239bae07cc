#!/usr/bin/env python3
"""`plainbounce preview`: what notices will look like, for every cause.

    preview_test.py PLAINBOUNCE
"""

import csv
import email
import email.policy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CAUSES = HERE.parents[1] / "lib" / "knowledge" / "causes.tsv"
PROGRAM = pathlib.Path(sys.argv[1]).resolve()

CONF = """\
[notice]
organisation = "Example University"
help_email = "help@example.edu"
own_domains = ["example.edu"]
languages = { "example.edu" = "de" }
"""
# Stands for sendmail(1): notes how it was called, and with what.
SENDMAIL = """\
#!/bin/sh
printf '%s\\n' "$@" > "$NOTES/arguments"
cat > "$NOTES/message"
exit ${STATUS:-0}
"""


def causes():
    lines = [line for line in CAUSES.read_text().splitlines() if not line.startswith("#")]
    return [row["cause"] for row in csv.DictReader(lines, delimiter="\t") if row["cause"]]


class PreviewTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.conf = self.folder / "plainbounce.conf"
        self.conf.write_text(CONF)

    def run_it(self, *arguments, status=0, said="", **environment):
        result = subprocess.run([PROGRAM, "preview", "--conf", self.conf, *arguments],
                                capture_output=True, text=True, timeout=60, check=False,
                                env={**os.environ, **environment})
        self.assertEqual(result.returncode, status, result.stderr)
        if said:
            self.assertIn(said, result.stderr)
        else:
            self.assertEqual(result.stderr, "")
        return result.stdout

    def test_every_cause_is_shown_as_itself(self):
        self.assertGreater(len(causes()), 40)
        for cause in causes():
            with self.subTest(cause):
                text = self.run_it(cause, "--lang", "en")
                self.assertRegex(text, rf"Cause: +{cause} \(")

    def test_a_failure_may_end_in_three_ways(self):
        for outcome, words in (("failed", "Not delivered:"), ("gave-up", "have now stopped"),
                               ("delayed", "Not delivered yet:")):
            with self.subTest(outcome):
                text = self.run_it("mailbox-full", "--lang", "en", "--outcome", outcome)
                self.assertIn(words, " ".join(text.split()))
                self.assertRegex(text, rf"mailbox-full \({outcome}, ")

    def test_a_success_can_not(self):
        self.run_it("delivered", "--outcome", "delayed", status=2, said="never delayed")
        self.run_it("mailbox-full", "--outcome", "relayed", status=2, said="never relayed")

    def test_recipients_get_the_causes_in_turn(self):
        text = self.run_it("mailbox-full", "recipient-unknown", "delivered", "--recipients", "8",
                           "--lang", "en")
        entries = {}  # those with the same to tell are one
        for entry in text.split("\n* ")[1:]:
            addresses = re.findall(r"[\w.]+@[\w.]+", entry[:entry.index("Cause:")])
            entries[re.search(r"Cause: +(\S+)", entry)[1]] = len(addresses)
        self.assertEqual(entries, {"mailbox-full": 3, "recipient-unknown": 3, "delivered": 2})
        self.assertIn("person8@example.com", text.replace("person8@example.edu", ""))

    def test_language_and_house_are_the_confs_unless_told_otherwise(self):
        self.assertIn("Ihre Nachricht", self.run_it("mailbox-full"))
        self.assertIn("Votre message", self.run_it("mailbox-full", "--lang", "fr"))
        page = self.folder / "page.html"
        self.assertEqual(self.run_it("mailbox-full", "--html", page), "")
        html = page.read_text()
        self.assertTrue(html.startswith("<!DOCTYPE html>\n<html lang=\"de\""))
        self.assertIn(">Example University</td>", html)
        self.assertIn("mailto:help@example.edu", html)
        clock = re.compile(r"\d\d:\d\d(:\d\d)?")
        self.assertEqual(clock.sub("", self.run_it("mailbox-full", "--html", "-")),
                         clock.sub("", html))

    def test_a_conf_that_leaves_it_alone_is_told(self):
        self.conf.write_text("[messages]\nmax_recipients = 1\n")
        self.run_it("mailbox-full", "--recipients", "2", status=1, said="too-many-recipients")

    def test_a_rule_of_the_houses_own_may_read_it_otherwise(self):
        rules = self.folder / "rules.d"
        rules.mkdir()
        (rules / "own.toml").write_text(
            "[[rule]]\nid = \"own\"\ncause = \"greylisted\"\nstrength = \"decisive\"\n"
            "pattern = 'Quota exceeded'\nexamples = [\"552 5.2.2 Quota exceeded\"]\n")
        self.conf.write_text(f'[knowledge]\nrules_directory = "{rules}"\n')
        self.run_it("mailbox-full", said="mailbox-full is read as greylisted (failed)")

    def test_what_is_unknown_is_refused(self):
        self.run_it("mailbox-ful", status=2, said="the nearest one is mailbox-full")
        self.run_it("mailbox-full", "--outcome", "late", status=2, said="--outcome")
        self.run_it("mailbox-full", "--recipients", "0", status=2, said="--recipients")
        self.run_it("mailbox-full", "--lang", "xx", status=2, said="no notices in \"xx\"")
        self.run_it("mailbox-full", "--text", "--html", "-", status=2, said="excludes")
        self.run_it("mailbox-full", "--html", "/nonexistent/x", status=2, said="/nonexistent/x")

    def sendmail(self, *arguments, **wanted):
        """Through a sendmail(1) of the test's own; what that was given."""
        program = self.folder / "sendmail"
        program.write_text(SENDMAIL)
        program.chmod(0o755)
        self.run_it(*arguments, NOTES=str(self.folder),
                    PATH=f"{self.folder}:{os.environ['PATH']}", **wanted)
        notes = self.folder / "arguments"
        if not notes.exists():
            return None, None
        return notes.read_text().splitlines(), (self.folder / "message").read_bytes()

    def test_the_whole_bounce_is_sent_with_the_null_sender(self):
        arguments, message = self.sendmail("mailbox-full", "--mail", "admin@example.com")
        self.assertEqual(arguments, ["-i", "-f", "<>", "--", "admin@example.com"])
        mail = email.message_from_bytes(message, policy=email.policy.default)
        self.assertEqual(mail.defects, [])
        self.assertEqual(mail["To"], "admin@example.com")
        self.assertEqual(len(mail.get_all("X-Plainbounce")), 1)
        self.assertEqual([part.get_content_type() for part in mail.iter_parts()],
                         ["multipart/alternative", "message/delivery-status", "message/rfc822"])
        diagnosed = json.loads(subprocess.run([PROGRAM, "diagnose", "--json"], input=message,
                                              capture_output=True, check=True, timeout=60).stdout)
        self.assertEqual(diagnosed["recipients"][0]["cause"], "mailbox-full")

    def test_a_bad_address_is_sent_nothing(self):
        for address in ("admin", "-oQ@x", "a@b c", "a@b\nBcc: c@d", "a@b,c@d", "<a@b>", ""):
            with self.subTest(address):
                arguments, _ = self.sendmail("mailbox-full", f"--mail={address}", status=2,
                                             said="--mail")
                self.assertIsNone(arguments)

    def test_a_sendmail_that_fails_is_told(self):
        self.sendmail("mailbox-full", "--mail", "admin@example.com", STATUS="75", status=2,
                      said="didn't take the message")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
