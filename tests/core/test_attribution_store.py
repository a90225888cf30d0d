"""Saving and loading attributions: every field comes back, and nothing is pickled."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from explain_lib.core import (
    NO_ENTITY, Attribution, Document, FusionDetail, Provenance, Span, Target, Units, longer,
)  # fmt: skip

ARRAYS = ("scores", "std_error", "dof", "base_value", "full_value", "active")
TARGETS = (
    Target(Span(4, 7, "drug")),
    Target(Span(0, 12, "symptom", ((0, 3), (8, 12))), versus=NO_ENTITY),
    Target(Span(4, 7, "drug"), versus=longer(left=1)),
    Target(Span(4, 7, "drug"), versus="symptom"),
    Target(Span(4, 7, "drug"), margin="left"),
    Target(label="urgent"),
)


class Recipe:
    def __repr__(self) -> str:
        return "Recipe(budget=PerUnit(rows=20))"


def sample(meta: dict[str, object] | None = None, fusion: FusionDetail | None = None) -> Attribution:
    document = Document("koorts 服药 😀 </script>", "nl", (Span(7, 9, "drug"),), "note-1", meta or {"section": "A"})
    bounds = np.array([[0, 6], [7, 9], [10, 11]])
    rng = np.random.default_rng(0)
    active = rng.random((3, 6)) < 0.7
    scores = np.where(active, rng.normal(size=(3, 6)), 0.0)
    std_error = np.where(active, rng.random((3, 6)), 0.0)
    std_error[0, 0] = np.nan
    dof = np.full((3, 6), np.inf)
    provenance = Provenance("a model", "MaskPiece()", "log_odds", "context", "bfloat16", 0.01, "7", {"numpy": "2"})
    return Attribution(
        Units(document, bounds), TARGETS, scores, std_error, dof, rng.normal(size=6), rng.normal(size=6), active,
        Recipe(), 60, provenance, fusion,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["run", "run/shap.npz"])
def test_every_field_comes_back(tmp_path: Path, name: str) -> None:
    saved = sample()
    saved.save(tmp_path / name)
    loaded = Attribution.load(tmp_path / name)
    for array in ARRAYS:
        np.testing.assert_array_equal(getattr(loaded, array), getattr(saved, array), strict=True)
    np.testing.assert_array_equal(loaded.units.bounds, saved.units.bounds, strict=True)
    assert loaded.units.document == saved.units.document
    assert dict(loaded.units.document.meta) == {"section": "A"}
    assert loaded.targets == TARGETS
    assert loaded.provenance == saved.provenance
    assert (repr(loaded), loaded.n_evals) == (repr(saved), 60)


def test_fusion_detail_comes_back(tmp_path: Path) -> None:
    detail = FusionDetail((Recipe(), Recipe()), np.full((2, 6), 0.5), np.zeros((3, 6)), parts=np.ones((2, 3, 6)))
    sample(fusion=detail).save(tmp_path)
    loaded = Attribution.load(tmp_path).fusion
    assert loaded is not None and loaded.local_share is not None
    assert repr(loaded.members) == repr(detail.members)
    np.testing.assert_array_equal(loaded.weights, detail.weights)
    np.testing.assert_array_equal(loaded.local_share, np.zeros((3, 6)))
    np.testing.assert_array_equal(loaded.parts, np.ones((2, 3, 6)))


def test_files_are_npz_and_json_without_pickle(tmp_path: Path) -> None:
    sample().save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["attribution.json", "attribution.npz"]
    with np.load(tmp_path / "attribution.npz", allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} == {"f", "b", "i"}
    assert zipfile.is_zipfile(tmp_path / "attribution.npz")
    assert json.loads((tmp_path / "attribution.json").read_text(encoding="utf-8"))["method"] == repr(Recipe())


def test_meta_that_is_no_json_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="meta cannot be saved: Object of type set is not JSON serializable"):
        sample(meta={"tags": {1, 2}}).save(tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_foreign_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "attribution.json").write_text('{"format": "something else"}')
    with pytest.raises(ValueError, match="is not an attribution of this version"):
        Attribution.load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="attribution.json"):
        Attribution.load(tmp_path)
