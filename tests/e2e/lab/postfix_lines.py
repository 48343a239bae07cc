"""conf/postfix and docs/postfix.md -> the lines that administrators are told to use."""

import tomllib

from .pages import fenced_blocks
from .postfix_instance import LINES
from .postfix_programs import PROJECT

DOCUMENTATION = PROJECT / "docs" / "postfix.md"
EXAMPLE_RELAY = "192.0.2.25"


def read_lines(name, changes=None):
    """A file of conf/postfix. changes: {text: other text}; each stands there once."""
    text = (LINES / name).read_text()
    for old, new in (changes or {}).items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def documented_settings(section):
    """What it tells to put there in plainbounce.conf."""
    found, = [block for block in map(tomllib.loads, fenced_blocks(DOCUMENTATION, "toml")) if section in block]
    return found[section]


def documented_command(beginning):
    """The command line that begins so."""
    found, = [line for block in fenced_blocks(DOCUMENTATION, "sh") for line in block.splitlines()
              if line.startswith(beginning)]
    return found
