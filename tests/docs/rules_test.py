"""docs/rules.md, followed by the letter, does what it says. (blocks_test.py runs its commands in a row.)

Usage: rules_test.py PLAINBOUNCE PLAINBOUNCE_MILTER
"""

import pathlib
import re
import sys
import tempfile
import unittest

import blocks
from scratch import Scratch

PROGRAM = MILTER = None
HOUSE = "/etc/plainbounce/rules.d/house.toml"


class RulesDocumentTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="plainbounce-docs-")
        self.addCleanup(directory.cleanup)
        self.scratch = Scratch(directory.name, PROGRAM, MILTER)
        page = blocks.blocks("docs/rules.md")
        self.commands = [command for block in page for command, _ in block.commands()
                         if block.language == "console"]
        self.assertGreaterEqual(len(self.commands), 5)
        (self.explain,) = {command for command in self.commands if " explain " in command}
        (self.rule,) = [block.text for block in page if block.language == "toml"]

    def test_every_command_works_before_the_rule_too(self):
        for command in self.commands:
            self.scratch.run(command)

    def test_the_rule_changes_the_explanation(self):
        self.assertNotIn("house-retired-postbox", self.scratch.run(self.explain + " --json"))
        self.scratch.put(HOUSE, self.rule)
        explained = self.scratch.run(self.explain + " --json")
        self.assertIn('"cause":"recipient-disabled"', explained)
        self.assertIn("rule:house-retired-postbox", explained)

    def test_the_draft_is_a_rule_that_passes(self):
        for command in self.commands:
            self.scratch.run(command)
        for name, words in (("draft.toml", "this postbox went into retirement"),
                            ("drafts.toml", "this .{1,60} went into")):
            draft = (self.scratch.root / "home" / name).read_text()
            self.assertIn(words, draft)
            self.scratch.put(HOUSE, draft)
            self.assertIn("1 of your own", self.scratch.run("plainbounce check-config"))
        self.assertIn('host = "mx.example.net"', draft)

    def test_a_rule_that_fails_its_example_is_refused_by_every_command(self):
        self.scratch.put(HOUSE, self.rule.replace("retire(?:d|ment)", "holiday"))
        for command in self.commands:
            if "|" not in command:
                with self.assertRaisesRegex(AssertionError, re.escape(command) + "\nends with 2:"):
                    self.scratch.run(command)


if __name__ == "__main__":
    MILTER = pathlib.Path(sys.argv.pop()).resolve()
    PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
