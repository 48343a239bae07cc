"""Debian's Sendmail packages -> a root directory that Sendmail can run in.

Installing them would replace another mail server. In a root of its own every path is the usual one,
so that Debian's sendmail.mc and the lines for administrators are used as they stand.
"""

import functools
import os
import re
import shutil
import socket
import stat
import subprocess

from .debian_packages import unpack
from .postfix_programs import PROJECT

CACHE = PROJECT / "build" / "sendmail"
PACKAGES = ("sendmail-bin", "sendmail-base", "sendmail-cf")
SENDMAIL = "usr/libexec/sendmail/sendmail"
_MAKEMAP = "usr/libexec/sendmail/makemap"
# The shell's are what the macros of sendmail-cf call.
_PROGRAMS = ("bin/cat", "bin/date", "bin/mv", "bin/rm", "bin/sed", "bin/sh", "bin/uname",
             "usr/bin/m4")
_DIRECTORIES = ("dev", "etc/mail/m4", "run/plainbounce", "tmp", "usr/sbin", "usr/share/plainbounce",
                "var/lib/sendmail/host_status", "var/mailboxes", "var/run/sendmail/mta",
                "var/spool/mqueue")
_ACCOUNTS = ("daemon", "mail", "smmta", "smmsp")

# Stands in for the programs that deliver to mailboxes, of which Debian has several.
_DELIVER = """\
#!/bin/sh
# sensible-mda SENDER USER DETAIL CLIENT
case "$2" in
  full*) echo "mailbox full: quota exceeded" >&2; exit 69 ;;
  slow*) [ -e "/var/mailboxes/.tried-$2" ] || { : >"/var/mailboxes/.tried-$2"; exit 75; } ;;
esac
new=/var/mailboxes/.$2.$$
/bin/cat >"$new" && /bin/mv "$new" "/var/mailboxes/$2.$$"
"""


class SendmailUnavailable(Exception):
    """Something is missing; the text says what."""


def make_root(root, mailboxes, hosts, services):
    """root: an empty directory. mailboxes: names of accounts. hosts: {name: address}.
    services: {name: port}; Sendmail knows its ports by name."""
    if not (CACHE / SENDMAIL).exists():
        unpack(PACKAGES, CACHE, SENDMAIL)
    shutil.copytree(CACHE, root, symlinks=True, dirs_exist_ok=True)
    for directory in _DIRECTORIES:
        (root / directory).mkdir(parents=True, exist_ok=True)
    (root / "var/spool/mqueue").chmod(0o700)
    _copy_programs(root)
    _make_null_device(root / "dev/null")
    _write_accounts(root / "etc", mailboxes)
    (root / "etc/hosts").write_text(
        f"127.0.0.1 mx.example.org localhost {socket.gethostname()}\n"
        + "".join(f"{address} {name}\n" for name, address in hosts.items()))
    (root / "etc/services").write_text(
        "".join(f"{name} {port}/tcp\n" for name, port in services.items()))
    # No name server: the hosts file is all that there is.
    shutil.copy(root / "etc/mail/service.switch-nodns", root / "etc/mail/service.switch")
    examples = root / "usr/share/sendmail/examples/db"
    for name in ("access", "aliases"):
        shutil.copy(examples / name, root / "etc/mail")


def run_in(root, *command, stdin=b"", may_fail=False):
    """A program of the root; its output. RuntimeError where it fails."""
    result = subprocess.run(["chroot", root, *command], input=stdin, capture_output=True,
                            timeout=60, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, cwd="/")
    if result.returncode != 0 and not may_fail:
        raise RuntimeError(f"{' '.join(command)}: exit status {result.returncode}: "
                           f"{(result.stderr or result.stdout).decode(errors='replace')}")
    return result.stdout


def make_map(root, name):
    """etc/mail/NAME -> etc/mail/NAME.db"""
    run_in(root, f"/{_MAKEMAP}", "hash", f"/etc/mail/{name}",
           stdin=(root / "etc/mail" / name).read_bytes())


def _copy_programs(root):
    for program in (*(f"/{name}" for name in _PROGRAMS), *_libraries()):
        copy = root / program.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(program, copy)
    deliver = root / "usr/sbin/sensible-mda"
    deliver.write_text(_DELIVER)
    deliver.chmod(0o755)
    (root / "usr/sbin/sendmail").symlink_to(f"/{SENDMAIL}")  # as Debian's alternatives do


@functools.cache
def _libraries():
    """This machine's that the programs of a root need."""
    programs = [*(f"/{name}" for name in _PROGRAMS), CACHE / SENDMAIL, CACHE / _MAKEMAP]
    listing = subprocess.run(["ldd", *programs], capture_output=True, text=True, timeout=30).stdout
    missing = re.findall(r"(\S+) => not found", listing)
    if missing:
        raise SendmailUnavailable(f"Sendmail needs {', '.join(missing)}: run tests/run.sh, "
                                  "which installs what tests/packages.txt lists")
    return sorted(set(re.findall(r"(/\S+) \(0x", listing)))


def _make_null_device(path):
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    path.chmod(0o666)


def _write_accounts(etc, mailboxes):
    """Enough for Sendmail: who has a mailbox, and whom it runs programs as."""
    lines = ["root:x:0:0::/:/bin/sh"]
    groups = ["root:x:0:"]
    for number, name in enumerate((*_ACCOUNTS, *mailboxes), 65100):
        lines.append(f"{name}:x:{number}:{number}::/:/bin/sh")
        groups.append(f"{name}:x:{number}:")
    (etc / "passwd").write_text("\n".join(lines) + "\n")
    (etc / "group").write_text("\n".join(groups) + "\n")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n"
                                       "services: files\n")
