"""A build directory -> the tests that ctest runs there."""

import json
import pathlib
import subprocess


def registered_tests(build):
    """The names of their Python files."""
    shown = json.loads(subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], timeout=60,
                                      capture_output=True, text=True, check=True).stdout)
    return {pathlib.PurePath(word).name for test in shown["tests"]
            for word in test.get("command", []) if word.endswith(".py")}
