#!/usr/bin/env python3
"""The alert rules, the dashboard's questions and the lines for Prometheus, as its own promtool takes them."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from lab.debian_packages import unpack
from lab.pages import fenced_blocks
from lab.postfix_programs import PROJECT

DOCS = PROJECT / "docs"
ALERTS = DOCS / "monitoring" / "alerts.yml"
DASHBOARD = DOCS / "monitoring" / "dashboard.json"
CACHE = PROJECT / "build" / "prometheus"
PROGRAM = "usr/bin/promtool"
SERIES = '{instance="mx:9725",job="plainbounce"'


class AlertsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (CACHE / PROGRAM).exists():
            unpack(["prometheus"], CACHE, PROGRAM)
        cls.directory = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def promtool(self, *arguments):
        done = subprocess.run([CACHE / PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_lines_for_prometheus_are_right(self):
        page = (DOCS / "monitoring.md").read_text()
        (lines,) = [block for block in fenced_blocks(DOCS / "monitoring.md", "yaml")
                    if block.startswith("  - job_name: plainbounce\n")]
        configuration = self.directory / "prometheus.yml"
        configuration.write_text(f"rule_files: [{ALERTS}]\nscrape_configs:\n{lines}")
        self.assertIn(f"{ALERTS.read_text().count('- alert:')} rules found",
                      self.promtool("check", "config", configuration))
        (port,) = re.findall(r'^listen = "([^"]+)"$', page, re.MULTILINE)
        self.assertIn(f'targets: ["{port}"]', lines)

    def test_the_dashboard_asks_what_prometheus_understands(self):
        asked = re.findall(r'^ *"expr": (".*"),?$', DASHBOARD.read_text(), re.MULTILINE)
        self.assertGreater(len(asked), 5)
        rules = [{"record": f"dashboard:{number}", "expr": json.loads(text)}
                 for number, text in enumerate(asked)]
        file = self.directory / "dashboard.yml"
        file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        self.assertIn(f"{len(asked)} rules found", self.promtool("check", "rules", file))

    def test_each_alert_comes_when_it_should_and_not_before(self):
        for alert, series, values, quiet, firing in (
                ("PlainbounceDown", f"up{SERIES}}}", "1x10 0x20", 12, 17),
                ("PlainbounceFailsOpen",
                 f'plainbounce_messages_total{SERIES},result="failed-open",reason="failed-before"}}',
                 "0x10 1x20", 9, 12),
                ("PlainbounceReloadFailed",
                 f'plainbounce_reloads_total{SERIES},result="failed"}}', "0x10 1x20", 9, 12)):
            with self.subTest(alert):
                self.assert_alert(alert, {series: values}, quiet, firing)

    def test_slowness_is_told_after_a_while(self):
        slow = {f'plainbounce_duration_seconds_bucket{SERIES},le="1"}}': "0+1x10 10x60",
                f'plainbounce_duration_seconds_bucket{SERIES},le="2.5"}}': "0+1x70",
                f'plainbounce_duration_seconds_bucket{SERIES},le="+Inf"}}': "0+1x70"}
        self.assert_alert("PlainbounceSlow", slow, 10, 45)

    def assert_alert(self, alert, series, quiet, firing):
        """quiet, firing: minutes. The series have a value for each minute."""
        expression = f'count by (alertname, instance) (ALERTS{{alertstate="firing"}})'
        labels = f'{{alertname="{alert}",instance="mx:9725"}}'
        tests = {"rule_files": [str(ALERTS)], "evaluation_interval": "1m", "tests": [{
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [
                {"expr": expression, "eval_time": f"{quiet}m", "exp_samples": []},
                {"expr": expression, "eval_time": f"{firing}m",
                 "exp_samples": [{"labels": labels, "value": 1}]}]}]}
        file = self.directory / "test.yml"
        file.write_text(json.dumps(tests))  # which is YAML, too
        self.promtool("test", "rules", file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
