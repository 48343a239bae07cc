"""`plainbounce check-postfix` and the real Postfix: its examples are true, and so is what it says."""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import postfix_examples
from lab.laboratory import LaboratoryTest, main
from lab.milter_daemon import program
from lab.postfix_instance import plain_message
from lab.postfix_programs import find_postfix
from lab.remote_server import Answer
from lab.waiting import wait_for


def check(programs, conf, *options, path=None):
    """The finished program. `path`: instead of the directories of Postfix' programs."""
    environment = {**os.environ, **programs.environment()}
    environment["PATH"] = path or f"{programs.commands}:{environment['PATH']}"
    return subprocess.run([program("plainbounce"), "check-postfix", "--conf", conf, *options],
                          capture_output=True, text=True, timeout=60, env=environment, check=False)


class ExamplesTest(unittest.TestCase):
    def test_postconf_says_what_the_unit_tests_take_for_granted(self):
        stored = postfix_examples.all_stored(find_postfix())
        self.assertEqual({path.stem for path in postfix_examples.EXAMPLES.glob("*.postconf")},
                         set(stored))
        for name, text in stored.items():
            with self.subTest(name):
                self.assertEqual((postfix_examples.EXAMPLES / f"{name}.postconf").read_text(), text,
                                 "run tests/e2e/postfix_examples.py")


class CheckedLaboratory(LaboratoryTest):
    """With Postfix connected as it should be."""

    settings = {"answers": {"nobody": Answer("550 5.1.1 No such mailbox")}, "tapped": False,
                "milter_timeouts": (3, 4, 6)}

    def setUp(self):
        self.programs = self.postfix.programs
        self.conf = self.milter.directory / "plainbounce.conf"

    def check(self, *options, config=None, status):
        """What it prints; `config` is another configuration than the running Postfix'."""
        done = check(self.programs, self.conf, "--config", config or self.postfix.config, *options)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def findings(self, config=None, status=1):
        """(severity, id) of each."""
        lines = self.check("--json", config=config, status=status).splitlines()
        return [(finding["severity"], finding["id"]) for finding in map(json.loads, lines)]

    def change(self, directory, *changes):
        """(file, pattern, replacement): of a configuration."""
        for name, pattern, replacement in changes:
            text, count = re.subn(pattern, replacement, (directory / name).read_text())
            self.assertGreater(count, 0, pattern)
            (directory / name).write_text(text)


class DangerTest(CheckedLaboratory):
    """What it calls a danger keeps a bounce of the real Postfix from its author."""

    # The last ones stop Postfix' bounce service for a minute.
    dangers = (
        ("cleanup-service-missing", "cleanup_service_name=cleanup-dsn",
         "cleanup_service_name=cleanup-nix", "connect to public/cleanup-nix: No such file"),
        ("cleanup-service-private", "cleanup-dsn unix n ", "cleanup-dsn unix - ",
         "connect to public/cleanup-dsn: Connection refused"),
        ("default-action-other", "default_action=tempfail", "default_action=quarantine",
         "milter triggers HOLD action"),
        ("option-broken", "filter_classes=bounce", "filter_classes = bounce",
         'fatal: invalid "-o internal_mail_filter_classes" option value'),
    )

    def test_a_danger_is_one(self):
        file = self.postfix.config / "master.cf"
        good = file.read_text()
        for number, (finding, pattern, replacement, logged) in enumerate(self.dangers):
            with self.subTest(finding):
                file.write_text(good)
                self.change(self.postfix.config, ("master.cf", pattern, replacement))
                if finding == "default-action-other":
                    self.milter.stop()
                self.assertIn(("danger", finding), self.findings())
                self.postfix.reload()
                sender = f"author{number}"
                self.postfix.sendmail(f"{sender}@example.org", ["nobody@example.com"],
                                      plain_message(sender, "nobody@example.com"))
                wait_for(lambda: logged in self.postfix.log(), logged, 20)  # pylint: disable=cell-var-from-loop
                self.assertEqual(self.postfix.mails(sender), [])


class CheckPostfixTest(CheckedLaboratory):
    def copy_configuration(self, *changes):
        """Of the running Postfix, with changes."""
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.lab.directory))
        shutil.copytree(self.postfix.config, copy, dirs_exist_ok=True)
        self.change(copy, *changes)
        return copy

    def test_a_postfix_whose_bounces_are_rewritten_is_well(self):
        text = self.check(status=0)
        address = f"unix:{self.milter.socket}"
        self.assertEqual(text, f"{self.postfix.config}: all is well\n"
                               f"  bounce: by cleanup-dsn, to {address}\n"
                               f"  defer: by cleanup-dsn, to {address}\n"
                               f"  trace: by cleanup-dsn, to {address}\n")
        self.assertEqual(self.findings(status=0), [])

    def test_debians_files_with_the_recommended_lines_are_well(self):
        root = self.programs.commands.parents[1]
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.lab.directory))
        shutil.copy(root / "usr/share/postfix/main.cf.debian", copy / "main.cf")
        stock = (root / "usr/share/postfix/master.cf.dist").read_text()
        (copy / "master.cf").write_text(stock)
        self.assertEqual(self.findings(copy), [("missing", "not-connected")])
        lines = postfix_examples.DSN_ONLY.read_text().replace(
            "/run/plainbounce/milter.sock", str(self.milter.socket))
        (copy / "master.cf").write_text(postfix_examples.replace_entries(stock, lines))
        self.assertTrue(self.check(config=copy, status=0).startswith(f"{copy}: all is well\n"))

    def test_what_it_tells_to_paste_mends_it(self):
        copy = self.copy_configuration(
            ("master.cf", r"(?ms)^  -o internal_mail_filter.*?cleanup-dsn\n", ""),
            ("master.cf", r"(?ms)^cleanup-dsn.*", ""))
        text = self.check(config=copy, status=1)
        below = re.search(r"(?ms)trace:\n(  -o .*?)and at the end", text).group(1)
        service = re.search(r"(?ms)^cleanup-dsn unix.*?\n(?=\n)", text).group(0)
        stock = (copy / "master.cf").read_text()
        connected = re.sub(r"(?m)^(bounce|defer|trace) .*\n", rf"\g<0>{below}", stock)
        (copy / "master.cf").write_text(connected + service)
        self.assertEqual(self.findings(copy, status=0), [])

    def test_a_slip_in_master_cf_is_found(self):
        copy = self.copy_configuration(("master.cf", "default_action=tempfail",
                                        "default_action=accept"),
                                       ("main.cf", r"\Z", "soft_bounce = yes\n"))
        self.assertEqual(self.findings(copy), [("danger", "default-action-accept"),
                                               ("hint", "soft-bounce")])
        text = self.check(config=copy, status=1)
        self.assertTrue(text.startswith(f"{copy}: 1 danger, 1 hint\n"), text)

    def test_hints_alone_leave_all_well(self):
        copy = self.copy_configuration(("main.cf", r"\Z", "soft_bounce = yes\n"))
        self.assertTrue(self.check(config=copy, status=0).startswith(
            f"{copy}: all is well, 1 hint\n"))

    def test_a_socket_that_postfix_may_not_reach_is_found(self):
        for path, mode, found in ((self.milter.directory, 0o700, "directory-not-passable"),
                                  (self.milter.socket, 0o660, "socket-not-writable")):
            with self.subTest(found):
                usual = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode)
                self.addCleanup(path.chmod, usual)
                self.assertEqual(self.findings(), [("danger", found)])
                path.chmod(usual)

    def test_a_milter_that_hangs_or_is_gone_is_found(self):
        self.milter.suspend()
        try:
            self.assertEqual(self.findings(), [("danger", "socket-silent")])
        finally:
            self.milter.resume()
        self.addCleanup(self.milter.start)
        self.milter.kill()
        self.assertEqual(self.findings(), [("danger", "socket-refused")])
        self.milter.socket.unlink()
        self.assertEqual(self.findings(), [("danger", "socket-missing")])
        self.milter.socket.touch()
        self.assertEqual(self.findings(), [("danger", "socket-not-a-socket")])
        self.milter.socket.unlink()

    def test_another_address_can_be_told(self):
        milter = f"unix:{self.milter.socket}x"
        lines = self.check("--json", "--milter", milter, status=0).splitlines()
        self.assertEqual([json.loads(line)["id"] for line in lines], ["socket-elsewhere"])
        done = check(self.programs, self.conf, "--milter", "nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--milter: expected", done.stderr)

    def test_what_postconf_cannot_read_is_said_in_its_words(self):
        directory = pathlib.Path(tempfile.mkdtemp(dir=self.lab.directory))
        done = check(self.programs, self.conf, "--config", directory)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, f"plainbounce: postconf: fatal: open {directory}/main.cf: "
                                      "No such file or directory\n")

    def test_changes_nothing(self):
        files = [*self.postfix.config.iterdir(), self.conf]
        before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
        self.check(status=0)
        self.assertEqual(before, [(file.read_bytes(), file.stat().st_mtime_ns) for file in files])


if __name__ == "__main__":
    main()
