"""Every method on every family: one seam under all of them."""

from __future__ import annotations

import captum.attr
import numpy as np
import pytest
import shap
import torch
import transformers as hf
from tiny_checkpoints import CLASSES, TAGS, TEXTS, build, build_classifier

import explain_lib as xl
from explain_lib.models import BiaffineModel, Classifier, Family, Transitions, load_model

DOC = xl.Document(TEXTS[0], "nl")
DRUG = xl.Span(14, 24, "Drug")
COMPLETE = (
    xl.Exact(), xl.PermutationShap(budget=40), xl.KernelShap(budget=60), xl.Owen(budget=40), xl.IntegratedGradients(),
    xl.CaptumMethod(captum.attr.LayerIntegratedGradients, settings={"n_steps": 64}),
)  # fmt: skip
OTHERS = (
    xl.Banzhaf(budget=60), xl.Lime(budget=60), xl.Occlusion(), xl.GradientInput(), xl.SmoothGrad(4), xl.GradientShap(4),
    xl.AttentionRollout(), xl.GradientAttention(), xl.AttnLRP(),
)  # fmt: skip


MARGINS = [xl.Target(DRUG, margin="left"), xl.Target(DRUG, margin="right")]
CLASS = xl.Target(label=CLASSES[0])


def spans(*labels):
    encoder, tokenizer = build("bert", task=hf.AutoModel)
    return BiaffineModel(encoder, labels, width=3, hidden=8), tokenizer


def chain():
    rng = np.random.default_rng(0)
    return Transitions(*(rng.normal(size=size) for size in (len(TAGS), (len(TAGS),) * 2, len(TAGS))))


FAMILIES = {
    "tagger": lambda: load_model(build("bert"), dtype="float32"),
    "CRF": lambda: load_model(build("roberta"), dtype="float32", transitions=chain()),
    "Viterbi": lambda: load_model(build("bert"), dtype="float32", decoder="bio-viterbi"),
    "classifier": lambda: load_model(build_classifier(), dtype="float32"),
    "multi-label": lambda: load_model(build_classifier(problem_type="multi_label_classification"), dtype="float32"),
    "span model": lambda: load_model(spans("O", "Drug", "Disease"), dtype="float32"),
    "grid": lambda: load_model(spans("Drug", "Disease"), dtype="float32"),
}


@pytest.fixture(scope="module", params=FAMILIES)
def query(request):
    model = FAMILIES[request.param]()
    assert isinstance(model, Family)
    return xl.Query(model, DOC, [CLASS if isinstance(model, Classifier) else xl.Target(DRUG)])


@pytest.fixture(scope="module")
def contrasts(query):
    """The same text with every kind of contrast and margin that its family has."""
    if isinstance(query.model, Classifier):
        return query.with_targets([xl.Target(label=CLASSES[0], versus=CLASSES[2])])
    others = ("Disease", xl.NO_ENTITY, xl.longer(right=1), xl.longer(left=1))
    return query.with_targets([*(xl.Target(DRUG, versus=other) for other in others), *MARGINS])


@pytest.mark.parametrize("method", COMPLETE, ids=lambda m: type(m).__name__)
def test_complete_methods_add_up_on_every_family(query, method):
    result = xl.explain(query, method)
    np.testing.assert_allclose(result.completeness_gap, 0, atol=5e-3)
    assert np.ptp(result.scores) > 1e-3


@pytest.mark.parametrize("method", OTHERS, ids=lambda m: type(m).__name__)
def test_other_methods_score_every_unit_of_every_family(query, method):
    result = xl.explain(query, method)
    assert np.isfinite(result.scores).all() and result.active.all()
    assert np.ptp(result.scores) > 1e-3


def test_random_gradient_methods_are_about_what_their_exact_kin_say(contrasts):
    """GradientShap against the integral that it draws from, SmoothGrad without noise against the slope."""
    drawn, whole = xl.explain(contrasts, xl.GradientShap(200), rng=0), xl.explain(contrasts, xl.IntegratedGradients(64))
    z = (drawn.scores - whole.scores) / drawn.std_error
    assert 0.1 < np.sqrt((z**2).mean()) < 2.5
    np.testing.assert_allclose(drawn.base_value, whole.base_value, atol=1e-5)
    smooth, plain = xl.explain(contrasts, xl.SmoothGrad(3, noise=0.0)), xl.explain(contrasts, xl.GradientInput())
    np.testing.assert_allclose(smooth.scores, plain.scores, atol=1e-4)
    np.testing.assert_allclose(smooth.std_error, 0, atol=1e-4)


def test_contrasts_and_margins_are_complete_on_every_family(contrasts):
    result = xl.explain(contrasts, xl.IntegratedGradients(tolerance=1e-3))
    assert np.abs(result.completeness_gap).max() < 2e-3 and (np.ptp(result.scores, axis=0) > 1e-3).all()
    exact = xl.explain(contrasts, xl.Exact())
    np.testing.assert_allclose(exact.full_value, result.full_value, atol=1e-4)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode], ids=lambda mode: mode.__name__)
@pytest.mark.parametrize("method", [
    xl.GradientInput(), xl.GradientAttention(), xl.AttentionRollout(), xl.AttnLRP(),
    xl.CaptumMethod(captum.attr.LayerGradientXActivation), xl.ShapMethod(shap.GradientExplainer),
], ids=lambda m: type(m).__name__)  # fmt: skip
def test_the_mode_of_the_caller_does_not_matter(query, method, mode):
    expected = xl.explain(query, method, rng=0)
    with mode():
        found = xl.explain(query.on(query.document, query.targets), method, rng=0)
    np.testing.assert_allclose(found.scores, expected.scores, atol=1e-5)
