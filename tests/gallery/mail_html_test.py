#!/usr/bin/env python3
"""The HTML of every cause's notice against what mail programs drop (mail-css.toml).

    mail_html_test.py PLAINBOUNCE
"""

import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from mail_css import RULES, Page, as_word_sees, without_style_sheets

HERE = pathlib.Path(__file__).resolve().parent
CAUSES = HERE.parents[1] / "lib" / "knowledge" / "causes.tsv"
PROGRAM = pathlib.Path(sys.argv[1]).resolve()

CONF = """\
[notice]
own_domains = ["example.org"]
organisation = "Example University"
logo = "EU"
accent = "#00558c"
accent_dark = "#7cc4f5"
help_email = "help@example.org"
help_phone = "+49 30 1234567"
help_url = "https://help.example.org/{language}/mail#{cause}"
signature = "Your IT team"
"""
LINKS = re.compile(r"(mailto:help@example\.org|tel:\+49301234567|"
                   r"https://help\.example\.org/[a-z]+/mail#[a-z-]+)")
WORD, GMAIL = RULES["word"], RULES["gmail"]


def causes():
    lines = [line for line in CAUSES.read_text().splitlines() if not line.startswith("#")]
    return [row["cause"] for row in csv.DictReader(lines, delimiter="\t") if row["cause"]]


def complaints_of_element(tag, attributes, style):
    """What is wrong with one element."""
    if tag in RULES["all"]["forbidden_elements"]:
        yield f"<{tag}>"
    for name in attributes:
        if name.startswith("on") or name in ("src", "srcset", "background", "id"):
            yield f"<{tag} {name}>"
    for name, value in style:
        if name not in WORD["properties"] and name not in WORD["fallback"]:
            yield f"<{tag}> {name}: Word doesn't know it, and there is no fallback"
        if (name.startswith("padding") and value != "0" and tag not in WORD["padded"] and
                tag not in WORD["padding_fallback"]):
            yield f"<{tag}> {name}: Word has it on cells only"
        if name in GMAIL["forbidden_properties"] or name.startswith("margin") and "-" in value:
            yield f"<{tag}> {name}:{value}: Gmail drops it"
        if any(bad in value.lower() for bad in GMAIL["forbidden_values"]):
            yield f"<{tag}> {name}:{value}: Gmail drops the attribute"
    names = {name for name, _ in style}
    if names & {"background", "background-color"} and "color" not in names:
        yield f"<{tag}>: a background without a colour isn't readable in forced dark"
    if "display" in names and dict(style)["display"] == "none" and "mso-hide" not in names:
        yield f"<{tag}>: hidden, but not for Word"


def complaints_of_sheet(sheet):
    """A style sheet may adapt the page to dark and narrow; all the rest is at its element."""
    if len(sheet.encode()) > GMAIL["style_sheet"]:
        yield "the style sheet is too long for Gmail"
    yield from (f"{bad}: Gmail drops the style sheet" for bad in GMAIL["forbidden_values"]
                if bad in sheet.lower())
    yield from (f"{rule}: Gmail doesn't know it" for rule in re.findall(r"@[\w-]+", sheet)
                if rule not in GMAIL["at_rules"])
    if sheet.count("{") != sheet.count("}"):
        yield "the style sheet isn't balanced"
    outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet)
    for selector, style in re.findall(r"([^{}]+)\{([^{}]*)\}", outside):
        if selector.strip() != ":root" or style != "color-scheme:light dark":
            yield f"{selector.strip()}: holds without any condition, and is lost with the style sheet"


def complaints(source):
    page = Page(source)
    found = [each for element in page.elements for each in complaints_of_element(*element)]
    found += complaints_of_sheet(page.sheet)
    found += [f"</{tag}> closes another" for tag in page.unbalanced]
    found += [f"<a href={a.get('href')}>" for tag, a, _ in page.elements
              if tag == "a" and not LINKS.fullmatch(a.get("href") or "")]
    found += ["a table for layout without a role" for tag, a, _ in page.elements
              if tag == "table" and a.get("role") != "presentation" and "<th" not in source]
    if len(source.encode()) >= GMAIL["message"]:
        found.append(f"{len(source.encode())} bytes")
    return found


class MailHtmlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.conf = pathlib.Path(folder.name) / "plainbounce.conf"
        cls.conf.write_text(CONF)

    def preview(self, language, *arguments):
        result = subprocess.run(
            [PROGRAM, "preview", "--conf", self.conf, "--lang", language, "--html", "-", *arguments],
            capture_output=True, text=True, timeout=60, check=True)
        return result.stdout

    def check(self, source):
        self.assertEqual(complaints(source), [])
        # What is lost without style sheets, or in Word, is no word of it.
        page = Page(source)
        self.assertIn("<h1", source)
        self.assertEqual(Page(without_style_sheets(source)).text.split(), page.text.split())
        word = as_word_sees(source)
        self.assertIn('width="600"', word)
        self.assertEqual(Page(word).unbalanced, [])
        self.assertEqual(Page(word).text.split(), page.text.split())

    def test_every_cause(self):
        self.assertGreater(len(causes()), 40)
        for cause in causes():
            for language in ("en", "ar"):
                with self.subTest(cause, language=language):
                    self.check(self.preview(language, cause))

    def test_several_recipients(self):
        some = ["recipient-unknown", "mailbox-full", "domain-unknown", "delivered"]
        for language in ("en", "ar"):
            for count in ("3", "6"):
                with self.subTest(language, count=count):
                    self.check(self.preview(language, *some, "--recipients", count))
            with self.subTest(language, count="1000"):
                found = complaints(self.preview(language, *some, "--recipients", "1000"))
                self.assertEqual([each for each in found if not each.endswith(" bytes")], [])


class CheckerTest(unittest.TestCase):
    """What the checker is there for, it finds."""

    def test_each_fault_is_found(self):
        good = ('<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->'
                '<p style="color:#000000">Hello</p><!--[if mso]></td></tr></table><![endif]-->')
        self.assertEqual(complaints(good), [])
        for bad, said in (
                ('<p style="position:absolute">x</p>', "Gmail drops it"),
                ('<p style="background:url(x);color:red">x</p>', "Gmail drops the attribute"),
                ('<p style="margin:-1px">x</p>', "Gmail drops it"),
                ('<p style="display:flex;gap:1px">x</p>', "gap: Word"),
                ('<p style="padding:4px">x</p>', "on cells only"),
                ('<p style="background:#ffffff">x</p>', "forced dark"),
                ('<div style="display:none">x</div>', "not for Word"),
                ('<img src="x">', "<img>"), ('<p onclick="x">x</p>', "onclick"),
                ('<a href="https://evil.example/">x</a>', "evil.example"),
                ('<table><tr><td>x</td></tr></table>', "without a role"),
                ("<style>p{color:red}</style>", "lost with the style sheet"),
                ("<style>@import x;</style>", "@import"),
                ("<style>" + "@media (x){a{b:c}}" * 500 + "</style>", "too long"),
                ("<b><i>x</b></i>", "closes another"), ("x" * 25000, "bytes")):
            with self.subTest(bad[:60]):
                self.assertIn(said, " ".join(complaints(good + bad)))

    def test_word_loses_what_it_does_not_know(self):
        self.assertEqual(
            as_word_sees('<style>a{}</style><div style="mso-hide:all">z</div><p class="x" style="margin:0;border-radius:4px">'
                         '<span style="padding:2px;color:red">x</span></p><!--[if mso]>y<![endif]-->'),
            '<p class="x" style="margin:0"><span style="color:red">x</span></p>y')


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
