#!/usr/bin/env python3
"""SIGHUP: conf and rules are read anew while mail flows."""

import concurrent.futures
import threading
import unittest

from milter_test_case import MilterTestCase, bounce

RULE = """\
[[rule]]
id = "house-nap"
cause = "mailbox-full"
strength = "decisive"
pattern = 'zorp the frobs'
examples = ["550 5.0.0 zorp the frobs"]
"""


class ReloadTest(MilterTestCase):
    def set_conf(self, daemon, old, new):
        text = daemon.conf.read_text()
        self.assertIn(old, text)
        daemon.conf.write_text(text.replace(old, new))

    def offer(self, daemon, message=None):
        client = daemon.client()
        outcome = client.message("", ["alice@example.org"], message or bounce())
        client.close()
        return outcome

    def test_takes_over_the_conf_file(self):
        daemon = self.daemon('[messages]\nsubject = "rewrite"\n')
        self.assert_rewritten(self.offer(daemon), bounce())
        self.set_conf(daemon, 'subject = "rewrite"', 'subject = "keep"')
        daemon.reload()
        outcome = self.offer(daemon)
        self.assertEqual([header[1] for header in outcome.headers], ["X-Plainbounce"])
        self.assertIn("reloaded", daemon.log())

    def test_takes_over_new_rules(self):
        rules = self.directory / "rules.d"
        rules.mkdir()
        daemon = self.daemon(f'[knowledge]\nrules_directory = "{rules}"\n')
        strange = bounce().replace(b"5.1.1", b"5.0.0").replace(b"User unknown",
                                                               b"zorp the frobs")
        self.assertIn(b"zorp", strange)
        self.offer(daemon, strange)
        self.assertNotEqual(daemon.records()[-1]["causes"], "mailbox-full")
        (rules / "house.toml").write_text(RULE)
        daemon.reload()
        self.offer(daemon, strange)
        self.assertEqual(daemon.records()[-1]["causes"], "mailbox-full")

    def test_a_broken_file_changes_nothing(self):
        rules = self.directory / "rules.d"
        rules.mkdir()
        (rules / "house.toml").write_text(RULE)
        daemon = self.daemon(f'[knowledge]\nrules_directory = "{rules}"\n')
        for break_it in (lambda: (rules / "broken.toml").write_text("[[rule]]\nid = 7\n"),
                         lambda: self.set_conf(daemon, "[log]", "[lgo]")):
            break_it()
            daemon.reload()
            self.assert_rewritten(self.offer(daemon), bounce())
        log = daemon.log()
        self.assertEqual(log.count("not reloaded"), 2)
        self.assertIn("broken.toml:2", log)
        self.assertIn("lgo", log)

    def test_keys_that_need_a_restart_are_named(self):
        daemon = self.daemon()
        self.set_conf(daemon, 'level = "debug"', 'level = "error"')
        daemon.reload()
        self.assertIn("need a restart", daemon.log())
        self.offer(daemon)
        self.assertTrue(daemon.records())

    def test_while_mail_flows_each_bounce_has_one_conf_or_the_other(self):
        daemon = self.daemon('[notice]\norganisation = "Alpha"\nhelp_name = "Alpha"\n'
                             'help_email = "help@alpha.example"\n')
        stop = threading.Event()

        def flow():
            bodies = []
            while not stop.is_set():
                bodies.append(self.offer(daemon).body)
            return bodies

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            work = [pool.submit(flow) for _ in range(4)]
            for old, new in (("Alpha", "Omega"), ("Omega", "Alpha")) * 3:
                text = daemon.conf.read_text()
                daemon.conf.write_text(text.replace(old, new).replace(old.lower(), new.lower()))
                daemon.reload()
            stop.set()
            bodies = [body for each in work for body in each.result(120)]
        self.assertGreater(len(bodies), 8)
        for body in bodies:
            self.assertNotEqual(b"Alpha" in body, b"Omega" in body)


class ObserveTest(MilterTestCase):
    def test_nothing_is_changed_and_everything_is_said(self):
        daemon = self.daemon()
        text = daemon.conf.read_text()
        daemon.conf.write_text(text.replace("[milter]\n", '[milter]\nmode = "observe"\n'))
        daemon.reload()
        client = daemon.client()
        self.assert_untouched(client.message("", ["alice@example.org"], bounce()), "E")
        client.close()
        record = daemon.records()[-1]
        self.assertEqual((record["result"], record["causes"]), ("observed", "recipient-unknown"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
