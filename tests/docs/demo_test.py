"""tests/demo.sh, as README.md says to call it, shows a bounce before and after.

Usage: demo_test.py BUILD

It takes the daemon of the build directory BUILD instead of building one. Needs root; skipped without it.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

import blocks

BUILD = None
SKIPPED = 77  # what ctest takes for "skipped"


class DemoTest(unittest.TestCase):
    def test_it_shows_a_bounce_before_and_after(self):
        (block,) = blocks.tested_by(__file__)
        ((command, _),) = block.commands()
        done = subprocess.run(
            ["sh", "-c", command.removeprefix("sudo ")], cwd=blocks.PROJECT, capture_output=True,
            text=True, timeout=240, check=False, env={**os.environ, "PLAINBOUNCE_BUILD": str(BUILD)})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        start, before, after = re.split(r"\n=+\n== .*\n=+\nSubject: ", done.stdout)
        self.assertNotIn("== Building", start)
        self.assertTrue(before.startswith("Undelivered Mail Returned to Sender\n"), before)
        self.assertIn("\nI'm sorry to have to inform you", before)
        self.assertTrue(after.startswith("Not delivered: "), after)
        self.assertIn("\nWhat you can do\n---------------\n", after)
        results = blocks.PROJECT / "build/demo-results"
        self.assertIn(f"in {results}\n", after)
        self.assertIn(b"multipart/alternative", (results / "after.eml").read_bytes())
        self.assertNotIn(b"multipart/alternative", (results / "before.eml").read_bytes())
        self.assertIn("<html", (results / "after.html").read_text())


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop()).resolve()
    if os.geteuid() != 0:
        print("Needs root, for a private Postfix: sudo tests/run.sh", file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
