"""Concept vectors on a model whose directions are known, beside concepts that must not be found."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pytest
import torch
from small_bert import small_bert

from explain_lib.attribution.global_importance import (
    ConceptVectors, DocumentConcept, SpanConcept, WordConcept, explain_global,
)  # fmt: skip
from explain_lib.attribution.global_importance.probe import Probe, random_examples
from explain_lib.core import Document, Span, Target
from explain_lib.models import ClassDecoder, Classifier, Network, Runner, WindowPlan
from explain_lib.models.pieces import Pieces
from explain_lib.models.reading import class_logits
from explain_lib.models.toy import LINEAR_WORDS, word_tokenizer
from explain_lib.models.toy.bag import BagNetwork
from explain_lib.perturbation import Query

LATIN = [word for word in LINEAR_WORDS if word.isascii() and word.isalpha()]
PLANTED = tuple(LATIN[:6])
LABELS = ("Cardiology", "Neurology", "Pneumology")
WIDTH = 48


@pytest.fixture(scope="module")
def model():
    """A linear classifier whose last axis holds the concept.

    Cardiology reads that axis, Neurology against it, Pneumology not at all.
    """
    rng = np.random.default_rng(0)
    tokenizer = word_tokenizer(LINEAR_WORDS)
    table, weight = rng.normal(size=(len(tokenizer), WIDTH)), rng.normal(0, 0.1, (len(LABELS), WIDTH))
    table[tokenizer.convert_tokens_to_ids(list(PLANTED)), -1] += 10
    weight[:, -1] = 2, -1, 0
    network = BagNetwork(*map(torch.as_tensor, (table, weight, np.zeros(len(LABELS)))))
    return Classifier(
        "toy",
        Network.of(network, class_logits),
        Pieces.of(tokenizer),
        ClassDecoder(LABELS, True),
        WindowPlan(99),
        Runner(),
    )


@pytest.fixture(scope="module")
def queries(model):
    rng = np.random.default_rng(0)
    documents = [Document(" ".join(rng.choice(LATIN, 12)), id=f"d{i}") for i in range(40)]
    return [Query(model, document, [Target(label=label) for label in LABELS]) for document in documents]


def test_a_known_direction_is_found_and_another_is_not(queries, model):
    found = explain_global(queries, ConceptVectors((WordConcept("planted", PLANTED),)), rng=0)
    assert (found.features, found.labels) == (("planted",), LABELS)
    cardiology, neurology, pneumology = (found.entry("planted", label) for label in LABELS)
    assert (cardiology.score, neurology.score) == (1.0, 0.0) and (cardiology.count, cardiology.documents) == (40, 40)
    p = found.more["p derivative"][0]
    print(f"p {p}, derivative {found.more['derivative'][0]}, accuracy {found.more['accuracy'][0, 0]:.2f}")
    assert p[0] < 0.01 and p[1] < 0.05 < p[2] and found.more["accuracy"][0, 0] > 0.9
    # every slope is the weight of the label at each of 12 units, and v nearly the planted axis
    assert found.more["derivative"][0, :2] == pytest.approx([12 * 2, -12], rel=0.15)


def test_a_fixed_set_of_random_words_is_not_significant(queries):
    rng = np.random.default_rng(1)
    others = [word for word in LATIN if word not in PLANTED]
    concepts = tuple(WordConcept(f"random {k}", tuple(rng.choice(others, 5, replace=False))) for k in range(8))
    found = explain_global(queries, ConceptVectors(concepts), rng=0)
    assert (found.more["p derivative"] > 0.05).all()
    assert (found.more["accuracy"] > 0.8).all(), "words tell words apart by themselves"


def test_random_places_are_not_significant_either_and_the_probe_says_chance(queries):
    rng = np.random.default_rng(2)
    spans = {}
    for query in queries:
        bounds = query.units.bounds[rng.random(query.n_units) < 0.3]
        spans[query.document.id] = [Span(int(start), int(end)) for start, end in bounds]
    found = explain_global(queries, ConceptVectors((SpanConcept("places", spans),)), rng=0)
    assert (found.more["p derivative"] > 0.05).all() and abs(found.more["accuracy"][0, 0] - 0.5) < 0.1


def test_the_error_is_over_documents_and_the_numbers_are_those_of_the_vectors(queries):
    found = explain_global(queries[:8], ConceptVectors((WordConcept("planted", PLANTED),), n_random=3), rng=4)
    again = explain_global(queries[:8], ConceptVectors((WordConcept("planted", PLANTED),), n_random=3), rng=4)
    np.testing.assert_array_equal(found.scores, again.scores)
    assert np.isfinite(found.std_error).all() and (found.documents == 8).all()
    one = explain_global(queries[:1], ConceptVectors((WordConcept("planted", PLANTED),), n_random=3), rng=4)
    assert np.isnan(one.std_error).all() and np.isnan(one.more["accuracy"]).all()


def test_a_transformer_in_the_context_arm_moves_context_units_only():
    tagger = small_bert()
    texts = ["no fever but severe headache 头痛 .", "severe fever but no headache .", "no headache but fever ."]
    asked = []
    for number, text in enumerate(texts):
        document, start = Document(text, id=str(number)), text.index("headache")
        asked.append(Query(tagger, document, [Target(Span(start, start + 8, "Disease"))]).context())
    found = explain_global(asked, ConceptVectors((WordConcept("negation", ("no",)),), n_random=3), rng=0)
    assert (
        "3 documents, arm “context”." in found.notes
        and found.provenance.arm == "context"
        and found.labels == ("Disease",)
        and "Layer 1;" in found.notes[1]
    )
    assert np.isfinite(found.scores).all() and np.isfinite(found.more["derivative"]).all()


def test_ridge_is_the_plain_regression():
    rng = np.random.default_rng(0)
    for n in (6, 40):  # fewer and more examples than numbers in a state
        x, y = rng.normal(size=(2 * n, 15)), np.repeat([1.0, -1.0], n)
        x -= x.mean(axis=0)
        probe = Probe(x.astype(np.float32), np.zeros(2 * n, np.int64), n, 0.5)
        direction, threshold = probe._ridge(x, y)
        penalty = 0.5 * x.var(axis=0).mean() * len(x)
        rows = np.concatenate([x, np.sqrt(penalty) * np.eye(15)])
        expected, *_ = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(15)]), rcond=None)
        np.testing.assert_allclose(direction, expected / np.linalg.norm(expected), atol=1e-9)
        assert threshold == 0.0


def test_a_probe_is_judged_on_documents_that_it_has_not_seen():
    """Two examples a document, alike within it only: a probe that saw the document would know them."""
    rng = np.random.default_rng(0)
    document = np.repeat(np.arange(60), 4)
    states = (rng.normal(size=(60, 40))[document] + 0.01 * rng.normal(size=(240, 40))).astype(np.float32)
    is_example = document < 30
    scores = [Probe(states, document, 200, 0.1).fit(is_example, rng).accuracy for _ in range(20)]
    assert abs(np.mean(scores) - 0.5) < 0.1


def test_random_examples_are_whole_words_that_are_no_examples():
    group = np.repeat(np.arange(10), 7)
    chosen = random_examples(group, group < 3, 20, np.random.default_rng(0))
    assert not chosen[group < 3].any() and set(np.bincount(group[chosen])) <= {0, 7} and chosen.sum() == 21


def test_concepts_mark_their_units():
    document = Document("无2型糖尿病，No diabetes", id="a")
    units = Query(small_bert(), document).units
    texts = np.array(units.texts)
    assert texts[WordConcept("c", ("糖尿病", "NO")).examples(units)].tolist() == ["糖", "尿", "病", "No"]
    assert texts[SpanConcept("c", {"a": [Span(0, 1)]}).examples(units)].tolist() == ["无"]
    assert DocumentConcept("c", {"a"}).examples(units).all() and not DocumentConcept("c", {"b"}).examples(units).any()
    with pytest.raises(ValueError, match="concept 'c' needs a list of words, none of them empty"):
        WordConcept("c", "no")


def test_bad_input_is_refused_in_words(queries):
    recipe = ConceptVectors((WordConcept("none", ("xyz",)),))
    with pytest.raises(ValueError, match="concept 'none' has 0 examples among 480 units"):
        explain_global(queries, recipe)
    with pytest.raises(TypeError, match="reads a sequence of Queries, got a Document"):
        explain_global(queries[0].document, recipe)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="none of the 1 queries has a target"):
        explain_global([queries[0].with_targets([])], recipe)
    with pytest.raises(ValueError, match="layer is 3; BagNetwork has layers 0"):
        explain_global(queries, ConceptVectors((WordConcept("planted", PLANTED),), layer=3))
    with pytest.raises(ValueError, match="about several models, arms or scores"):
        explain_global([queries[0], queries[1].with_score("log_prob")], recipe)
    with pytest.raises(ValueError, match="the concepts are named \\['a', 'a'\\]"):
        ConceptVectors((WordConcept("a", ("x",)), WordConcept("a", ("y",))))


def test_a_run_that_was_stopped_goes_on_where_it_was(model):
    documents = [Document(" ".join(LATIN[at : at + 9]), id=f"d{at}") for at in range(0, 12, 3)]
    queries = [Query(model, document, [Target(label="Cardiology")]) for document in documents]
    recipe, told = ConceptVectors((WordConcept("planted", PLANTED),), n_random=3), []

    def stop(done: int, in_all: int) -> None:
        told.append((done, in_all))
        if done == 6:
            raise KeyboardInterrupt

    with ExitStack() as watching:
        for query in queries:
            watching.enter_context(query.watched(stop))
        with pytest.raises(KeyboardInterrupt):
            explain_global(queries, recipe, rng=0)
    assert told == [(done, 8) for done in range(7)]
    assert [("concept states", 0) in query.evaluations.remembered for query in queries] == [True] * 4
    assert [len(query.evaluations.remembered) for query in queries] == [2, 2, 1, 1]
    fresh = [Query(model, document, [Target(label="Cardiology")]) for document in documents]
    both = [explain_global(asked, recipe, rng=0) for asked in (queries, fresh)]
    np.testing.assert_array_equal(both[0].more["derivative"], both[1].more["derivative"])
