"""The list of components (SBOM): a CycloneDX 1.5 document that names all that the programs are made of.

Usage: sbom_test.py PLAINBOUNCE PLAINBOUNCE_MILTER SOURCES SBOM

SBOM is the file that the build made; where there is none, the tests are skipped.
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse

PROGRAM = MILTER = SOURCES = SBOM = None
# Whose headers every C++ program has; what of them is linked is there as a library.
TOOLCHAIN = {"glibc", "linux", "gcc-12"}


def output(*command, status=(0,)):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in status:
        raise AssertionError(f"{command}: {done.returncode} {done.stderr}")
    return done.stdout


def places(path):
    """Where dpkg may know a file: below / or /usr, as it is named or as what it leads to."""
    for each in (path, str(pathlib.Path(path).resolve())):
        yield each
        yield each.removeprefix("/usr")
        yield "/usr" + each


def sources_of(paths):
    """path -> (package, source package), of those that a package has."""
    listed = output("dpkg-query", "--search", *{place for path in paths for place in places(path)},
                    status=(0, 1))
    owners = {path: package.split(":")[0] for package, path in
              re.findall(r"^([^ ,\n]+): (/.*)$", listed, re.MULTILINE)}
    found = {}
    for path in paths:
        owner = next((owners[place] for place in places(path) if place in owners), None)
        if owner:
            found[path] = owner
    shown = output("dpkg-query", "--show", "--showformat=${Package} ${source:Package}\n",
                   *set(found.values()))
    source = dict(line.split() for line in shown.splitlines())
    return {path: (package, source[package]) for path, package in found.items()}


@unittest.skipUnless(pathlib.Path(sys.argv[-1]).exists(), "no list of components was made")
class SbomTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bom = json.loads(SBOM.read_text())
        cls.components = {each["name"]: each for each in cls.bom["components"]}
        cls.libraries = set()
        for program in (PROGRAM, MILTER):
            loaded = re.findall(r"(/\S+) \(0x", output("ldd", program))
            cls.libraries |= {path for path in loaded if "/libplainbounce.so" not in path}

    def sources(self):
        return {each["value"] for component in self.components.values()
                for each in component["properties"]
                if each["name"] == "plainbounce:source-package"}

    def test_it_has_the_fields_of_cyclonedx(self):
        self.assertEqual((self.bom["bomFormat"], self.bom["specVersion"], self.bom["version"]),
                         ("CycloneDX", "1.5", 1))
        self.assertLessEqual(self.bom.keys(), {"bomFormat", "specVersion", "version", "metadata",
                                               "components", "dependencies"})
        top = self.bom["metadata"]["component"]
        version = re.search(r"VERSION (\S+)", (SOURCES / "CMakeLists.txt").read_text()
                            .partition("project(")[2]).group(1)
        self.assertEqual((top["type"], top["name"], top["version"]),
                         ("application", "plainbounce", version))
        references = [each["bom-ref"] for each in self.bom["components"]]
        self.assertEqual(len(references), len({*references, top["bom-ref"]}) - 1)
        for component in self.bom["components"]:
            self.assertEqual(set(component), {"type", "bom-ref", "name", "version", "licenses",
                                              "purl", "properties"})
            self.assertEqual(component["type"], "library")
            for licence in component["licenses"]:
                self.assertTrue(licence["license"]["name"].strip(), component["name"])
            for each in component["properties"]:
                self.assertEqual(set(each), {"name", "value"})
        dependencies, = self.bom["dependencies"]
        self.assertEqual(dependencies["ref"], top["bom-ref"])
        self.assertEqual(dependencies["dependsOn"], references)

    def test_each_package_url_names_the_installed_version(self):
        for name, component in self.components.items():
            match = re.fullmatch(r"pkg:deb/debian/([a-z0-9.%B-]+)@([A-Za-z0-9._~%-]+)"
                                 r"\?arch=([a-z0-9]+)&distro=debian-([0-9.]+)", component["purl"])
            self.assertTrue(match, component["purl"])
            shown = output("dpkg-query", "--show", "--showformat=${Version} ${Architecture}\n", name)
            self.assertIn(f"{component['version']} {match.group(3)}", shown.splitlines())
            self.assertEqual(urllib.parse.unquote(match.group(1)), name)
            self.assertEqual(urllib.parse.unquote(match.group(2)), component["version"])

    def test_every_library_that_is_loaded_is_there_and_nothing_else(self):
        self.assertGreater(len(self.libraries), 20)
        owners = sources_of(self.libraries)
        self.assertEqual(set(owners), self.libraries)
        packages = {package for package, _ in owners.values()}
        compiled_in = {name for name, component in self.components.items()
                       if any(each["name"] == "plainbounce:compiled-in"
                              for each in component["properties"])}
        self.assertEqual(set(self.components), packages | compiled_in)
        self.assertFalse(packages & compiled_in)
        files = {each["value"] for component in self.components.values()
                 for each in component["properties"] if each["name"] in
                 ("plainbounce:linked", "plainbounce:loaded")}
        self.assertEqual(files, {path.rpartition("/")[2] for path in self.libraries})

    def test_what_is_linked_directly_is_told_from_what_comes_along(self):
        linked = {each["value"] for component in self.components.values()
                  for each in component["properties"] if each["name"] == "plainbounce:linked"}
        needed = set()
        for program in (PROGRAM, MILTER):
            needed |= set(re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", program)))
        needed = {name for name in needed if not name.startswith("libplainbounce.so")}
        self.assertLessEqual(needed, linked)
        self.assertIn("libgmime-3.0.so.0", linked)  # the library's own
        self.assertNotIn("libgpgme.so.11", linked)

    def test_the_source_of_every_header_that_is_included_is_there(self):
        headers = set()
        for room in ("lib", "milter", "cli"):
            for path in (SOURCES / room).rglob("*.[ch]*"):
                if path.suffix in (".cc", ".h"):
                    headers |= set(re.findall(r"^#include <(\S+)>", path.read_text(), re.MULTILINE))
        roots = [pathlib.Path("/usr/include"), *pathlib.Path("/usr/include").glob("*-linux-gnu"),
                 *pathlib.Path("/usr/include").glob("gmime-*"),
                 pathlib.Path("/usr/include/libxml2"), pathlib.Path("/usr/include/glib-2.0")]
        found = {str(root / header) for header in headers for root in roots
                 if (root / header).is_file()}
        sources = {source for _, source in sources_of(found).values()}
        self.assertIn("libkainjow-mustache", sources)
        self.assertLessEqual(sources - TOOLCHAIN, self.sources())

    def test_the_same_packages_give_the_same_bytes(self):
        text = SBOM.read_text()
        for changing in (str(SOURCES), "timestamp", "serialNumber", "0x"):
            self.assertNotIn(changing, text)
        names = [each["name"] for each in self.bom["components"]]
        self.assertEqual(names, sorted(names))


if __name__ == "__main__":
    SBOM = pathlib.Path(sys.argv.pop())
    SOURCES = pathlib.Path(sys.argv.pop())
    MILTER = sys.argv.pop()
    PROGRAM = sys.argv.pop()
    unittest.main()
