"""The recommended lines of conf/postfix, further: they fit Debian's files; header and body checks of
main.cf don't touch bounces, as they would without the empty ones; age; several instances."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from lab.bounce_checks import check_rewritten, seen_by_milter
from lab.laboratory import Laboratory, LaboratoryTest, main
from lab.postfix_instance import PostfixInstance, make_old, plain_message
from lab.postfix_lines import read_lines
from lab.postfix_programs import find_postfix
from lab.processes import free_port
from lab.remote_server import Answer
from lab.smtp_client import deliver
from lab.waiting import wait_for

ANSWERS = {"nobody": Answer("550 5.1.1 No such user")}
RECOMMENDED = read_lines("dsn-only.master.cf")
EMPTY_CHECKS = re.compile(r"^ (?: -o \w+_checks=)+\n", re.MULTILINE)
DEFERRED = "status=deferred (bounce failed)"

# Mail comes in where nothing is checked, so that the bounce alone can be hit.
UNCHECKED_PORT = free_port()
UNCHECKED_SERVICE = (f"127.0.0.1:{UNCHECKED_PORT} inet n - n - - smtpd\n"
                     "  -o receive_override_options=no_header_body_checks\n")

# What each kind of check looks at in a bounce; {0} is the action that it takes there.
PLACES = {
    "header_checks": "/^To: header_checks.{0}@/",
    "mime_header_checks": "/^Content-Description: mime_header_checks.{0}/",
    "nested_header_checks": "/^Subject: nested_header_checks.{0}/",
    "body_checks": "/^body_checks.{0} in a line/",
    "milter_header_checks": "/^Subject: .*milter_header_checks.{0}/",
}
CHECKS = {kind: "regexp:{ %s }" % ", ".join(
    f"{{ {place.format(action)} {action} }}" for action in ("REJECT", "DISCARD"))
          for kind, place in PLACES.items()}


def message_of(name):
    """A mail whose bounce the check of that name hits."""
    return f"""\
From: {name}@example.org
To: nobody@example.com
Subject: {name}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=cut

--cut
Content-Description: {name}

{name} in a line
--cut--
""".encode()


class ChecksTest(LaboratoryTest):
    settings = {"answers": ANSWERS, "postfix_settings": CHECKS, "services": UNCHECKED_SERVICE}
    names = [f"{kind}.{action}" for kind in PLACES for action in ("REJECT", "DISCARD")]

    @classmethod
    def prepare(cls):
        for name in cls.names:
            deliver(UNCHECKED_PORT, f"{name}@example.org", "nobody@example.com", message_of(name))

    def test_checks_touch_no_bounce(self):
        for name in self.names:
            mail = self.postfix.wait_for_mail(name)
            check_rewritten(self, mail, seen_by_milter(self.tap, mail).message)
        self.assertNotIn("bounce failed", self.postfix.log())


class WithoutEmptyChecksTest(ChecksTest):
    """That the test above can fail: what the empty ones prevent."""

    settings = {**ChecksTest.settings, "bounce_lines": EMPTY_CHECKS.sub("", RECOMMENDED)}

    def test_checks_touch_no_bounce(self):
        self.assertEqual(len(EMPTY_CHECKS.findall(RECOMMENDED)), 2)
        log = self.postfix.log
        for name in self.names:
            action = name.partition(".")[2].lower()
            hit = re.compile(rf"postfix/dsn/cleanup.*[: -]{action}: .*to=<{name}@example.org>")
            with self.subTest(name):
                wait_for(lambda: hit.search(log()), f"a trace of {name}", 20)
                self.assertEqual(self.postfix.mails(name), [])
        # The refused ones are still to be made; the discarded ones never come.
        self.assertIn(DEFERRED, log())
        wait_for(lambda: len(self.postfix.queue_ids()) == len(PLACES), "the refused ones alone")


class OldMailTest(unittest.TestCase):
    def test_a_bounce_waits_longer_than_mail_may(self):
        with Laboratory(answers=ANSWERS, tapped=False,
                        postfix_settings={"maximal_queue_lifetime": "1s",
                                          "bounce_queue_lifetime": "1s"}) as lab:
            lab.milter.stop()
            lab.postfix.sendmail("alice@example.org", ["nobody@example.com"],
                                 plain_message("alice@example.org", "nobody@example.com"))
            wait_for(lambda: lab.postfix.log().count(DEFERRED) > 4, "some tries")
            self.assertEqual(len(lab.postfix.queue_ids()), 1)
            self.assertEqual(lab.postfix.mails("alice"), [])
            self.assertIn("connect to Milter service unix:"
                          f"{lab.milter.socket}: No such file or directory", lab.postfix.log())
            lab.milter.start()
            mail = lab.postfix.wait_for_mail("alice")
            self.assertIn(b"\nX-Plainbounce:", mail)
            wait_for(lambda: not lab.postfix.queue_ids(), "an empty queue")
            self.assertEqual(lab.postfix.mails("alice"), [mail])


class SeveralInstancesTest(unittest.TestCase):
    def test_one_milter_serves_them_all(self):
        with Laboratory(answers=ANSWERS) as lab, PostfixInstance(
                find_postfix(), lab.directory / "second", bounce_milter=lab.tap.path,
                transports={"example.com": lab.remote.nexthop}) as second:
            instances = (lab.postfix, second)
            for postfix in instances:
                postfix.sendmail("alice@example.org", ["nobody@example.com"],
                                 plain_message("alice@example.org", "nobody@example.com"))
            for postfix in instances:
                mail = postfix.wait_for_mail("alice")
                check_rewritten(self, mail, seen_by_milter(lab.tap, mail).message)


class DebiansFilesTest(unittest.TestCase):
    """Postfix itself reads its package's files with the lines in them, and has nothing to say."""

    def setUp(self):
        self.programs = find_postfix()
        share = self.programs.commands.parent / "share" / "postfix"
        self.config = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-lab-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.config)
        (self.config / "dynamicmaps.cf").touch()
        (self.config / "master.cf").write_text((share / "master.cf.dist").read_text())
        (self.config / "main.cf").write_text(
            (share / "main.cf.debian").read_text() +
            f"\nmeta_directory = {self.config}\nshlib_directory = {self.programs.libraries}\n")

    def postconf(self, *options):
        make_old(self.config / "main.cf")
        done = subprocess.run([self.programs.commands / "postconf", "-c", self.config, *options],
                              env=self.programs.environment(), capture_output=True, text=True,
                              timeout=60, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def put_into_master_cf(self, name):
        file = self.config / "master.cf"
        kept, count = re.subn(r"^(bounce|defer|trace) .*\n", "", file.read_text(),
                              flags=re.MULTILINE)
        self.assertEqual(count, 3)
        file.write_text(kept + read_lines(name))

    def test_lines_for_master_cf(self):
        for name in ("dsn-only.master.cf", "dsn-only-with-dkim.master.cf"):
            with self.subTest(name):
                self.setUp()
                self.put_into_master_cf(name)
                settings = self.postconf("-P")
                for service in ("bounce", "defer", "trace"):
                    self.assertIn(f"{service}/unix/cleanup_service_name = cleanup-dsn", settings)
                milters, = [line for line in settings if "non_smtpd_milters" in line]
                self.assertEqual(re.findall(r"(unix:\S+),", milters),
                                 re.findall(r"(unix:\S+),", read_lines(name)))
                self.assertEqual(self.postconf("-F", "cleanup-dsn/unix/chroot"),
                                 ["cleanup-dsn/unix/chroot = n"])

    def test_lines_for_main_cf(self):
        for name, parameters in (
                ("simple.main.cf", {"internal_mail_filter_classes", "non_smtpd_milters"}),
                ("trusted-relay.main.cf", {"plainbounce", "smtpd_milter_maps"})):
            with self.subTest(name):
                self.setUp()
                before = self.postconf("-n")
                with (self.config / "main.cf").open("a") as file:
                    file.write(read_lines(name))
                added = [line for line in self.postconf("-n") if line not in before]
                self.assertEqual({line.split(" = ")[0] for line in added}, parameters)
        self.assertEqual(self.postconf("-F", "smtp/inet/chroot", "cleanup/unix/chroot"),
                         ["smtp/inet/chroot = y", "cleanup/unix/chroot = y"])


if __name__ == "__main__":
    main()
