"""A fresh Debian 12 machine in a container, with systemd as its process 1, to install things on.

    with DebianMachine(packages=["postfix"]) as machine:      # booted; removed at the end
        machine.put(deb, "/root/plainbounce.deb")
        machine.run("sudo apt install -y ./plainbounce.deb")  # in /root, as root, by bash
        machine.run("systemctl is-active plainbounce-milter").stdout
        machine.reboot()

A test class derives from DebianMachineTest and has it as cls.machine:

    class PackageTest(DebianMachineTest):
        packages = ("postfix",)
        def test_is_running(self):
            self.machine.run("systemctl is-active postfix")

The machine is called mx.example.org and has a network of its own, with nothing but loopback: what is
installed on it later has to be put there, and what that depends on has to be named in `packages`.
Postfix is configured as an "Internet Site" for example.org, and runs. One with the same `packages`
as another test's costs about three seconds, a new list of packages half a minute more, once.
"""

import contextlib
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from . import processes
from .debian_root import unpack_root
from .laboratory import SKIPPED
from .waiting import TimedOut, wait_for

_ENVIRONMENT = {
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "LOGNAME": "root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "SHELL": "/bin/bash",
    "TERM": "dumb",
    "USER": "root",
}
# With --keep-unit a container is in the control group that systemd-nspawn was started in. Each has one
# of its own, or the systemd of one ends the services of another. Where systemd's hierarchies can be.
_HIERARCHIES = tuple(pathlib.Path("/sys/fs/cgroup", name) for name in ("", "unified", "systemd"))
_ENTER = 'until [ "$1" = -- ]; do echo $$ >"$1/cgroup.procs" || exit; shift; done; shift; exec "$@"'
_PROPAGATED = pathlib.Path("/run/systemd/nspawn/propagate")


class MachineUnavailable(Exception):
    """No container can be booted here; the text says why."""


class CommandFailed(AssertionError):
    """A command on the machine; the text is its output."""


class BootFailed(AssertionError):
    """systemd didn't come up, or not all of it; the text says what failed."""


class DebianMachine:
    """Not thread-safe. Machines of several programs don't disturb each other."""

    def __init__(self, packages=()):
        """packages: names of Debian packages that are installed before it is booted first."""
        self._packages = packages
        self._directory = self._container = self._leader = None

    def __enter__(self):
        _check_rights()
        self._directory = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-machine-"))
        try:
            self._directory.chmod(0o755)
            unpack_root(self._packages, self.root)
            self.boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self._directory)
        # Left behind by systemd-nspawn where no systemd runs.
        propagated = _PROPAGATED / self._name
        if propagated.exists():
            propagated.rmdir()

    @property
    def _name(self):
        """For systemd-nspawn, which takes no underscore."""
        return self._directory.name.replace("_", "0")

    @property
    def root(self):
        """Its root directory as seen from outside, without what it mounts: /run, /tmp, /proc."""
        return self._directory / "root"

    def boot(self):
        """Returns once systemd has started everything; BootFailed if something failed to."""
        self._container = processes.start(
            ["sh", "-c", _ENTER, "sh", *self._make_groups(), "--",
             "systemd-nspawn", f"--directory={self.root}", f"--machine={self._name}",
             "--boot", "--private-network", "--register=no", "--keep-unit", "--settings=no",
             "--console=pipe", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
             # For IPAddressDeny= and DevicePolicy=, which are programs for the kernel.
             "--capability=CAP_BPF", "--system-call-filter=bpf"],
            self._directory / "console.log",
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        self._leader = wait_for(self._find_leader, "process 1 of the container", 60)
        try:
            state = wait_for(self._final_state, "systemd to have started everything", 120)
        except TimedOut as error:
            raise BootFailed(f"{error}\n{self._console()}") from error
        if state != "running":
            failed = self.run("systemctl list-units --failed; journalctl -b -p warning", False)
            raise BootFailed(f"systemd is {state}\n{failed.stdout}")

    def _make_groups(self):
        groups = [hierarchy / self._directory.name for hierarchy in _HIERARCHIES
                  if (hierarchy / "cgroup.procs").exists()]
        for group in groups:
            group.mkdir(exist_ok=True)
        return groups

    def _remove_groups(self):
        for hierarchy in _HIERARCHIES:
            for directory, *_ in os.walk(hierarchy / self._directory.name, topdown=False):
                with contextlib.suppress(OSError):  # what was killed may take a while to go
                    os.rmdir(directory)

    def stop(self):
        """Shuts it down as its power button would. Its files stay; boot() starts it again."""
        if self._container:
            processes.stop(self._container, seconds=30)
            self._container = self._leader = None
            self._remove_groups()

    def reboot(self):
        self.stop()
        self.boot()

    def run(self, command, check=True, given=b"", seconds=120):
        """Runs a line for bash, as root in /root, and returns it with `stdout` (text, standard error
        along with it) and `returncode`; CommandFailed if that isn't 0, unless `check` is false.

        given: bytes for its standard input.
        """
        result = subprocess.CompletedProcess(command, *self._execute(command, given, seconds))
        result.stdout = result.stdout.decode(errors="replace")
        if check and result.returncode != 0:
            raise CommandFailed(f"{command}\nexit status {result.returncode}\n{result.stdout}")
        return result

    def read(self, path):
        """The bytes of a file on the machine."""
        status, content = self._execute(f"cat -- {shlex.quote(str(path))}", b"", 60)
        if status != 0:
            raise CommandFailed(content.decode(errors="replace"))
        return content

    def write(self, path, content, mode=0o644):
        """Makes or overwrites a file on the machine; its directory must be there."""
        content = content.encode() if isinstance(content, str) else content
        quoted = shlex.quote(str(path))
        self.run(f"cat >{quoted} && chmod {mode:o} {quoted}", given=content)

    def put(self, source, path):
        """Copies a file from outside onto the machine."""
        source = pathlib.Path(source)
        self.write(path, source.read_bytes(), source.stat().st_mode & 0o777)

    def get(self, path, target):
        """Copies a file of the machine's to outside."""
        pathlib.Path(target).write_bytes(self.read(path))

    def _execute(self, command, given, seconds):
        # Files instead of pipes: a daemon that the command leaves behind keeps them open.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as taken:
            taken.write(given)
            taken.seek(0)
            process = subprocess.Popen(
                ["nsenter", f"--target={self._leader}", "--all", "--wdns=/root", "bash", "-c", command],
                stdin=taken, stdout=output, stderr=output, env=_ENVIRONMENT, start_new_session=True)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise TimedOut(f"{command} took longer than {seconds:g} s") from error
            output.seek(0)
            return process.returncode, output.read()

    def _find_leader(self):
        if self._container.poll() is not None:
            raise MachineUnavailable(f"systemd-nspawn starts no container here:\n{self._console()}")
        process = self._container.pid
        children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return next((child for child in children if _number_inside(child) == "1"), None)

    def _final_state(self):
        if self._container.poll() is not None:
            raise BootFailed(self._console())
        state = self.run("systemctl is-system-running", check=False).stdout.strip()
        return state if state in ("running", "degraded", "maintenance", "stopping") else None

    def _console(self):
        return (self._directory / "console.log").read_text(errors="replace")[-4000:]


class DebianMachineTest(unittest.TestCase):
    """One machine for all tests of a class, which run in the order of their names. Its journal is
    shown where one fails."""

    packages = ()

    @classmethod
    def setUpClass(cls):
        try:
            cls.machine = cls.enterClassContext(DebianMachine(cls.packages))
        except MachineUnavailable as error:
            print(error, file=sys.stderr)
            sys.exit(SKIPPED)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print(self.machine.run("journalctl --no-pager --output short-precise | tail -n 80",
                                   check=False).stdout)
        return result


def _check_rights():
    """A machine that may not make namespaces can't boot another one; all else is an error."""
    made = subprocess.run(
        ["unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--fork",
         "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, timeout=30)
    if made.returncode != 0:
        raise MachineUnavailable(f"no container can be made here: {made.stderr.strip()}")


def _number_inside(process):
    """The process's id in the innermost namespace that it is in."""
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return None
    return next(line.split()[-1] for line in status.splitlines() if line.startswith("NSpid:"))
