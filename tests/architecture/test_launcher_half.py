"""What runs before anything is installed imports nothing that has to be installed."""

import ast
import sys
from pathlib import Path

from tests.architecture.source import tree


def test_the_launchers_second_half_needs_the_standard_library_alone():
    nodes = list(ast.walk(tree(Path("app/entry/environment.py"))))
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in imported}

    assert roots <= sys.stdlib_module_names
