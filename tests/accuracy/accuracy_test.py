"""The stored model and docs/accuracy.md are what the replies make, and administrators can add their own.

accuracy_test.py ACCURACY PLAINBOUNCE
"""

import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(PROJECT / "tests/docs"))
import blocks  # pylint: disable=wrong-import-position

ACCURACY, PLAINBOUNCE = (sys.argv + ["", ""])[1:3]


def run(*words, **options):
    return subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=800, **options)


class AccuracyTest(unittest.TestCase):

    def test_the_page_tells_how_the_model_is_made_and_how_right_it_is(self):
        (block,) = blocks.tested_by(__file__)
        (words,) = [shlex.split(command) for command, _ in block.commands() if "--learn" in command]
        self.assertEqual(words[:2], ["build/release/tests/accuracy/accuracy", "--learn"])
        done = run(ACCURACY, "--check", *words[2:])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_replies_of_ones_own_are_learned(self):
        reply = "550 The wibblewobble of this frobnicator is quite gone"
        with tempfile.TemporaryDirectory() as directory:
            folder = pathlib.Path(directory)
            (folder / "own.tsv").write_text("".join(
                f"list-failure\t550 The wibblewobble of this frobnicator is {word} gone\n"
                for word in ("quite", "now", "all", "still")))
            done = run(PLAINBOUNCE, "learn", "--replies", "lib/knowledge/replies.tsv", "--output",
                       str(folder / "model"), str(folder / "own.tsv"))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            conf = folder / "plainbounce.conf"
            conf.write_text(f'[knowledge]\nmodel = "{folder}/model"\n')
            told = json.loads(run(PLAINBOUNCE, "explain", "--json", "--conf", str(conf), reply).stdout)
        self.assertEqual(told["cause"], "list-failure")
        self.assertEqual(told["evidence"], "model")

    def test_a_mistake_is_told(self):
        done = run(PLAINBOUNCE, "learn", "--replies", "lib/knowledge/replies.tsv", "--output", "/nowhere/x", "-",
                   input="no-such-cause\t550 x\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no such cause", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
