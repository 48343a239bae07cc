"""What the pages point at is there: links, their anchors, and the files that the maps of the code name.

Usage: links_test.py
"""

import functools
import pathlib
import re
import unittest

from markdown_it import MarkdownIt

PROJECT = pathlib.Path(__file__).resolve().parents[2]
# They name files in their text; a word in capitals there stands for any ("LANGUAGE.toml").
MAPS = ("lib/README.md", "CONTRIBUTING.md")
FILE = re.compile(r"[\w.*/-]+/|[\w.*/-]+\.(?:cc|h|md|toml|tsv|sh|py|scd|conf|txt|mustache|json|yml)")


def pages():
    found = [*PROJECT.glob("*.md"), *(PROJECT / "lib").rglob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    return sorted(str(page.relative_to(PROJECT)) for page in found)


@functools.cache
def tokens(page):
    """Those of all levels, in their order."""
    parsed = MarkdownIt("commonmark").enable("table").parse((PROJECT / page).read_text())
    return [one for token in parsed for one in (token, *(token.children or []))]


def links(page):
    targets = [token.attrGet("href") or token.attrGet("src") for token in tokens(page)
               if token.type in ("link_open", "image")]
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(page):
    """The headings, as web sites for code make anchors of them."""
    found = tokens(page)
    titles = [after.content for token, after in zip(found, found[1:]) if token.type == "heading_open"]
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def named_files(text):
    """`causes.tsv`, `lib/base/`, `messages/LANGUAGE.toml` -> patterns of paths"""
    words = [re.sub(r"(?<![A-Za-z])[A-Z]{2,}(?![A-Za-z]|\.md)", "*", word.strip(",;")) for word in text.split()]
    return [word for word in words if FILE.fullmatch(word)]


def is_there(name, page):
    """From the root, or beside the page."""
    return any(next(folder.glob(name), None) for folder in (PROJECT, (PROJECT / page).parent))


class LinksTest(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        self.assertGreaterEqual(sum(len(links(page)) for page in pages()), 40)
        for page in pages():
            for link in links(page):
                with self.subTest(f"{page}: {link}"):
                    path, _, anchor = link.partition("#")
                    target = ((PROJECT / page).parent / path).resolve() if path else PROJECT / page
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(str(target.relative_to(PROJECT))))

    def test_every_file_that_the_maps_name_is_there(self):
        for page in MAPS:
            spans = [token.content for token in tokens(page) if token.type == "code_inline"]
            named = [name for span in spans for name in named_files(span)]
            self.assertGreaterEqual(len(named), 10, page)
            for name in named:
                with self.subTest(f"{page}: {name}"):
                    self.assertTrue(is_there(name, page))

    def test_every_room_is_in_the_table_of_rooms(self):
        text = (PROJECT / "lib/README.md").read_text()
        table = set(re.findall(r"^\| `([a-z]+)/` \|", text, re.MULTILINE))
        self.assertEqual(table, {path.name for path in (PROJECT / "lib").iterdir() if path.is_dir()})

    def test_what_counts_as_a_file(self):
        self.assertEqual(named_files("causes.tsv, messages/LANGUAGE.toml"), ["causes.tsv", "messages/*.toml"])
        self.assertEqual(named_files("a/b_NAME.cc"), ["a/b_*.cc"])
        self.assertEqual(named_files("CHANGELOG.md"), ["CHANGELOG.md"])
        self.assertEqual(named_files("lib/base/"), ["lib/base/"])
        self.assertEqual(named_files("judge() Nothing: std::optional"), [])
        self.assertFalse(is_there("lib/base/no_such_file.h", "README.md"))


if __name__ == "__main__":
    unittest.main()
