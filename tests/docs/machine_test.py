"""README.md and docs/, followed by the letter on fresh Debian machines: one with Postfix, one with Sendmail.

Each begins with the package that is built as README.md says, goes through the pages' blocks and commands
for it (blocks.py) in their order, and gets a bounce after each page. Needs root; skipped without it.
"""

import email
import email.policy
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import blocks
import lines
from blocks import PROJECT

sys.path.append(str(PROJECT / "tests/e2e"))
# pylint: disable=wrong-import-position
from lab.debian_machine import DebianMachineTest
from lab.debian_package import dependencies
from lab.debian_root import POSTFIX
from lab.laboratory import main
from lab.waiting import wait_for

COPY = PROJECT / "build/as-the-readme-says"
USER = "maria"


@functools.cache
def built_packages():
    """The blocks "in a clean copy" are run; the files *.deb that come of it."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(PROJECT, COPY, symlinks=True, ignore=lambda folder, names: [
        name for name in names if name in (".git", "__pycache__") or
        (name == "build" and pathlib.Path(folder) == PROJECT)])
    with tempfile.TemporaryDirectory() as programs:
        # Tests run as root.
        sudo = pathlib.Path(programs, "sudo")
        sudo.write_text('#!/bin/sh\nexec "$@"\n')
        sudo.chmod(0o755)
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        for document in blocks.documents():
            for block in blocks.blocks(document):
                if ("copy", {}) in block.how:
                    for command, _ in block.commands():
                        _run_in_copy(block, command, environment)
    return sorted(path for path in COPY.rglob("*.deb") if "_CPack_Packages" not in path.parts)


# The copy stands where the project does, for that command alone: so the compiler's cache knows what it is given,
# paths and all.
IN_ITS_PLACE = """
set -e
if [ -d "$CCACHE_DIR" ]; then
  mkdir -p "$1/.ccache"
  mount --bind "$CCACHE_DIR" "$1/.ccache"
  export CCACHE_DIR=$2/.ccache
fi
mount --rbind "$1" "$2"
cd "$2"
eval "$3"
"""


def _run_in_copy(block, command, environment):
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", IN_ITS_PLACE, "in-its-place", COPY, PROJECT, command],
        env=environment, timeout=900, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    if done.returncode != 0:
        raise AssertionError(f"{block}: {command}\n{done.stdout}")


class Walk(DebianMachineTest):
    """`name` is the machine's in the pages, `packages` are its own, `prepare` is what its administrator
    has done before."""

    name = None
    prepare = ()

    @classmethod
    def setUpClass(cls):
        # What apt would fetch, had the machine a network, is there from the start.
        cls.packages = {*cls.packages,
                        *(name for package in built_packages() for name in dependencies(package))}
        super().setUpClass()
        for package in built_packages():
            path = pathlib.PurePath("/root") / package.relative_to(COPY)
            cls.machine.run(f"mkdir -p {path.parent}")
            cls.machine.put(package, path)
        cls.machine.run(f"useradd --create-home {USER}")
        for command in cls.prepare:
            cls.machine.run(command)

    def follow(self, steps):
        for step in steps:
            with self.subTest(step.where):
                if "plainbounce stats" in step.text:
                    self.bounce()  # something to count
                if step.path:
                    self.put(step.path, step.text)
                else:
                    printed = self.machine.run(step.text, given=b"y\n" * 5).stdout
                    if step.printed is not None:
                        self.assertTrue(blocks.is_like(step.printed, printed), f"{step}\n{printed}")

    def put(self, path, text):
        there = self.machine.run(f"test -e {path}", check=False).returncode == 0
        old = self.machine.read(path).decode() if there else ""
        self.machine.run(f"mkdir -p {pathlib.PurePath(path).parent}")
        self.machine.write(path, lines.put(path, old, text))

    def bounce(self):
        """A mail to nobody -> the rewritten bounce, as it lies in the mailbox."""
        message = self.message()
        self.assertIn("X-Plainbounce", message, message)
        text = next(next(message.iter_parts()).iter_parts()).get_content()
        self.assertTrue(text.startswith("Not delivered: "), text)
        return message

    def message(self):
        """A mail to nobody -> what comes to the mailbox."""
        mailbox = f"/var/mail/{USER}"
        self.machine.run(f"rm -f {mailbox}")
        self.machine.run(f"su {USER} -c 'sendmail -oi -oem nemo@example.org'",
                         given=b"Subject: A question\nTo: nemo@example.org\n\nHello\n", check=False)
        whole = wait_for(lambda: re.fullmatch(  # to the end of the last part
            r"From .*\n((?s:.*)^--\S+--\n+)", self.machine.run(f"cat {mailbox}", check=False).stdout,
            re.MULTILINE), "a message", 30, 0.3)
        return email.message_from_string(whole[1], policy=email.policy.default)

    def check_log(self):
        """The line that pages show is one that the daemon writes."""
        shown = re.search(r"^queue_id=.*$", (PROJECT / "docs/monitoring.md").read_text(), re.MULTILINE)
        logged = self.machine.run("journalctl -u plainbounce-milter -o cat").stdout
        (line, *_) = re.findall(r"^.*\bresult=rewritten .*$", logged, re.MULTILINE)
        self.assertEqual(re.findall(r"\b(\w+)=", line), re.findall(r"\b(\w+)=", shown[0]))


def tearDownModule():  # pylint: disable=invalid-name
    shutil.rmtree(COPY, ignore_errors=True)


def add_tests(case):
    """A test per page, in the pages' order."""
    for number, (document, steps) in enumerate(blocks.walk(case.name).items(), 1):
        setattr(case, f"test_{number:02}_{re.sub(r'[^a-zA-Z0-9]', '_', document)}",
                lambda self, document=document, steps=steps: self.page(document, steps))


class PostfixTest(Walk):
    name = "postfix"
    packages = POSTFIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = {path: cls.machine.read(path)
                      for path in ("/etc/postfix/master.cf", "/etc/postfix/main.cf")}

    def page(self, document, steps):
        self.follow(steps)
        message = self.bounce()
        self.assertEqual("DKIM-Signature" in message, document >= "docs/dkim.md")
        self.check_log()

    def test_98_the_simple_form_once_the_lines_are_out_again(self):
        self.take_lines_out()
        (steps,) = blocks.walk("simple").values()
        self.follow(steps)
        self.assertNotIn("DKIM-Signature", self.bounce())
        self.machine.run("test -S /var/spool/postfix/plainbounce/milter.sock")

    def test_99_what_is_done_at_last(self):
        self.take_lines_out()
        (steps,) = blocks.walk(self.name, last=True).values()
        self.follow(steps)
        self.assertEqual(self.machine.run("ls /etc/plainbounce /run/plainbounce", check=False).returncode, 2)
        self.assertNotIn("X-Plainbounce", self.message())

    def take_lines_out(self):
        for path, content in self.before.items():
            self.machine.write(path, content)
        self.machine.run("postfix reload")


class SendmailTest(Walk):
    name = "sendmail"
    packages = ("sendmail",)
    prepare = (
        "echo example.org >>/etc/mail/local-host-names",
        # It has no name server.
        "cp /etc/mail/service.switch-nodns /etc/mail/service.switch",
        "echo 127.0.0.1 example.org >>/etc/hosts",
        "systemctl restart sendmail",
    )

    def page(self, document, steps):
        self.follow(steps)
        self.bounce()
        self.check_log()


if __name__ == "__main__":
    add_tests(PostfixTest)
    add_tests(SendmailTest)
    main()
