"""One set of versions: pyproject.toml asks, constraints.txt pins, environment.yml repeats."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED_LINES = [
    line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
]
VENDOR = re.compile(r"^(?:nvidia|cuda|cupy|triton|pytorch-triton|amd|rocm)", re.IGNORECASE)


def asked_for() -> dict[str, Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    lines = PROJECT["dependencies"] + [line for extra in extras for line in extra]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def pins() -> dict[str, Version]:
    pairs = [line.split("==") for line in PINNED_LINES]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def conda_file() -> tuple[set[str], list[str]]:
    """The conda packages' names, and the lines of the pip list."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    names = {re.split(r"[=<>]", one)[0] for one in listed if isinstance(one, str)}
    return names, next(one["pip"] for one in listed if isinstance(one, dict))


def test_every_constraint_is_one_exact_version() -> None:
    assert [line for line in PINNED_LINES if not re.fullmatch(r"[\w.-]+==[\w.!]+", line)] == []
    assert len(pins()) == len(PINNED_LINES), "a name stands twice"


@pytest.mark.parametrize("line", PINNED_LINES)
def test_a_constraint_serves_every_machine(line: str) -> None:
    assert "+" not in line, "a local version exists on one index only"
    assert not VENDOR.match(line), "a vendor's packages belong to one kind of machine"


def test_the_rejections_reject() -> None:
    assert VENDOR.match("nvidia-cublas-cu12==12.8") and VENDOR.match("triton==3.4.0")
    assert not VENDOR.match("torch==2.13.0")


def test_torch_is_the_agreed_version() -> None:
    assert pins()["torch"] == Version("2.13.0")
    assert str(asked_for()["torch"].specifier) == "==2.13.0"


def test_what_is_asked_for_is_pinned_within_its_bounds() -> None:
    found = pins()
    assert {name for name in asked_for() if name not in found} == set()
    assert {name: str(found[name]) for name, one in asked_for().items() if found[name] not in one.specifier} == {}


def test_the_conda_file_pins_the_same() -> None:
    conda, pip_lines = conda_file()
    assert conda == {"python", "pip", "make"}
    assert pip_lines[0] == "--constraint constraints.txt"
    assert pip_lines[-1] == "--editable ."
    listed = dict(line.split("==") for line in pip_lines[1:-1])
    assert {name: Version(version) for name, version in listed.items()} == {name: pins()[name] for name in asked_for()}


def test_what_is_installed_is_what_is_pinned() -> None:
    """The environment of this run; a local suffix (a CPU build's) is no difference."""
    here = {canonicalize_name(one.name): Version(Version(one.version).public) for one in distributions() if one.name}
    assert {name: str(v) for name, v in pins().items() if name in here and here[name] != v} == {}
    assert set(asked_for()) - set(here) == set()
