#!/usr/bin/env python3
"""clang-tidy over lib/, milter/ and cli/: tidy.py BUILD [JOBS]

BUILD is a build directory with compile_commands.json. Ends with status 1 where there is a finding.

Most of what clang-tidy does, it does to the headers of others, once for each source. So sources of the same
flags are checked together, as one that includes them. Only where that one has a finding, or they have names
in common, is each of them checked alone, and what is found then counts. What passed is remembered in
BUILD/../tidy-passed by what the compiler and clang-tidy read, and isn't checked again.

The tests' sources are left out: GoogleTest's macros are most of what there would be to say.
"""

import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[1]
TIDY, COMPILER = "clang-tidy-14", "clang++-14"
TOGETHER = 20  # sources
# Of sources that are checked together, only the last would be a main file.
HEADERS = "/(lib|milter|cli)/([^/]*/)*[^/]*\\.(h|cc)$"
# What g++ alone knows.
NOT_CLANGS = {"-Wno-maybe-uninitialized"}
# At the start of a line a name is defined that other sources may define, too; "Class::name" is a class's own.
DEFINED = re.compile(
    r"^(?!#|//|using namespace|namespace)[^\s}].*?\b((?:\w+::)*\w+)(?:\(| =|\{|\[| \{|;)", re.M)


def main(build, jobs):
    remembered = build.parent / "tidy-passed"
    remembered.mkdir(parents=True, exist_ok=True)
    folder = build.parent / "tidy"
    folder.mkdir(exist_ok=True)
    failed = checked = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in pool.map(lambda one: check(*one, folder, remembered), batches(build)):
            checked += done.checked
            failed += bool(done.findings)
            print(done.findings, end="", flush=True)
    print(f"clang-tidy: {checked} sources checked, the others passed before as they are")
    return failed


Done = collections.namedtuple("Done", "checked findings")


def batches(build):
    """[(flags, its sources)], those first that take longest."""
    by_flags = collections.defaultdict(list)
    for entry in json.loads((build / "compile_commands.json").read_text()):
        for source in sources_of(pathlib.Path(entry["file"])):
            if source.is_relative_to(PROJECT) and source.relative_to(PROJECT).parts[0] in (
                    "lib", "milter", "cli"):
                sources = by_flags[flags_of(entry)]
                if source not in [one for others in by_flags.values() for one in others]:
                    sources.append(source)
    found = [(flags, batch) for flags, sources in by_flags.items() for batch in packed(sources)]
    return sorted(found, key=lambda one: -len(one[1]))


def sources_of(compiled):
    """A file that CMake made to compile several as one (CMAKE_UNITY_BUILD) includes them."""
    if compiled.parent.name != "Unity":
        return [compiled]
    return [pathlib.Path(name) for name in re.findall(r'(?m)^#include "(.*)"$', compiled.read_text())]


def flags_of(entry):
    words = shlex.split(entry["command"])
    first = next(i for i, word in enumerate(words) if word.startswith("-"))
    return tuple(word for word in words[first:words.index("-o")] if word not in NOT_CLANGS)


def packed(sources):
    """The sources in as few batches as may be, none of which has a name twice."""
    found = []
    for source in sources:
        names = {name for name in DEFINED.findall(source.read_text()) if "::" not in name}
        for batch, taken in found:
            if len(batch) < TOGETHER and not names & taken:
                batch.append(source)
                taken |= names
                break
        else:
            found.append(([source], names))
    return [batch for batch, _ in found]


def check(flags, sources, folder, remembered):
    together = sources[0]
    if len(sources) > 1:
        text = "".join(f'#include "{source}"  // NOLINT\n' for source in sources)
        together = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.cc"
        together.write_text(text)
    mark = remembered / content(flags, together)
    if mark.exists():
        return Done(0, "")
    findings = tidy(flags, together)
    if findings and len(sources) > 1:
        alone = [check(flags, [source], folder, remembered) for source in sources]
        findings = "".join(done.findings for done in alone)
    if not findings:
        mark.touch()
    return Done(len(sources), findings)


def content(flags, source):
    """A name for all that a result depends on: comments, too, which can turn findings off."""
    read = subprocess.run([COMPILER, *flags, "-E", "-C", str(source)], capture_output=True, check=True)
    known = hashlib.sha256(read.stdout)
    for part in (VERSION, (PROJECT / ".clang-tidy").read_bytes(), repr(flags).encode(),
                 pathlib.Path(__file__).read_bytes()):
        known.update(part)
    return known.hexdigest()


def tidy(flags, source):
    """What is found; empty: nothing."""
    done = subprocess.run([TIDY, "--quiet", f"--header-filter={HEADERS}", str(source), "--", *flags],
                          capture_output=True, text=True, check=False)
    return done.stdout or (done.stderr if done.returncode else "")


VERSION = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout

if __name__ == "__main__":
    sys.exit(bool(main(pathlib.Path(sys.argv[1]).resolve(), int((sys.argv[2:] or [os.cpu_count()])[0]))))
