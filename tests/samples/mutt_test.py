#!/usr/bin/env python3
"""Notices in a real mail program of the terminal: mutt, in a terminal that tmux makes.

    mutt_test.py PLAINBOUNCE

What mutt shows of a rewritten report must be the text of the notice, line by line: its own part
chosen among the alternatives, decoded, nothing cut at 80 columns.
"""

import email
import email.policy
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(sys.argv[1]).resolve()

COLUMNS, ROWS = 80, 400  # one page holds the whole message
# Headers are left out: what is compared is the body.
MUTTRC = """set pager_index_lines=0
set markers=no
set wrap=80
ignore *
set folder=~
"""


class MuttTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-mutt-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder),
                            "TMUX_TMPDIR": str(self.folder)}

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-f", "/dev/null", *arguments], env=self.environment,
                              capture_output=True, text=True, timeout=30, check=True).stdout

    def screen_until(self, wanted):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            screen = self.tmux("capture-pane", "-p", "-t", "mutt")
            if wanted in screen:
                return screen
            time.sleep(0.2)
        self.fail(f"{wanted!r} never stood on the screen:\n{screen}")

    def shown(self, message, last_line):
        """The screen on which mutt shows the message down to that line."""
        (self.folder / "muttrc").write_text(MUTTRC)
        (self.folder / "mbox").write_bytes(
            b"From MAILER-DAEMON Sat Nov 21 22:53:52 2026\n" + message + b"\n")
        self.tmux("new-session", "-d", "-s", "mutt", "-x", str(COLUMNS), "-y", str(ROWS),
                  f"mutt -n -F {self.folder}/muttrc -R -f {self.folder}/mbox")
        try:
            self.screen_until("Msgs:1")
            self.tmux("send-keys", "-t", "mutt", "Enter")
            return self.screen_until(last_line)
        finally:
            self.tmux("kill-server")

    def check(self, sample, language):
        conf = self.folder / "conf"
        conf.write_text(f'[notice]\nlanguage = "{language}"\n')
        message = subprocess.run([PROGRAM, "rewrite", "--conf", conf, "--sender", "",
                                  HERE / sample / "message.eml"],
                                 capture_output=True, timeout=60, check=True).stdout
        parsed = email.message_from_bytes(message, policy=email.policy.default)
        text = next(part for part in parsed.walk() if part.get_content_type() == "text/plain")
        lines = [line.rstrip() for line in text.get_content().splitlines() if line.strip()]
        screen = [line.rstrip() for line in self.shown(message, lines[-1]).splitlines()]
        self.assertGreater(len(lines), 30)
        missing = [line for line in lines if line not in screen]
        self.assertEqual(missing, [])
        self.assertNotIn("<html", "\n".join(screen))

    def test_english(self):
        self.check("postfix-mailbox-full", "en")

    def test_several_groups(self):
        self.check("postfix-several-fates", "en")

    def test_accents(self):
        self.check("postfix-reputation-blocked", "de")

    def test_wide_characters(self):
        self.check("postfix-message-too-large-gmail", "ja")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
