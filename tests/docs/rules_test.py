"""docs/rules.md, followed by the letter: every command in it works and does what the text says.

Usage: rules_test.py PLAINBOUNCE DOCUMENT
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = DOCUMENT = None


def blocks(text, language):
    return re.findall(r"^```%s\n(.*?)^```$" % language, text, re.MULTILINE | re.DOTALL)


class RulesDocumentTest(unittest.TestCase):
    """The commands run in a directory of their own, which stands for /etc/plainbounce as well."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        (self.directory / "rules.d").mkdir()
        (self.directory / "plainbounce.conf").write_text(
            '[knowledge]\nrules_directory = "%s/rules.d"\n' % self.directory)
        self.text = DOCUMENT.read_text()
        self.log_line = re.search(r"^    (unmatched: .*)$", self.text, re.MULTILINE).group(1)
        programs = self.directory / "bin"
        programs.mkdir()
        self.script(programs / "plainbounce",
                    'exec "%s" "$@" --conf "%s/plainbounce.conf"' % (PROGRAM, self.directory))
        self.script(programs / "journalctl",
                    "echo 'Nov 23 09:12:01 mx plainbounce[7]: info: %s'" % self.log_line)
        self.environment = {"PATH": "%s:/usr/bin:/bin" % programs, "LC_ALL": "C.UTF-8"}

    def script(self, path, line):
        path.write_text("#!/bin/sh\n%s\n" % line)
        path.chmod(0o755)

    def run_command(self, command, status=0):
        done = subprocess.run(["sh", "-c", command], cwd=self.directory, env=self.environment,
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, status, command + "\n" + done.stderr)
        return done.stdout

    def commands(self):
        found = [line[2:] for block in blocks(self.text, "console")
                 for line in block.splitlines() if line.startswith("$ ")]
        self.assertGreaterEqual(len(found), 5)
        return found

    def house_rule(self):
        (rule,) = blocks(self.text, "toml")
        return rule

    def add(self, name, rules):
        (self.directory / "rules.d" / name).write_text(rules)

    def test_every_command_works_before_and_after_the_rule(self):
        for command in self.commands():
            self.run_command(command)
        self.add("house.toml", self.house_rule())
        for command in self.commands():
            self.run_command(command)

    def test_the_rule_changes_the_explanation(self):
        (explain,) = {command for command in self.commands() if " explain " in command}
        self.assertNotIn("house-retired-postbox", self.run_command(explain + " --json"))
        self.add("house.toml", self.house_rule())
        self.assertIn('"cause":"recipient-disabled"', self.run_command(explain + " --json"))
        self.assertIn("rule:house-retired-postbox", self.run_command(explain + " --json"))

    def test_the_draft_is_a_rule_that_passes(self):
        for command in self.commands():
            self.run_command(command)
        for name in ("draft.toml", "drafts.toml"):
            draft = (self.directory / name).read_text()
            self.assertIn("this postbox went into retirement", draft)
            self.add("house.toml", draft)
            self.assertIn("1 of your own", self.run_command("plainbounce check-config"))
        self.assertIn('host = "mx.example.net"', draft)

    def test_a_rule_that_fails_its_example_is_refused_by_every_command(self):
        self.add("house.toml", self.house_rule().replace("retire(?:d|ment)", "holiday"))
        for command in self.commands():
            if "|" not in command:
                self.run_command(command, status=2)


if __name__ == "__main__":
    DOCUMENT = pathlib.Path(sys.argv.pop())
    PROGRAM = sys.argv.pop()
    unittest.main()
