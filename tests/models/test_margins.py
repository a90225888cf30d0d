"""Boundary margins of tag schemes with and without end tags, and of types that lack a tag."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_checkpoints import TEXTS, build

from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.perturbation import Query

DOC = Document(TEXTS[0], "nl")  # "Patiënt kreeg furosemide wegens hartfalen."
DRUG, LAST = Span(14, 24, "Drug"), Span(41, 42, "Drug")


def model(tags, decoder=None):
    names = dict(enumerate(tags))
    built = build("bert", id2label=names, label2id={tag: i for i, tag in names.items()})
    return load_model(built, dtype="float64", decoder=decoder)


def margin(tagger, span, side):
    query = Query(tagger, DOC, [Target(span, margin=side)])
    return float(query.value(np.ones((1, query.n_units), dtype=bool))[0, 0])


def logits_at(tagger, character):
    encoding = tagger.encode(DOC.text)
    (window,) = tagger.windows(encoding)
    at = int(np.flatnonzero(encoding.extents[:, 0] == character)[0])
    return tagger.exact_outputs(tagger.row(encoding, window))[0, at]


def lead(logits, tag):
    return logits[tag] - np.delete(logits, tag).max()


@pytest.mark.parametrize(
    ("tags", "span", "side", "character", "tag", "sign"),
    [
        (("O", "B-Drug", "I-Drug"), DRUG, "left", 14, 1, 1),
        (("O", "B-Drug", "I-Drug"), DRUG, "right", 25, 2, -1),
        (("O", "I-Drug", "B-Disease", "I-Disease"), DRUG, "left", 14, 1, 1),  # a type that I opens
        (("O", "I-Drug", "B-Disease", "I-Disease"), DRUG, "right", 25, 1, -1),
        (("O", "I-Drug", "I-Disease"), DRUG, "left", 14, 1, 1),
        (("O", "I-Drug", "I-Disease"), DRUG, "right", 25, 1, -1),
        (("O", "B-Drug", "I-Drug", "E-Drug", "S-Drug"), DRUG, "right", 14, 4, 1),
        (("O", "B-Drug", "I-Drug", "E-Drug", "S-Drug"), Span(14, 31, "Drug"), "left", 14, 1, 1),
        (("O", "B-Drug", "I-Drug", "E-Drug", "S-Drug"), Span(14, 31, "Drug"), "right", 25, 3, 1),
        (("O", "B-Drug", "I-Drug", "E-Drug", "S-Drug"), LAST, "right", 41, 4, 1),  # needs nothing behind it
    ],
)
def test_a_margin_is_the_lead_of_the_tag_that_decides(tags, span, side, character, tag, sign):
    tagger = model(tags)
    assert margin(tagger, span, side) == pytest.approx(sign * lead(logits_at(tagger, character), tag), abs=1e-9)


def test_end_tags_have_a_margin_at_the_end_of_the_text_under_a_chain_too():
    tagger = model(("O", "B-Drug", "I-Drug", "E-Drug", "S-Drug"), decoder="bioes-viterbi")
    assert np.isfinite(margin(tagger, LAST, "right")) and margin(tagger, LAST, "right") == margin(tagger, LAST, "left")


@pytest.mark.parametrize(
    ("tags", "span", "message"),
    [
        (("O", "B-Drug", "I-Drug"), LAST, "the span ends where the text ends, so its right boundary has no margin"),
        (("O", "I-Drug"), LAST, "the span ends where the text ends, so its right boundary has no margin"),
        (("O", "B-Drug", "B-Disease", "I-Disease"), DRUG, "goes on after the first one of label 'Drug', so the right"),
    ],
)
def test_a_boundary_that_cannot_be_elsewhere_has_no_margin(tags, span, message):
    with pytest.raises(ValueError, match=message):
        margin(model(tags), span, "right")
