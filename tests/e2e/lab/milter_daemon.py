"""Settings -> a running plainbounce-milter, as an account without rights."""

import json
import os
import pathlib
import shutil
import signal
import socket

from . import processes
from .postfix_programs import PROJECT
from .waiting import wait_for

ACCOUNT = "nobody"


def program(name):
    """A program of this project: where the environment says, else where the release build puts it.
    """
    places = {"plainbounce-milter": "milter/plainbounce-milter", "plainbounce": "cli/plainbounce"}
    directory = os.environ.get("PLAINBOUNCE_BUILD", PROJECT / "build" / "release")
    path = pathlib.Path(directory) / places[name]
    if not path.exists():
        raise FileNotFoundError(f"{path}: build the project first")
    return path


class MilterDaemon:
    """`socket` is where it listens, while it runs, unless that is by TCP."""

    def __init__(self, directory, settings=None, tcp=None, socket=None, groups=()):
        """settings: {section: {key: value}} of plainbounce.conf, beyond the socket's.
        tcp: (IPv4 address, port) where it listens instead.
        socket: where that is, if not in the directory; settings must say so, too.
        groups: that the account belongs to.
        """
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        shutil.chown(self.directory, ACCOUNT)
        self.socket = socket or self.directory / "milter.sock"
        self.wrapper = ()  # a command that root runs the program by, and that gives up root
        self.environment = {}
        self._groups = groups
        self.log_file = self.directory / "milter.log"
        self._conf = self.directory / "plainbounce.conf"
        self._tcp = tcp
        self._write_settings(settings or {})
        self._program = self._copy_program()
        self._process = None

    def start(self):
        account = {} if self.wrapper else {"user": ACCOUNT, "group": "nogroup", "extra_groups": self._groups}
        self._process = processes.start(
            [*self.wrapper, self._program, "--conf", self._conf], log=self.log_file, cwd=self.directory,
            env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(self.directory), **self.environment},
            **account)
        wait_for(self._is_up, "plainbounce-milter to listen")

    def stop(self):
        """As the service manager does. Returns the exit status."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)  # it may have been suspended
        return processes.stop(process)

    def kill(self):
        """Without warning, as a crash would. The socket's file stays."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait(10)

    def is_running(self):
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self):
        """OSError: it doesn't run."""
        if self._process is None:
            raise ProcessLookupError
        return self._process.pid

    def suspend(self):
        """It hangs from now on: connections are made, and nothing answers."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def _copy_program(self):
        """The build may lie where the account can't reach it (/root)."""
        original = program("plainbounce-milter")
        for library in (original.parents[1] / "lib").glob("libplainbounce.so*"):
            shutil.copy(library, self.directory)
        return shutil.copy(original, self.directory)

    def _write_settings(self, settings):
        listen = f"inet:{self._tcp[1]}@{self._tcp[0]}" if self._tcp else f"unix:{self.socket}"
        settings = {**settings, "milter": {"listen": listen, "socket_mode": "0666",
                                           "state_file": str(self.directory / "in-hand"),
                                           **settings.get("milter", {})}}
        lines = []
        for section, keys in settings.items():
            lines.append(f"[{section}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
        self._conf.write_text("\n".join(lines) + "\n")

    def _is_up(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"plainbounce-milter ended at once: {self.log()}")
        with socket.socket(socket.AF_INET if self._tcp else socket.AF_UNIX) as probe:
            return probe.connect_ex(self._tcp or str(self.socket)) == 0
