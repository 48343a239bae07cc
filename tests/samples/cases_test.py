#!/usr/bin/env python3
"""cases.tsv: bounces that people told of in public, against what a human says of each.

    cases_test.py PLAINBOUNCE DIRECTORY

DIRECTORY/cases holds the messages; it may be missing.
"""

import csv
import fnmatch
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from command_line import diagnoses, rewrite_all  # noqa: E402
from lab.bounce_checks import check_edit  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1])
CASES = pathlib.Path(sys.argv[2]) / "cases"
# Whose cause isn't told yet: rules are wanted. Whatever is right must leave the list.
OPEN = set()
# Whose header our own second reader refuses to read.
UNSPLIT = {"71-space-before-colon"}
COLUMNS = ["file", "recipient", "causes", "outcomes", "edit", "reply"]


def read_table():
    """{file: its rows}"""
    lines = [line for line in (HERE / "cases.tsv").read_text().splitlines()
             if not line.startswith("#")]
    cases = {}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        assert list(row) == COLUMNS and None not in row.values(), row
        cases.setdefault(row["file"], []).append(row)
    return cases


def is_among(found, listed):
    return listed == "*" or found in listed.split(",")


def is_right_cause(found, listed):
    """What is unsure is told as unexplained."""
    return is_among(found["cause"], listed) or (
        found["confidence"] == "unsure" and is_among("unexplained", listed))


@unittest.skipUnless(CASES.is_dir(), f"no {CASES}")
class CasesTest(unittest.TestCase):

    table = read_table()
    paths = sorted(CASES.glob("*.eml"))

    def test_each_has_its_rows(self):
        self.assertEqual(sorted(self.table), [path.stem for path in self.paths])

    def test_each_says_what_happened_to_whom(self):
        for path, diagnosis in diagnoses(PROGRAM, self.paths).items():
            rows, found = self.table[path.stem], diagnosis["recipients"]
            if "*" in rows[0]["recipient"]:
                self.assertGreater(len(found), len(rows), path.stem)
                rows = rows * len(found)
            elif [row["recipient"] for row in rows] == ["-"]:
                rows = []
            with self.subTest(path.stem):
                self.assertEqual(len(found), len(rows))
            for each, row in zip(found, rows):
                with self.subTest(path.stem, address=each["address"]):
                    self.check_recipient(each, row)

    def check_recipient(self, found, row):
        self.assertTrue(fnmatch.fnmatchcase(found["address"], row["recipient"]))
        self.assertEqual(is_right_cause(found, row["causes"]), row["file"] not in OPEN,
                         f"{found['cause']}, {found['confidence']}: {found['evidence']}")
        self.assertTrue(is_among(found["outcome"], row["outcomes"]), found["outcome"])
        if row["reply"]:
            self.assertEqual(found.get("reply") or "-", row["reply"])

    def test_each_is_rewritten_or_left_alone_as_it_should_be(self):
        messages = {path.stem: path.read_bytes() for path in self.paths}
        for name, (reason, result) in rewrite_all(PROGRAM, messages, "--sender", "").items():
            with self.subTest(name):
                wanted = self.table[name][0]["edit"]
                self.assertTrue(wanted == "*" or wanted == (reason or "rewritten"), reason)
                if reason:
                    self.assertEqual(result, messages[name])
                elif name not in UNSPLIT:
                    check_edit(self, result, messages[name])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
