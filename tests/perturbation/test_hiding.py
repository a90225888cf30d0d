"""What hiding leaves alone: every other id, the length, and under deletion the target's own text."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_checkpoints import build
from tiny_masked_models import masked_lm

from explain_lib.core import Document, Span, Target
from explain_lib.corpora import characters, default_units, words
from explain_lib.models import load_fill_in, load_model
from explain_lib.perturbation import AttentionOff, Delete, FillIn, MaskPiece, NeutralPiece, Query

TEXTS = (
    "患者头痛三天，既往有2型糖尿病史。",
    "Patiënt kreeg furosemide wegens hartfalen.",
    "naïve 😀 β-blocker 👨\u200d👩\u200d👧 5mg/day",
    "Na 3 dagen:  患者\n否认发热…",
)
TOKENIZERS = ("bert", "roberta", "xlm_roberta")  # ##, byte-level BPE, ▁


@cache
def tagger(architecture: str):
    return load_model(build(architecture), precision="exact", label_positions="all_pieces")


@cache
def hidings(architecture: str):
    lms = [load_fill_in(masked_lm(architecture))] if architecture != "xlm_roberta" else []
    return [MaskPiece(), NeutralPiece(), AttentionOff(), *(FillIn(lm, draws=3) for lm in lms)]


ANY_QUESTION = {
    "architecture": st.sampled_from(TOKENIZERS),
    "text": st.one_of(st.sampled_from(TEXTS), st.text(min_size=1, max_size=12)),
    "level": st.sampled_from([default_units, characters, words]),
    "seed": st.integers(0, 2**32),
}


def drawn(architecture, text, level, seed, hiding, targets=()):
    """A query, some rows of keep, its unperturbed row, and bool[rows, length], which pieces hidden units own."""
    model, document = tagger(architecture), Document(text)
    if not len(level(document)) or not len(model.encode(text).ids):
        return None
    query = Query(model, document, targets, level(document), hiding)
    keep = (np.random.default_rng(seed).random((3, query.n_units)) < 0.6) | ~query.active
    original = model.row(query.encoding, query.evaluations.windows[0])
    gone = np.zeros((3, original.ids.shape[1]), dtype=bool)
    owner = query.alignment.owner
    gone[:, model.n_prefix : model.n_prefix + len(owner)] = (owner >= 0) & ~keep[:, owner]
    return query, keep, original, gone


@settings(max_examples=80, deadline=None)
@given(which=st.integers(0, 3), **ANY_QUESTION)
def test_length_keeping_hiding_leaves_the_length_and_every_other_id_alone(which, architecture, text, level, seed):
    hiding = hidings(architecture)[which % len(hidings(architecture))]
    if (case := drawn(architecture, text, level, seed, hiding)) is None:
        return
    query, keep, original, gone = case
    rows = query.evaluations.rows(0, keep)
    gone = np.repeat(gone, hiding.draws, axis=0)
    assert rows.ids.shape == rows.attended.shape == gone.shape
    np.testing.assert_array_equal(rows.labels_at, np.repeat(original.labels_at, len(gone), axis=0))
    np.testing.assert_array_equal(rows.ids[~gone], np.broadcast_to(original.ids, gone.shape)[~gone])
    vocabulary = query.model.vocabulary
    match hiding:
        case MaskPiece():
            assert (rows.ids[gone] == vocabulary.mask).all()
        case NeutralPiece():
            assert (rows.ids[gone] == vocabulary.pieces()["."]).all()
        case AttentionOff():
            np.testing.assert_array_equal(rows.ids, np.broadcast_to(original.ids, gone.shape))
            np.testing.assert_array_equal(rows.attended, ~gone)
        case FillIn():
            assert not np.isin(rows.ids[gone], [vocabulary.mask, vocabulary.pad, vocabulary.unk]).any()
    if not isinstance(hiding, AttentionOff):
        assert rows.attended.all()


@settings(max_examples=60, deadline=None)
@given(**ANY_QUESTION)
def test_deletion_leaves_remaining_ids_and_the_text_of_the_target_alone(architecture, text, level, seed):
    model = tagger(architecture)
    extents, targets = model.encode(text).extents, []
    if len(extents):
        first = seed % len(extents)
        last = min(first + 1, len(extents) - 1)
        targets = [Target(Span(extents[first, 0], extents[last, 1], "Drug"))]
    if (case := drawn(architecture, text, level, seed, Delete(), targets)) is None:
        return
    query, keep, original, gone = case
    rows = query.evaluations.rows(0, keep)
    for i in range(len(keep)):
        np.testing.assert_array_equal(rows.ids[i][rows.attended[i]], original.ids[0][~gone[i]])
        assert (rows.ids[i][~rows.attended[i]] == model.vocabulary.pad).all()
        for position, column in enumerate(rows.labels_at[i]):
            piece = original.labels_at[0, position]
            assert (column < 0) == gone[i, piece]
            assert column < 0 or rows.ids[i, column] == original.ids[0, piece]
        for target in targets:
            low, high = model.reach(target, query.encoding)
            columns = rows.labels_at[i, low:high]
            assert (columns >= 0).all() and (np.diff(columns) > 0).all()
            inside = slice(original.labels_at[0, low], original.labels_at[0, high - 1] + 1)
            assert not gone[i, inside].any()
            np.testing.assert_array_equal(rows.ids[i, columns[0] : columns[-1] + 1], original.ids[0, inside])


def test_a_hiding_says_what_stands_in():
    vocabulary = tagger("bert").vocabulary
    said = [hiding.describe(vocabulary) for hiding in (*hidings("bert"), Delete())]
    assert said == [
        "MaskPiece(piece='[MASK]')", "NeutralPiece(piece='.')", "AttentionOff()",
        "FillIn(mlm='BertForMaskedLM', draws=3, rng=0)", "Delete()",
    ]  # fmt: skip


def test_a_hidden_text_of_one_unit_is_still_a_row():
    for hiding in (*hidings("bert"), Delete()):
        query = Query(tagger("bert"), Document("koorts"), units=words(Document("koorts")), hiding=hiding)
        rows = query.evaluations.rows(0, np.zeros((1, 1), dtype=bool))
        assert len(rows) == hiding.draws
        assert query.predict(np.zeros((1, 1), dtype=bool))[0] is not None


@pytest.mark.parametrize("hiding", [MaskPiece(), NeutralPiece(), AttentionOff(), Delete()], ids=repr)
def test_a_row_that_keeps_everything_is_the_text(hiding):
    query = Query(tagger("bert"), Document(TEXTS[0]), hiding=hiding)
    rows = query.evaluations.rows(0, np.ones((2, query.n_units), dtype=bool))
    original = query.model.row(query.encoding, query.evaluations.windows[0])
    np.testing.assert_array_equal(rows.ids, np.repeat(original.ids, 2, axis=0))
    np.testing.assert_array_equal(rows.labels_at, np.repeat(original.labels_at, 2, axis=0))
    assert rows.attended.all()
