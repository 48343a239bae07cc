"""A life of the Debian package, beside Postfix on a fresh machine: it is installed, connected by the
README's lines, restricted, killed, hung, rebooted, upgraded, removed and purged. Whatever happens,
each mail that can't be delivered is bounced once.

The tests of the class are steps, in the order of their names.
"""

import re
import shlex
import tempfile

from lab.debian_machine import DebianMachineTest
from lab.debian_package import built_package, dependencies, later_version
from lab.debian_root import POSTFIX
from lab.laboratory import main
from lab.machine_mail import LOCAL, REMOTE, MachineMail
from lab.waiting import wait_for

UNIT = "plainbounce-milter.service"
CONF = "/etc/plainbounce/plainbounce.conf"
LINES = "/usr/share/plainbounce/postfix/dsn-only.master.cf"
MAX_EXPOSURE = 1.5
# What other programs write while the package lives.
_OTHERS = r"/(proc|sys|dev|run|tmp|root|home)/|/var/(log|mail|spool|tmp|cache|lib/(apt|dpkg|systemd/\
(timers|coredump|random-seed)|postfix|private))\b|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-$|\
/etc/(\.pwd\.lock|ld\.so\.cache|postfix/\S+)$".replace("\\\n", "")


class DebianPackageTest(DebianMachineTest):
    failed = False

    @classmethod
    def setUpClass(cls):
        cls.package = built_package()
        cls.packages = (*POSTFIX, *dependencies(cls.package))
        super().setUpClass()
        cls.mail = MachineMail(cls.machine)
        cls.versions = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.files_before = cls.files()
        cls.accounts_before = cls.accounts()

    def run(self, result=None):
        if type(self).failed:
            return result  # it would only tell of what failed before
        before = len(result.failures) + len(result.errors)
        super().run(result)
        type(self).failed = len(result.failures) + len(result.errors) > before
        return result

    def test_01_installing_starts_the_service(self):
        self.install(self.package)
        shown = self.show("ActiveState", "SubState", "UnitFileState", "Type", "User", "StatusText")
        self.assertEqual(
            (shown["ActiveState"], shown["SubState"], shown["UnitFileState"], shown["Type"]),
            ("active", "running", "enabled", "notify"))
        self.assertEqual(self.machine.run("systemctl is-system-running").stdout, "running\n")
        self.assertEqual(self.machine.run(f"systemd-analyze verify --man=no {UNIT}").stdout, "")
        self.machine.run("plainbounce explain 5.1.1 && plainbounce check-config")

    def test_02_the_readmes_lines_connect_postfix(self):
        self.machine.run("usermod --append --groups postfix plainbounce")
        self.machine.run(f"sed -i '/^#socket_group/asocket_group = \"postfix\"' {CONF}")
        self.machine.run("systemctl restart plainbounce-milter")
        self.machine.run("cp /etc/postfix/master.cf /root/master.cf")
        self.machine.run("postconf -MX bounce/unix defer/unix trace/unix && "
                         f"cat {LINES} >>/etc/postfix/master.cf && postfix reload")
        self.assert_rewritten("unknown user")
        self.assert_rewritten("refused by another server", REMOTE)

    def test_03_every_restriction_is_in_force(self):
        level = self.machine.run(f"systemd-analyze security --no-pager {UNIT}").stdout
        level = re.search(r"exposure level .*: (\d+\.\d+)", level)[1]
        self.assertLessEqual(float(level), MAX_EXPOSURE)
        status = self.in_process("status")
        for field, value in (("NoNewPrivs", "1"), ("Seccomp", "2"), ("CapEff", "0+"),
                             ("CapBnd", "0+"), ("CapPrm", "0+"), ("Umask", "0077")):
            self.assertRegex(status, rf"(?m)^{field}:\s+{value}$")
        mounts = dict(line.split()[4:6] for line in self.in_process("mountinfo").splitlines())
        self.assertTrue(mounts["/"].startswith("ro,"))
        # Beside the kernel's, temporary ones of its own and /run, where it may write to its directory only.
        writable = {at for at, options in mounts.items() if options.startswith("rw")}
        self.assertEqual({at for at in writable if not re.match(r"/(proc|dev|run|tmp|var/tmp)\b", at)},
                         set())

    def test_04_what_the_unit_forbids_fails(self):
        self.machine.run("chmod 755 /home/alice && touch /tmp/there /run/lock/there && "
                         "install -d -o plainbounce /var/spool/plainbounce && "
                         "ip address add 192.0.2.1/32 dev lo")
        unit = self.machine.run(f"systemctl cat {UNIT}").stdout
        service = unit[unit.index("[Service]"):unit.index("[Install]")]
        restrictions = [line for line in re.findall(r"^[A-Z]\w+=.*", service, re.MULTILINE)
                        if not re.match("Type|Exec|Restart=|RestartSec|Watchdog|Runtime", line)]
        self.assertIn("ProtectSystem=strict", restrictions)
        for command in ("bash -c 'exec 3<>/dev/tcp/192.0.2.1/25'",  # IPAddressDeny
                        "ip link",  # RestrictAddressFamilies
                        "cat /proc/1/status",  # ProtectProc
                        "cat /proc/meminfo",  # ProcSubset
                        "ls /home/alice",  # ProtectHome
                        "ls /tmp/there",  # PrivateTmp
                        "touch /var/spool/plainbounce/new",  # ProtectSystem
                        "unshare --user true",  # RestrictNamespaces
                        "setarch --addr-no-randomize true",  # LockPersonality
                        "install --mode=4755 /dev/null /run/lock/set-user-id",  # RestrictSUIDSGID
                        "chrt --batch 0 true"):  # SystemCallFilter
            self.assertEqual(self.as_daemon(command, ["User=plainbounce"]), 0, command)
            self.assertNotEqual(self.as_daemon(command, restrictions), 0, command)
        for command in ("bash -c 'exec 3<>/dev/tcp/127.0.0.1/25'", "ls /run/lock/there"):
            self.assertEqual(self.as_daemon(command, restrictions), 0, command)
        self.machine.run("rm -r /var/spool/plainbounce && ip address del 192.0.2.1/32 dev lo")

    def as_daemon(self, command, restrictions):
        """The exit status of another program under restrictions."""
        properties = " ".join(f"--property={shlex.quote(line)}" for line in restrictions)
        return self.machine.run(f"systemd-run --quiet --wait --pipe {properties} timeout 10 {command}",
                                check=False).returncode

    def test_05_reload_reads_the_conf_file_anew(self):
        process = self.main_process()
        self.machine.run(f"sed -i '/^\\[notice\\]/alanguage = \"de\"' {CONF}")
        self.machine.run(f"systemctl reload {UNIT}")
        wait_for(lambda: "info: reloaded" in self.machine.run(f"journalctl -u {UNIT}").stdout,
                 "it to have read the conf file", 20)
        self.assertIn("Ihre Nachricht", self.assert_rewritten("after the reload"))
        self.assertEqual(self.main_process(), process)

    def test_06_killed_it_is_started_again(self):
        process = self.main_process()
        self.machine.run(f"systemctl kill --signal=KILL {UNIT}")
        self.mail.send("while it is dead")
        wait_for(lambda: self.main_process() not in ("0", process), "it to be started again", 20)
        self.come_back()
        self.assert_bounced("while it is dead")

    def test_07_hanging_it_is_killed_by_the_watchdog(self):
        self.assertEqual(self.show("WatchdogUSec")["WatchdogUSec"], "30s")
        directory = f"/etc/systemd/system/{UNIT}.d"
        self.machine.run(f"mkdir {directory}")
        self.machine.write(f"{directory}/watchdog.conf", "[Service]\nWatchdogSec=5\n")
        self.machine.run(f"systemctl daemon-reload && systemctl restart {UNIT}")
        process = self.main_process()
        self.machine.run(f"kill -STOP {process}")
        self.mail.send("while it hangs")
        wait_for(lambda: self.main_process() not in ("0", process), "the watchdog", 30)
        self.assertIn("watchdog", self.machine.run(f"journalctl -u {UNIT}").stdout.lower())
        self.come_back()
        self.assert_bounced("while it hangs")
        self.machine.run(f"rm -r {directory} && systemctl daemon-reload && systemctl restart {UNIT}")

    def test_08_after_a_reboot_everything_is_there_again(self):
        self.machine.run("postfix stop")
        self.mail.send("before the reboot")
        self.machine.reboot()
        self.assertEqual(self.machine.run(f"systemctl is-active {UNIT}").stdout, "active\n")
        self.assert_rewritten("after the reboot")
        self.assert_bounced("before the reboot")

    def test_09_tmpfiles_and_the_unit_agree_about_the_directory(self):
        look = "stat --format '%n %U %G %a' /run/plainbounce /run/plainbounce/*"
        before = self.machine.run(look).stdout
        self.assertIn("/run/plainbounce plainbounce plainbounce 755\n", before)
        self.assertIn("/run/plainbounce/milter.sock plainbounce postfix 660\n", before)
        self.machine.run("systemd-tmpfiles --create --remove --clean plainbounce.conf")
        self.assertEqual(self.machine.run(look).stdout, before)

    def test_10_an_upgrade_keeps_the_changed_conf_file_without_asking(self):
        before = self.machine.read(CONF)
        process = self.main_process()
        self.mail.send("during the upgrade")
        self.install(later_version(self.package, "0.1.1", self.versions))
        self.assertEqual(self.machine.read(CONF), before)
        self.assertNotEqual(self.main_process(), process)
        self.assert_rewritten("after the upgrade")
        self.come_back()
        self.assert_bounced("during the upgrade")

    def test_11_an_upgrade_with_another_conf_file_keeps_the_changed_one(self):
        before = self.machine.read(CONF)
        self.install(later_version(self.package, "0.1.2", self.versions, "# new\n"),
                     "-o Dpkg::Options::=--force-confold")
        self.assertEqual(self.machine.read(CONF), before)
        self.assertTrue(self.machine.read(f"{CONF}.dpkg-dist").endswith(b"# new\n"))
        self.assert_rewritten("after another upgrade")

    def test_12_an_upgrade_leaves_a_disabled_service_disabled(self):
        self.machine.run(f"systemctl disable --now {UNIT}")
        self.install(later_version(self.package, "0.1.3", self.versions, "# new\n"))
        self.assertEqual(self.show("UnitFileState")["UnitFileState"], "disabled")
        # Run by hand it needs the directory, which its unit isn't there to make.
        self.machine.run("rm -r /run/plainbounce && systemd-tmpfiles --create --boot plainbounce.conf")
        said = self.machine.run("runuser -u plainbounce -- timeout --preserve-status 3 "
                                "plainbounce-milter 2>&1").stdout
        self.assertIn("listens on unix:/run/plainbounce/milter.sock", said)
        self.machine.run(f"systemctl enable --now {UNIT}")
        self.assert_rewritten("enabled again")

    def test_13_a_mistake_in_the_conf_file_doesnt_break_an_upgrade(self):
        good = self.machine.read(CONF)
        self.machine.write(CONF, b"[milter]\nlisten_on = 1\n")
        said = self.install(later_version(self.package, "0.1.4", self.versions, "# new\n"))
        self.assertIn("plainbounce-milter --check says why", said)
        shown = self.show("ActiveState", "Result", "ExecMainStatus", "NRestarts")
        self.assertEqual(shown, {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "2",
                                 "NRestarts": "0"})
        self.machine.write(CONF, good)
        self.machine.run(f"systemctl restart {UNIT}")
        self.assert_rewritten("after the mistake")

    def test_14_removed_before_its_lines_it_keeps_bounces_waiting(self):
        said = self.apt("remove")
        self.assertIn("/etc/postfix/master.cf still uses it", said)
        self.assertEqual(self.show("LoadState")["LoadState"], "not-found")
        self.machine.run(f"! test -e /run/plainbounce && test -e {CONF}")
        self.mail.send("without it")
        wait_for(lambda: self.mail.queued() == 1, "the mail to wait", 30)
        self.assertNotIn("without it", self.mail.bounces())
        self.machine.run("cp /root/master.cf /etc/postfix/master.cf && postfix reload")
        self.come_back()
        bounce = self.mail.bounce("without it")
        self.assertNotIn("X-Plainbounce", bounce)
        self.assertEqual(bounce.get_body().get_content().splitlines()[0],
                         "This is the mail system at host mx.example.org.")

    def test_15_installed_again_it_has_its_old_conf_file(self):
        conf = self.machine.read(CONF)
        self.install(later_version(self.package, "0.1.5", self.versions, "# new\n"))
        self.assertEqual(self.machine.read(CONF), conf)
        self.assertEqual(self.show("ActiveState")["ActiveState"], "active")
        self.assertNotIn("still uses it", self.apt("remove"))

    def test_16_purged_it_leaves_nothing(self):
        self.machine.run("mkdir -p /etc/plainbounce/rules.d && touch /etc/plainbounce/rules.d/own.toml && "
                         "install -d -o plainbounce -g postfix /var/spool/postfix/plainbounce")
        self.apt("purge")
        self.assertEqual(self.files() - self.files_before, set())
        self.assertEqual(self.accounts(), self.accounts_before)
        units = self.machine.run("systemctl list-units --all --full --state=loaded,failed; "
                                 "systemctl list-unit-files").stdout
        self.assertNotIn("plainbounce", units)
        self.assertEqual(self.machine.run("systemctl is-system-running").stdout, "running\n")

    def test_17_every_mail_was_bounced_once(self):
        self.assertEqual(self.mail.queued(), 0)
        self.assertEqual({subject: len(found) for subject, found in self.mail.bounces().items()},
                         {subject: 1 for subject in self.mail.sent})

    def assert_rewritten(self, subject, recipient=LOCAL):
        """Sends a mail, and returns its bounce's text."""
        self.mail.send(subject, recipient)
        return self.assert_bounced(subject)

    def assert_bounced(self, subject):
        bounce = self.mail.bounce(subject)
        self.assertIn("X-Plainbounce", bounce, subject)
        notice = next(bounce.iter_parts())
        self.assertEqual(notice.get_content_type(), "multipart/alternative")
        return next(notice.iter_parts()).get_content()

    def come_back(self):
        """Postfix tries again what waits, as it would in a few minutes."""
        def empty():
            self.mail.flush()
            return self.mail.queued() == 0
        wait_for(empty, "the queue to be empty", 40, 0.5)

    def install(self, package, options=""):
        self.machine.put(package, f"/root/{package.name}")
        return self.machine.run(f"apt-get install -y {options} ./{package.name}").stdout

    def apt(self, what):
        return self.machine.run(f"apt-get {what} -y plainbounce").stdout

    def show(self, *properties):
        lines = self.machine.run(f"systemctl show -p {','.join(properties)} {UNIT}").stdout
        return dict(line.split("=", 1) for line in lines.splitlines())

    def main_process(self):
        return self.show("MainPID")["MainPID"]

    def in_process(self, name):
        return self.machine.read(f"/proc/{self.main_process()}/{name}").decode()

    @classmethod
    def files(cls):
        found = cls.machine.run("find / -xdev 2>/dev/null", check=False).stdout.splitlines()
        named = {path for path in cls.machine.run(
            "find / -name '*plainbounce*' -not -path '/proc/*' -not -path '/sys/*' -not -path '/root/*' "
            "2>/dev/null", check=False).stdout.splitlines()}
        return {path for path in found if not re.match(_OTHERS, path)} | named

    @classmethod
    def accounts(cls):
        return cls.machine.run("cat /etc/passwd /etc/group").stdout


if __name__ == "__main__":
    main()
