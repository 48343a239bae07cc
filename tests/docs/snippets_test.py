"""Every file of conf/, and every file beside the pages in docs/, is loaded by a test.

Usage: snippets_test.py BUILD

Loaded means: its name stands in the code (not in a comment or a docstring) of a Python file that a test of the
build directory BUILD is, or imports.
"""

import ast
import pathlib
import sys
import unittest

from blocks import PROJECT
from registered import registered_tests

BUILD = None
# Made by another test: gallery_test.py takes the picture and says how.
PICTURES = {".png"}


def snippets():
    beside = [path for path in (PROJECT / "docs").rglob("*")
              if path.is_file() and "man" not in path.parts and path.suffix not in {".md", *PICTURES}]
    return sorted([*(path for path in (PROJECT / "conf").rglob("*") if path.is_file()), *beside])


def words(tree):
    """Each string of a program but those that nobody uses: its docstrings."""
    idle = {id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)}
    return {node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle}


def imports(tree, path):
    """The project's own files that it imports."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = "." * max(node.level - 1, 0) + (node.module or "")
            names = [package, *(f"{package}.{alias.name}" for alias in node.names)]
        for name in names:
            file = path.parent / (name.lstrip(".").replace(".", "/") + ".py")
            if file.exists():
                yield file


def loaded_words():
    """{path: the strings of the programs that tests run}"""
    found, waiting = {}, [path for path in (PROJECT / "tests").rglob("*.py")
                          if path.name in registered_tests(BUILD)]
    while waiting:
        path = waiting.pop()
        if path not in found and path != pathlib.Path(__file__).resolve():
            tree = ast.parse(path.read_text())
            found[path] = words(tree)
            waiting += imports(tree, path)
    return found


class SnippetsTest(unittest.TestCase):
    def test_every_file_is_loaded(self):
        programs = loaded_words()
        self.assertGreater(len(programs), 30)
        self.assertGreaterEqual(len(snippets()), 5)
        for snippet in snippets():
            by = [path for path, found in programs.items()
                  if any(word.endswith(snippet.name) for word in found)]
            with self.subTest(snippet):
                self.assertTrue(by, f"no test loads {snippet.relative_to(PROJECT)}: name it in one of "
                                    "tests/e2e/*_test.py or in what these import")


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
