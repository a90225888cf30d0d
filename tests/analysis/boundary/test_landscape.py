"""The span landscape against every tag sequence in turn, for every way of reading tags, and against span logits."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
import transformers as hf
from tiny_checkpoints import build

from explain_lib.analysis.boundary.entity import Entity
from explain_lib.analysis.boundary.landscape import Landscape
from explain_lib.core import Document, Span, Target
from explain_lib.models import Transitions, load_model, toy
from explain_lib.models.biaffine import BiaffineModel
from explain_lib.perturbation import Delete, Query

TEXT = "naïve 😀 mg day"  # four label positions
STARTS, ENDS = (0, 6, 8, 11), (5, 7, 10, 14)
BIO, IO = ("O", "B-X", "I-X"), ("O", "I-X", "I-Y")
BIOES = ("O", "B-X", "I-X", "E-X", "S-X")
DECODERS = ((BIO, "bio-strict"), (BIO, "bio-lenient"), (IO, "io"), (BIOES, "bioes"), (BIO, "bio-viterbi"))


def tag_model(tags, decoder, **settings):
    names = dict(enumerate(tags))
    built = build("bert", id2label=names, label2id={tag: i for i, tag in names.items()})
    return load_model(built, dtype="float64", decoder=decoder, label_positions="first_piece", **settings)


def landscape(model, first, last, reach=3, label="X", **settings):
    span = Span(STARTS[first], ENDS[last], label)
    return Landscape.of(Entity(Query(model, Document(TEXT), [Target(span)], **settings)), reach)


def brute_force(model, first, last, reach):
    """Log-probabilities by summing over all tag sequences that the decoder reads as holding a span."""
    encoding = model.encode(TEXT)
    (window,) = model.windows(encoding)
    logits = model.exact_outputs(model.row(encoding, window))[0].astype(np.float64)
    transitions = getattr(model.decoder, "transitions", None)
    weights, spans = [], []
    for tags in product(range(logits.shape[1]), repeat=len(logits)):
        weight = logits[np.arange(len(tags)), tags].sum()
        if transitions is not None:
            matrix, border = transitions.matrix, len(transitions.matrix) - 1
            path = (border, *tags, border)
            weight += sum(matrix[a, b] for a, b in zip(path, path[1:], strict=False))
        weights.append(weight)
        spans.append(set(model.decoder.spans(tags)))
    shares = np.exp(np.array(weights) - max(weights))
    shares /= shares.sum()
    result = np.full((2 * reach + 1, 2 * reach + 1), np.nan)
    for left, right in product(range(-reach, reach + 1), repeat=2):
        one = (first - left, last + right, "X")
        if one[0] > last or one[1] < first:
            continue  # another entity beside this one
        share = sum(p for p, there in zip(shares, spans, strict=True) if one in there)
        if share > 0:
            result[left + reach, right + reach] = np.log(share)
    return result


@pytest.mark.parametrize(("tags", "decoder"), DECODERS)
@pytest.mark.parametrize(("first", "last"), [(1, 2), (0, 0), (3, 3), (0, 3)])
def test_every_legal_cell_is_the_share_of_tag_sequences(tags, decoder, first, last):
    model = tag_model(tags, decoder)
    found = landscape(model, first, last)
    np.testing.assert_allclose(found.log_probs, brute_force(model, first, last, 3), atol=1e-9)
    assert found.n_legal == {(1, 2): 8, (0, 0): 4, (3, 3): 4, (0, 3): 10}[first, last]  # spans that meet it


def test_learned_transitions_count():
    rng = np.random.default_rng(0)
    learned = Transitions(rng.normal(size=3), 2 * rng.normal(size=(3, 3)), rng.normal(size=3))
    model = tag_model(BIO, "bio-lenient", transitions=learned)
    found = landscape(model, 1, 2, reach=2)
    np.testing.assert_allclose(found.log_probs, brute_force(model, 1, 2, 2), atol=1e-9)
    assert np.abs(found.log_probs - landscape(tag_model(BIO, "bio-lenient"), 1, 2, reach=2).log_probs)[2, 2] > 0.1


@pytest.mark.parametrize("labels", [("O", "Disease", "Drug"), ("Disease", "Drug")])
def test_a_span_model_is_read_off_its_logits_up_to_its_width(labels):
    encoder, tokenizer = build("bert", 0, task=hf.AutoModel)
    torch.manual_seed(0)
    module = BiaffineModel(encoder, labels, width=2, hidden=8, label_positions="first_piece").eval()
    model = load_model((module, tokenizer), dtype="float64")
    found = landscape(model, 1, 1, reach=2, label="Drug")
    encoding = model.encode(TEXT)
    logits = torch.as_tensor(model.exact_outputs(model.row(encoding, model.windows(encoding)[0]))[0]).double()
    table = logits.log_softmax(-1) if "O" in labels else torch.nn.functional.logsigmoid(logits)
    for left, right in product(range(-2, 3), repeat=2):
        a, b = 1 - left, 1 + right
        value = found.log_probs[left + 2, right + 2]
        if 0 <= a <= 1 <= b < 4 and b - a < 2:
            assert value == pytest.approx(float(table[a, b - a, labels.index("Drug")]), abs=1e-9)
        else:
            assert np.isnan(value) and not found.is_legal(left, right)
    assert not found.is_legal(3, 0)


def test_sharpness_and_entropy_by_hand():
    found = landscape(tag_model(BIO, "bio-lenient"), 1, 2)
    legal = found.log_probs[~np.isnan(found.log_probs)]
    others = found.log_probs.copy()
    others[3, 3] = np.nan
    assert found.sharpness == pytest.approx(found.log_probs[3, 3] - np.nanmax(others))
    left, right = found.best_other
    assert found.log_probs[left + 3, right + 3] == np.nanmax(others) and (left, right) != (0, 0)
    other = found.likeliest_other
    assert other["span"] == [STARTS[1 - left], ENDS[2 + right]] and other["log_prob"] == np.nanmax(others)
    shares = np.exp(legal) / np.exp(legal).sum()
    assert found.entropy == pytest.approx(-(shares * np.log(shares)).sum() / np.log(8))
    flat = Landscape(found.entity, np.where(np.isnan(found.log_probs), np.nan, -50.0))
    assert flat.entropy == pytest.approx(1) and flat.sharpness == 0
    sure = np.where(np.isnan(found.log_probs), np.nan, -2000.0)
    sure[3, 3] = 0
    assert Landscape(found.entity, sure).entropy == 0


def test_a_type_that_cannot_go_on_has_one_cell_and_says_so():
    model = tag_model(("O", "B-X", "B-Y", "I-Y"), "bio-strict")
    found = landscape(model, 1, 1, reach=1)
    assert found.n_legal == 1
    assert found.best_other is None and found.likeliest_other is None
    notes = [m.note for m in found.measures() if not m.is_available]
    assert len(notes) == 2 and all("no other span" in note for note in notes)
    never = Landscape(found.entity, np.full((3, 3), np.nan))
    assert [m.note for m in never.measures()] == ["the model can never return this span"] * 3


def test_the_landscape_costs_one_row_whatever_is_hidden_how():
    model = tag_model(BIO, "bio-lenient")
    query = Query(model, Document(TEXT), [Target(Span(6, 10, "X"))], hiding=Delete())
    Landscape.of(Entity(query), 3)
    assert query.n_evals == 1
    np.testing.assert_allclose(Landscape.of(Entity(query), 3).log_probs, landscape(model, 1, 2).log_probs, atol=1e-12)
    in_context = Landscape.of(Entity(query.context()), 3).log_probs
    np.testing.assert_array_equal(in_context, Landscape.of(Entity(query), 3).log_probs)


def test_another_entity_of_the_type_beside_it_makes_no_end_unsure():
    toy_model = toy.planted_tagger()
    text = "Geen laesie , wel een laesie ."
    spans = [Span(text.index("laesie"), 11, "Disease"), Span(text.rindex("laesie"), 28, "Disease")]
    found = Landscape.of(Entity(Query(toy_model.tagger, Document(text), [Target(spans[1])])), 4)
    assert found.sharpness > 2 and found.entropy < 0.3


def test_rows_and_columns_know_where_their_spans_start_and_end_in_the_text():
    found = landscape(tag_model(BIO, "bio-lenient"), 1, 2, reach=2)
    assert found.starts.tolist() == [STARTS[3], STARTS[2], STARTS[1], STARTS[0], -1]
    assert found.ends.tolist() == [*ENDS, -1]
