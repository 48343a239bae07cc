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
import tempfile
import tomllib
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from command_line import diagnoses, rewrite_all, run  # noqa: E402
from lab import delivery_status  # noqa: E402
from lab.bounce_checks import check_edit  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1])
MORE = pathlib.Path(sys.argv[2])
MESSAGES = HERE.parents[1] / "lib" / "notice" / "messages"

LANGUAGES = ", ".join(sorted((path.stem for path in MESSAGES.glob("*.toml")), key=str.lower))

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


def check_rewrite(test, message, reason, result):
    """The one edit, or nothing at all."""
    if reason:
        test.assertEqual(result, message)
    else:
        check_edit(test, result, message)


def told_cause(row):
    """What the notice says: a cause that is unsure is no cause."""
    if row["confidence"] != "unsure":
        return row["cause"]
    return "delivery-timed-out" if row["outcome"] == "gave-up" else "unexplained"


def distinct(blocks):
    """Sendmail reports an address once for each turn of a loop of aliases."""
    found = {}
    for block in blocks:
        said = tuple(block.get(name) for name in ("original-recipient", "action", "status",
                                                  "remote-mta", "diagnostic-code"))
        found.setdefault((frozenset(delivery_status.addresses(block)), said), block)
    return list(found.values())


def check_rows(test, path, diagnosis):
    """A row for each recipient of the delivery-status part, in its order."""
    blocks = distinct(delivery_status.recipients(path.read_bytes()) or [])
    if not blocks:
        return
    test.assertEqual(diagnosis["kind"], "report")
    rows = [row["address"].lower() for row in diagnosis["recipients"]]
    test.assertEqual(len(rows), len(blocks))
    for row, block in zip(rows, blocks):
        # A file or a program that mail was passed to isn't an address.
        names = {name for name in delivery_status.addresses(block) if "@" in name}
        test.assertTrue(row in names or not names, f"{row} isn't one of {names}")


class SamplesTest(unittest.TestCase):
    """tests/samples"""

    folders = sorted(path.parent for path in HERE.glob("*/message.eml"))

    def test_each_is_rewritten_or_left_alone_as_it_should_be(self):
        messages = {folder.name: (folder / "message.eml").read_bytes() for folder in self.folders}
        plain = {name: messages[name] for name in messages if name not in NULL_SENDER}
        null = {name: messages[name] for name in NULL_SENDER}
        results = rewrite_all(PROGRAM, plain) | rewrite_all(PROGRAM, null, "--sender", "")
        for name, (reason, result) in results.items():
            with self.subTest(name):
                check_rewrite(self, messages[name], reason, result)
                self.assertEqual(reason, LEFT_ALONE.get(name))
        done = {name: result for name, (reason, result) in results.items() if not reason}
        self.assertEqual(rewrite_all(PROGRAM, done, "--sender", ""),
                         {name: ("already-rewritten", done[name]) for name in done})

    def test_each_diagnosis_has_a_row_for_each_recipient(self):
        for path, diagnosis in diagnoses(PROGRAM, [folder / "message.eml"
                                          for folder in self.folders]).items():
            with self.subTest(path.parent.name):
                check_rows(self, path, diagnosis)

    def test_each_cause_is_the_one_that_a_human_gave(self):
        scenarios = tomllib.loads((HERE / "scenarios.toml").read_text())["sample"]
        causes = {HERE / f"postfix-{each['case']}" / "message.eml": each["cause"]
                  for each in scenarios}
        for path, diagnosis in diagnoses(PROGRAM, list(causes)).items():
            given = causes[path]
            self.assertTrue(diagnosis["recipients"], path)
            for row in diagnosis["recipients"]:
                with self.subTest(path.parent.name, address=row["address"]):
                    cause = given[row["address"]] if isinstance(given, dict) else given
                    self.assertEqual(told_cause(row), cause, row["evidence"])

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
        for path, diagnosis in diagnoses(PROGRAM, paths).items():
            with self.subTest(path.name):
                check_rows(self, path, diagnosis)
        messages = {str(path.relative_to(MORE)).replace("/", "-"): path.read_bytes()
                    for path in paths}
        results = rewrite_all(PROGRAM, messages, "--sender", "")
        for name, (reason, result) in results.items():
            with self.subTest(name):
                check_rewrite(self, messages[name], reason, result)
        self.assertGreater(sum(reason is None for reason, _ in results.values()), len(paths) / 3)


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
        for path, diagnosis in diagnoses(PROGRAM, paths).items():
            with self.subTest(path.name):
                check_rows(self, path, diagnosis)
        messages = {path.name: path.read_bytes() for path in paths}
        results = rewrite_all(PROGRAM, messages, "--sender", "")
        for name, (reason, result) in results.items():
            with self.subTest(name):
                check_rewrite(self, messages[name], reason, result)
        # The rest is signed, of a form that can't be edited safely, or a copy for a postmaster.
        self.assertGreater(sum(reason is None for reason, _ in results.values()),
                           0.7 * len(results))

    def test_no_other_message_upsets_it(self):
        messages = {path.name: path.read_bytes()
                    for path in sorted((MORE / "corpus" / "bounces").iterdir())
                    if path.name not in self.reports}
        self.assertTrue(messages)
        for name, (reason, result) in rewrite_all(PROGRAM, messages, "--sender", "").items():
            with self.subTest(name):
                self.assertTrue(reason)
                check_rewrite(self, messages[name], reason, result)


class CommandLineTest(unittest.TestCase):
    """Where `diagnose` and `rewrite` find their messages, and where the results go."""

    message = (HERE / "postfix-mailbox-full" / "message.eml").read_bytes()

    def test_an_mbox_is_read_message_by_message(self):
        mbox = b"From a@example.org Sat Nov 21 10:00:00 2026\n" + self.message + b"\n"
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "mbox"
            path.write_bytes(mbox * 3)
            lines = run(PROGRAM, "diagnose", "--json", "--mbox", path).stdout.splitlines()
            found = [json.loads(line) for line in lines]
            self.assertEqual([each["file"] for each in found], [f"{path}#{n}" for n in (1, 2, 3)])
            self.assertEqual({each["recipients"][0]["cause"] for each in found}, {"mailbox-full"})
            (pathlib.Path(name) / "out").mkdir()
            run(PROGRAM, "rewrite", "--mbox", "--output", path.parent / "out", path)
            results = {each.read_bytes() for each in (path.parent / "out").iterdir()}
            self.assertEqual(results, {run(PROGRAM, "rewrite", message=self.message).stdout})

    def test_a_language_that_nothing_is_written_in_is_refused(self):
        for command in (["explain", "550 5.1.1 x"], ["explain", "--lines"], ["codes", "550"],
                        ["codes", "--json"]):
            for language in ("tlh", "qaa", "xx", "no language!"):
                result = subprocess.run([PROGRAM, *command, "--lang", language], input=b"",
                                        capture_output=True, timeout=60, check=False)
                self.assertEqual(result.returncode, 2, [command, language])
                self.assertEqual(f'--lang: there are no notices in "{language}"; the languages are '
                                 f"{LANGUAGES}\n", result.stderr.decode())
                self.assertEqual(result.stdout, b"")
        german = run(PROGRAM, "explain", "--lang", "de-AT", "550 5.1.1 User unknown").stdout
        self.assertIn("Empf\u00e4nger", german.decode())

    def test_no_file_is_overwritten(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "message.eml"
            path.write_bytes(self.message)
            result = subprocess.run([PROGRAM, "rewrite", "--output", name, path],
                                    capture_output=True, timeout=60, check=False)
            self.assertEqual(result.returncode, 2)
            self.assertIn(b"File exists", result.stderr)
            self.assertEqual(path.read_bytes(), self.message)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
