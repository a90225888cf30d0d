"""Each way of fusing on evidence with a known truth, against plain re-implementations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_evidence import evidence
from hypothesis import given, strategies as st

from explain_lib.fusion import (
    FusionCalibration, FusionTrade, GateFusion, JointFusion, MeanFusion, PrecisionFusion, RankFusion,
)  # fmt: skip
from explain_lib.fusion.joint_fusion import depends_on_text, pooled
from explain_lib.fusion.mixture import CorpusScore
from explain_lib.fusion.smoothing import smoothed

ALL = (JointFusion(), MeanFusion(), RankFusion(), PrecisionFusion(), GateFusion())


@given(st.integers(0, 10**6), st.sampled_from(ALL))
def test_weights_are_shares_and_the_sum_is_what_it_says(seed: int, fusion) -> None:
    one = evidence((0.3, 0.6, 1.0), seed, scales=(1, 20, 0.1), se=0.01)
    found = fusion.blend(one)
    one = smoothed(one) if isinstance(fusion, JointFusion) and "members averaged" in found.note else one
    assert found.weights.min() >= 0
    assert found.weights.sum() == pytest.approx(1)
    assert np.allclose(found.parts.sum(axis=0), found.scores)
    if not isinstance(fusion, RankFusion | PrecisionFusion | GateFusion):
        assert np.allclose(found.scores, (found.weights * found.scales) @ one.scores)
        assert np.allclose(found.std_error, (found.weights * found.scales) @ one.std_error)
        assert found.dof == 10


def test_scales_bring_members_to_the_model() -> None:
    one = evidence((0, 0, 0), scales=(1, 5, 0.01))
    assert np.allclose(one.scales(), (1, 0.2, 100))
    assert evidence((0,), scales=(-1,)).scales().tolist() == [0]
    for scores, factor in zip(one.scores, one.scales(), strict=True):
        told = np.array([scores[hidden].sum() for hidden in one.rows.hidden])
        assert factor == pytest.approx((told * one.rows.change).sum() / (told**2).sum())


def test_losses_against_loops() -> None:
    one = evidence((0.5, 1.0), 3)
    edited = one.edited.copy()
    edited[0, :, 2] = np.nan  # an edit that takes a unit away
    one = replace(one, edited=edited)
    w = np.array([0.3, 0.7])
    fused, losses = w @ one.scores, one.losses()
    faith = np.mean([(fused[h].sum() - c) ** 2 for h, c in zip(one.rows.hidden, one.rows.change, strict=True)])
    stable = []
    for edit in one.edited:
        there = ~np.isnan(edit[0])
        stable.append(((fused - w @ edit)[there] ** 2).sum())
    near = one.near[0]
    margin = w @ near.scores
    pairs = list(zip(near.rows.hidden, near.rows.change, strict=True))
    boundary = sum((margin[h].sum() - c) ** 2 for h, c in pairs) / sum(c**2 for _, c in pairs)
    assert losses.faith(w) == pytest.approx(faith)
    assert losses.stability is not None
    assert losses.stability(w) == pytest.approx(np.mean(stable))
    assert losses.boundary is not None
    assert losses.boundary(w) == pytest.approx(boundary)


def test_borda_against_a_count() -> None:
    one = evidence((0.5, 1.0), 1, n_units=6)
    points = np.zeros(6)
    for scores in one.scores:
        order = sorted(range(6), key=lambda u: abs(scores[u]))
        for place, unit in enumerate(order, start=1):
            points[unit] += np.sign(scores[unit]) * place / 6 / 2
    found = RankFusion().blend(one)
    assert np.allclose(found.scores, points)
    assert np.isnan(found.std_error).all()
    assert np.isnan(found.losses).all()


def test_precision_weights_against_a_loop() -> None:
    one = evidence((0.3, 1.0), 2, se=0.2)
    scales = one.scales()
    variance = np.zeros((2, 20))
    for m in range(2):
        for u in range(20):
            spread = np.var(one.edited[:, m, u] * scales[m], ddof=1) - (0.2 * scales[m]) ** 2
            variance[m, u] = (0.2 * scales[m]) ** 2 + max(0, spread)
        variance[m] /= np.mean((scales[m] * one.scores[m]) ** 2)
    sampling = [0.2**2 / np.mean(scores**2) for scores in one.scores]
    variance = np.maximum(variance, np.mean(sampling))
    share = (1 / variance) / (1 / variance).sum(axis=0)
    found = PrecisionFusion().blend(one)
    assert np.allclose(found.scores, (share * scales[:, None] * one.scores).sum(axis=0))
    assert np.allclose(found.weights, share.mean(axis=1))
    assert found.weights[0] > 0.6


@pytest.mark.parametrize("fusion", [PrecisionFusion(), GateFusion()])
def test_a_constant_does_not_take_all_weight(fusion) -> None:
    weights = [fusion.blend(evidence((0.5, 0.7), seed, constant=True, se=0.3)).weights[2] for seed in range(20)]
    assert np.mean(weights) < 0.5


def test_the_joint_fusion_beats_its_members_where_noise_is_independent() -> None:
    """A sure case: three members see the truth with independent noise, so that their mean is better than each."""
    improved = 0
    for seed in range(20):
        found = JointFusion().blend(evidence((0.5, 0.5, 0.6), seed))
        faith, stability, boundary = found.losses
        best = int(np.argmin(faith[:3]))
        assert faith[3] <= faith[best] * (1 + 1e-9)
        assert stability[3] <= stability[best] * (1 + 1e-9)
        assert boundary[3] <= boundary[best] * (1 + 1e-9)
        improved += "no worse than Fake(name='m" in found.note
        assert ("no improvement found over" in found.note) == (found.weights.max() == 1)
    assert improved >= 12


def test_a_random_explainer_gets_little_weight() -> None:
    weights = []
    for seed in range(60):
        one = evidence((0.4, 0.5, 0.6), seed)
        rng = np.random.default_rng(seed + 1000)
        scores, edited = one.scores.copy(), one.edited.copy()
        scores[2], edited[:, 2] = rng.normal(size=20), rng.normal(size=(8, 20))
        near = replace(one.near[0], scores=scores)
        weights.append(JointFusion().blend(replace(one, scores=scores, edited=edited, near=(near,))).weights[2])
    assert np.mean(weights) < 0.05


def test_a_constant_explainer_does_not_win() -> None:
    weights = [JointFusion().blend(evidence((0.4, 0.6), seed, constant=True)).weights[2] for seed in range(40)]
    assert np.mean(weights) < 0.2
    assert max(weights) < 0.6


def test_what_depends_on_the_text() -> None:
    one = evidence((0.4, 0.6), constant=True)
    assert depends_on_text(one).tolist() == [True, True, False]
    unmoved = replace(one, edited=np.where(np.arange(3)[:, None] == 1, one.scores, one.edited))
    assert depends_on_text(unmoved).tolist() == [True, True, False]
    told = replace(one, members=(CorpusScore(), *one.members[1:]))
    assert depends_on_text(told).tolist() == [False, True, False]


def test_one_member_is_only_scaled() -> None:
    one = evidence((0.3,), scales=(4,))
    found = JointFusion(averages_edits=False).blend(one)
    assert found.weights.tolist() == [1]
    assert np.allclose(found.scores, one.scores[0] * one.scales()[0])
    assert "nothing to weigh" in found.note


def test_no_edits_no_rows_no_active_units() -> None:
    bare = evidence((0.4, 0.6), n_edits=0)
    found = JointFusion().blend(bare)
    assert np.isnan(found.losses[1]).all()
    assert "stability not measured" in found.note
    silent = replace(
        bare,
        active=np.zeros(20, dtype=bool),
        scores=np.zeros((2, 20)),
        rows=bare.rows.halves(0)[0],
        fresh=bare.rows.halves(0)[0],
        near=(),
    )
    for fusion in ALL:
        nothing = fusion.blend(silent)
        assert not nothing.scores.any()
        assert nothing.weights.sum() == pytest.approx(1)
    assert "no member predicts" in JointFusion().blend(silent).note


def test_members_that_say_the_opposite_are_left_out() -> None:
    one = evidence((0.2, 0.2), scales=(1, -1))
    for fusion in (JointFusion(), MeanFusion(), PrecisionFusion(), GateFusion()):
        assert fusion.blend(one).weights[1] == 0
    worst = evidence((0.2, 0.2), scales=(-1, -1))
    found = JointFusion().blend(worst)
    assert "no member predicts the model on fresh rows" in found.note
    assert not found.scores.any()
    assert "every score is 0" in MeanFusion().blend(worst).note


def test_units_that_are_not_active_score_nothing() -> None:
    one = evidence((0.4, 0.6), se=0.1)
    active = np.arange(20) > 2
    quiet = replace(one, active=active, scores=one.scores * active, std_error=one.std_error * active)
    for fusion in ALL:
        found = fusion.blend(quiet)
        assert not found.scores[:3].any()
        assert not found.std_error[:3].any()


def test_pooled_losses_lean_on_the_corpus_where_there_is_little() -> None:
    own, corpus = evidence((0.4, 0.6), 1).losses(), evidence((0.4, 0.6), 2).losses()
    much, little = (pooled(own, corpus, (n, n, n), 2).faith for n in (10**9, 0))
    assert np.allclose(much.matrix, own.faith.matrix, rtol=1e-6)
    assert np.allclose(little.matrix, corpus.faith.matrix * own.faith.constant)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match=r"n_rows=4\) is too few to fit and check; give 8 or more, or 0\."):
        FusionCalibration(n_rows=4)
    with pytest.raises(ValueError, match="numbers of rows and edits must be 0 or more"):
        FusionCalibration(n_edits=-1)
    with pytest.raises(ValueError, match=r"GateFusion\(temperature=0\) must be above 0"):
        GateFusion(temperature=0)
    assert FusionTrade().stability == 0.3
