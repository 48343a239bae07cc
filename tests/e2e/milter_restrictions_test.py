#!/usr/bin/env python3
"""The daemon works under what the systemd unit leaves it.

What can be shown without systemd as process 1 (debian_package_test.py starts the unit itself): its exposure as
systemd-analyze reckons it; that the daemon makes no system call beyond SystemCallFilter=; and that
it works as a user of its own without capabilities, on a file system that is read-only but for its
runtime directory.
"""

import collections
import grp
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import unittest

from milter_test_case import BUILD, MILTER, MilterTestCase, bounce

UNIT = BUILD / "systemd" / "plainbounce-milter.service"
MAX_EXPOSURE = 1.5


def unit_settings():
    """{key: [values]} of the unit's [Service]"""
    settings = collections.defaultdict(list)
    for line in UNIT.read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            settings[key].append(value)
    return settings


def system_call_groups():
    """{group: its system calls and groups}, as this systemd knows them"""
    text = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True,
                          check=True).stdout
    groups, current = {}, None
    for line in text.splitlines():
        if line.startswith("@"):
            current = groups.setdefault(line.strip(), set())
        elif line.startswith("    ") and current is not None and "#" not in line:
            current.add(line.strip())
    return groups


def members(names, groups):
    """The system calls of groups and single names."""
    found = set()
    for name in names:
        found |= members(groups[name], groups) if name in groups else {name}
    return found


def allowed_calls():
    groups = system_call_groups()
    allowed = members(["@default"], groups)
    for value in unit_settings()["SystemCallFilter"]:
        if value.startswith("~"):
            allowed -= members(value[1:].split(), groups)
        else:
            allowed |= members(value.split(), groups)
    return allowed


class UnitTest(unittest.TestCase):
    def test_exposure(self):
        done = subprocess.run(["systemd-analyze", "security", "--offline=yes", UNIT],
                              capture_output=True, text=True, check=False)
        level = re.search(r"exposure level .*: (\d+\.\d+)", done.stdout)
        self.assertTrue(level, done.stdout + done.stderr)
        self.assertLessEqual(float(level[1]), MAX_EXPOSURE, done.stdout)

    def test_verify_finds_nothing_but_that_it_isnt_installed(self):
        # Its manual isn't installed either, which matters where there is a man(1).
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", UNIT], capture_output=True,
                              text=True, check=False)
        complaints = [line for line in done.stderr.splitlines()
                      if "plainbounce" in line and "is not executable" not in line]
        self.assertEqual(complaints, [])


class SystemCallTest(MilterTestCase):
    def test_makes_no_call_that_the_unit_forbids(self):
        trace = self.directory / "trace"
        daemon = self.daemon(command=["strace", "-f", "-qq", "-o", trace, MILTER], start=False)
        # To give the socket away takes a call that few services need.
        group = grp.getgrgid(os.getgid()).gr_name
        daemon.conf.write_text(daemon.conf.read_text().replace(
            "allow_root", f'socket_group = "{group}"\nallow_root'))
        daemon.start()
        client = daemon.client(timeout=60)
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        tracer = daemon.process.pid
        children = pathlib.Path(f"/proc/{tracer}/task/{tracer}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGTERM)
        self.assertEqual(daemon.process.wait(60), 0)
        text = trace.read_text(errors="replace")
        # What strace itself does before the daemon runs isn't the daemon's.
        made = set(re.findall(r"^\d+ +([a-z0-9_]+)\(", text, re.MULTILINE))
        self.assertIn("accept", {call[:6] for call in made})
        self.assertEqual(made - allowed_calls() - {"execve"}, set())


@unittest.skipUnless(os.geteuid() == 0, "needs root, to give up what it may")
class SandboxTest(MilterTestCase):
    def test_works_as_nobody_on_a_read_only_file_system(self):
        account = pwd.getpwnam("nobody")
        shutil.chown(self.directory, account.pw_uid, account.pw_gid)
        program = self.directory / "bin"
        program.mkdir()
        for file in (MILTER, *(BUILD / "lib").glob("libplainbounce.so*")):
            shutil.copy(file, program)
        # Everything is read-only, then the runtime directory alone is writable again.
        script = ("mount --make-rprivate / && "
                  "for at in $(findmnt --noheadings --raw --output TARGET); do "
                  "mount -o remount,bind,ro \"$at\" 2>/dev/null; done; "
                  f"mount --bind {self.directory} {self.directory} && "
                  f"mount -o remount,bind,rw {self.directory} && "
                  "! touch /usr/written 2>/dev/null && "
                  "exec setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs "
                  "--bounding-set=-all --inh-caps=-all \"$@\"")
        daemon = self.daemon(
            command=["unshare", "--mount", "--ipc", "--uts", "sh", "-c", script, "sh",
                     program / MILTER.name],
            environment={"LD_LIBRARY_PATH": str(program)})
        client = daemon.client(timeout=60)
        self.assert_rewritten(client.message("", ["alice@example.org"], bounce()), bounce())
        client.close()
        status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
        self.assertRegex(status, r"CapEff:\s+0+\n")
        self.assertRegex(status, r"NoNewPrivs:\s+1\n")
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
