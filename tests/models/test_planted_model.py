"""The planted tagger as shipped: it follows the rule, and the truth of a question is what turns its score."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module

import numpy as np
import pytest
from safetensors import safe_open

from explain_lib.core import NO_ENTITY, Span, Target, data_folder, longer
from explain_lib.corpora import default_units, planted_documents, planted_swaps, planted_truth
from explain_lib.models import planted_model, predict
from explain_lib.perturbation import Query
from explain_lib.training.planted.export import BEGIN, END, table

FOLDER = data_folder("models", "planted-ner")
LANGS = ("zh", "nl", "en")


@cache
def model():
    return planted_model()


def documents(lang, n):
    return list(planted_documents(lang, "test", n, rng=31))


@pytest.mark.parametrize("lang", LANGS)
def test_it_follows_the_rule_on_texts_and_counterfactuals_of_the_test_part(lang):
    texts = documents(lang, 25)
    asked = [*texts, *(swap.document for text in texts for swap in planted_swaps(text))]
    found = predict(model(), asked, progress=False)
    right = [set(d.spans) == set(p.spans) for d, p in zip(asked, found, strict=True)]
    assert len(asked) > 100 and np.mean(right) >= 0.98


def other_end(is_longer, side):
    """The contrast with the other form of one end."""
    return longer(**{side: -1 if is_longer else 1})


def questions(document, k):
    """Targets of entity `k` whose score is positive where the model follows the rule."""
    entity, span = document.meta["planted"]["entities"][k], document.spans[k]
    other = "Test" if span.label == "Chemical" else "Chemical"
    versus = [other, NO_ENTITY, *(other_end(is_longer, side) for is_longer, side in zip(
        entity["longer"], ("left", "right"), strict=True))]  # fmt: skip
    return [Target(span, versus=v) for v in versus] + [Target(span, margin=side) for side in ("left", "right")]


def moved(target, swap, document):
    """The same question where the swapped word has moved the span."""
    shift = len(swap.document.text) - len(document.text)
    first = next(i for i, (a, b) in enumerate(zip(document.text, swap.document.text, strict=False)) if a != b)
    by = shift if first < target.span.start else 0
    span = Span(target.span.start + by, target.span.end + by, target.span.label)
    return first, Target(span, versus=target.versus, margin=target.margin)


def scores(document, targets):
    query = Query(model(), document, targets)
    return query.value(np.ones((1, query.n_units), dtype=bool))[0]


@pytest.mark.parametrize("lang", LANGS)
def test_a_question_turns_when_a_word_of_its_truth_is_swapped_and_only_then(lang):
    agreed = []
    for document in documents(lang, 6):
        units = default_units(document)
        for swap in planted_swaps(document):
            asked = questions(document, swap.entity)
            first, _ = moved(asked[0], swap, document)
            unit = int(np.flatnonzero(units.bounds[:, 1] > first)[0])
            values = scores(swap.document, [moved(target, swap, document)[1] for target in asked])
            for target, before, after in zip(asked, scores(document, asked), values, strict=True):
                if target.versus == NO_ENTITY and swap.after is not None:
                    continue  # neither this span nor none is there any more: the contrast has no sign to turn
                if isinstance(target.versus, str) and swap.after is None:
                    continue  # which of two wrong types is likelier is not said
                agreed.append(before > 0 and (after < 0) == bool(planted_truth(document, units, target)[unit]))
    assert len(agreed) > 100 and np.mean(agreed) >= 0.98


def test_the_right_margin_does_not_ask_for_the_type():
    turned = []
    for document in documents("en", 12):
        for swap in planted_swaps(document):
            if swap.decides == "type":
                target = Target(swap.before, margin="right")
                turned.append(scores(swap.document, [moved(target, swap, document)[1]])[0] < 0)
    assert len(turned) > 20 and not any(turned)


def test_weights_are_small_and_in_half_precision():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 2e6
    assert {file.suffix for file in FOLDER.iterdir()} == {".json", ".md", ".safetensors"}
    with safe_open(FOLDER / "model.safetensors", "pt") as weights:
        assert {weights.get_slice(name).get_dtype() for name in weights.keys()} == {"F16"}  # noqa: SIM118


def test_the_card_shows_the_figures_and_they_pass():
    figures = json.loads((FOLDER / "metrics.json").read_text("utf-8"))
    assert f"{BEGIN}\n{table(figures)}\n{END}" in (FOLDER / "README.md").read_text("utf-8")
    assert set(figures) == set(LANGS)
    for one in figures.values():
        assert min(one["swaps"], one["type"], one["left"], one["right"]) >= 0.98
        assert one["interval"][0] <= one["swaps"] <= one["interval"][1]


def test_where_there_is_no_checkout_it_says_so(monkeypatch, tmp_path):
    module = import_module("explain_lib.core.data_folder")  # the package's attribute of this name is the function
    monkeypatch.setattr(module, "_CHECKOUT", tmp_path)
    monkeypatch.delenv("EXPLAIN_LIB_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="no data/models/planted-ner here"):
        planted_model()
