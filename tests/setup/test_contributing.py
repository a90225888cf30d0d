"""What CONTRIBUTING.md shows works: the explainer scores what it says, and the plugged-in model is explained."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from explain_lib.attribution import Exact, GradientInput, PermutationShap, explain
from explain_lib.core import Document, Span, Target
from explain_lib.evaluation import faithfulness
from explain_lib.fusion import Fused, MeanFusion
from explain_lib.models import predict
from explain_lib.models.toy import linear_tagger
from explain_lib.perturbation import Delete, Game, Query

PAGE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


Shown = Callable[..., ModuleType]


def block_below(heading: str, nth: int = 0) -> str:
    """A Python block below a heading of the page, the first unless told."""
    section = PAGE.split(f"## {heading}", 1)[1]
    return textwrap.dedent(re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL)[nth])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """The block below a heading, as a module."""

    def run(heading: str, nth: int = 0) -> ModuleType:
        module = ModuleType("contributing")
        monkeypatch.setitem(sys.modules, "contributing", module)  # dataclasses look their module up
        exec(compile(block_below(heading, nth), "CONTRIBUTING.md", "exec"), module.__dict__)
        return module

    return run


def test_the_shown_explainer_scores_what_it_says(shown: Shown) -> None:
    page = shown("Add an explainer in five steps")
    weights, kept_share = np.array([2.0, -1.0, 0.5, 0.0]), 0.8
    game = Game(lambda keep: keep @ weights + 0.5 * (keep[:, 0] & keep[:, 1]), 4)
    truth = weights + 0.5 * kept_share * np.array([1.0, 1.0, 0.0, 0.0])  # the partner is there with that chance
    found = page.MostlyKept(kept_share, budget=4000).attribute(game, np.random.default_rng(0))
    assert np.all(np.abs(found.scores[:, 0] - truth) < 4 * found.std_error[:, 0])
    assert found.n_evals <= 4000
    half = page.MostlyKept(0.5, budget=4000).attribute(game, np.random.default_rng(0))
    shapley = Exact().attribute(game, np.random.default_rng(0))  # agrees with Banzhaf where units act in pairs
    assert np.all(np.abs(half.scores - shapley.scores) < 4 * half.std_error)


def test_a_method_from_outside_is_explained_fused_and_judged(shown: Shown) -> None:
    method = shown("Add an explainer in five steps", 1).WordLength()
    query = Query(linear_tagger().tagger, Document("w1 w2 with w4"), [Target(Span(3, 5, "Disease"))]).context()
    alone = explain(query, method)
    np.testing.assert_array_equal(alone.scores[:, 0], [2, 0, 4, 2])
    np.testing.assert_array_equal(explain(query, Fused([method], MeanFusion()), rng=0).scores > 0, alone.scores > 0)
    assert np.isfinite(faithfulness(alone, query, rng=0).measure("infidelity", arm="context").value)


def test_the_shown_model_is_explained_like_any_other(shown: Shown) -> None:
    lines = block_below("Plug in your own model").splitlines()
    assert sum(bool(line.strip()) for line in lines) < 40
    page = shown("Plug in your own model")
    text = "zij kreeg furosemide wegens hartfalen"
    words, tags = page.Words(text.split()), ("O", "B-Drug", "I-Drug")
    torch.manual_seed(0)
    module = page.Lstm(len(words.index), len(tags))
    tagger = page.lstm_tagger(words, module, tags)
    assert module.training, "the caller's module is left as it is"
    query = Query(tagger, Document(text), [Target(Span(10, 20, "Drug"))])
    exact = explain(query, Exact())
    np.testing.assert_allclose(exact.completeness_gap, 0, atol=1e-6)
    assert np.all(exact.scores != 0)
    shap = explain(query, PermutationShap(budget=200))
    assert np.all(np.abs(shap.scores - exact.scores) < 5 * shap.std_error + 1e-6)
    assert np.isfinite(explain(query, GradientInput()).scores).all()
    assert np.isfinite(explain(query.with_score("probability"), Exact()).scores).all()
    moved = Query(tagger, Document(text), query.targets, hiding=Delete())
    assert np.isfinite(explain(moved, Exact()).scores).all()
    texts = [Document(text), Document("furosemide"), Document("wegens hartfalen furosemide kreeg")]
    for alone, together in zip(texts, predict(tagger, texts), strict=True):  # padding changes nothing
        np.testing.assert_allclose(predict(tagger, alone).confidence, together.confidence, atol=1e-6)
