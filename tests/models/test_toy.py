"""The toy models do what they say: their truth is checked by hiding pieces one by one."""

from __future__ import annotations

import numpy as np
import pytest

from explain_lib.attribution import (
    Exact, GradientInput, IntegratedGradients, KernelShap, Occlusion, PermutationShap, explain,
)  # fmt: skip
from explain_lib.core import Document, Span, Target
from explain_lib.models import PieceRows, predict, toy
from explain_lib.perturbation import Query

LINEAR_TEXTS = (
    "患者头痛三天，无发热。",
    "patient heeft ernstige hoofdpijn na koorts",
    "patient has severe fever for days .",
)


def scores_without_each_piece(tagger, text, target):
    """The target's score on the text, and with each piece masked."""
    encoding = tagger.encode(text)
    window = tagger.windows(encoding)[0]
    row, n = tagger.row(encoding, window), len(encoding.ids)
    ids = np.repeat(row.ids, n + 1, axis=0)
    ids[np.arange(n) + 1, np.arange(n) + tagger.n_prefix] = tagger.vocabulary.mask
    rows = PieceRows(ids, np.repeat(row.attended, n + 1, 0), np.repeat(row.labels_at, n + 1, 0))
    values = np.empty(n + 1)
    for indices, outputs in tagger.iter_outputs(rows):
        values[indices] = tagger.score(outputs, [tagger.event(target, encoding, window)], "log_odds")[:, 0]
    return values[0], values[1:]


@pytest.mark.parametrize("text", LINEAR_TEXTS)
@pytest.mark.parametrize("rng", [0, 1])
def test_the_margin_of_the_linear_tagger_is_the_sum_of_its_contributions(text, rng):
    model = toy.linear_tagger(rng)
    start, end = model.tagger.encode(text).extents[2]
    full, without = scores_without_each_piece(model.tagger, text, Target(Span(start, end, "Disease"), margin="left"))
    truth = model.left_margin(text, 2)
    np.testing.assert_allclose(full - without, truth, atol=1e-6)
    assert (truth[:5] != 0).all() and not truth[5:].any()


@pytest.mark.parametrize("lang", toy.PLANTED)
def test_the_planted_rule_decides_type_and_boundary(lang):
    words = toy.PLANTED[lang]
    for text in words.texts:
        (span,) = predict(toy.planted_tagger().tagger, Document(text, lang=lang)).spans
        assert span.label == ("Reaction" if words.trigger in text else "Disease")
        assert span.text_of(text).endswith(words.head)
        assert (words.modifier in span.text_of(text)) == (words.modifier in text)


@pytest.mark.parametrize("lang", toy.PLANTED)
def test_only_relevant_pieces_move_the_score(lang):
    model = toy.planted_tagger()
    for text in toy.PLANTED[lang].texts:
        (span,) = predict(model.tagger, Document(text)).spans
        full, without = scores_without_each_piece(model.tagger, text, Target(span))
        moved = np.flatnonzero(without != full)
        np.testing.assert_array_equal(moved, model.relevant(text))
        assert len(moved) >= 1


def test_the_trigger_is_the_whole_reason_for_the_type():
    model, words = toy.planted_tagger(), toy.PLANTED["en"]
    text = words.texts[1]
    (span,) = predict(model.tagger, Document(text)).spans
    full, without = scores_without_each_piece(model.tagger, text, Target(span, versus="Disease"))
    trigger = [text[s:e] for s, e in model.tagger.encode(text).extents].index(words.trigger)
    assert full > 0 > without[trigger]


BAG_METHODS = (Exact(), PermutationShap(budget=40), KernelShap(), Occlusion(), IntegratedGradients(), GradientInput())


@pytest.mark.parametrize("method", BAG_METHODS, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("is_multi_label", [True, False])
def test_every_method_finds_the_contributions_of_the_bag_classifier(method, is_multi_label):
    """Log-odds of independent labels and contrasts of exclusive ones are linear in the pieces: no method may differ."""
    model = toy.bag_classifier(rng=3, is_multi_label=is_multi_label)
    document = Document("患者 has fever , geen astma .")
    if is_multi_label:
        targets, mix = [Target(label=label) for label in model.classifier.labels], np.eye(3)
    else:
        a, b, c = model.classifier.labels
        targets, mix = [Target(label=a, versus=b), Target(label=b, versus=c)], np.array([[1, 0], [-1, 1], [0, -1]])
    query = Query(model.classifier, document, targets)
    truth = query.alignment.pool_sum((model.contributions(document.text) @ mix).T).T
    result = explain(query, method)
    np.testing.assert_allclose(result.scores, truth, atol=1e-5)
    assert (np.abs(truth) > 1e-3).all() and result.active.all()


def test_of_a_long_text_the_bag_classifier_scores_the_beginning():
    model = toy.bag_classifier(is_multi_label=True, max_pieces=5)
    text = "the patient has severe fever and asthma"
    query = Query(model.classifier, Document(text), [Target(label="Neurology")])
    result = explain(query, Exact())
    np.testing.assert_allclose(result.scores[:5, 0], model.contributions(text)[:5, 1], atol=1e-6)
    assert not result.scores[5:].any() and not result.active[5:].any()
