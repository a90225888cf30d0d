"""The learned gate: its slopes, what it learns, and how it is kept."""

from __future__ import annotations

import json

import numpy as np
import pytest
from drawn_evidence import evidence

from explain_lib.fusion import LearnedGate, evidence_store, learn_gate
from explain_lib.fusion.corpus_scores import gathered
from explain_lib.fusion.learn_gate import _lesson, _scaled, _total
from explain_lib.fusion.learned_gate import FEATURES, features
from explain_lib.fusion.mixture import occurrences
from explain_lib.fusion.prior import ArmPrior, FusionPrior


def gate(seed: int = 0) -> LearnedGate:
    rng = np.random.default_rng(seed)
    n = len(FEATURES)
    return LearnedGate(np.zeros(n), np.ones(n), rng.normal(size=(n, 3)), rng.normal(size=3), rng.normal(size=3))


def run(folder, n: int, noise=(0.3, 1.5, 0.9)) -> None:
    """A folder as `fit_fusion` leaves it."""
    every = [evidence(noise, seed, n_units=12, se=0.1) for seed in range(n)]
    for number, one in enumerate(every):
        evidence_store.write(folder / f"evidence-{number:05d}.npz", [one], [])
    scores = gathered([(one.document, occurrences(_scaled(one), 0)) for one in every])
    losses = _scaled(every[0]).losses()
    methods = tuple(map(repr, every[0].members))
    arm = ArmPrior(methods, np.full(5, 0.2), losses, methods[0], scores, n, n)
    FusionPrior({"context": arm}, {"n_documents": n}).save(folder)


def test_slopes_against_differences() -> None:
    one = gate()
    lessons = [_lesson(_scaled(evidence((0.3, 0.8), seed, n_units=6, se=0.1)), one) for seed in range(2)]
    _, slope = _total(one, lessons, 0.3)
    flat = np.concatenate([one.inner.ravel(), one.inner_bias, one.outer])
    for i in range(0, len(flat), 4):
        values = []
        for step in (1e-6, -1e-6):
            moved = flat.copy()
            moved[i] += step
            inner, bias, outer = np.split(moved, [one.inner.size, one.inner.size + 3])
            other = LearnedGate(one.centre, one.spread, inner.reshape(one.inner.shape), bias, outer)
            values.append(_total(other, lessons, 0.3)[0])
        assert slope[i] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-4, abs=1e-7)


def test_it_learns_to_trust_the_better_member(tmp_path) -> None:
    run(tmp_path, 15)
    found = learn_gate(tmp_path)
    about = dict(found.about)
    assert about["held-out loss"] < about["held-out loss of the mean"]
    others = [evidence((0.3, 1.5, 0.9), 100 + seed, n_units=12, se=0.1) for seed in range(8)]
    weights = np.mean([found.blend(one).weights for one in others], axis=0)
    assert weights[0] == weights.max()
    assert weights.sum() == pytest.approx(1)
    found.save(tmp_path / "gate.npz")
    again = LearnedGate.load(tmp_path / "gate.npz", found.prior)
    one = evidence((0.3, 1.5, 0.9), 99, n_units=12, se=0.1)
    assert np.array_equal(again.blend(one).scores, found.blend(one).scores)
    assert repr(again) == repr(found)
    assert "held-out loss=" in repr(found)


def test_features_are_finite_for_odd_evidence() -> None:
    for one in (evidence((0.0,), 0), evidence((0.3, 0.3), 0, n_edits=0), evidence((0.3, 0.3), 0, n_units=1)):
        assert np.isfinite(features(_scaled(one), None)).all()
        assert gate().blend(one).weights.sum() == pytest.approx(1)


def test_what_cannot_be_learned_from_is_refused(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no finished prior"):
        learn_gate(tmp_path)
    run(tmp_path, 3)
    with pytest.raises(ValueError, match="3 documents have evidence; a gate needs at least five"):
        learn_gate(tmp_path)
    np.savez(tmp_path / "x.npz", a=np.zeros(1))
    with pytest.raises(ValueError, match="is no learned gate: it lacks centre"):
        LearnedGate.load(tmp_path / "x.npz")
    assert json.loads((tmp_path / "prior.json").read_text())["format"].startswith("explain_lib fusion prior")
