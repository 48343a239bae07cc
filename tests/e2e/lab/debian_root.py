"""Names of Debian packages -> the root directory of a machine on which they are installed.

Made once for each set of names and kept as an archive below build/, since it takes half a minute:
a fresh one is then unpacked in a second.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess

from .postfix_programs import PROJECT

CACHE = PROJECT / "build" / "debian-machine"
HOSTNAME, DOMAIN = "mx.example.org", "example.org"
# What a small server of an administrator's has before anything is installed for mail.
_MACHINE = ("dbus", "iproute2", "procps", "sudo", "systemd", "systemd-sysv")
# Of a machine with Postfix. One list for all tests, so that they have one archive.
POSTFIX = ("opendkim", "opendkim-tools", "postfix", "rsyslog")
# What Postfix' package asks when it is installed, and what an administrator answers.
_ANSWERS = f"""\
postfix postfix/main_mailer_type select Internet Site
postfix postfix/mailname string {DOMAIN}
postfix postfix/destinations string $myhostname, {DOMAIN}, localhost
"""
_HOSTS = f"127.0.0.1 localhost\n127.0.1.1 {HOSTNAME} mx\n::1 localhost ip6-localhost\n"


class RootNotMade(Exception):
    """mmdebstrap failed; the text is what it said."""


def unpack_root(packages, target):
    """Makes `target` the root of a machine that has never been booted."""
    archive = _archive(sorted({*_MACHINE, *packages}))
    target.mkdir()
    subprocess.run(["tar", "--extract", "--preserve-permissions", "--numeric-owner", "--xattrs",
                    "--xattrs-include=*", f"--file={archive}", f"--directory={target}"],
                   check=True, timeout=120)


def _archive(packages):
    sources = _debian_sources()
    key = "\n".join([*packages, sources, _ANSWERS, _HOSTS])
    archive = CACHE / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.tar"
    CACHE.mkdir(parents=True, exist_ok=True)
    with _locked(archive.with_suffix(".lock")):
        if not archive.exists():
            _make(packages, sources, archive)
    return archive


@contextlib.contextmanager
def _locked(path):
    """Two tests that want the same root make it once."""
    with open(path, "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _debian_sources():
    """The lines of sources.list by which this machine gets Debian's own packages."""
    form = "$(ORIGIN)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
    told = subprocess.run(["apt-get", "indextargets", "--format", form, "Identifier: Packages"],
                          capture_output=True, text=True, check=True, timeout=60)
    lines = {line.removeprefix("Debian|") for line in told.stdout.splitlines()
             if line.startswith("Debian|")}
    return "".join(f"{line}\n" for line in sorted(lines))


def _make(packages, sources, archive):
    unfinished = archive.with_suffix(".new")
    # mmdebstrap calls a hook with the directory of the root.
    answers, hosts = (CACHE / f"{archive.stem}.{name}" for name in ("answers", "hosts"))
    answers.write_text(_ANSWERS)
    hosts.write_text(_HOSTS)
    try:
        made = subprocess.run(
            ["mmdebstrap", "--variant=minbase", "--format=tar", f"--include={','.join(packages)}",
             f"--essential-hook=chroot \"$1\" debconf-set-selections <'{answers}'",
             f"--essential-hook=echo {DOMAIN} >\"$1/etc/mailname\"",
             # Which the packages take from the machine that they are installed on.
             f"--customize-hook=echo {HOSTNAME} >\"$1/etc/hostname\"; cp '{hosts}' \"$1/etc/hosts\"",
             f"--customize-hook=! [ -e \"$1/etc/postfix/main.cf\" ] ||"
             f" chroot \"$1\" postconf -e myhostname={HOSTNAME}",
             "bookworm", unfinished, "-"],
            input=sources, capture_output=True, text=True, timeout=900,
            env={**os.environ, "LC_ALL": "C.UTF-8"})
        if made.returncode != 0:
            raise RootNotMade(made.stderr[-4000:])
        unfinished.rename(archive)
    finally:
        for path in (unfinished, answers, hosts):
            path.unlink(missing_ok=True)
