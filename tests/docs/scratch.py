"""A directory in which the commands of a page are run as a user would run them.

It has a bounce.eml, an mbox, a Maildir and a mail log; /etc/plainbounce, /var/log and /tmp are
directories in it, and journalctl shows the mail log.
"""

import grp
import pathlib
import re
import shutil
import subprocess

from blocks import PROJECT
from lines import put

SAMPLES = PROJECT / "tests/samples"
_INSIDE = ("/etc/plainbounce", "/var/log", "/tmp")
_PATHS = re.compile(r"(?<![\w./-])(?:%s)\b" % "|".join(_INSIDE))
_GROUP = re.compile(r'(\bsocket_group = )"([a-z]+)"')
_PROGRAMS = {
    "plainbounce": 'case "$1" in stats|-*) set -- "$@" ;; *) set -- "$@" --conf {conf} ;; esac\n'
                   'exec {plainbounce} "$@"',
    "plainbounce-milter": 'exec {milter} "$@" --conf {conf}',
    "journalctl": 'exec cut -d" " -f6- {root}/var/log/mail.log',
}


class Scratch:
    def __init__(self, root, plainbounce, milter):
        self.root = pathlib.Path(root).resolve()
        self.conf = self.root / "etc/plainbounce/plainbounce.conf"
        for folder in ("bin", "home/Maildir/cur", "home/Maildir/new", "home/Maildir/tmp",
                       *(path.lstrip("/") for path in _INSIDE)):
            (self.root / folder).mkdir(parents=True)
        for name, line in _PROGRAMS.items():
            program = self.root / "bin" / name
            program.write_text("#!/bin/sh\n" + line.format(
                root=self.root, conf=self.conf, plainbounce=plainbounce, milter=milter) + "\n")
            program.chmod(0o755)
        self._write_mail()
        # The directories that the file names by default.
        self.conf.write_text((PROJECT / "conf/plainbounce.conf").read_text())
        for table, key, name in (("knowledge", "rules_directory", "rules.d"),
                                 ("notice", "messages_directory", "messages.d"),
                                 ("notice", "templates_directory", "templates")):
            (self.conf.parent / name).mkdir()
            self.put("/etc/plainbounce/plainbounce.conf",
                     f'[{table}]\n{key} = "/etc/plainbounce/{name}"\n')

    def _write_mail(self):
        home = self.root / "home"
        samples = sorted(SAMPLES.glob("*-mailbox-full*/message.eml"))
        shutil.copy(samples[0], home / "bounce.eml")
        for number, sample in enumerate(samples):
            shutil.copy(sample, home / f"Maildir/cur/{number}.mx:2,S")
        shutil.copy(PROJECT / "tests/docs/mail.log", self.root / "var/log")

    def inside(self, text):
        """The text with the paths of the scratch directory in place of the machine's, and with a group
        that there is: a mail server's is made where that is installed."""
        groups = {group.gr_name for group in grp.getgrall()}
        text = _GROUP.sub(lambda key: key[0] if key[2] in groups else f'{key[1]}"root"', text)
        return _PATHS.sub(lambda path: f"{self.root}{path[0]}", text)

    def run(self, command):
        """What it prints; both outputs, as a terminal shows them. AssertionError where it fails."""
        done = subprocess.run(["sh", "-e", "-c", self.inside(command)], cwd=self.root / "home",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False,
                              env={"PATH": f"{self.root}/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                                   "HOME": f"{self.root}/home"})
        printed = done.stdout.replace(str(self.root), "")
        if done.returncode != 0:
            raise AssertionError(f"{command}\nends with {done.returncode}:\n{printed}")
        return printed

    def put(self, path, lines):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        old = target.read_text() if target.exists() else ""
        target.write_text(put(path, old, self.inside(lines)))
