"""SmoothGrad and GradientShap: parity with captum on the same noise, errors from the spread of draws, closed forms."""

from __future__ import annotations

import captum.attr
import numpy as np
import pytest
import torch
from small_bert import HEADACHE, ZH, query, score_of_embeddings, small_bert

from explain_lib.attribution import GradientInput, GradientShap, IntegratedGradients, SmoothGrad, explain
from explain_lib.attribution.gradient.baseline import PadPiece, ZeroEmbedding, hidden_ids
from explain_lib.attribution.gradient.embedded_text import EmbeddedText
from explain_lib.attribution.gradient.smooth_grad import gaussian
from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import linear_tagger
from explain_lib.perturbation import AttentionOff, Delete, MaskPiece, NeutralPiece, Query
from explain_lib.perturbation.streams import stream

DRAWN = [
    SmoothGrad(draws=6), GradientShap(draws=6), GradientShap(6, noise=0.2, baselines=(PadPiece(), MaskPiece())),
]  # fmt: skip


@pytest.fixture(scope="module")
def tagger():
    return small_bert()


@pytest.mark.parametrize("index", [0, 1])
def test_smooth_grad_is_the_mean_of_captum_gradients_on_the_same_noise(tagger, index):
    q = query(tagger)
    text = EmbeddedText.of(q)
    noisy = text.inputs + gaussian(text, 0.3, 5, stream(7, "explain"))
    peer = captum.attr.Saliency(score_of_embeddings(q, index))
    slopes = peer.attribute(torch.as_tensor(noisy).requires_grad_(), abs=False).numpy()
    draws = text.target_row.pool((slopes * text.inputs).sum(-1))
    ours = explain(q, SmoothGrad(draws=5, noise=0.3), rng=7)
    np.testing.assert_allclose(ours.scores[:, index], draws.mean(axis=1), atol=1e-10)
    np.testing.assert_allclose(ours.std_error[:, index], draws.std(axis=1, ddof=1) / np.sqrt(5), atol=1e-10)
    assert (ours.dof == 4).all() and ours.n_evals == 7


def test_noise_is_as_long_as_it_says_and_stays_on_active_pieces(tagger):
    text = EmbeddedText.of(query(tagger, (ZH,)).context())
    noise = gaussian(text, 0.25, 400, np.random.default_rng(0))
    moved = np.abs(noise).sum(axis=(0, 2)) > 0
    np.testing.assert_array_equal(moved, text.is_hidden)
    assert not moved[[0, -1]].any() and moved.sum() < len(moved) - 2
    mean_length = np.linalg.norm(text.inputs[moved], axis=-1).mean()
    np.testing.assert_allclose(np.sqrt((noise[:, moved] ** 2).sum(-1).mean()), 0.25 * mean_length, rtol=0.02)


@pytest.mark.parametrize("index", [0, 1])
def test_gradient_shap_is_captums_in_expectation(tagger, index):
    """captum draws from torch's own stream, so both are compared within the error that ours states."""
    q = query(tagger)
    text = EmbeddedText.of(q)
    starts = np.stack([text.baseline(b) for b in (MaskPiece(), PadPiece())])
    torch.manual_seed(0)
    peer = captum.attr.GradientShap(score_of_embeddings(q, index))
    found = peer.attribute(torch.as_tensor(text.inputs[None]), torch.as_tensor(starts), n_samples=600, stdevs=0.0)
    theirs = text.target_row.pool(found.sum(-1).numpy())[:, 0]
    ours = explain(q, GradientShap(draws=600, baselines=(MaskPiece(), PadPiece())), rng=0)
    assert (np.abs(ours.scores[:, index] - theirs) <= 4.5 * np.sqrt(2) * ours.std_error[:, index] + 1e-12).all()


def test_gradient_shap_tends_to_integrated_gradients_and_its_interval_says_how_near(tagger):
    q = query(tagger)
    truth = explain(q, IntegratedGradients(60)).scores
    covered = []
    for seed in range(30):
        lower, upper = explain(q, GradientShap(draws=8), rng=seed).interval(0.95)
        covered.append(((lower <= truth) & (truth <= upper)).mean())
    assert 0.88 < np.mean(covered) <= 1
    wide, narrow = (explain(q, GradientShap(draws=n), rng=1) for n in (8, 400))
    assert np.median(narrow.std_error / wide.std_error) < 0.25
    assert (np.abs(narrow.completeness_gap) < 2 * narrow.std_error.sum(axis=0)).all()


def test_the_base_value_of_gradient_shap_is_the_mean_over_its_baselines(tagger):
    q = query(tagger)
    baselines = (MaskPiece(), NeutralPiece(), ZeroEmbedding())
    found = explain(q, GradientShap(draws=2, baselines=baselines))
    each = [explain(q, IntegratedGradients(1, baseline=b)).base_value for b in baselines]
    np.testing.assert_allclose(found.base_value, np.mean(each, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.full_value, q.value(np.ones((1, q.n_units), dtype=bool))[0], atol=1e-8)
    assert found.n_evals == 2 + 1 + 3


@pytest.mark.parametrize("method", DRAWN, ids=repr)
def test_targets_share_the_draws_and_the_seed_decides_them(tagger, method):
    together = explain(query(tagger), method, rng=3)
    for i, target in enumerate((HEADACHE, ZH)):
        alone = explain(query(tagger, (target,)), method, rng=3)
        np.testing.assert_allclose(together.scores[:, [i]], alone.scores, atol=1e-10)
        np.testing.assert_allclose(together.std_error[:, [i]], alone.std_error, atol=1e-10)
    assert explain(query(tagger), method, rng=3).scores.tobytes() == together.scores.tobytes()
    assert not np.allclose(explain(query(tagger), method, rng=4).scores, together.scores)


@pytest.mark.parametrize("method", DRAWN, ids=repr)
def test_the_size_of_a_batch_does_not_change_the_draws(tagger, method, monkeypatch):
    whole = explain(query(tagger), method, rng=3)
    monkeypatch.setattr("explain_lib.models.family.points_at_once", lambda *_: 1)
    np.testing.assert_allclose(explain(query(tagger), method, rng=3).scores, whole.scores, atol=1e-10)


@pytest.mark.parametrize("method", [SmoothGrad(draws=1), GradientShap(draws=1)], ids=repr)
def test_one_draw_cannot_tell_its_error(tagger, method):
    found = explain(query(tagger, (ZH,)).context(), method)
    active = found.active[:, 0]
    assert np.isnan(found.std_error[active]).all() and not found.std_error[~active].any()
    assert np.isfinite(found.scores).all() and np.isnan(found.interval()[:, active]).all()


def test_without_noise_smooth_grad_is_gradient_input_without_error(tagger):
    plain, smooth = explain(query(tagger), GradientInput()), explain(query(tagger), SmoothGrad(draws=3, noise=0.0))
    np.testing.assert_allclose(smooth.scores, plain.scores, atol=1e-12)
    np.testing.assert_allclose(smooth.std_error, 0, atol=1e-12)


@pytest.mark.parametrize("hiding", [MaskPiece(), NeutralPiece("."), AttentionOff(), Delete()], ids=repr)
@pytest.mark.parametrize("method", [IntegratedGradients(1), GradientShap(2)], ids=repr)
def test_the_base_value_hides_every_active_unit_by_the_stand_in(tagger, method, hiding):
    q = query(tagger, (ZH,), hiding=hiding).context()
    (window,) = q.evaluations.windows
    row = tagger.row(q.encoding, window)
    points = tagger.embeddings(hidden_ids(q, window)[None])
    expected = tagger.values_at(row, points, [tagger.event(ZH, q.encoding, window)], q.score)[0]
    found = explain(q, method)
    np.testing.assert_allclose(found.base_value, expected, atol=1e-10)
    if isinstance(hiding, MaskPiece | NeutralPiece):
        np.testing.assert_allclose(found.base_value, q.game().value(np.zeros((1, q.active.sum()), dtype=bool))[0])


@pytest.mark.parametrize(
    "method", [SmoothGrad(draws=9, noise=2.0), GradientShap(draws=3), GradientShap(3, baselines=(ZeroEmbedding(),))],
    ids=repr,
)  # fmt: skip
def test_the_linear_tagger_has_a_closed_form(method):
    """A linear score has the same slope everywhere; its baselines are zero embeddings, so all methods give w·x."""
    toy = linear_tagger(rng=3)
    text = "患者头痛三天，无发热。"
    q = Query(toy.tagger, Document(text), targets=[Target(Span(2, 4, "Disease"), margin="left")])
    found = explain(q, method)
    np.testing.assert_allclose(found.scores[:, 0], toy.left_margin(text, 2), atol=1e-10)
    np.testing.assert_allclose(found.std_error, 0, atol=1e-10)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SmoothGrad(draws=0), r"draws is 0; it must be at least 1"),
        (lambda: GradientShap(draws=0), r"draws is 0; it must be at least 1"),
        (lambda: SmoothGrad(noise=-0.1), r"noise is -0.1; it must be 0 or more"),
        (lambda: GradientShap(noise=float("inf")), r"noise is inf; it must be 0 or more"),
    ],
)
def test_settings_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("make", [lambda b: IntegratedGradients(baseline=b), lambda b: GradientShap(baselines=(b,))])
def test_a_hiding_that_puts_no_piece_in_place_is_no_baseline(make):
    with pytest.raises(TypeError, match=r"baseline is Delete\(\); allowed are MaskPiece\(\), NeutralPiece"):
        make(Delete())
