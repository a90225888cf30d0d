"""The wheel alone: built from a copy of the sources, installed into an empty folder, used with the sources away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("explain_lib", "widgets")
SHIPPED = {".py", ".js", ".css", ".json", ".typed"}

# Only the wheel's folder and the other packages of the environment are on the path: the checkout is taken off it.
PRELUDE = """
import json, sys
target, root = sys.argv[1:3]
sys.path[:] = [target, *(p for p in sys.path if p not in ("", root))]
import explain_lib, widgets
assert explain_lib.__file__.startswith(target), explain_lib.__file__
assert widgets.__file__.startswith(target), widgets.__file__
"""
PUBLIC_NAMES = """
faces = (explain_lib, widgets)
print(json.dumps([f"{face.__name__}.{name}" for face in faces for name in face.__all__ if not hasattr(face, name)]))
"""
PICTURES = """
attribution = explain_lib.explain(explain_lib.Game(lambda keep: keep.sum(axis=1), 3), explain_lib.Exact())
widgets.show(attribution)
page = widgets.to_html(attribution, "page.html").read_text(encoding="utf-8")
print(json.dumps("<script" in page and "x0" in page))
"""
WHERE_DATA_IS = """
for find in (explain_lib.demo_model, explain_lib.demo_documents):
    try:
        find()
    except FileNotFoundError as error:
        assert "EXPLAIN_LIB_DATA" in str(error), error
    else:
        raise AssertionError(f"{find} found data that the wheel does not hold")
print(json.dumps("told"))
"""


def pip(*args: str) -> None:
    command = [sys.executable, "-m", "pip", *args, "--disable-pip-version-check", "--no-deps", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def source_files() -> set[str]:
    paths = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.suffix in SHIPPED]
    return {path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built offline with the environment's own setuptools, from a copy: the checkout gets no build folder."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip("wheel", str(source), "--no-build-isolation", "--wheel-dir", str(out))
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip("install", str(wheel), "--no-index", "--target", str(target))
    return target


def run_installed(installed: Path, script: str) -> object:
    """What a script prints, as JSON, run away from the checkout with the wheel first on the path."""
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "EXPLAIN_LIB_DATA"}}
    command = [sys.executable, "-c", PRELUDE + script, str(installed), str(ROOT)]
    done = subprocess.run(command, cwd=installed, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_wheel_holds_every_source_and_front_end_file(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert source_files() - held == set()
    assert any(name.endswith(".js") for name in held) and any(name.endswith(".css") for name in held)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held - source_files() == set(), "weights, documents and tests stay in the checkout"


def test_the_licence_travels_along(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


def test_the_installed_package_works_with_the_sources_away(installed: Path) -> None:
    assert run_installed(installed, PUBLIC_NAMES) == []


def test_the_installed_package_draws_with_its_own_front_end_files(installed: Path) -> None:
    assert run_installed(installed, PICTURES) is True


def test_the_installed_package_says_where_it_looks_for_data(installed: Path) -> None:
    assert run_installed(installed, WHERE_DATA_IS) == "told"
