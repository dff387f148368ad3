"""A file is one thought and a function fits a screen."""

import ast

from tests.architecture.source import EVERYTHING, PRODUCT, python_files, text, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
DRAWERS = {
    "utils",
    "helpers",
    "services",
    "service",
    "managers",
    "manager",
    "models",
    "common",
    "misc",
    "base",
}


def test_no_file_is_longer_than_400_lines():
    too_long = {
        str(path): count
        for path in python_files(*EVERYTHING)
        if (count := len(text(path).splitlines())) > LONGEST_FILE
    }

    assert too_long == {}


def test_no_function_is_longer_than_40_lines():
    too_long = {
        f"{path}:{node.lineno} {node.name}": length
        for path in python_files(*EVERYTHING)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }

    assert too_long == {}


def test_no_file_or_folder_is_a_drawer_with_a_vague_name():
    parts = {part.removesuffix(".py") for path in python_files(*PRODUCT) for part in path.parts}

    assert parts & DRAWERS == set()


def test_nothing_is_left_for_later():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "Not" + "ImplementedError")
    left = [
        f"{path}: {mark}"
        for path in python_files(*PRODUCT, "bench")
        for mark in marks
        if mark in text(path)
    ]

    assert left == []


def test_every_public_function_says_what_it_does():
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path in python_files(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node in _public_level(tree(path))
        and not ast.get_docstring(node)
    ]

    assert silent == []


def _public_level(module: ast.Module) -> set[ast.stmt]:
    """Return what stands in a module or in a public class of it: inner functions are no API."""
    found = set(module.body)
    for node in module.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found |= set(node.body)
    return found
