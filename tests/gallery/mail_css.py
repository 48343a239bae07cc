"""A notice's HTML as mail programs take it: what it holds, and what Word's engine leaves of it."""

import html.parser
import pathlib
import re
import tomllib

RULES = tomllib.loads((pathlib.Path(__file__).resolve().parent / "mail-css.toml").read_text())
EMPTY = ("br", "wbr", "meta", "hr", "col")
HIDDEN = re.compile(r"<div[^<>]*mso-hide:all[^<>]*>.*?</div>\n?", re.DOTALL)
CONDITIONAL = re.compile(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", re.DOTALL)


def declarations(style):
    """"a:b;c:d" -> [("a", "b"), ("c", "d")]"""
    pairs = [each.partition(":") for each in style.split(";") if each.strip()]
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]


class Page(html.parser.HTMLParser):
    """elements: (name, attributes, style as declarations), in order; sheet: the style sheets' text; text: what
    is shown."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.sheet, self.text, self.open = [], "", "", []
        self.unbalanced = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes, declarations(attributes.get("style", ""))))
        if tag not in EMPTY:
            hidden = "display:none" in attributes.get("style", "").replace(" ", "")
            self.open.append((tag, hidden))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop()[0] != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "style":
            self.sheet += data
        elif not any(hidden or tag == "head" for tag, hidden in self.open):
            self.text += data


def without_style_sheets(source):
    return re.sub(r"<style>.*?</style>", "", source, flags=re.DOTALL)


def as_word_sees(source):
    """The same without what Word's engine doesn't know, and with what only it reads."""
    known, padded = set(RULES["word"]["properties"]), RULES["word"]["padded"]

    def cut(match):
        kept = [f"{name}:{value}" for name, value in declarations(match["style"])
                if name in known and (not name.startswith("padding") or match["tag"] in padded)]
        return f'<{match["tag"]}{match["before"]}style="{";".join(kept)}"'

    source = re.sub(r"<style>.*?</style>", "", CONDITIONAL.sub(r"\1", HIDDEN.sub("", source)),
                    flags=re.DOTALL)
    return re.sub(r'<(?P<tag>\w+)(?P<before>[^<>]*?)style="(?P<style>[^"]*)"', cut, source)
