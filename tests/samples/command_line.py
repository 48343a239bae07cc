"""What the command line makes of many messages at once."""

import json
import pathlib
import subprocess
import tempfile


def run(program, *arguments, message=b""):
    result = subprocess.run([program, *arguments], input=message, capture_output=True, timeout=60)
    if result.returncode not in (0, 1):
        raise AssertionError(f"exit status {result.returncode}: {result.stderr.decode()}")
    return result


def rewrite_all(program, messages, *options):
    """{name: bytes} -> {name: (why it is left alone or None, the result)}"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "in").mkdir()
        (folder / "out").mkdir()
        for each, message in messages.items():
            (folder / "in" / each).write_bytes(message)
        result = run(program, "rewrite", *options, "--output", folder / "out", folder / "in")
        said = result.stderr.decode()
        reasons = {}
        for line in said.splitlines():
            path, _, what = line.partition(": ")
            reasons[pathlib.Path(path).name] = (
                what.partition("left alone: ")[2].partition(": ")[0] or None)
        assert reasons.keys() == messages.keys(), said
        return {each: (reasons[each], (folder / "out" / each).read_bytes()) for each in messages}


def diagnoses(program, paths):
    """{path: what `diagnose --json` says of it}"""
    lines = run(program, "diagnose", "--json", *paths).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [each["file"] for each in found] == [str(path) for path in paths]
    return dict(zip(paths, found))
