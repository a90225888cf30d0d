"""Files and functions stay small; what does not is listed here with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from source_tree import ROOT, front_end_files, modules

FILE_LINES = 300
FUNCTION_LINES = 40
LONG_FILES: dict[str, str] = {}  # path: reason
LONG_FUNCTIONS: dict[str, str] = {}  # "path::name": reason


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, the docstring left out."""
    first = function.body[0]
    has_doc = ast.get_docstring(function) is not None
    start = first.end_lineno + 1 if has_doc and first.end_lineno else first.lineno
    return (function.end_lineno or start) - start + 1


def test_files_are_short() -> None:
    paths = [ROOT / module.path for module in modules("explain_lib", "widgets")] + front_end_files()
    lengths = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert {path: n for path, n in lengths.items() if n > FILE_LINES and path not in LONG_FILES} == {}
    assert {path for path in LONG_FILES if lengths.get(path, 0) <= FILE_LINES} == set(), "no longer long: take it off"


def test_functions_are_short() -> None:
    lengths = {
        f"{module.path}::{function.name}": body_lines(function)
        for module in modules("explain_lib", "widgets")
        for function in functions(module.tree)
    }
    assert {name: n for name, n in lengths.items() if n > FUNCTION_LINES and name not in LONG_FUNCTIONS} == {}
    assert {name for name in LONG_FUNCTIONS if lengths.get(name, 0) <= FUNCTION_LINES} == set(), "take it off the list"


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    parts = [part for module in modules("explain_lib", "widgets") for part in module.path.split("/")]
    names = {part.removesuffix(".py") for part in parts}
    assert names & drawers == set()
