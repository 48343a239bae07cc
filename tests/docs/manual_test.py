"""The manual pages and the programs say the same: options, keys, reasons, JSON; and they are clean.

Usage: manual_test.py PLAINBOUNCE PLAINBOUNCE_MILTER SOURCES PAGES

SOURCES is the project's root, PAGES the folder of the pages that scdoc made; where there are none, the
tests are skipped.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = MILTER = SOURCES = PAGES = None
ROFF = {"plainbounce.1", "plainbounce-milter.8", "plainbounce.conf.5"}


def output(*command, status=(0,), stdin=""):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, input=stdin,
                          check=False)
    if done.returncode not in status:
        raise AssertionError("%s: %d %s" % (command, done.returncode, done.stderr))
    return done


def page(name):
    """The page as a reader sees it, in one long line per paragraph."""
    return output("groff", "-man", "-t", "-Tascii", "-P-cbou", "-rLL=5000n", "-rHY=0",
                  str(PAGES / name)).stdout


def section(text, heading, level):
    """The lines below a heading, which stands `level` blanks from the margin, up to the next."""
    lines = text.splitlines()
    begin = lines.index(" " * level + heading) + 1
    found = []
    for line in lines[begin:]:
        if line.strip() and len(line) - len(line.lstrip()) <= level:
            break
        found.append(line)
    return "\n".join(found)


def terms(text):
    """What the text's own entries are called: the lines at its own margin, cut at commas."""
    margin = min((len(l) - len(l.lstrip()) for l in text.splitlines() if l.strip()), default=0)
    entries = [l.strip() for l in text.splitlines() if l.strip() and l[margin] != " "]
    return {word for entry in entries if re.fullmatch(r"[\w, ]+", entry)
            for word in re.split(r", ", entry)}


def long_options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def helped_options(*command):
    """The options that --help lists, not those that its sentences name."""
    listed = re.findall(r"^  (-\S+)", output(*command, "--help").stdout, re.MULTILINE)
    return long_options("\n".join(listed))


@unittest.skipUnless(sys.argv[-1] and pathlib.Path(sys.argv[-1], "plainbounce.1").exists(),
                     "no pages: scdoc wasn't there when the build was configured")
class ManualTest(unittest.TestCase):
    def test_every_page_is_clean(self):
        self.assertEqual({path.name for path in PAGES.glob("*.[1-8]")}, ROFF)
        for name in ROFF:
            done = output("groff", "-man", "-t", "-Tutf8", "-ww", "-z", str(PAGES / name))
            self.assertEqual(done.stderr, "", name)
            text = page(name)
            title = name.rpartition(".")[0]
            self.assertRegex(text, r"NAME\n +%s - \w" % re.escape(title))
            self.assertIsNone(re.search(r"@[A-Z]+@", text), name)

    def test_every_page_that_is_mentioned_is_there(self):
        for name in ROFF:
            mentioned = re.findall(r"(plainbounce[\w.-]*)\((\d)\)", page(name))
            self.assertTrue(mentioned)
            for title, number in mentioned:
                self.assertIn("%s.%s" % (title, number), ROFF)

    def test_the_options_of_every_command(self):
        manual = page("plainbounce.1")
        top = output(PROGRAM, "--help").stdout
        commands = re.findall(r"^  ([a-z-]+) {2,}", top.partition("Subcommands:")[2], re.MULTILINE)
        self.assertGreaterEqual(len(commands), 7)
        synopsis = section(manual, "SYNOPSIS", 0).splitlines()
        self.assertEqual([line.split()[1] for line in synopsis if line.strip()],
                         commands + ["--help"])
        for command in commands:
            helped = helped_options(PROGRAM, command)
            self.assertIn("--help", helped)
            (line,) = [l for l in synopsis if l.split()[:2] == ["plainbounce", command]]
            self.assertEqual(long_options(line), helped - {"--help"}, command)
            described = section(section(manual, "COMMANDS", 0), command, 3)
            entries = "\n".join(l for l in described.splitlines() if l.strip().startswith("--"))
            self.assertEqual(long_options(entries), helped - {"--help", "--conf"}, command)
        described = re.findall(r"^   ([a-z-]+)$", section(manual, "COMMANDS", 0), re.MULTILINE)
        self.assertEqual(described, commands)

    def test_the_options_of_the_daemon(self):
        options = section(page("plainbounce-milter.8"), "OPTIONS", 0)
        entries = "\n".join(l for l in options.splitlines() if re.match(r" {7}-", l))
        self.assertEqual(long_options(entries), helped_options(MILTER))

    def test_the_keys_of_the_configuration(self):
        code = (SOURCES / "lib/config/config_keys.cc").read_text()
        known = set(re.findall(r'^    \{"([a-z]+\.[a-z_]+)",', code, re.MULTILINE))
        self.assertGreater(len(known), 20)
        keys, defaults = {}, []
        table = None
        for line in (SOURCES / "conf/plainbounce.conf").read_text().splitlines():
            if re.fullmatch(r"\[\w+\]", line):
                table = line
                defaults.append(line)
            elif match := re.match(r"#([a-z_]+) = (.*)", line):
                keys["%s.%s" % (table[1:-1], match.group(1))] = line[1:]
                defaults.append(line[1:])
        self.assertEqual(set(keys), known)
        manual = section(page("plainbounce.conf.5"), "KEYS", 0)
        shown = {}
        for heading in re.findall(r"^   \[(\w+)\]$", manual, re.MULTILINE):
            for line in section(manual, "[%s]" % heading, 3).splitlines():
                if match := re.match(r" {7}([a-z_]+) = ", line):
                    shown["%s.%s" % (heading, match.group(1))] = line.strip()
        self.assertEqual(shown, keys)
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
            conf.write("\n".join(defaults).replace("/etc/plainbounce/rules.d", "") + "\n")
            conf.flush()
            output(PROGRAM, "check-config", "--conf", conf.name)

    def test_every_comment_of_a_key_is_in_the_page(self):
        manual = re.sub(r"\s+", " ", page("plainbounce.conf.5"))
        conf = (SOURCES / "conf/plainbounce.conf").read_text()
        comments = re.findall(r"^# +(.*)", conf[conf.index("\n[milter]"):], re.MULTILINE)
        self.assertGreater(len(comments), 40)
        for comment in comments:
            self.assertIn(re.sub(r"\s+", " ", comment), manual)

    def test_the_causes(self):
        table = (SOURCES / "lib/knowledge/causes.tsv").read_text().splitlines()[1:]
        causes = [line.split("\t")[0] for line in table if not line.startswith("#")]
        entries = re.findall(r"^ {7}([a-z-]+)$", section(page("plainbounce.1"), "CAUSES", 0),
                             re.MULTILINE)
        self.assertEqual(entries, causes)

    def test_the_json_of_diagnose_and_explain(self):
        manual = section(page("plainbounce.1"), "JSON", 0)
        samples = sorted((SOURCES / "tests/samples").glob("*/message.eml"))
        lines = output(PROGRAM, "diagnose", "--json", *map(str, samples)).stdout.strip().split("\n")
        top, each = set(), set()
        for message in map(json.loads, lines):
            top |= message.keys()
            for recipient in message["recipients"]:
                each |= recipient.keys()
        table = (SOURCES / "lib/knowledge/facts.h").read_text()
        rows = re.findall(r'\.name = "(\w+)",\s*\.member = [^}]*?\.kind = FactKind::(\w+)', table)
        facts = {name for name, kind in rows if kind != "kFlag"}
        self.assertGreater(len(facts), 10)
        diagnose = section(manual, "diagnose --json", 3)
        self.assertEqual(terms(diagnose), top | each)
        named = re.findall(r"^ +\|([a-z_, ]+)\|", diagnose, re.MULTILINE)
        self.assertEqual({word.strip() for cell in named for word in cell.split(",")}, facts)
        explained = json.loads(output(PROGRAM, "explain", "--json", "550 5.1.1 x").stdout)
        text = section(manual, "explain --json", 3)
        named = set(re.findall(r"\b[a-z]+\b", text.partition("; then")[0])) | terms(text)
        self.assertLessEqual(explained.keys(), named)

    def test_the_json_of_codes_and_stats(self):
        manual = section(page("plainbounce.1"), "JSON", 0)
        rows = output(PROGRAM, "codes", "--json").stdout.strip().split("\n")
        keys = set().union(*(json.loads(row).keys() for row in rows))
        self.assertEqual(terms(section(manual, "codes --json", 3)), keys)
        log = ("queue_id=A result=left-alone reason=signed recipients=1 causes=mailbox-full "
               "outcomes=failed language=en ms=1 bytes=1 hosts=mx confidence=certain "
               'evidence=rule:x detail="ARC-Seal"\n'
               'unmatched: examples = [{ text = "550 x" }]\n')
        summary = json.loads(output(PROGRAM, "stats", "--json", stdin=log).stdout)
        stats = section(manual, "stats --json", 3)
        self.assertEqual(terms(stats), set(summary))
        inner = set(summary["ms"])
        for rows in summary.values():
            if isinstance(rows, list):
                self.assertEqual(len(rows), 1)
                inner |= rows[0].keys()
        for key in inner:
            self.assertRegex(stats, r"\b%s\b" % key)

    def test_the_json_of_check_postfix(self):
        code = (SOURCES / "cli/check_postfix.cc").read_text()
        keys = set(re.findall(r'json\["(\w+)"\]', code))
        described = section(section(page("plainbounce.1"), "JSON", 0), "check-postfix --json", 3)
        self.assertEqual(terms(described), keys)

    def ids_of(self, header, enum):
        """Those that stand beside an enum (lib/base/enum_ids.h)."""
        code = (SOURCES / header).read_text()
        ids = re.search(r"kIds<%s>\s*=(.*?);" % enum, code, re.DOTALL).group(1)
        found = re.findall(r'"([a-z-]+)"', ids)
        self.assertGreater(len(found), 5)
        return found

    def test_the_reasons_in_the_log(self):
        ids = (self.ids_of("lib/rewrite.h", "LeaveReason") +
               self.ids_of("milter/message_record.h", "FailOpenReason") +
               self.ids_of("lib/report/doubt.h", "Doubt"))
        for source in (SOURCES / "milter").glob("*.cc"):
            ids += re.findall(r'Result::\w+, "([a-z-]+)"', source.read_text())
        reasons = section(page("plainbounce-milter.8"), "LOG", 0)
        for reason in set(ids) - {"none", "stopped"}:  # the milter calls that time-budget
            self.assertRegex(reasons, r"[ ,.:]%s[,.;: ]" % reason)


    # The lines of which the code names no words: those of messages, and what ended the start.
    OTHER_LINES = {("error", "W"), ("warning", "queue_id="), ("info", "queue_id="),
                   ("info", "unmatched: "), ("debug", "queue_id=")}
    LEVELS = {"warn": "warning", "err": "error"}

    def logged_lines(self):
        """(level, pieces of the line between what is filled in) of each call in the daemon's code."""
        found = set()
        for source in (SOURCES / "milter").glob("*.cc"):
            calls = re.findall(r'spdlog::(debug|info|warn|error|critical)\(\s*((?:"[^"]*"\s*)+)',
                               source.read_text())
            for level, literals in calls:
                line = "".join(re.findall(r'"([^"]*)"', literals))
                pieces = tuple(piece for piece in re.split(r"\{[^}]*\}", line) if piece)
                if pieces:
                    found.add((self.LEVELS.get(level, level), pieces))
        self.assertGreater(len(found), 10)
        return found

    def test_the_lines_of_the_log_and_their_levels(self):
        rows = re.findall(r"^ *\|(error|warning|info|debug) *\| *(.*?) *\|$",
                          section(page("plainbounce-milter.8"), "LOG", 0), re.MULTILINE)
        undescribed, unexplained = self.logged_lines(), set(rows)
        for level, pieces in sorted(undescribed):
            pattern = ".*" + ".*".join(map(re.escape, pieces))
            told = {row for row in rows if row[0] == level and re.match(pattern, row[1])}
            self.assertTrue(told, "not in the manual at %s: %s" % (level, pieces))
            unexplained -= told
        for level, begin in self.OTHER_LINES:
            told = {row for row in unexplained if row[0] == level and
                    row[1].startswith(begin.lower())}
            self.assertEqual(len(told), 1, (level, begin))
            unexplained -= told
        self.assertEqual(unexplained, set(), "in the manual, and logged nowhere")


class StatsTest(unittest.TestCase):
    """`plainbounce stats` on a log with lines of many programs, and of none."""

    LOG = """\
Nov 22 03:40:30 mx postfix/bounce[90]: 4D2F31: sender non-delivery notification: 4D2F32
Nov 22 03:40:31 mx plainbounce-milter[7]: info: plainbounce 0.1.0 listens on unix:/run/x
Nov 22 03:40:32 mx plainbounce-milter[7]: info: queue_id=4D2F32 result=rewritten reason=- \
recipients=2 causes=mailbox-full,recipient-unknown outcomes=failed language=en ms=1.9 bytes=5120 \
hosts=mx.example.net confidence=certain,likely evidence=rule:x,status:5.1.1
Nov 22 03:40:33 mx postfix/smtp[9]: to=<a@b>, said: 550 mx plainbounce[7]: queue_id=X result=evil \
reason=- recipients=9 causes=evil outcomes=- language=- ms=1 bytes=1
2026-11-22T03:40:34.1+00:00 mx plainbounce[8]: queue_id=4D2F33 result=left-alone reason=signed \
recipients=0 causes=- outcomes=- language=- ms=0.2 bytes=9
warning: queue_id=4D2F34 result=failed-open reason=exception recipients=0 causes=- outcomes=- \
language=- ms=7.0 bytes=9 hosts=- detail="bad \\x0a result=rewritten"
info: unmatched: examples = [{ text = "550 wibble \\u001B[31m declined", host = "mx.example.net" }]
info: queue_id=4D2F35 result=rewr
"""

    def test_json(self):
        summary = json.loads(output(PROGRAM, "stats", "--json", stdin=self.LOG).stdout)
        self.assertEqual(summary["lines"], 8)
        self.assertEqual(summary["messages"], 3)
        self.assertEqual(summary["unreadable"], 1)
        self.assertEqual(summary["recipients"], 2)
        self.assertEqual(summary["results"], [
            {"result": "failed-open", "reason": "exception", "messages": 1},
            {"result": "left-alone", "reason": "signed", "messages": 1},
            {"result": "rewritten", "reason": "", "messages": 1}])
        self.assertEqual(summary["causes"], [{"cause": "mailbox-full", "messages": 1},
                                             {"cause": "recipient-unknown", "messages": 1}])
        self.assertEqual(summary["hosts"], [{"host": "mx.example.net", "messages": 1}])
        self.assertEqual(summary["confidences"], [{"confidence": "certain", "messages": 1},
                                                  {"confidence": "likely", "messages": 1}])
        self.assertEqual(summary["evidence"], [{"evidence": "rule:x", "messages": 1},
                                               {"evidence": "status:5.1.1", "messages": 1}])
        self.assertEqual(summary["details"], [
            {"reason": "exception", "detail": "bad \\x0a result=rewritten", "messages": 1}])
        self.assertEqual(summary["unmatched"], [
            {"text": "550 wibble \x1b[31m declined", "host": "mx.example.net", "lines": 1}])
        self.assertEqual(summary["ms"], {"messages": 2, "p50": 1.9, "p90": 7.0, "p95": 7.0,
                                         "p99": 7.0, "max": 7.0})

    def test_text_shows_no_control_character_and_only_the_top(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder, "mail.log")
            log.write_text(self.LOG.rstrip("\n"))  # a last line without its end
            text = output(PROGRAM, "stats", "--top", "1", str(log), str(log)).stdout
        self.assertIn("messages 6  recipients 4  unreadable 2\n", text)
        self.assertIn("        2  mailbox-full\n      ...  (+1)\n", text)
        self.assertNotIn("recipient-unknown", text)
        self.assertIn("2  550 wibble <0x1b>[31m declined  [mx.example.net]\n", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("evil", text)

    def test_exit_status(self):
        self.assertIn("messages 0", output(PROGRAM, "stats", status=(1,), stdin="x\n\n").stdout)
        self.assertIn("/no/such", output(PROGRAM, "stats", "/no/such", status=(2,)).stderr)
        output(PROGRAM, "stats", "--top", "0", status=(2,))


if __name__ == "__main__":
    PAGES = pathlib.Path(sys.argv.pop())
    SOURCES = pathlib.Path(sys.argv.pop())
    MILTER = sys.argv.pop()
    PROGRAM = sys.argv.pop()
    unittest.main()
