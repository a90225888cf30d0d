"""Which way imports may point: to the own folder and to lower rows, and to heavy packages only where allowed."""

from __future__ import annotations

import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from source_tree import ROOT, Module, modules

ROWS = (  # from the ground up; folders of one row do not know each other
    ("core",),
    ("statistics",),
    ("models", "corpora"),
    ("perturbation",),
    ("attribution",),
    ("evaluation",),
    ("analysis",),
    ("fusion",),
    ("sweep", "training"),
)
HEIGHT = {folder: height for height, row in enumerate(ROWS) for folder in row}
ABOVE_ALL = ("explain_lib/cli", "explain_lib/cli.py", "explain_lib/__main__.py")
PUBLIC_FACE = "explain_lib/__init__.py"

TORCH_HOMES = tuple(
    f"explain_lib/{home}"
    for home in (
        "models", "attribution/gradient", "attribution/attention", "attribution/relevance", "attribution/bridges",
        "training",
    )
)  # fmt: skip
HOMES = {  # package: the folders that may import it
    "torch": TORCH_HOMES,
    "transformers": ("explain_lib/models", "explain_lib/training"),
    "tokenizers": ("explain_lib/models", "explain_lib/training"),
    "safetensors": ("explain_lib/models", "explain_lib/training"),
    "captum": ("explain_lib/attribution/bridges",),
    "shap": ("explain_lib/attribution/bridges",),
    "lime": ("explain_lib/attribution/bridges",),
    "plotly": (),
    "ipywidgets": (),
    "anywidget": (),
}
ONLY_WHERE_USED = {"captum", "shap", "lime", "plotly", "pandas", "pyarrow", "accelerate", "rjieba"}
LIBRARY = [module for module in modules("explain_lib") if module.path != PUBLIC_FACE]


def is_in(path: str, homes: tuple[str, ...]) -> bool:
    return any(path == home or path.startswith((f"{home}/", f"{home}.py")) for home in homes)


def folder_of(module: str) -> str:
    return module.split(".")[1]


def climbs(module: Module) -> list[str]:
    """The imports of a module of explain_lib that leave its own folder and do not go down."""
    own = module.path.split("/")[1]
    return [
        f"{module.path}:{one.line} imports {one.module}"
        for one in module.imports()
        if one.module.startswith("explain_lib.")
        and folder_of(one.module) != own
        and HEIGHT[folder_of(one.module)] >= HEIGHT[own]
    ]


@pytest.mark.parametrize("module", [m for m in LIBRARY if not is_in(m.path, ABOVE_ALL)], ids=lambda m: m.path)
def test_imports_point_down(module: Module) -> None:
    assert module.path.split("/")[1] in HEIGHT, "a new folder needs a row"
    assert climbs(module) == []


def test_no_module_imports_the_package_root() -> None:
    roots = [f"{m.path}:{one.line}" for m in LIBRARY for one in m.imports() if one.module == "explain_lib"]
    assert [place for place in roots if not is_in(place.split(":")[0], ABOVE_ALL)] == []


def test_only_the_command_line_imports_widgets() -> None:
    users = {m.path for m in LIBRARY for one in m.imports() if one.module.split(".")[0] == "widgets"}
    assert {path for path in users if not is_in(path, ABOVE_ALL)} == set()


@pytest.mark.parametrize("package", sorted(HOMES))
def test_a_heavy_package_stays_at_home(package: str) -> None:
    users = {m.path for m in LIBRARY for one in m.imports() if one.module.split(".")[0] == package}
    assert {path for path in users if not is_in(path, HOMES[package])} == set()


def test_optional_packages_are_imported_where_they_are_used() -> None:
    eager = [
        f"{m.path}:{one.line} {one.module}"
        for m in LIBRARY
        for one in m.imports()
        if one.module.split(".")[0] in ONLY_WHERE_USED and not one.is_lazy
    ]
    assert eager == []


@pytest.mark.parametrize(("folder", "allowed"), [("core", {"numpy"}), ("statistics", {"numpy", "scipy"})])
def test_the_ground_floor_needs_numpy_only(folder: str, allowed: set[str]) -> None:
    inside = [m for m in LIBRARY if is_in(m.path, (f"explain_lib/{folder}",))]
    roots = {one.module.split(".")[0] for m in inside for one in m.imports() if not one.is_lazy}
    assert roots - sys.stdlib_module_names - {"explain_lib", "jaxtyping"} <= allowed


def test_the_reader_of_imports_sees_every_kind() -> None:
    """A control: the tests above would pass in silence if imports were overlooked."""
    seen = {one.module for m in modules("explain_lib", "widgets") for one in m.imports()}
    assert {"numpy", "torch", "explain_lib.core", "dataclasses"} <= seen
    assert any(one.is_lazy for m in modules("explain_lib") for one in m.imports())


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {Requirement(line).name for line in project["dependencies"]}
    roots = {one.module.split(".")[0] for m in modules("explain_lib", "widgets") for one in m.imports()}
    assert roots - sys.stdlib_module_names - {"explain_lib", "widgets"} == declared
