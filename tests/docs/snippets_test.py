"""Every file of conf/, and every file beside the pages in docs/, is loaded by a test.

Usage: snippets_test.py BUILD

Loaded means: its name stands in the code of a test of the build directory BUILD, or of what this imports.
"""

import pathlib
import sys
import unittest

from test_programs import PROJECT, test_programs

BUILD = None
# Nothing that anybody copies: the gallery's test makes such a picture, and these the build.
PICTURES = {".png"}
BUILT = {"man", "sbom"}


def snippets():
    beside = [path for path in (PROJECT / "docs").rglob("*") if path.is_file()
              and not BUILT.intersection(path.parts) and path.suffix not in {".md", *PICTURES}]
    return sorted([*(path for path in (PROJECT / "conf").rglob("*") if path.is_file()), *beside])


class SnippetsTest(unittest.TestCase):
    def test_every_file_is_loaded(self):
        this = str(pathlib.Path(__file__).resolve().relative_to(PROJECT))
        strings = {one for path, found in test_programs(BUILD).items() if path != this for one in found}
        self.assertGreaterEqual(len(snippets()), 5)
        for snippet in snippets():
            with self.subTest(snippet):
                self.assertTrue(any(one.endswith(snippet.name) for one in strings),
                                f"no test loads {snippet.relative_to(PROJECT)}: its name must stand in one "
                                "of tests/e2e/*_test.py, or in what these import")


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
