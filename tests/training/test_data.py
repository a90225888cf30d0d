"""Examples: a tag at the first piece of each word, read back as the spans that went in."""

from __future__ import annotations

import pytest
from tokenizers import BertWordPieceTokenizer
from transformers import BertTokenizerFast

from explain_lib.core import Document, Span, TagScheme
from explain_lib.models.pieces import Pieces
from explain_lib.models.tag_spelling import decode_tags
from explain_lib.training.data import examples, position_tags

SCHEME = TagScheme.from_tags(["O", "B-Disease", "I-Disease", "B-Body", "I-Body"])
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", ".", "-", "头", "痛", "的"]
VOCABULARY += [f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"]


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    backend = BertWordPieceTokenizer({piece: i for i, piece in enumerate(VOCABULARY)}, lowercase=True)
    return Pieces.of(BertTokenizerFast(tokenizer_object=backend._tokenizer))


def tags_of(pieces: Pieces, text: str, *spans: Span) -> list[str | None]:
    tags = position_tags(pieces.encode(text), spans, SCHEME)
    return [SCHEME.tags[tag] if tag >= 0 else None for tag in tags]


def test_words_and_han_characters_get_one_tag_each(pieces: Pieces) -> None:
    assert tags_of(pieces, "acute iritis.", Span(0, 12, "Disease")) == ["B-Disease", "I-Disease", "O"]
    assert tags_of(pieces, "头痛的", Span(0, 2, "Disease")) == ["B-Disease", "I-Disease", "O"]


def test_the_longest_of_overlapping_mentions_wins(pieces: Pieces) -> None:
    assert tags_of(pieces, "头痛的", Span(0, 1, "Body"), Span(0, 2, "Disease")) == ["B-Disease", "I-Disease", "O"]


def test_a_span_that_cuts_a_word_leaves_it_unlabelled(pieces: Pieces) -> None:
    assert tags_of(pieces, "hay iritis", Span(4, 7, "Disease")) == ["O", None]


def test_a_label_without_a_tag_is_refused(pieces: Pieces) -> None:
    with pytest.raises(ValueError, match=r"the label list has no tag B-Gene; its types are Disease, Body"):
        tags_of(pieces, "iritis", Span(0, 6, "Gene"))


@pytest.mark.parametrize("longest", [6, 8, 64])
def test_cut_examples_read_back_as_the_same_spans(pieces: Pieces, longest: int) -> None:
    document = Document("a bb 头痛的 cc iritis d", spans=(Span(5, 7, "Disease"), Span(12, 18, "Disease")))
    rows = examples([document], pieces, SCHEME, source=3, longest=longest)
    assert all(len(row.ids) == len(row.tags) <= longest and row.source == 3 for row in rows)
    tags = [tag for row in rows for tag in row.tags if tag >= 0]
    encoding = pieces.encode(document.text)
    found = [(encoding.extents[a, 0], encoding.extents[b, 1], kind) for a, b, kind in decode_tags(tags, SCHEME)]
    assert found == [(s.start, s.end, s.label) for s in document.spans]
    assert [i for row in rows for i in row.ids if i > 4] == encoding.ids.tolist()
