"""What `cmake --install` puts where, and what the package has: the same, and it runs as it stands."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from lab.debian_package import BUILD, built_package
from lab.postfix_programs import PROJECT

DOCUMENTATION = "usr/share/doc/plainbounce"
# What Debian alone wants.
OF_THE_PACKAGE = {f"{DOCUMENTATION}/{name}" for name in ("changelog.gz", "copyright")}


def run(*command, **environment):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120,
                          env={**os.environ, **environment}).stdout


class InstalledFilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        run("cmake", "--install", BUILD, DESTDIR=str(cls.root))
        cls.files = {str(path.relative_to(cls.root)) for path in cls.root.rglob("*")
                     if not path.is_dir()}

    def test_the_package_has_the_same(self):
        listed = run("dpkg-deb", "--contents", built_package())
        names = {re.sub(r"^\./| -> .*", "", line.split(None, 5)[5]) for line in listed.splitlines()
                 if not line.startswith("d")}
        self.assertEqual(names, self.files | OF_THE_PACKAGE)

    def test_the_conf_file_is_in_etc(self):
        self.assertEqual((self.root / "etc/plainbounce/plainbounce.conf").read_bytes(),
                         (PROJECT / "conf/plainbounce.conf").read_bytes())

    def test_systemd_finds_its_files(self):
        for name in ("systemd/system/plainbounce-milter.service", "sysusers.d/plainbounce.conf",
                     "tmpfiles.d/plainbounce.conf"):
            self.assertIn(f"usr/lib/{name}", self.files)

    def test_every_page_of_the_manual_is_there(self):
        pages = {source.name.removesuffix(".scd")
                 for source in (PROJECT / "docs/man").glob("*.scd")}
        self.assertTrue(pages)
        self.assertEqual({path for path in self.files if "/man/" in path},
                         {f"usr/share/man/man{page[-1]}/{page}.gz" for page in pages})

    def test_every_snippet_and_guide_is_there(self):
        for folder, target in (("conf", "usr/share/plainbounce"), ("docs", f"{DOCUMENTATION}/docs")):
            for path in (PROJECT / folder).rglob("*"):
                name = str(path.relative_to(PROJECT / folder))
                if path.is_file() and name != "plainbounce.conf" and not name.startswith(("man/", "sbom/")):
                    self.assertIn(f"{target}/{name}", self.files)

    def test_the_programs_run_where_they_are(self):
        said = run(self.root / "usr/bin/plainbounce", "explain", "5.1.1")
        self.assertIn("5.1.1", said)
        linked = run("ldd", self.root / "usr/sbin/plainbounce-milter")
        self.assertIn(str(self.root / "usr"), linked)


if __name__ == "__main__":
    unittest.main(verbosity=2)
