#!/usr/bin/python3
"""Notices in a real browser: what a reader sees, in light and dark, wide and narrow.

    gallery_test.py PLAINBOUNCE OUTPUT [LANGUAGE...]

Headless Chromium (Debian's, through its WebDriver) shows what `plainbounce preview` makes, in every
language, and what becomes of samples that it can't make: hostile ones, for the most part. No notice may be wider than the window, ask for anything from elsewhere, or break a
rule of axe-core (npm): contrast, headings, language, landmarks. A picture of each goes to OUTPUT;
look at them. The interpreter is Debian's own: python3-selenium is one of its packages.
"""

import base64
import email
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from mail_css import as_word_sees, without_style_sheets

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
MESSAGES = HERE.parents[1] / "lib" / "notice" / "messages"

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
OUTPUT = pathlib.Path(sys.argv[2]).resolve()
LANGUAGES = sys.argv[3:] or sorted(path.stem for path in MESSAGES.glob("*.toml"))

# What looks different: several groups, many recipients, waiting, a quote, success. {picture: what to preview}
ONE_CAUSE = "mailbox-full"
SIX_RECIPIENTS = "six-recipients"
EVERYWHERE = {
    ONE_CAUSE: ["mailbox-full"],
    SIX_RECIPIENTS: ["recipient-unknown", "mailbox-full", "domain-unknown", "--recipients", "6"],
}
ENGLISH_TOO = {
    "several-fates": ["recipient-unknown", "mailbox-full", "delivered", "--recipients", "4"],
    "delivered": ["delivered"],
    "reputation-blocked": ["reputation-blocked"],
    "same-cause-for-many": ["recipient-unknown", "--recipients", "12"],
    "server-unreachable-delayed": ["server-unreachable", "--outcome", "delayed", "--recipients", "2"],
    "unexplained": ["unexplained"],
}
# Long values, replies in several lines, other addresses than those that were written to, hostile text.
SAMPLES_TOO = (
    "alias-members-fail", "hostile-html", "hostile-long", "message-too-large-gmail",
    "recipient-unknown-lookalike", "spam-suspected-bare",
)
SCHEMES = ("light", "dark")
WIDTHS = (360, 600)
# Where the first step begins, of a notice with one cause: on the first screen of a phone. Pixels.
FIRST_STEP = 300
# How high a notice on six recipients with three causes is, in English at 600 pixels. Pixels.
SIX_HIGH = 2500


CONF = """\
[notice]
own_domains = ["example.org"]
organisation = "Example University"
logo = "EU"
accent = "#00558c"
accent_dark = "#7cc4f5"
help_name = "IT help desk"
help_email = "help@example.org"
help_phone = "+49 30 1234567"
help_url = "https://help.example.org/{language}/mail#{cause}"
"""


def run(command, *arguments):
    return subprocess.run([PROGRAM, command, *arguments], capture_output=True, timeout=60,
                          check=True).stdout


def preview(arguments, language, conf):
    return run("preview", "--conf", conf, "--lang", language, "--html", "-", *arguments)


def rewritten(sample, conf):
    message = run("rewrite", "--conf", conf, "--sender", "",
                  SAMPLES / f"postfix-{sample}" / "message.eml")
    for part in email.message_from_bytes(message).walk():
        if part.get_content_type() == "text/html":
            return part.get_payload(decode=True)
    raise AssertionError(f"no HTML in {sample}")


def axe_source():
    """axe-core's script, from the version that package-lock.json names."""
    packages = OUTPUT / "npm"
    packages.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, packages)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=packages,
                   capture_output=True, timeout=240, check=True)
    return (packages / "node_modules" / "axe-core" / "axe.min.js").read_text()


def start_browser(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     "--disable-dev-shm-usage", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


class GalleryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.axe = axe_source()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.conf = pathlib.Path(cls.folder.name) / "plainbounce.conf"
        cls.conf.write_text(CONF)
        cls.browser = start_browser(pathlib.Path(cls.folder.name) / "profile")
        cls.addClassCleanup(cls.browser.quit)

    def show(self, page, scheme, width):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
        self.browser.get_log("performance")
        self.browser.get(page.as_uri())

    def requests(self):
        """The addresses that the page asked for."""
        asked = []
        for entry in self.browser.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                asked.append(event["params"]["request"]["url"])
        return asked

    def too_wide(self):
        return self.browser.execute_script("""
            const width = document.documentElement.clientWidth;
            const found = [...document.body.querySelectorAll('*')].filter(element => {
              const box = element.getBoundingClientRect();
              return box.right > width + 1 || box.left < -1;
            }).map(element => element.outerHTML.slice(0, 200));
            if (document.documentElement.scrollWidth > width) found.push('the page');
            return found;""")

    def first_step(self):
        return self.browser.execute_script(
            "return document.querySelector('ol li').getBoundingClientRect().top;")

    def violations(self):
        result = self.browser.execute_async_script(self.axe + """
            ;const done = arguments[arguments.length - 1];
            axe.run(document).then(done, error => done({error: String(error)}));""")
        self.assertGreater(len(result.get("passes", [])), 10, result.get("error"))
        return [f"{each['id']}: {node['html'][:200]}: {node['failureSummary']}"
                for each in result["violations"] for node in each["nodes"]]

    def size(self):
        return self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]

    def take_picture(self, name):
        size = self.size()
        picture = self.browser.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"],
                     "scale": 1}})
        (OUTPUT / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))

    def check(self, picture, language, html):
        self.assertLess(len(html), 30_000)
        page = pathlib.Path(self.folder.name) / f"{picture}.html"
        page.write_bytes(html)
        for scheme in SCHEMES:
            for width in WIDTHS:
                name = f"{picture}-{language}-{scheme}-{width}"
                with self.subTest(name):
                    self.show(page, scheme, width)
                    self.assertEqual(set(self.requests()), {page.as_uri()})
                    self.take_picture(name)
                    self.assertEqual(self.too_wide(), [])
                    if picture == ONE_CAUSE:
                        self.assertLess(self.first_step(), FIRST_STEP)
                    if picture == SIX_RECIPIENTS and (language, width) == ("en", 600):
                        self.assertLess(self.size()["height"], SIX_HIGH)
                    self.assertEqual(self.violations(), [])

    def test_every_language(self):
        self.assertTrue(LANGUAGES)
        for language in LANGUAGES:
            for picture, arguments in EVERYWHERE.items():
                self.check(picture, language, preview(arguments, language, self.conf))

    def test_every_kind_of_notice(self):
        for picture, arguments in ENGLISH_TOO.items():
            self.check(picture, "en", preview(arguments, "en", self.conf))
        for sample in SAMPLES_TOO:
            self.check(sample, "en", rewritten(sample, self.conf))

    def test_what_is_left_where_mail_programs_drop_some(self):
        """A simulation: without what Word's engine doesn't know (mail-css.toml), and without style sheets."""
        for language in ("en", "ar"):
            for picture, arguments in EVERYWHERE.items():
                html = preview(arguments, language, self.conf).decode()
                for seen_by, left in (("word", as_word_sees(html)), ("bare", without_style_sheets(html))):
                    name = f"{picture}-{language}-{seen_by}"
                    with self.subTest(name):
                        page = pathlib.Path(self.folder.name) / f"{name}.html"
                        page.write_text(left)
                        self.show(page, "light", 640)
                        self.take_picture(name)
                        self.assertEqual(self.too_wide(), [])
                        self.assertEqual(self.violations(), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
