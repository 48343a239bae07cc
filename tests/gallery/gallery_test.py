#!/usr/bin/python3
"""Notices in a real browser: what a reader sees, in light and dark, wide and narrow.

    gallery_test.py PLAINBOUNCE OUTPUT [LANGUAGE...]

Headless Chromium (Debian's, through its WebDriver) shows the HTML part of rewritten samples in
every language. No notice may be wider than the window, ask for anything from elsewhere, or break a
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

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
MESSAGES = HERE.parents[1] / "lib" / "notice" / "messages"

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
OUTPUT = pathlib.Path(sys.argv[2]).resolve()
LANGUAGES = sys.argv[3:] or sorted(path.stem for path in MESSAGES.glob("*.toml"))

# Each cause that looks different: long values, several groups, a quote, success, hostile text.
ONE_CAUSE = "postfix-mailbox-full"
EVERYWHERE = (ONE_CAUSE, "postfix-several-fates")
ENGLISH_TOO = (
    "postfix-alias-members-fail", "postfix-delivered", "postfix-hostile-html", "postfix-hostile-long",
    "postfix-message-too-large-gmail", "postfix-recipient-unknown-lookalike",
    "postfix-reputation-blocked", "postfix-same-cause-for-many",
    "postfix-server-unreachable-delayed", "postfix-spam-suspected-bare",
)
SCHEMES = ("light", "dark")
WIDTHS = (360, 600)
# Where the first step begins, of a notice with one cause: on the first screen of a phone. Pixels.
FIRST_STEP = 300


def html_of(sample, language, folder):
    conf = folder / f"{language}.conf"
    conf.write_text(
        f'[notice]\nlanguage = "{language}"\norganisation = "Example University"\n'
        'help_name = "IT help desk"\nhelp_email = "help@example.org"\n'
        'help_phone = "+49 30 1234567"\nhelp_url = "https://help.example.org/mail"\n')
    message = subprocess.run([PROGRAM, "rewrite", "--conf", conf, "--sender", "",
                              SAMPLES / sample / "message.eml"],
                             capture_output=True, timeout=60, check=True).stdout
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

    def take_picture(self, name):
        size = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        picture = self.browser.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"],
                     "scale": 1}})
        (OUTPUT / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))

    def check(self, sample, language):
        page = pathlib.Path(self.folder.name) / f"{sample}.html"
        html = html_of(sample, language, page.parent)
        self.assertLess(len(html), 30_000)
        page.write_bytes(html)
        for scheme in SCHEMES:
            for width in WIDTHS:
                name = f"{sample.removeprefix('postfix-')}-{language}-{scheme}-{width}"
                with self.subTest(name):
                    self.show(page, scheme, width)
                    self.assertEqual(set(self.requests()), {page.as_uri()})
                    self.take_picture(name)
                    self.assertEqual(self.too_wide(), [])
                    if sample == ONE_CAUSE:
                        self.assertLess(self.first_step(), FIRST_STEP)
                    self.assertEqual(self.violations(), [])

    def test_every_language(self):
        self.assertTrue(LANGUAGES)
        for language in LANGUAGES:
            for sample in EVERYWHERE:
                self.check(sample, language)

    def test_every_kind_of_notice(self):
        for sample in ENGLISH_TOO:
            self.check(sample, "en")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
