#!/usr/bin/env python3
"""Every sample through `plainbounce rewrite` and `plainbounce diagnose`.

    samples_test.py PLAINBOUNCE DIRECTORY [CLASS]

DIRECTORY holds more messages (samples/, corpus/bounces/, corpus/expected.tsv), which are tested
where they are there. CLASS: only the tests of that class.
"""

import csv
import json
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from lab import delivery_status  # noqa: E402
from lab.bounce_checks import check_edit  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1])
MORE = pathlib.Path(sys.argv[2])

# Samples that must be left alone, and why. All others must be rewritten.
LEFT_ALONE = {
    "opensmtpd-delayed": "not-a-report",
    "opensmtpd-recipient-unknown": "not-a-report",
    "other-auto-reply": "not-a-report",
    "other-feedback-report": "not-a-report",
    "other-list-message": "sender-not-null",
    "other-mdn": "not-a-report",
    "other-signed-report": "signed",
    "postfix-postmaster-copy": "sender-not-null",
    "postfix-verify": "address-probe",
    "postfix-verp-recipient": "machine-recipient",
    "sendmail-double-bounce": "postmaster-copy",
    "sendmail-expanded-without-recipients": "no-recipients",
    "sendmail-without-mime": "not-a-report",
}
# Delivered by a mailer that notes its own name as the Return-Path of the null sender.
NULL_SENDER = ("sendmail-double-bounce", "sendmail-error-header", "sendmail-headers-only",
               "sendmail-without-mime")


def run(*arguments, message=b""):
    result = subprocess.run([PROGRAM, *arguments], input=message, capture_output=True, timeout=60)
    if result.returncode not in (0, 1):
        raise AssertionError(f"exit status {result.returncode}: {result.stderr.decode()}")
    return result


def check_rewrite(test, message, *options):
    """The one edit, or nothing at all. Returns why it is left alone, if it is, and the result."""
    result = run("rewrite", *options, message=message)
    if result.returncode == 1:
        test.assertEqual(result.stdout, message)
        reason = result.stderr.decode().partition("left alone: ")[2].strip()
        test.assertTrue(reason, result.stderr)
        return reason, message
    check_edit(test, result.stdout, message)
    return None, result.stdout


def diagnoses(paths):
    """{path: what `diagnose --json` says of it}"""
    lines = run("diagnose", "--json", *paths).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [each["file"] for each in found] == [str(path) for path in paths]
    return dict(zip(paths, found))


def check_rows(test, path, diagnosis):
    """A row for each recipient of the delivery-status part, in its order."""
    blocks = delivery_status.recipients(path.read_bytes())
    if not blocks:
        return
    test.assertEqual(diagnosis["kind"], "report")
    rows = [row["address"].lower() for row in diagnosis["recipients"]]
    test.assertEqual(len(rows), len(blocks))
    for row, block in zip(rows, blocks):
        names = delivery_status.addresses(block)
        test.assertTrue(row in names or not names, f"{row} isn't one of {names}")


class SamplesTest(unittest.TestCase):
    """tests/samples"""

    folders = sorted(path.parent for path in HERE.glob("*/message.eml"))

    def each(self, function):
        for folder in self.folders:
            with self.subTest(folder.name):
                function(folder, (folder / "message.eml").read_bytes())

    def test_each_is_rewritten_or_left_alone_as_it_should_be(self):
        def check(folder, message):
            options = ["--sender", ""] if folder.name in NULL_SENDER else []
            reason, result = check_rewrite(self, message, *options)
            self.assertEqual(reason, LEFT_ALONE.get(folder.name))
            if not reason:
                again = run("rewrite", *options, message=result)
                self.assertEqual((again.returncode, again.stdout), (1, result))
                self.assertIn(b"already-rewritten", again.stderr)
        self.each(check)

    def test_each_diagnosis_has_a_row_for_each_recipient(self):
        for path, diagnosis in diagnoses([folder / "message.eml"
                                          for folder in self.folders]).items():
            with self.subTest(path.parent.name):
                check_rows(self, path, diagnosis)

    def test_each_says_why_it_is_there(self):
        for folder in self.folders:
            about = (folder / "about").read_text()
            self.assertRegex(about, r"\A\S[^\n]*\n\Z", folder.name)

    def test_reasons_name_samples(self):
        names = {folder.name for folder in self.folders}
        self.assertLessEqual(set(LEFT_ALONE) | set(NULL_SENDER), names)


@unittest.skipUnless((MORE / "samples").is_dir(), f"no {MORE / 'samples'}")
class MoreSamplesTest(unittest.TestCase):
    """Messages beside the project, as real servers made them."""

    def test_each(self):
        paths = sorted((MORE / "samples").rglob("*.eml"))
        self.assertGreater(len(paths), 50)
        for path, diagnosis in diagnoses(paths).items():
            with self.subTest(path.name):
                check_rewrite(self, path.read_bytes(), "--sender", "")
                check_rows(self, path, diagnosis)


@unittest.skipUnless((MORE / "corpus").is_dir(), f"no {MORE / 'corpus'}")
class CorpusTest(unittest.TestCase):
    """Bounces of the world, labelled by hand."""

    @classmethod
    def setUpClass(cls):
        with open(MORE / "corpus" / "expected.tsv", newline="") as table:
            cls.reports = sorted({row["file"] for row in csv.DictReader(table, delimiter="\t")
                                  if row["kind"] == "report"})

    def test_each_report(self):
        self.assertGreater(len(self.reports), 100)
        paths = [MORE / "corpus" / "bounces" / file for file in self.reports]
        for path, diagnosis in diagnoses(paths).items():
            with self.subTest(path.name):
                check_rewrite(self, path.read_bytes(), "--sender", "")
                check_rows(self, path, diagnosis)

    def test_no_other_message_upsets_it(self):
        paths = [path for path in sorted((MORE / "corpus" / "bounces").iterdir())
                 if path.name not in self.reports]
        self.assertTrue(paths)
        diagnoses(paths)
        for path in paths:
            with self.subTest(path.name):
                check_rewrite(self, path.read_bytes(), "--sender", "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
