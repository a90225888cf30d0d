"""Members averaged over a text and its edits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_evidence import evidence
from hypothesis import given, strategies as st

from explain_lib.fusion import FusionTrade, JointFusion
from explain_lib.fusion.evidence import Evidence
from explain_lib.fusion.smoothing import smoothed


def infidelity(one: Evidence) -> np.ndarray:
    return one.scaled(one.scales()).losses().faith.alone()


def test_the_mean_against_a_loop() -> None:
    one = evidence((0.5, 1.0), 1, se=0.3)
    edited = one.edited.copy()
    edited[2, :, 5] = np.nan  # an edit that takes a unit away
    one = replace(one, edited=edited, edited_error=np.where(np.isnan(edited), np.nan, one.edited_error))
    found, taken = smoothed(one)
    assert taken.all()
    for m in range(2):
        for u in range(20):
            told = [one.scores[m, u], *(e[m, u] for e in one.edited if not np.isnan(e[m, u]))]
            assert found.scores[m, u] == pytest.approx(np.mean(told))
            assert found.std_error[m, u] == pytest.approx(0.3 / np.sqrt(len(told)))
    assert np.isnan(found.edited[2, :, 5]).all()


@given(st.integers(0, 10**6), st.floats(0, 3))
def test_no_member_loses_faithfulness_or_stability(seed: int, noise: float) -> None:
    one = evidence((0.1, noise, 1.0), seed, constant=True, se=noise)
    found, taken = smoothed(one)
    assert (infidelity(found) <= infidelity(one) + 1e-9).all()
    assert (np.abs(found.changes()) <= np.abs(one.changes()) + 1e-12).all()
    for at in np.flatnonzero(~taken):
        assert np.array_equal(found.scores[at], one.scores[at])
        assert np.array_equal(found.edited[:, at], one.edited[:, at])


def test_a_mean_that_is_less_faithful_is_not_taken() -> None:
    one = evidence((0.0,), 0)
    away = replace(one, edited=one.edited + np.random.default_rng(1).normal(size=one.edited.shape) * 5)
    assert not smoothed(away)[1].any()
    assert smoothed(away, slack=1e9)[1].all() == (infidelity(one)[0] > 0)
    bare = replace(one, edited=one.edited[:0], edited_error=one.edited_error[:0])
    assert smoothed(bare)[0] is bare


def test_the_expected_change_is_that_of_a_mean_over_edits_of_the_edit() -> None:
    """Sampling noise, which standard errors know, is divided by the number of texts; what edits do is left."""
    noise, effect, n_units, n_edits = 1.0, 0.5, 4000, 8
    rng = np.random.default_rng(0)
    truth = rng.normal(size=n_units) * 3
    moved = truth + effect * rng.normal(size=(n_edits, n_units))
    measured = [x + noise * rng.normal(size=x.shape) for x in (truth, moved)]
    one = evidence((0.0,), 0, n_units=n_units, n_edits=n_edits)
    error = np.full((1, n_units), noise)
    one = replace(
        one, scores=measured[0][None], edited=measured[1][:, None], std_error=error,
        edited_error=np.repeat(error[None], n_edits, axis=0),
    )  # fmt: skip
    change = np.mean(smoothed(one, slack=1e9)[0].changes() ** 2)
    raw = np.mean(one.changes() ** 2)
    assert raw == pytest.approx(effect**2 + 2 * noise**2, rel=0.05)
    assert change == pytest.approx(effect**2 + 2 * noise**2 / (n_edits + 1), rel=0.1)


def test_joint_fusion_says_what_it_averaged() -> None:
    one = evidence((0.6, 0.8), 3, se=0.5)
    found = JointFusion().blend(one)
    assert "averaged over 8 edits: Fake(name='m0'), Fake(name='m1')" in found.note
    plain = JointFusion(averages_edits=False).blend(one)
    assert "averaged" not in plain.note
    assert found.losses[0].min() < plain.losses[0].min()
    assert np.allclose(found.scores, (found.weights * found.scales) @ smoothed(one)[0].scores)
    with_slack = JointFusion(trade=FusionTrade(slack=0.05)).blend(one)
    assert "with 5% of slack" in with_slack.note
