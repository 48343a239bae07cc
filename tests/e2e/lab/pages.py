"""README.md, docs/ -> the fenced blocks in a page, for the tests that take their lines from there.

tests/docs reads pages, too, with a Markdown parser that only Debian's own Python has.
"""

import re


def fenced_blocks(page, language=r"\w*"):
    """The texts of the blocks in this language, in their order. language: a regular expression."""
    return re.findall(rf"^```{language}\b[^`\n]*\n(.*?)^```$", page.read_text(),
                      re.MULTILINE | re.DOTALL)
