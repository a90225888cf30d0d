"""The project's own files as these tests see them: paths, syntax trees, and the modules that each one imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("explain_lib", "widgets")


@dataclass(frozen=True)
class Import:
    """One imported module, absolute; `is_lazy` where it runs only when a function is called or for type checkers."""

    module: str
    line: int
    is_lazy: bool


@dataclass(frozen=True)
class Module:
    """A Python file of the packages; `path` is relative to the root, with forward slashes."""

    path: str

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path)

    @property
    def package(self) -> list[str]:
        return self.path.split("/")[:-1]

    def imports(self) -> Iterator[Import]:
        """Every import, wherever it stands; `from a import b` counts as `a.b` where that is a module, else as `a`."""
        at_start = set(_runs_at_import(self.tree))
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name in self._names(node):
                    yield Import(name, node.lineno, node not in at_start)

    def _names(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
            return
        base = self.package[: len(self.package) - node.level + 1] if node.level else []
        start = ".".join([*base, *filter(None, [node.module])])
        for alias in node.names:
            inner = f"{start}.{alias.name}"
            yield inner if is_module(inner) else start


@cache
def _parse(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=path)


def _runs_at_import(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.iter_child_nodes(tree):
        for_types_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not for_types_only and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if isinstance(node, ast.stmt):
                yield node
            yield from _runs_at_import(node)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module or a folder of this project."""
    path = ROOT / name.replace(".", "/")
    return name.startswith(PACKAGES) and (path.is_dir() or path.with_suffix(".py").is_file())


def modules(*packages: str) -> list[Module]:
    """All Python files of the packages."""
    paths = [path for name in packages for path in sorted((ROOT / name).rglob("*.py"))]
    return [Module(path.relative_to(ROOT).as_posix()) for path in paths]


def front_end_files() -> list[Path]:
    """The scripts that run in the page."""
    return sorted((ROOT / "widgets").rglob("*.js"))


def tracked_files() -> list[Path]:
    """What git keeps; an error where this is no checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]
