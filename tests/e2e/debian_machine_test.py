"""The machine in a container on which packages are tested is one as an administrator finds it."""

from lab.debian_machine import CommandFailed, DebianMachineTest
from lab.debian_package import built_package, dependencies
from lab.debian_root import POSTFIX
from lab.laboratory import main


class DebianMachineItselfTest(DebianMachineTest):
    @classmethod
    def setUpClass(cls):
        # As the package's test wants them: the same root serves both.
        cls.packages = (*POSTFIX, *dependencies(built_package()))
        super().setUpClass()

    def test_everything_is_started_by_systemd(self):
        self.assertEqual(self.machine.run("systemctl is-system-running").stdout, "running\n")
        self.assertEqual(self.machine.run("cat /proc/1/comm").stdout, "systemd\n")

    def test_it_is_debian_12_with_a_name_and_loopback_only(self):
        self.assertIn('VERSION_ID="12"', self.machine.run("cat /etc/os-release").stdout)
        self.assertEqual(self.machine.run("hostname; hostname --domain").stdout,
                         "mx.example.org\nexample.org\n")
        self.assertEqual(self.machine.run("ls /sys/class/net").stdout, "lo\n")

    def test_postfix_takes_mail_for_the_domain(self):
        self.machine.run("useradd --create-home alice")
        self.machine.run("printf 'Subject: here\\n\\n' | sendmail alice@example.org")
        self.machine.run("timeout 30 sh -c 'until grep -q here /var/mail/alice; do sleep 0.1; done'")

    def test_restrictions_of_a_service_are_in_force(self):
        self.assertEqual(self.reach("Nice=0"), 0)
        for restriction in ("ProtectSystem=strict", "IPAddressDeny=any", "CapabilityBoundingSet="):
            self.assertNotEqual(self.reach(restriction), 0, restriction)

    def reach(self, restriction):
        """The exit status of a service that wants a connection, a file in /etc and to give it away."""
        return self.machine.run(
            f"systemd-run --quiet --wait --pipe --property={restriction} timeout 10 bash -c "
            "'exec 3<>/dev/tcp/127.0.0.1/25 && touch /etc/reached && chown mail /etc/reached'",
            check=False).returncode

    def test_a_command_that_fails_says_so(self):
        with self.assertRaisesRegex(CommandFailed, "exit status 3\nout\nerr\n"):
            self.machine.run("echo out; echo err >&2; exit 3")
        self.assertEqual(self.machine.run("exit 3", check=False).returncode, 3)

    def test_files_outlive_a_reboot(self):
        self.machine.write("/etc/kept", "here\n")
        self.machine.write("/run/lost", "here\n")
        self.machine.reboot()
        self.assertEqual(self.machine.read("/etc/kept"), b"here\n")
        with self.assertRaises(CommandFailed):
            self.machine.read("/run/lost")


if __name__ == "__main__":
    main()
