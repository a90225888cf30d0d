"""Pieces: offsets round trip for any text, label positions, special pieces, hostile and slow tokenizers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_checkpoints import TEXTS, build, byte_bpe, wordpiece

from explain_lib.models import toy
from explain_lib.models.pieces import Pieces

TOKENIZERS = {
    "words": lambda: toy.word_tokenizer(toy.LINEAR_WORDS), "wordpiece": wordpiece, "byte_bpe": byte_bpe,
    "unigram": lambda: build("xlm_roberta")[1],
}  # fmt: skip
MADE = {name: make() for name, make in TOKENIZERS.items()}
TEXT = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="aé 患者\u3000😀\u0301\u200d-.,(\n\tß", max_size=40),
    st.sampled_from(TEXTS),
)


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("positions", ["first_piece", "all_pieces"])
@given(text=TEXT)
def test_offsets_and_extents_of_any_text(name, positions, text):
    encoding = Pieces.of(MADE[name], positions).encode(text)
    offsets, extents = encoding.offsets, encoding.extents
    assert len(encoding.ids) == len(offsets) and len(encoding.labels_at) == len(extents)
    assert ((offsets >= 0) & (offsets <= len(text))).all() and (offsets[:, 0] <= offsets[:, 1]).all()
    assert (np.diff(encoding.labels_at) > 0).all()
    for start, end in extents:
        assert start < end and text[start:end] == text[start:end].strip()
    assert (extents[1:, 0] >= extents[:-1, 1]).all()  # disjoint: a span of characters names its positions


@given(text=TEXT)
def test_bytes_cover_every_character_that_is_not_white_space(text):
    encoding = Pieces.of(MADE["byte_bpe"], "all_pieces").encode(text)
    covered = {c for start, end in encoding.extents for c in range(start, end)}
    assert covered == {c for c, character in enumerate(text) if not character.isspace()}


@pytest.mark.parametrize("name", TOKENIZERS)
def test_special_pieces_stand_around_the_text(name):
    pieces = Pieces.of(MADE[name])
    for text in TEXTS:
        whole = MADE[name](text)["input_ids"]
        assert [*pieces.prefix, *pieces.encode(text).ids, *pieces.suffix] == whole
    assert (len(pieces.prefix), len(pieces.suffix)) == (1, 1)


def test_a_word_is_read_at_its_first_piece_and_stands_for_all_of_it():
    text = "Patiënt  kreeg furosemide."
    encoding = Pieces.of(MADE["wordpiece"]).encode(text)
    assert [text[s:e] for s, e in encoding.extents] == ["Patiënt", "kreeg", "furosemide", "."]
    assert len(encoding.ids) > 4


@pytest.mark.parametrize("name, text", [("byte_bpe", "患 😀."), ("unigram", "患者½三"), ("unigram", "a\u200b b")])
def test_pieces_that_share_a_character_are_read_at_the_first_of_them(name, text):
    encoding = Pieces.of(MADE[name], "all_pieces").encode(text)
    shared = [i for i, (start, end) in enumerate(encoding.offsets) if start < end]
    assert len(encoding.labels_at) < len(shared)  # the text does have such pieces
    for at, (start, end) in zip(encoding.labels_at, encoding.extents, strict=True):
        assert at == min(i for i in shared if start <= encoding.offsets[i, 0] < end)


def test_the_repr_of_an_encoding_shows_no_text():
    assert "hartfalen" not in repr(Pieces.of(MADE["words"]).encode("hartfalen"))


def test_half_of_a_surrogate_pair_is_refused():
    with pytest.raises(ValueError, match="holds half of a surrogate pair, left by a wrong decoding"):
        Pieces.of(MADE["words"]).encode("a\ud800b")


def test_a_word_of_white_space_alone_carries_no_label():
    encoding = Pieces.of(MADE["byte_bpe"]).encode("a   b  ")
    assert [tuple(e) for e in encoding.extents.tolist()] == [(0, 1), (4, 5)]


def test_white_space_only_has_no_label_position():
    for tokenizer in MADE.values():
        assert not len(Pieces.of(tokenizer).encode(" \n\t ").labels_at)


def test_a_slow_tokenizer_is_refused():
    class SlowTokenizer:
        mask_token = "[MASK]"

    with pytest.raises(ValueError, match="SlowTokenizer is a slow tokenizer: .*Use its fast version"):
        Pieces.of(SlowTokenizer())


def test_label_positions_have_two_names():
    with pytest.raises(ValueError, match="label_positions is 'last'; allowed are 'first_piece', 'all_pieces'"):
        Pieces.of(MADE["words"], "last")


def test_vocabulary_names_what_hidings_need():
    vocabulary = Pieces.of(MADE["words"]).vocabulary
    assert [vocabulary.name(i) for i in (vocabulary.mask, vocabulary.unk, vocabulary.pad)] == [
        "[MASK]", "[UNK]", "[PAD]"
    ]  # fmt: skip
    assert [vocabulary.name(i) for i in vocabulary.ids("患者.")] == ["患", "者", "."]
