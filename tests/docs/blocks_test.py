"""Every block of code in README.md and docs/ is executed; blocks.py says how a block says it.

Usage: blocks_test.py PLAINBOUNCE PLAINBOUNCE_MILTER BUILD

A test per page goes through its blocks in their order. BUILD is the build directory.
"""

import email
import email.policy
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import blocks
from blocks import PROJECT
from scratch import SAMPLES, Scratch
from test_programs import test_programs

PROGRAM = MILTER = BUILD = None
MACHINES = {"postfix", "simple", "sendmail"}


class EveryBlock(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="plainbounce-docs-")
        self.addCleanup(directory.cleanup)
        self.scratch = Scratch(directory.name, PROGRAM, MILTER)

    def go_through(self, document):
        for block in blocks.blocks(document):
            with self.subTest(str(block)):
                if not block.how:
                    self.fail(f"{block}: it doesn't say how it is tested.\n{blocks.HELP}")
                for kind, said in block.how:
                    getattr(self, f"check_{kind}")(block, **said)

    def check_run(self, block):
        for command, expected in block.commands():
            printed = self.scratch.run(command)
            if expected is not None:
                self.assert_printed(expected, printed)

    def assert_printed(self, expected, printed):
        if not blocks.is_like(expected, printed):
            self.assertEqual(printed, expected)

    def check_put(self, block, path):
        self.scratch.put(path, block.text)
        self.assertRegex(path, "^(/etc/plainbounce/|/var/log/mail.log$)",
                         f"{block}: nothing reads this file in the scratch directory")
        self.assertNotIn("warning", self.scratch.run("plainbounce check-config"))
        if path == "/var/log/mail.log":
            self.assertIn("unreadable 0", self.scratch.run(f"plainbounce stats {path}"))

    def check_file(self, block, path):
        self.assertIn(f"\n{block.text}", "\n" + (PROJECT / path).read_text())

    def check_printed(self, block, command):
        self.assert_printed(block.text, self.scratch.run(command))

    def check_before(self, block, sample):
        message = read((SAMPLES / sample / "message.eml").read_bytes())
        self.assertEqual(block.text, next(message.iter_parts()).get_content().strip("\n") + "\n")
        self.assert_subject(block, message)

    def check_after(self, block, sample, language):
        if language:
            self.scratch.put("/etc/plainbounce/plainbounce.conf",
                             f'[notice]\nlanguage = "{language}"\n')
        # Wherever the project lies, be it in /tmp, of which the scratch directory has its own.
        shutil.copy(SAMPLES / sample / "message.eml", self.scratch.root / "home/sample.eml")
        message = read(self.scratch.run(
            "plainbounce rewrite --sender '' --client 127.0.0.1 sample.eml").encode())
        text = next(next(message.iter_parts()).iter_parts()).get_content()
        self.assertTrue(text.startswith(block.text), f"{block}:\n{text}")
        self.assertRegex(text[len(block.text):], r"^\n\S.*\n---", f"{block}: it ends inside a section")
        self.assert_subject(block, message)

    def assert_subject(self, block, message):
        self.assertEqual(block.above.partition("Subject: ")[2], message["Subject"], block)

    def check_project(self, block):
        """The preset's directory may be anywhere, so its name is put in place of the preset. It isn't
        configured anew: other tests look at it now."""
        for command, _ in block.commands():
            if command.startswith("sudo "):
                if os.geteuid() != 0:
                    continue
                command = command.removeprefix("sudo ")
            if command == "cmake --preset dev":
                command = "cmake --list-presets | grep '\"dev\"'"
            command = command.replace("--preset dev", shlex.quote(str(BUILD))).replace(
                "build/dev/", f"{shlex.quote(str(BUILD))}/")
            done = subprocess.run(["sh", "-c", command], cwd=PROJECT, capture_output=True, text=True,
                                  timeout=600, check=False)
            self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
            self.assertNotIn("Running 0 tests", done.stdout)

    def check_machine(self, block, path, machines, last):
        """machine_test.py goes through all blocks of a machine: nothing but its name can be wrong."""
        self.assertTrue("tests/docs/machine_test.py" in test_programs(BUILD), block)
        del last
        self.assertLessEqual(set(machines.split(" and ")), MACHINES, block)
        if (path or "").startswith("/etc/plainbounce/"):
            self.check_put(block, path)

    def check_copy(self, block):
        self.assertTrue("tests/docs/machine_test.py" in test_programs(BUILD), block)

    def check_everything(self, block):
        for command, _ in block.commands():
            words = [word for word in shlex.split(command, comments=True) if word != "sudo"]
            script = PROJECT / words[0]
            self.assertIn("ctest --test-dir", script.read_text(), block)
            self.assertTrue(os.access(script, os.X_OK), block)
            for option in words[1:]:
                self.assertIn(f"  {option})", script.read_text(), block)

    def check_tested(self, block, test):
        """It must take the block from the page: by tested_by(), or by a string that stands in it."""
        self.assertTrue(test in test_programs(BUILD), f"{block}: ctest doesn't run {test}")
        if "tested_by(__file__)" not in (PROJECT / test).read_text():
            strings = test_programs(BUILD)[test]
            self.assertTrue(pathlib.PurePath(block.document).name in strings,
                            f"{block}: {test} doesn't read this page")
            self.assertTrue(any(len(one) > 8 and one in block.text for one in strings),
                            f"{block}: {test} looks for nothing of this block")


class TheFrameItself(unittest.TestCase):
    def test_a_block_that_says_nothing_has_no_test(self):
        (block,) = blocks.markdown("x.md", "# Start\n\nText\n\n```toml\na = 1\n```\n")
        self.assertEqual((block.how, block.section, block.above, block.text),
                         ((), "Start", "Text", "a = 1\n"))

    def test_code_that_can_say_nothing_is_refused(self):
        for page in ("Text\n\n    plainbounce\n", "<pre>\nplainbounce\n</pre>\n",
                     "```sh somehow\nplainbounce\n```\n"):
            with self.assertRaises(blocks.PageError):
                blocks.markdown("x.md", page)

    def test_several_statements(self):
        (block,) = blocks.markdown("x.md", "```text conf/a.cf, /etc/b on one and two\nc\n```\n")
        self.assertEqual(block.how, (("file", {"path": "conf/a.cf"}),
                                     ("machine", {"path": "/etc/b", "machines": "one and two",
                                                  "last": None})))

    def test_blocks_of_the_manual(self):
        page = "# A\n\n*term*\n\tno block\n\n\t$ one\n\n; /etc/two\n```\ntwo\n```\n"
        self.assertEqual([(block.text, block.how) for block in blocks.manual("x.scd", page)],
                         [("$ one\n", (("run", {}),)), ("two\n", (("put", {"path": "/etc/two"}),))])

    def test_what_a_command_prints(self):
        (block,) = blocks.markdown("x.md", "```console\n$ a\n$ b\n1\n...\n2\n```\n")
        self.assertEqual(block.commands(), [("a", None), ("b", "1\n...\n2\n")])
        self.assertTrue(blocks.is_like("1\n...\n2\n", "1\nany\nline\n2\n"))
        for printed in ("", "1\n2\n3\n", "0\n1\nany\n2\n"):
            self.assertFalse(blocks.is_like("1\n...\n2\n", printed))

    def test_steps_on_a_machine_stand_in_the_text_too(self):
        page = ("# A\n\n`sudo no`\n\n```sh on one\nfirst\n```\n\nThen `sudo second` and `third`.\n\n"
                "```text /etc/x on two\nline\n```\n\n`sudo last`\n\n"
                "```sh on one at last\nend\n```\n\n# B\n\n`sudo no`\n")
        with unittest.mock.patch.object(blocks, "code", lambda _: blocks.markdown("x.md", page)), \
                unittest.mock.patch.object(blocks, "documents", lambda: ["x.md"]):
            steps = {machine: [(step.path, step.text) for step in blocks.walk(machine)["x.md"]]
                     for machine in ("one", "two")}
            self.assertEqual(steps, {"one": [(None, "first"), (None, "sudo second")],
                                 "two": [("/etc/x", "line\n"), (None, "sudo last")]})
            self.assertEqual([step.text for step in blocks.walk("one", last=True)["x.md"]], ["end"])


def read(message):
    return email.message_from_bytes(message, policy=email.policy.default.clone(utf8=True))


def add_tests():
    """A test per page, which also fails where the page can't be read."""
    for document in blocks.documents():
        name = "test_" + re.sub(r"\W", "_", document)
        setattr(EveryBlock, name, lambda self, document=document: self.go_through(document))


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop()).resolve()
    MILTER = pathlib.Path(sys.argv.pop()).resolve()
    PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
    add_tests()
    unittest.main()
