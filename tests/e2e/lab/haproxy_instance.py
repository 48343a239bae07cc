"""conf/haproxy/plainbounce.cfg + where things are in a laboratory -> a running HAProxy.

It is Debian's package, downloaded and unpacked, never installed, with the configuration that Debian
ships before ours, as an administrator has it.
"""

import csv
import pathlib
import re
import socket
import subprocess

from . import processes
from .debian_packages import unpack
from .postfix_programs import PROJECT
from .waiting import wait_for

SNIPPET = PROJECT / "conf" / "haproxy" / "plainbounce.cfg"
CACHE = PROJECT / "build" / "haproxy"
PROGRAM = "usr/sbin/haproxy"
SERVERS = ("one", "two", "three")  # as the snippet calls them

# Accounts that each Debian machine has. The group is that of the laboratory's Postfix.
_ACCOUNT, _GROUP, _MTA_GROUP = "nobody", "nogroup", "daemon"


class HaproxyUnavailable(Exception):
    """Something is missing; the text says what."""


def find_haproxy():
    """Where Debian's packages are unpacked, socat with it."""
    if not (CACHE / PROGRAM).exists():
        unpack(["haproxy", "socat"], CACHE, PROGRAM)
    listing = subprocess.run(["ldd", CACHE / PROGRAM], capture_output=True, text=True,
                             timeout=30).stdout
    if missing := re.findall(r"(\S+) => not found", listing):
        raise HaproxyUnavailable(f"HAProxy needs {', '.join(missing)}: run tests/run.sh, "
                                 "which installs what tests/packages.txt lists")
    return CACHE


def server_addresses():
    """The laboratory's machines, in the order of SERVERS: loopback has room for all of them."""
    return [address.replace("192.0.2.", "127.0.0.")
            for address in re.findall(r"^    server \w+ (\S+):", SNIPPET.read_text(), re.MULTILINE)]


def replace_once(text, changes):
    for old, new in changes.items():
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return text


def ask_metrics(text):
    """The snippet with its other health check."""
    text = re.sub(r"^    (option tcp-check|tcp-check .*)$", r"    #\1", text, flags=re.MULTILINE)
    return re.sub(r"^    #(option httpchk|default-server)", r"    \1", text, flags=re.MULTILINE)


class HaproxyInstance:
    """The MTA reaches it at `socket`, and at port `port` of `address`."""

    def __init__(self, directory, server_port, metrics_port=None, edit=None):
        """server_port: that of the daemons. metrics_port: their metrics' are asked whether they are
        well, instead of a greeting. edit: text of the snippet -> text."""
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self.directory.chmod(0o755)
        self.socket = self.directory / "plainbounce.sock"
        self.address, self.port = "127.0.0.10", processes.free_port("127.0.0.10")
        self.log_file = self.directory / "haproxy.log"
        self._admin = self.directory / "admin.sock"
        self._root = find_haproxy()
        snippet = SNIPPET.read_text()
        snippet = ask_metrics(snippet) if metrics_port else snippet
        self._write_configuration(edit(snippet) if edit else snippet, server_port, metrics_port)
        self._process = None

    def start(self):
        self._process = processes.start(
            [self._root / PROGRAM, "-db", "-f", self.directory / "haproxy.cfg"], log=self.log_file)
        wait_for(self._is_up, "HAProxy to start")

    def stop(self):
        process, self._process = self._process, None
        if process:
            processes.stop(process)

    def admin(self, command):
        """What it answers to a command on its "stats socket"."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(str(self._admin))
            connection.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    def shell(self, commands):
        """What they print, run as on an administrator's machine; systemctl only says it was called.
        """
        for theirs, ours in (("/run/haproxy/admin.sock", self._admin),
                             ("/etc/haproxy/haproxy.cfg", self.directory / "haproxy.cfg")):
            commands = commands.replace(theirs, str(ours))
        path = f"{self._root}/usr/sbin:{self._root}/usr/bin:/usr/bin:/bin"
        functions = 'sudo() { "$@"; }\nsystemctl() { echo "systemctl $*"; }\n'
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", functions + commands],
                              env={"PATH": path}, text=True, timeout=30, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def server(self, name):
        """Its row of "show stat"; "BACKEND": that of all of them."""
        table = self.admin("show stat").lstrip("# ").splitlines()
        return next(row for row in csv.DictReader(table)
                    if (row["pxname"], row["svname"]) == ("plainbounce", name))

    def is_well(self, name):
        """So says the health check."""
        row = self.server(name)
        return row["status"] == "UP" and "L7OK" in row["check_status"]

    def wait_until_well(self, *names):
        for name in names:
            wait_for(lambda: self.is_well(name), f"the health check to find {name} well", 20)

    def wait_until_down(self, name, check_status):
        """As the health check sees it: L4CON, refused; L7TOUT, no answer."""
        row = wait_for(lambda: (row := self.server(name))["status"] == "DOWN" and row,
                       f"the health check to find {name} down", 20)
        assert check_status in row["check_status"], row

    def log(self):
        return self.log_file.read_text(errors="replace")

    def _is_up(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"HAProxy ended at once: {self.log()}")
        return self._admin.exists() and self.socket.exists()

    def _write_configuration(self, snippet, server_port, metrics_port):
        stock = (self._root / "etc/haproxy/haproxy.cfg").read_text()
        (self.directory / "root").mkdir()
        stock = replace_once(stock, {
            "chroot /var/lib/haproxy": f"chroot {self.directory}/root",
            "/run/haproxy/admin.sock": str(self._admin),
            "user haproxy": f"user {_ACCOUNT}",
            "group haproxy": f"group {_GROUP}"})
        stock = stock.replace("/etc/haproxy/errors", f"{self._root}/etc/haproxy/errors")
        stock = re.sub(r"log /dev/log.*", "log stderr format raw local0", stock, count=1)
        stock = re.sub(r"log /dev/log.*", "", stock)
        snippet = replace_once(snippet, {
            "bind unix@/run/haproxy/plainbounce.sock group postfix":
                f"bind unix@{self.socket} group {_MTA_GROUP}",
            "#bind 192.0.2.10:8892": f"bind {self.address}:{self.port}"})
        snippet = re.sub(r"(server \w+ )192\.0\.2\.(\d+):8892", rf"\g<1>127.0.0.\2:{server_port}",
                         snippet)
        if metrics_port:
            snippet = replace_once(snippet, {"port 9725": f"port {metrics_port}"})
        (self.directory / "haproxy.cfg").write_text(stock + "\n" + snippet)
