"""All of it together: Postfix, a remote server, the milter and a tap between it and Postfix."""

import contextlib
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

from .milter_daemon import MilterDaemon
from .milter_tap import MilterTap
from .postfix_instance import PostfixInstance
from .postfix_programs import PROJECT, find_postfix
from .remote_server import RemoteServer

# Where nothing listens: the discard port's old neighbour, on loopback.
NOBODY_THERE = "smtp:[127.0.0.1]:9"
SKIPPED = 77  # what ctest takes for "skipped"


class MailLaboratory:
    """Use as a context manager; everything is stopped and removed at the end.

    A class of it names its logs, the mail log first; makes its directory and its parts in _build(),
    which is given the options; and starts them in _start().
    """

    logs = ()

    def __init__(self, *options):
        self._options = options
        self._stack = contextlib.ExitStack()
        self.failed = False
        self.directory = self.milter = self.tap = self.remote = None

    def __enter__(self):
        try:
            self._build(*self._options)
            self._start()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def _make_directory(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-lab-", dir="/tmp"))
        self.directory.chmod(0o755)

    def _start_parts(self, *parts):
        for part in parts:
            # First what stops it: it may be interrupted while it starts.
            self._stack.callback(part.stop)
            part.start()

    def __exit__(self, kind, *_):
        self._stack.close()
        if self.directory is None:
            return
        if self.failed or (kind and kind is not KeyboardInterrupt):
            keep_logs(self.directory, *self.logs)
        shutil.rmtree(self.directory, ignore_errors=True)


class Laboratory(MailLaboratory):
    """With Postfix.

    Mail for example.com goes to `remote`, mail for unreachable.example nowhere.
    """

    logs = ("postfix/mail.log", "postfix/master.out", "milter/milter.log")

    def __init__(self, answers=None, postfix_settings=None, milter_settings=None, transports=None,
                 services="", tapped=True, milter_timeouts=(2, 2, 3), bounce_lines=None,
                 main_cf=None):
        """services: for master.cf, where "{milter}" stands for the tap's address.
        tapped: False takes the tap out: Postfix speaks to the milter itself.
        bounce_lines: for master.cf instead of those of the recommended form.
        In both, "{directory}" stands for the laboratory's.
        main_cf: lines for main.cf that have Postfix use the milter, instead of any in master.cf.
            The tap's socket lies where those in conf/postfix say, and its users are chrooted.
        """
        super().__init__(answers, postfix_settings, milter_settings, transports, services, tapped,
                         milter_timeouts, bounce_lines, main_cf)
        self.postfix = None

    def _start(self):
        self._start_parts(self.remote, self.milter, self.tap, self.postfix)

    def _build(self, answers, postfix_settings, milter_settings, transports, services, tapped,
               milter_timeouts, bounce_lines, main_cf):
        programs = find_postfix()
        self._make_directory()
        in_queue = main_cf is not None
        socket = self._place_in_queue() if in_queue else self.directory / "tap.sock"
        self.milter = MilterDaemon(self.directory / "milter", milter_settings)
        self.tap = MilterTap(socket, self.milter.socket)
        self.remote = RemoteServer(answers)
        places = {"{milter}": f"unix:{socket}", "{directory}": str(self.directory)}
        self.postfix = PostfixInstance(
            programs, self.directory / "postfix",
            settings=postfix_settings,
            transports={"example.com": self.remote.nexthop,
                        "unreachable.example": NOBODY_THERE, **(transports or {})},
            services=_replaced(services, places),
            bounce_milter=None if in_queue else socket if tapped else self.milter.socket,
            milter_timeouts=milter_timeouts, bounce_lines=_replaced(bounce_lines, places),
            main_cf=main_cf or "", chrooted=in_queue)

    def _place_in_queue(self):
        socket = self.directory / "postfix" / "queue" / "plainbounce" / "milter.sock"
        socket.parent.mkdir(parents=True)
        return socket


def _replaced(text, places):
    for name, place in places.items():
        text = text and text.replace(name, place)
    return text


def keep_logs(directory, *names):
    """Of a laboratory that failed; the first is the mail log, whose end is shown."""
    kept = PROJECT / "build" / "logs" / directory.name
    kept.mkdir(parents=True, exist_ok=True)
    logs = [directory / name for name in names]
    for name, path in zip(names, logs):
        if path.exists():
            shutil.copy(path, kept / name.replace("/", "-"))
    print(f"\nLogs kept in {kept}. The end of the mail log:", file=sys.stderr)
    if logs[0].exists():
        print("\n".join(logs[0].read_text(errors="replace").splitlines()[-40:]), file=sys.stderr)


class LaboratoryTest(unittest.TestCase):
    """One laboratory for all tests of a class; `settings` are Laboratory's arguments.

    `prepare` is called once it runs: what it sends is on its way while the tests wait.
    """

    settings = {}
    mta = "postfix"  # the laboratory's part of that name, and the tests'

    @classmethod
    def setUpClass(cls):
        cls.lab = cls.enterClassContext(cls.make_laboratory())
        cls.tap, cls.milter, cls.remote = cls.lab.tap, cls.lab.milter, cls.lab.remote
        setattr(cls, cls.mta, getattr(cls.lab, cls.mta))
        try:
            cls.prepare()
        except BaseException:
            cls.lab.failed = True
            raise

    @classmethod
    def make_laboratory(cls):
        return Laboratory(**cls.settings)

    @classmethod
    def prepare(cls):
        pass

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            type(self).lab.failed = True
        return result


def main():
    """Runs the tests of the program that calls it."""
    if os.geteuid() != 0:
        print("Needs root, for a private Postfix: sudo tests/run.sh", file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
