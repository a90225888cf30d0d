"""Members averaged over a text and its edits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_evidence import evidence
from hypothesis import given, strategies as st

from explain_lib.fusion import FusionTrade, JointFusion
from explain_lib.fusion.programme import solve
from explain_lib.fusion.smoothing import smoothed


def test_the_mean_against_a_loop() -> None:
    one = evidence((0.5, 1.0), 1, se=0.3)
    edited = one.edited.copy()
    edited[2, :, 5] = np.nan  # an edit that takes a unit away
    one = replace(one, edited=edited, edited_error=np.where(np.isnan(edited), np.nan, one.edited_error))
    found = smoothed(one)
    for m in range(2):
        for u in range(20):
            told = [one.scores[m, u], *(e[m, u] for e in one.edited if not np.isnan(e[m, u]))]
            assert found.scores[m, u] == pytest.approx(np.mean(told))
            spread = max(0, np.var(told[1:], ddof=1) - 0.3**2)  # what edits do, which ones being chance
            variance = len(told) * 0.3**2 + (len(told) - 1) * spread
            assert found.std_error[m, u] == pytest.approx(np.sqrt(variance) / len(told))
    assert np.isnan(found.edited[2, :, 5]).all()


@given(st.integers(0, 10**6), st.floats(0, 3))
def test_no_member_is_expected_to_change_more(seed: int, noise: float) -> None:
    one = evidence((0.1, noise, 1.0), seed, constant=True, se=noise)
    assert (np.abs(smoothed(one).changes()) <= np.abs(one.changes()) + 1e-12).all()
    bare = replace(one, edited=one.edited[:0], edited_error=one.edited_error[:0])
    assert smoothed(bare) is bare


@given(st.integers(0, 10**6), st.floats(0, 5), st.sampled_from([0.0, 0.2]))
def test_the_fusion_is_no_worse_than_the_best_member_as_it_is(seed: int, away: float, slack: float) -> None:
    """Where edits move members far off, averaging is left out, and the note says so."""
    one = evidence((0.1, 0.4, 1.0), seed)
    one = replace(one, edited=one.edited + np.random.default_rng(seed).normal(size=one.edited.shape) * away)
    found = JointFusion(trade=FusionTrade(slack=slack)).blend(one)
    losses = one.scaled(one.scales()).losses()
    best = np.eye(3)[int(np.argmin(losses.faith.alone()))]
    least = losses.table(best)[:, -1]
    assert (found.losses[:, -1] <= least * (1 + slack) + 1e-8).all()
    assert ("members averaged over 8 edits" in found.note) != ("averaging over edits would cost more" in found.note)


def test_far_off_edits_are_not_averaged_over() -> None:
    one = evidence((0.01, 0.02), 0)
    away = replace(one, edited=one.edited + np.random.default_rng(1).normal(size=one.edited.shape) * 5)
    found = JointFusion().blend(away)
    assert "averaging over edits would cost more than is allowed" in found.note
    assert np.allclose(found.scores, (found.weights * found.scales) @ away.scores)


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
    change = np.mean(smoothed(one).changes() ** 2)
    raw = np.mean(one.changes() ** 2)
    assert raw == pytest.approx(effect**2 + 2 * noise**2, rel=0.05)
    assert change == pytest.approx(effect**2 + 2 * noise**2 / (n_edits + 1), rel=0.1)


def test_joint_fusion_says_that_it_averaged() -> None:
    one = evidence((0.6, 0.8), 3, se=0.5)
    found = JointFusion().blend(one)
    assert found.note.startswith("members averaged over 8 edits; no worse than Fake")
    plain = JointFusion(averages_edits=False).blend(one)
    assert "averag" not in plain.note
    assert found.losses[0].min() < plain.losses[0].min()
    assert np.allclose(found.scores, (found.weights * found.scales) @ smoothed(one).scores)


def test_slack_is_a_share_of_what_a_loss_usually_is() -> None:
    """Where a text's best member hardly loses anything, a share of next to nothing would allow nothing."""
    losses = evidence((0.1, 0.7), 5).losses()
    trade = FusionTrade(stability=0.0, boundary=0.0, corpus=500.0, slack=0.5)
    pull, power = np.array([0.0, 1.0]), losses.faith.constant
    none = solve(losses, 0, trade, pull)
    usual = np.array([0.4, 1.0, 1.0]) * (power, power, 1.0)
    some = solve(losses, 0, trade, pull, usual=usual)
    assert none.weights[1] < 0.05
    assert some.weights[1] > none.weights[1] + 0.1
    assert losses.faith(some.weights) <= 0.5 * 0.4 * power + 1e-6
