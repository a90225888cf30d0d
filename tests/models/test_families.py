"""Every method on every family: one seam under all of them."""

from __future__ import annotations

import captum.attr
import numpy as np
import pytest
import transformers as hf
from tiny_checkpoints import CLASSES, TEXTS, build, build_classifier

import explain_lib as xl
from explain_lib.models import BiaffineModel, Family, load_model

DOC = xl.Document(TEXTS[0], "nl")
DRUG = xl.Span(14, 24, "Drug")
COMPLETE = (
    xl.Exact(), xl.PermutationShap(budget=40), xl.KernelShap(budget=60), xl.Owen(budget=40), xl.IntegratedGradients(),
    xl.CaptumMethod(captum.attr.LayerIntegratedGradients, settings={"n_steps": 64}),
)  # fmt: skip
OTHERS = (
    xl.Banzhaf(budget=60), xl.Lime(budget=60), xl.Occlusion(), xl.GradientInput(), xl.SmoothGrad(4), xl.GradientShap(4),
    xl.AttentionRollout(), xl.AttnLRP(),
)  # fmt: skip


def spans():
    encoder, tokenizer = build("bert", task=hf.AutoModel)
    return BiaffineModel(encoder, ("O", "Drug"), width=3, hidden=8), tokenizer


@pytest.fixture(scope="module", params=["tagger", "classifier", "span model"])
def query(request):
    built = {"tagger": lambda: build("bert"), "classifier": build_classifier, "span model": spans}[request.param]()
    model = load_model(built, dtype="float32")
    assert isinstance(model, Family)
    return xl.Query(model, DOC, [xl.Target(label=CLASSES[0]) if request.param == "classifier" else xl.Target(DRUG)])


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
