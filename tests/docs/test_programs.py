"""A build directory -> the Python programs that its tests are, and what strings stand in them."""

import ast
import functools
import json
import pathlib
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@functools.cache
def test_programs(build):
    """{path below the project's root: the strings in it and in what it imports}"""
    shown = json.loads(subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], timeout=60,
                                      capture_output=True, text=True, check=True).stdout)
    programs = {pathlib.Path(word).resolve() for test in shown["tests"]
                for word in test.get("command", []) if word.endswith(".py")}
    return {str(program.relative_to(PROJECT)): _strings_of_all(program) for program in programs}


def _strings_of_all(program):
    found, seen, waiting = set(), set(), [program]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            strings, imported = _read(path)
            found |= strings
            waiting += imported
    return found


@functools.cache
def _read(path):
    tree = ast.parse(path.read_text())
    return _strings(tree), list(_imports(tree, path))


def _strings(tree):
    """All but those that nobody uses: docstrings. (Comments aren't in the tree.)"""
    idle = {id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)}
    return {node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle}


def _imports(tree, path):
    """The project's own files that it imports."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        for name in names:
            file = path.parent / (name.lstrip(".").replace(".", "/") + ".py")
            if file.exists():
                yield file
