"""The socket in the queue directory, made as docs/postfix.md says: a chrooted Postfix reaches it, and
nobody else does. And the drop-in for systemd, which lets the service make it."""

import grp
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

from lab.bounce_checks import MARK
from lab.laboratory import main
from lab.milter_daemon import ACCOUNT, MilterDaemon
from lab.postfix_instance import MAIL_OWNER, PostfixInstance, plain_message
from lab.postfix_lines import documented_command, documented_settings, read_lines
from lab.postfix_programs import PROJECT, find_postfix
from lab.waiting import wait_for

OUR_DIRECTORY = "/var/spool/postfix/plainbounce"


class QueueDirectoryTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-lab-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.directory.chmod(0o755)
        self.postfix = PostfixInstance(find_postfix(), self.directory / "postfix", chrooted=True,
                                       main_cf=read_lines("simple.main.cf"))
        self.socket_directory = self.postfix.queue / "plainbounce"
        self.socket_directory.parent.mkdir(parents=True)
        self.as_documented("sudo install --directory")

    def as_documented(self, beginning):
        """The command, with the accounts and the directory that the tests have."""
        command = documented_command(beginning)
        for ours, theirs in (("sudo ", ""), ("=plainbounce ", f"={ACCOUNT} "),
                             ("=postfix ", f"={MAIL_OWNER} "),
                             (OUR_DIRECTORY, str(self.socket_directory))):
            self.assertEqual(command.count(ours), 1, ours)
            command = command.replace(ours, theirs)
        subprocess.run(shlex.split(command), check=True)

    def start(self, **changes):
        """changes: of the documented settings; None takes one away."""
        settings = {**documented_settings("milter"), "socket_mode": "0660", **changes}
        settings = {key: value.replace(OUR_DIRECTORY, str(self.socket_directory))
                    for key, value in settings.items() if value is not None}
        if "socket_group" in settings:
            self.assertEqual(settings["socket_group"], "postfix")
            settings["socket_group"] = MAIL_OWNER
        self.milter = MilterDaemon(self.directory / "milter", {"milter": settings},
                                   socket=self.socket_directory / "milter.sock",
                                   groups=[MAIL_OWNER])
        self.addCleanup(self.milter.stop)
        self.milter.start()
        self.addCleanup(self.postfix.stop)
        self.postfix.start()

    def send(self):
        self.postfix.sendmail("alice@example.org", ["unknown@example.org"],
                              plain_message("alice@example.org", "unknown@example.org"))

    def test_chrooted_postfix_reaches_it(self):
        self.start()
        status = self.milter.socket.stat()
        self.assertEqual((status.st_mode & 0o777, grp.getgrgid(status.st_gid).gr_name),
                         (0o660, MAIL_OWNER))
        self.send()
        self.assertIn(f"\n{MARK}:".encode(), self.postfix.wait_for_mail("alice"))

    def test_nobody_else_reaches_it(self):
        self.start()
        program = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        for group, expected in (("games", 1), (MAIL_OWNER, 0)):
            done = subprocess.run(["python3", "-c", program, self.milter.socket], user="games",
                                  group=group, extra_groups=[], capture_output=True, text=True)
            self.assertEqual(done.returncode, expected, done.stderr)

    def test_without_its_group_postfix_is_refused(self):
        self.start(socket_group=None)
        self.send()
        wait_for(lambda: "connect to Milter service unix:plainbounce/milter.sock: Permission denied"
                 in self.postfix.log(), "a refusal")
        self.assertEqual(self.postfix.mails("alice"), [])
        os.chown(self.milter.socket, -1, grp.getgrnam(MAIL_OWNER).gr_gid)
        self.postfix.flush()
        self.assertIn(f"\n{MARK}:".encode(), self.postfix.wait_for_mail("alice"))


class DropInTest(unittest.TestCase):
    def test_systemd_understands_it(self):
        with tempfile.TemporaryDirectory() as directory:
            unit = pathlib.Path(directory) / "plainbounce-milter.service"
            drop_in = pathlib.Path(f"{unit}.d") / "queue-directory.conf"
            *_, source, target = shlex.split(documented_command("sudo install -D"))
            self.assertEqual(pathlib.Path(target).parts[-2:], drop_in.parts[-2:])
            text = read_lines("queue-directory.service.conf")
            self.assertEqual(source, "/usr/share/plainbounce/postfix/queue-directory.service.conf")
            self.assertEqual(text.count(f"\nReadWritePaths={OUR_DIRECTORY}\n"), 1)
            unit.write_text("[Service]\nType=notify\nExecStart=/bin/true\n")
            drop_in.parent.mkdir()
            drop_in.write_text(text)
            self.assertEqual(self.verify(unit), "")
            drop_in.write_text(text.replace("ReadWritePaths", "ReadWritePath"))
            self.assertIn("ReadWritePath", self.verify(unit))

    def verify(self, unit):
        return subprocess.run(["systemd-analyze", "verify", "--man=no", unit], text=True,
                              capture_output=True, timeout=60).stderr


if __name__ == "__main__":
    main()
