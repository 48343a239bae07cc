#!/usr/bin/env python3
"""Bounce parsers that others use read a rewritten report as they read the original.

    peers_test.py PLAINBOUNCE DIRECTORY

Sisimai (Debian's libsisimai-perl) and flufl.bounce (python3-flufl.bounce) read every report of the
samples, and of DIRECTORY/samples and DIRECTORY/corpus where they are there: once as it was, once
rewritten. With `subject = "keep"` nothing that they find may change; where one finds nothing in the
original, it may find the report's own recipients. With `subject = "rewrite"` that holds for
flufl.bounce; Sisimai loses what it knows some mail servers by: how often is printed, and limited.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from command_line import rewrite_all  # noqa: E402
from lab import delivery_status  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1])
MORE = pathlib.Path(sys.argv[2])


def peer(name, messages):
    """{name: bytes} -> {name: what the bounce parser finds}"""
    with tempfile.TemporaryDirectory() as folder:
        for each, message in messages.items():
            (pathlib.Path(folder) / each).write_bytes(message)
        said = subprocess.run([HERE / "peers" / name, folder], capture_output=True, timeout=240,
                              check=True)
    return json.loads(said.stdout)


def sources():
    """{name: bytes} of every message at hand"""
    paths = {path.parent.name: path for path in HERE.glob("*/message.eml")}
    for folder in (MORE / "samples", MORE / "corpus" / "bounces"):
        paths |= {f"{folder.name}-{path.parent.name}-{path.name}": path
                  for path in folder.rglob("*.eml")}
    return {name: path.read_bytes() for name, path in paths.items()}


class PeersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        everything = sources()
        cls.rewritten = {}
        with tempfile.TemporaryDirectory() as folder:
            for mode in ("keep", "rewrite"):
                conf = pathlib.Path(folder) / f"{mode}.conf"
                conf.write_text(f'[messages]\nsubject = "{mode}"\n')
                results = rewrite_all(PROGRAM, everything, "--sender", "", "--conf", conf)
                cls.rewritten[mode] = {name: result for name, (reason, result) in results.items()
                                       if not reason}
        cls.originals = {name: everything[name] for name in cls.rewritten["keep"]}
        # Without the messages beside the project these are its own samples.
        assert len(cls.originals) > 80, len(cls.originals)

    maxDiff = None

    def changes(self, name, mode):
        """{message: (found before, found after)}"""
        before = peer(name, self.originals)
        after = peer(name, self.rewritten[mode])
        self.assertGreater(sum(1 for found in before.values() if any(found)),
                           len(before) / 2, f"{name} reads too little to compare")
        changed = {each: (before[each], after[each]) for each in before
                   if before[each] != after[each]}
        print(f'{name}, subject = "{mode}": {len(changed)} of {len(before)} changed', flush=True)
        return changed

    def assert_only_gains(self, changed):
        for name, (before, after) in changed.items():
            with self.subTest(name):
                self.assertFalse(any(before), f"now {after}")
                real = {address for block in delivery_status.recipients(self.originals[name])
                        for address in delivery_status.addresses(block)}
                self.assertLessEqual({recipient for recipient, *_ in after}, real)

    def test_sisimai_reads_the_same_under_the_old_subject(self):
        self.assert_only_gains(self.changes("sisimai.pl", "keep"))

    def test_flufl_bounce_reads_the_same_under_the_old_subject(self):
        self.assertEqual(self.changes("flufl_bounce.py", "keep"), {})

    def test_flufl_bounce_reads_the_same_under_a_new_subject(self):
        self.assertEqual(self.changes("flufl_bounce.py", "rewrite"), {})

    def test_sisimai_reads_most_the_same_under_a_new_subject(self):
        changed = self.changes("sisimai.pl", "rewrite")
        self.assertLess(len(changed), 0.2 * len(self.originals))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
