"""The examples of tests/unit/postfix -> what the real postconf(1) says of them.

An example NAME.toml says what is added to the files main.cf and master.cf there: `files` of conf/postfix (where it
names none, dsn-only.master.cf), then its own `main` and `master`, which take the place of entries that are there,
and `below`, which doesn't. NAME.postconf holds postconf's words, so that the unit tests need no Postfix: of main.cf's
parameters only those that aren't as in recommended.postconf, which has all that the program asks for. As a program it
writes those files:
    postfix_examples.py
"""

import concurrent.futures
import dataclasses
import pathlib
import re
import subprocess
import tempfile
import tomllib

from lab.postfix_programs import PROJECT, find_postfix

EXAMPLES = PROJECT / "tests" / "unit" / "postfix"
LINES = PROJECT / "conf" / "postfix"
DSN_ONLY = LINES / "dsn-only.master.cf"
ASKED = PROJECT / "cli" / "postfix" / "postconf.cc"


def examples():
    """{name: example}"""
    return {path.stem: tomllib.loads(path.read_text()) for path in sorted(EXAMPLES.glob("*.toml"))}


def has_own_output(name, example):
    """The others are about something else than Postfix' files, and share the recommended ones."""
    return name == "recommended" or bool({"files", "main", "master", "below"} & example.keys())


def entries(master_cf):
    """{(name, type): lines} of a master.cf."""
    found = {}
    for line in master_cf.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line[0].isspace():
            key = tuple(line.split()[:2])
            found[key] = []
        found[key].append(line)
    return found


def replace_entries(master_cf, *additions):
    """Entries of the same name and type take the place of earlier ones."""
    services = entries(master_cf)
    for addition in additions:
        services.update(entries(addition))
    return "".join(line + "\n" for lines in services.values() for line in lines)


def write_configuration(directory, example):
    files = [(name, (LINES / name).read_text())
             for name in example.get("files", ["dsn-only.master.cf"])]
    files += [("main.cf", example.get("main", "")), ("master.cf", example.get("master", ""))]
    main_cf = (EXAMPLES / "main.cf").read_text()
    main_cf += "".join(text for name, text in files if name.endswith("main.cf"))
    additions = [text for name, text in files if name.endswith("master.cf")]
    (directory / "main.cf").write_text(main_cf)
    (directory / "master.cf").write_text(
        replace_entries((EXAMPLES / "master.cf").read_text(), *additions) + example.get("below", ""))


def asked_parameters():
    """Those that the program asks for."""
    text = ASKED.read_text()
    table = text[text.index("kAskedParameters[] = {"):]
    return re.findall(r'"(\w+)"', table[:table.index("};")])


@dataclasses.dataclass(frozen=True)
class Said:
    """By postconf."""

    parameters: str
    services: str
    options: str


def ask_postconf(programs, example):
    with tempfile.TemporaryDirectory(prefix="plainbounce-postconf-") as name:
        directory = pathlib.Path(name)
        write_configuration(directory, example)

        def postconf(*options):
            done = subprocess.run(
                [programs.commands / "postconf", "-c", directory, *options], capture_output=True,
                text=True, check=True, timeout=60, env=programs.environment())
            return re.sub(r"(?m) +$", "", done.stdout.replace(name, "/etc/postfix"))

        parameters = re.sub(r"(?m)^mail_version = .*$", "mail_version = 3.7.11",
                            postconf("-x", *asked_parameters()))
        return Said(parameters, postconf("-M"), postconf("-x", "-P"))


def stored(said, recommended):
    """What stands in NAME.postconf."""
    heading, parameters = "postconf -x", said.parameters
    if said is not recommended:
        usual = set(recommended.parameters.splitlines())
        heading += ", unlike recommended.postconf"
        parameters = "".join(f"{line}\n" for line in parameters.splitlines() if line not in usual)
    return (f"# {heading}\n{parameters}\n# postconf -M\n{said.services}\n"
            f"# postconf -x -P\n{said.options}")


def all_stored(programs):
    """{NAME: what stands in NAME.postconf}"""
    own = {name: example for name, example in examples().items() if has_own_output(name, example)}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        said = dict(zip(own, pool.map(lambda example: ask_postconf(programs, example), own.values())))
    return {name: stored(each, said["recommended"]) for name, each in said.items()}


def main():
    for name, text in all_stored(find_postfix()).items():
        (EXAMPLES / f"{name}.postconf").write_text(text)


if __name__ == "__main__":
    main()
