"""README.md, CONTRIBUTING.md, docs/ -> their blocks of code, each with how it says that it is tested.

The first word behind a Markdown fence is the language, for colours. What follows it says how the block is
tested; a reader of the rendered page doesn't see it. HELP lists what can be said. Several statements
have commas between them.
"""

import dataclasses
import functools
import pathlib
import re

from markdown_it import MarkdownIt

PROJECT = pathlib.Path(__file__).resolve().parents[2]

HELP = """
Say behind the fence, after the language, how the block is tested:

```sh                      each line is run, in a scratch directory with plainbounce first in PATH; the
                           blocks of a page share one, with its own /etc/plainbounce, /var/log and /tmp
```console                 the same of what follows "$ "; below a command may stand what it prints, where
                           a line "..." is any lines
```toml /etc/FILE          goes into this file of the scratch directory, and plainbounce must accept it
```sh on postfix           is run on a fresh Debian machine with Postfix (tests/docs/machine_test.py), in
                           the order of the pages; so is each `sudo ...` that the text says below it
```text /etc/FILE on postfix   goes into this file of that machine. Others are "sendmail" and "simple",
                           which is "postfix" in the end, with Postfix' own files as they were. "On
                           postfix and sendmail" means both; "on postfix at last", after all others
```text conf/FILE          stands word for word in this file of the project
```text printed by COMMAND     is what the command prints in the scratch directory
```text before SAMPLE      is the notice in tests/samples/SAMPLE; the line above ends in its subject
```text after SAMPLE [TAG] is how plainbounce's notice for it begins, in this language
```sh in a clean copy      is run in a copy of the project; its packages are taken to the machines
```sh in the project       is run in the project; "dev" becomes the preset that is being tested
```sh the test run itself  starts the tests, all or some
```sh tested by TEST       is taken from here by this test, best with blocks.tested_by(__file__)

Several of these have commas between them; "here" is what ```sh and ```console mean alone. In a manual
page a comment "; ..." above the block says the same; without one, lines that begin with "$ " are run.
Code that is indented rather than fenced, and <pre>, can't say anything: give them a fence."""

STATEMENTS = {
    "run": r"here",
    "put": r"(?P<path>/\S+)",
    "machine": r"(?:(?P<path>/\S+) )?on (?P<machines>[a-z]+(?: and [a-z]+)*)(?P<last> at last)?",
    "file": r"(?P<path>\w\S*/\S+)",
    "printed": r"printed by (?P<command>.+)",
    "before": r"before (?P<sample>\S+)",
    "after": r"after (?P<sample>\S+)(?: (?P<language>\S+))?",
    "project": r"in the project",
    "copy": r"in a clean copy",
    "everything": r"the test run itself",
    "tested": r"tested by (?P<test>\S+)",
}


class PageError(Exception):
    """A page can't be read; the text says where and why."""


@dataclasses.dataclass(frozen=True)
class Block:
    document: str  # path below the project's root
    line: int  # of its fence, from 1
    section: str  # the heading it stands below
    above: str  # the paragraph before it
    language: str  # empty: none is said
    how: tuple  # pairs: a key of STATEMENTS, the match's groups; empty: nothing is said
    text: str

    def __str__(self):
        return f"{self.document}:{self.line}"

    def commands(self):
        """[(command, what it prints, or None where the block doesn't say)]"""
        if self.language != "console":
            return [(line, None) for line in self.text.splitlines() if line.strip()]
        found = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append([line[2:], None])
            elif found:
                found[-1][1] = (found[-1][1] or "") + line + "\n"
            else:
                raise PageError(f"{self}: a console block begins with \"$ \"")
        return [tuple(pair) for pair in found]


@dataclasses.dataclass(frozen=True)
class Said:
    """Code in the running text: `sudo postfix reload`."""

    document: str
    line: int
    section: str
    text: str

    def __str__(self):
        return f"{self.document}:{self.line}"


def documents():
    """The pages, as paths below the project's root: README.md first, the manual last."""
    pages = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md")),
             *sorted((PROJECT / "docs/man").glob("*.scd"))]
    return [str(page.relative_to(PROJECT)) for page in pages]


@functools.cache
def code(document):
    """Each Block and Said of a page, in their order."""
    read = markdown if document.endswith(".md") else manual
    return read(document, (PROJECT / document).read_text())


def blocks(document):
    return [one for one in code(document) if isinstance(one, Block)]


def tested_by(test):
    """The blocks that name this file as their test."""
    name = str(pathlib.Path(test).resolve().relative_to(PROJECT))
    return [block for document in documents() for block in blocks(document)
            for kind, said in block.how if kind == "tested" and said["test"] == name]


@dataclasses.dataclass(frozen=True)
class Step:
    """What is done on a machine: lines go into a file, or a command is run."""

    where: str
    path: str | None  # the file; None: it is a command
    text: str
    printed: str | None = None  # by the command; None: the page doesn't say


def walk(machine, last=False):
    """{document: its steps on this machine, or those "at last"}; pages without any are left out."""
    found = {document: list(_steps(document, machine, last)) for document in documents()}
    return {document: steps for document, steps in found.items() if steps}


def _steps(document, machine, last):
    section, here = None, False  # whether the block before this in its section is such a step
    for one in code(document):
        if one.section != section:
            section, here = one.section, False
        if isinstance(one, Said):
            if here and one.text.startswith("sudo "):
                yield Step(str(one), None, one.text)
            continue
        for said in (said for kind, said in one.how if kind == "machine"):
            here = machine in said["machines"].split(" and ") and bool(said["last"]) == last
            if here and said["path"]:
                yield Step(str(one), said["path"], one.text)
            elif here:
                yield from (Step(str(one), None, *pair) for pair in one.commands())


def markdown(document, text):
    found, section, above = [], "", ""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for before, token in zip([None, *tokens], tokens):
        line = token.map[0] + 1 if token.map else 0
        place = f"{document}:{line}"
        if token.type == "code_block" or token.type == "html_block" and "<pre" in token.content:
            raise PageError(f"{place}: it doesn't say how it is tested.\n{HELP}")
        if token.type == "inline":
            found += [Said(document, line, section, span.content)
                      for span in token.children if span.type == "code_inline"]
            if before.type == "heading_open":
                section = token.content
            above = token.content
        elif token.type == "fence":
            language, _, words = token.info.strip().partition(" ")
            found.append(Block(document, line, section, above, language,
                               statements(language, words.strip(), place), token.content))
            above = ""
    return found


def manual(document, text):
    """scdoc: paragraphs of indented lines (but not those right below a term), and fenced blocks."""
    found = []
    pattern = (r"^# (?P<section>.*)$|(?:^; (?P<words>.*)\n)?"
               r"(?:^```\n(?P<fenced>(?:.*\n)*?)```$|(?<=\n\n)(?P<indented>(?:\t.*\n)+)"
               r"|(?<=\n)(?P<below_words>(?:\t.*\n)+))")
    section = ""
    for match in re.finditer(pattern, text, re.MULTILINE):
        if match["section"]:
            section = match["section"]
            continue
        if match["below_words"] and not match["words"]:
            continue
        lines = match["fenced"] or match["indented"] or match["below_words"]
        lines = re.sub(r"\\(.)", r"\1", re.sub(r"^\t", "", lines, flags=re.MULTILINE))
        line = text.count("\n", 0, match.start()) + 1
        language = "console" if lines.startswith("$ ") else "text"
        found.append(Block(document, line, section, "", language,
                           statements(language, match["words"] or "", f"{document}:{line}"), lines))
    return found


def statements(language, words, place):
    """What stands behind a fence -> Block.how"""
    if not words:
        return (_statement("here", place),) if language in ("sh", "console") else ()
    return tuple(_statement(part, place) for part in words.split(", "))


def _statement(words, place):
    for kind, pattern in STATEMENTS.items():
        if match := re.fullmatch(pattern, words):
            return kind, match.groupdict()
    raise PageError(f'{place}: "{words}" isn\'t a way to test a block.\n{HELP}')


def is_like(expected, printed):
    """Whether a command printed what a page says; there, a line "..." is any lines."""
    parts = re.split(r"^\.\.\.\n", expected, flags=re.MULTILINE)
    return re.fullmatch("(?:.*\n)*?".join(map(re.escape, parts)), printed) is not None
