"""Lines of opendkim.conf -> a running OpenDKIM on a unix socket, with a key of its own.

Debian's packages are unpacked, never installed: Debian's configuration and the lines for
administrators are used, but for the places of the files.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess

from . import processes
from .debian_packages import unpack
from .postfix_programs import PROJECT
from .waiting import wait_for

CACHE = PROJECT / "build" / "opendkim"
# With its libraries, but for those that tests/packages.txt has anyway.
PACKAGES = ("opendkim", "opendkim-tools", "libopendkim11", "librbl1", "libvbr2", "libbsd0",
            "libmd0", "libevent-2.1-7", "libhashkit2", "liblua5.3-0", "libmemcached11",
            "libopendbx1", "libunbound8")
_PROGRAM, _GENKEY = "usr/sbin/opendkim", "usr/sbin/opendkim-genkey"
M4_FILE = CACHE / "etc/mail/m4/opendkim.m4"  # for Sendmail
# The places in Debian's file and in the documentation's lines.
SOCKET = "/run/opendkim/opendkim.sock"
_KEYS, _RUN = "/etc/dkimkeys", "/run/opendkim"
# Whom it runs as: in the MTA's group, instead of the MTA in its.
ACCOUNT, MTA_GROUP = "nobody", "daemon"


class OpenDkimUnavailable(Exception):
    """A library is missing; the text says which."""


def fetch():
    """OpenDKIM's files are in CACHE afterwards."""
    if not (CACHE / _PROGRAM).exists():
        unpack(PACKAGES, CACHE, _PROGRAM)


class OpenDkim:
    """`socket` is where it listens, while it runs; `records` is what the name server must say."""

    def __init__(self, directory, lines, genkey, socket_directory=None):
        """lines: of opendkim.conf. genkey: the documentation's command, which makes the key.
        socket_directory: exists; None: a new one."""
        fetch()
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self._run = pathlib.Path(socket_directory or self.directory)
        for path in (self.directory, self._run):
            shutil.chown(path, ACCOUNT)
        self.socket = self._run / "opendkim.sock"
        self._environment = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": _library_path()}
        self.records = self._make_key(genkey)
        self._lines = lines
        self._conf = self.directory / "opendkim.conf"
        self._process = None

    def start(self, *more_lines):
        """more_lines: of opendkim.conf; they win."""
        self._write_configuration(more_lines)
        self._process = processes.start(
            [CACHE / _PROGRAM, "-f", "-x", self._conf], log=self.directory / "opendkim.log",
            user=ACCOUNT, group=MTA_GROUP, extra_groups=[], env=self._environment, cwd="/")
        wait_for(self._is_up, "OpenDKIM to listen")

    def stop(self):
        process, self._process = self._process, None
        if process:
            # It has nothing to lose, and takes up to five seconds to notice a gentler signal.
            process.kill()
            process.wait(10)

    def restart(self, *more_lines):
        self.stop()
        self.start(*more_lines)

    def private_key(self):
        """As PEM."""
        path, = self.directory.glob("*.private")
        return path.read_bytes()

    def _make_key(self, genkey):
        program, *arguments = genkey.replace(_KEYS, str(self.directory)).split()
        assert pathlib.Path(program).name == pathlib.Path(_GENKEY).name, genkey
        subprocess.run([CACHE / _GENKEY, *arguments], env=self._environment, check=True, timeout=60)
        for path in self.directory.glob("*.private"):
            shutil.chown(path, ACCOUNT)
        return dict(_record(path.read_text()) for path in self.directory.glob("*.txt"))

    def _write_configuration(self, more_lines):
        keys = self.directory / "public-keys"
        keys.write_text("".join(f"{name} {text}\n" for name, text in self.records.items()))
        text = (CACHE / "etc/opendkim.conf").read_text()
        # The account is this process' already; the directory is below /tmp, where others may
        # write; no name server is asked.
        text += "\n".join(("", self._lines, "RequireSafeKeys no", f"TestPublicKeys {keys}",
                           *more_lines, ""))
        text = re.sub(r"^(UserID|TrustAnchorFile)\b.*\n", "", text, flags=re.MULTILINE)
        for place, directory in ((_KEYS, self.directory), (_RUN, self._run)):
            text = text.replace(place, str(directory))
        self._conf.write_text(text)

    def _is_up(self):
        if self._process.poll() is not None:
            output = (self.directory / "opendkim.log").read_text(errors="replace")
            raise RuntimeError(f"OpenDKIM ended at once: {output}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0


def _library_path():
    libraries = CACHE / "usr/lib"
    path = ":".join(str(directory) for directory in (*libraries.glob("*-linux-gnu*"), libraries))
    listing = subprocess.run(["ldd", CACHE / _PROGRAM], capture_output=True, text=True, timeout=30,
                             env={**os.environ, "LD_LIBRARY_PATH": path}).stdout
    missing = re.findall(r"(\S+) => not found", listing)
    if missing:
        raise OpenDkimUnavailable(f"OpenDKIM needs {', '.join(missing)}: run tests/run.sh, which "
                                  "installs what tests/packages.txt lists")
    return path


def _record(zone_file):
    """opendkim-genkey's line for a zone file -> (name, text)"""
    name, domain = re.match(r"(\S+)\s.*; ----- DKIM key \S+ for (\S+)", zone_file,
                            re.DOTALL).groups()
    return f"{name}.{domain}", "".join(re.findall(r'"([^"]*)"', zone_file))
