"""Text to pieces: a fast tokenizer with its special pieces set apart, and the positions at which labels are read."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from tokenizers import Encoding as RawEncoding
from tokenizers import Tokenizer

from .protocols import Encoding, Ints, Vocabulary

LabelPositions = Literal["first_piece", "all_pieces"]
_PROBES = ("a", "一", "1", ".")


@dataclass(frozen=True, eq=False)
class Pieces:
    """A snapshot of a fast tokenizer: truncation and padding off, the original never touched.

    `prefix` and `suffix` are the ids that stand before and after every text. `label_positions` says where labels are
    read: at the first piece of each word (the tokenizer's own `word_ids`) or at every piece.
    """

    tokenizer: Tokenizer
    label_positions: LabelPositions
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, tokenizer: Any, label_positions: LabelPositions = "first_piece") -> Pieces:
        """Snapshot a Hugging Face tokenizer; raises ValueError for a slow one, which has no offsets."""
        if label_positions not in get_args(LabelPositions):
            raise ValueError(
                f"label_positions is {label_positions!r}; allowed are {', '.join(map(repr, get_args(LabelPositions)))}."
            )
        backend = _snapshot(tokenizer)
        prefix, suffix = _special_pieces(backend)
        return cls(backend, label_positions, prefix, suffix, _vocabulary(tokenizer, backend))

    def encode(self, text: str) -> Encoding:
        """Cut a text into pieces, without special pieces; white space only gives no label position.

        Raises ValueError for half of a surrogate pair, which no tokenizer reads.
        """
        if not _is_unicode(text):
            raise ValueError(
                "the text holds half of a surrogate pair, left by a wrong decoding; read it with its own encoding."
            )
        raw = self.tokenizer.encode(text, add_special_tokens=False)
        offsets = _offsets(raw, text)
        labels_at, extents = self._label_positions(raw, offsets)
        return Encoding(text, np.asarray(raw.ids, np.int64), offsets, labels_at, extents)

    def _label_positions(self, raw: RawEncoding, offsets: Ints) -> tuple[Ints, Ints]:
        """The pieces at which labels are read, and the characters of each such word (or piece).

        Words and pieces of white space alone (byte-level blanks, a lone "▁") carry no label. Those that share a
        character (the bytes of one Han character, "½" read as "1⁄2") are read once, at the first: a span of characters
        could not tell them apart.
        """
        has_text = offsets[:, 0] < offsets[:, 1]
        if not len(offsets):
            return np.zeros(0, np.int64), offsets
        starts = _words(raw.word_ids) if self.label_positions == "first_piece" else np.arange(len(offsets))
        first = np.minimum.reduceat(np.where(has_text, offsets[:, 0], offsets.max()), starts)
        last = np.maximum.reduceat(np.where(has_text, offsets[:, 1], 0), starts)
        is_spoken = np.logical_or.reduceat(has_text, starts)
        return _parted(starts[is_spoken], first[is_spoken], last[is_spoken])


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _parted(starts: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Label positions and their characters, neighbours that share a character joined."""
    if not len(starts):
        return starts, np.zeros((0, 2), np.int64)
    ends = np.maximum.accumulate(last)
    opens = np.flatnonzero(np.concatenate([[True], first[1:] >= ends[:-1]]))
    extents = np.stack([np.minimum.reduceat(first, opens), np.maximum.reduceat(last, opens)], axis=1)
    return starts[opens], extents


def _words(word_ids: Sequence[int | None]) -> Ints:
    """Index of the first piece of each word; a piece without a word is a word of its own."""
    return np.asarray(
        [i for i, word in enumerate(word_ids) if i == 0 or word is None or word != word_ids[i - 1]], np.int64
    )


def _offsets(raw: RawEncoding, text: str) -> Ints:
    """int[pieces, 2] without white space at the ends; pieces without text get an empty range."""
    offsets = np.asarray(raw.offsets, np.int64).reshape(-1, 2)
    for row in offsets:
        piece = text[row[0] : row[1]]
        row[0] += len(piece) - len(piece.lstrip())
        row[1] = row[0] + len(piece.strip())
    return offsets


def _snapshot(tokenizer: Any) -> Tokenizer:
    backend = tokenizer if isinstance(tokenizer, Tokenizer) else getattr(tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise ValueError(
            f"{type(tokenizer).__name__} is a slow tokenizer: it does not say which characters its pieces stand for. "
            "Use its fast version (AutoTokenizer.from_pretrained(folder) with a tokenizer.json in the folder)."
        )
    backend = copy.deepcopy(backend)
    backend.no_truncation()
    backend.no_padding()
    return backend


def _special_pieces(backend: Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ids before and after the text, read off a probe text."""
    for probe in _PROBES:
        inner, whole = backend.encode(probe, add_special_tokens=False).ids, backend.encode(probe).ids
        for at in range(len(whole) - len(inner) + 1):
            if inner and whole[at : at + len(inner)] == inner:
                return tuple(whole[:at]), tuple(whole[at + len(inner) :])
    return (), ()


def _vocabulary(tokenizer: Any, backend: Tokenizer) -> Vocabulary:
    def special(name: str) -> int | None:
        piece = getattr(tokenizer, f"{name}_token", None)
        return None if piece is None else backend.token_to_id(str(piece))

    unk, pad = special("unk"), special("pad")
    fallback = unk if unk is not None else 0  # padding is never attended, so any id will do
    return Vocabulary(
        mask=special("mask"),
        unk=unk,
        pad=pad if pad is not None else fallback,
        ids=lambda text: backend.encode(text, add_special_tokens=False).ids,
        name=lambda piece: backend.id_to_token(int(piece)) or str(piece),
        pieces=backend.get_vocab,
    )
