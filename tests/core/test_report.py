"""Measures say what they are and why they are missing; reports keep them and come back from files as they were."""

from __future__ import annotations

import math
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from explain_lib.core import Document, Measure, Report, Span, Target, Units, not_available


class Kind(Report):
    ARRAYS: ClassVar[tuple[str, ...]] = ("spread",)


class Other(Report):
    pass


def made() -> Kind:
    document = Document("今天 fever\ud800", "zh", (Span(3, 8, "Symptom"),))
    units = Units(document, np.array([[0, 1], [1, 2], [3, 8]]))
    measures = (
        Measure("flips", 0.25, (0.1, np.inf), 20, "share, 0 to 1", False, {"arm": "context", "family": "typos"}),
        Measure("flips", 0.5, None, 20, "share, 0 to 1", False, {"arm": "all units", "family": "typos"}),
        not_available("margin", "the entity has no interior", about={"side": "left"}),
    )
    spread = np.array([[0.5], [np.nan], [0.0]])
    return Kind(units, (Target(document.spans[0]),), measures, {"spread": spread}, {"why": ["x"]}, {"edits": 7})


def test_measures_are_found_by_name_and_what_they_are_about() -> None:
    report = made()
    assert report.measure("flips", arm="context").value == 0.25
    assert [m.value for m in report.select("flips", family="typos")] == [0.25, 0.5]
    with pytest.raises(KeyError, match="2 measures are named 'flips'"):
        report.measure("flips")
    with pytest.raises(KeyError, match="0 measures are named 'flip'"):
        report.measure("flip")


def test_a_missing_value_says_why() -> None:
    assert str(made().measures[2]) == "margin: not available, because the entity has no interior"
    with pytest.raises(ValueError, match="says not why"):
        Measure("margin", math.nan)
    with pytest.raises(ValueError, match="lower bound first"):
        Measure("margin", 1.0, (2.0, 1.0))


def test_a_report_comes_back_from_its_files(tmp_path: Path) -> None:
    report = made()
    report.save(tmp_path / "x.npz")
    again = Kind.load(tmp_path / "x.npz")
    assert again.measures[:2] == report.measures[:2] and str(again.measures[2]) == str(report.measures[2])
    np.testing.assert_array_equal(again.arrays["spread"], report.arrays["spread"])
    assert (again.units.document, again.targets) == (report.units.document, report.targets)
    assert (again.details, again.n_evals) == (report.details, report.n_evals)
    with pytest.raises(ValueError, match="holds no Other"):
        Other.load(tmp_path / "x.npz")


def test_arrays_are_read_only_and_documented() -> None:
    report = made()
    with pytest.raises(ValueError, match="read-only"):
        report.arrays["spread"][0] = 1
    with pytest.raises(ValueError, match="documents no arrays named \\['mass'\\]"):
        Kind(report.units, report.targets, (), {"mass": np.zeros(3)})


def test_a_report_is_a_table() -> None:
    frame = made().to_pandas()
    assert list(frame["name"]) == ["flips", "flips", "margin"] and frame["arm"][1] == "all units"
