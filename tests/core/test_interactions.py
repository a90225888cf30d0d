"""The noun of pairwise interactions: what it checks, what follows from it, and that every field comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explain_lib.core import Document, Interactions, Provenance, Span, Target, Units, longer

ARRAYS = ("scores", "std_error", "dof", "base_value", "full_value", "active")


class Index:
    def __repr__(self) -> str:
        return "Index(budget=PerPair(rows=4))"


def sample(meta: dict[str, object] | None = None) -> Interactions:
    document = Document("koorts 服药 😀 </script>", "nl", (Span(7, 9, "drug"),), "note-1", meta or {"section": "A"})
    rng = np.random.default_rng(0)
    active = np.array([[True, True], [True, False], [True, True]])
    both = active[:, None] & active
    scores, error = (rng.normal(size=(3, 3, 2)) for _ in range(2))
    scores, error = ((a + a.swapaxes(0, 1)) * both for a in (scores, np.abs(error)))
    error[0, 2] = error[2, 0] = np.nan
    provenance = Provenance("a model", "MaskPiece()", "log_odds", "context", "bfloat16", 0.01, "7", {"numpy": "2"})
    return Interactions(
        Units(document, np.array([[0, 6], [7, 9], [10, 11]])),
        (Target(Span(7, 9, "drug")), Target(Span(7, 9, "drug"), versus=longer(left=1))),
        scores, error, np.full((3, 3, 2), 5.0), rng.normal(size=2), rng.normal(size=2), active, Index(), 60, provenance,
    )  # fmt: skip


def test_main_effects_shares_and_the_gap() -> None:
    found = sample()
    for target in (0, 1):
        scores = found.scores[..., target]
        np.testing.assert_array_equal(found.main[:, target], np.diag(scores))
        expected = [scores[i, i] + sum(scores[i, j] for j in range(3) if j != i) / 2 for i in range(3)]
        np.testing.assert_allclose(found.shares[:, target], expected)
        total = np.trace(scores) + scores[0, 1] + scores[0, 2] + scores[1, 2]
        change = found.full_value[target] - found.base_value[target]
        np.testing.assert_allclose(found.completeness_gap[target], change - total)


def test_the_strongest_pairs_are_of_active_units_and_come_in_order() -> None:
    found = sample()
    pairs = found.strongest(target=0)
    sizes = [abs(found.scores[i, j, 0]) for i, j in pairs]
    assert len(pairs) == 3 and sizes == sorted(sizes, reverse=True) and all(i < j for i, j in pairs)
    assert found.strongest(target=1) == ((0, 2),) and len(found.strongest(2)) == 2


def test_intervals_are_those_of_student() -> None:
    found = sample()
    low, high = found.interval(0.95)
    np.testing.assert_allclose((high - low) / 2, found.std_error * 2.5705818, rtol=1e-6)
    assert np.isnan(low[0, 2]).all()
    with pytest.raises(ValueError, match="level is 1; it must lie strictly between 0 and 1"):
        found.interval(1)


@pytest.mark.parametrize("name", ["run", "run/pairs.npz"])
def test_every_field_comes_back(tmp_path: Path, name: str) -> None:
    saved = sample()
    saved.save(tmp_path / name)
    loaded = Interactions.load(tmp_path / name)
    for array in ARRAYS:
        np.testing.assert_array_equal(getattr(loaded, array), getattr(saved, array), strict=True)
    np.testing.assert_array_equal(loaded.units.bounds, saved.units.bounds, strict=True)
    assert loaded.units.document == saved.units.document and loaded.targets == saved.targets
    assert (repr(loaded), loaded.provenance, loaded.n_evals) == (repr(saved), saved.provenance, 60)


def test_foreign_files_and_strange_meta_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="meta cannot be saved: Object of type set is not JSON serializable"):
        sample(meta={"tags": {1}}).save(tmp_path / "x")
    assert not (tmp_path / "x").exists()
    (tmp_path / "interactions.json").write_text(json.dumps({"format": "explain_lib attribution 1"}))
    with pytest.raises(ValueError, match="holds no interactions of this version; its first entry must be"):
        Interactions.load(tmp_path)


def test_what_is_not_symmetric_or_not_active_is_refused() -> None:
    found = sample()
    crooked = found.scores.copy()
    crooked[0, 1, 0] += 1
    with pytest.raises(ValueError, match=r"Interactions.scores must be symmetric in its first two axes"):
        replace(found, scores=crooked)
    with pytest.raises(ValueError, match="entries of units that are not active must be exactly 0; clear them first"):
        replace(found, scores=found.scores + 1)
    with pytest.raises(ValueError, match=r"Interactions.scores has shape \(3, 3, 1\); units × units × targets needs"):
        replace(found, scores=found.scores[..., :1])
    with pytest.raises(ValueError, match="read-only"):
        found.scores[0, 0, 0] = 1
