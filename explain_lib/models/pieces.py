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
        """Cut a text into pieces, without special pieces; white space only gives no label position."""
        raw = self.tokenizer.encode(text, add_special_tokens=False)
        offsets = _offsets(raw, text)
        labels_at, extents = self._label_positions(raw, offsets)
        return Encoding(text, np.asarray(raw.ids, np.int64), offsets, labels_at, extents)

    def _label_positions(self, raw: RawEncoding, offsets: Ints) -> tuple[Ints, Ints]:
        """The pieces at which labels are read, and the characters of each such word (or piece).

        Words and pieces of white space alone (byte-level blanks, a lone "▁") carry no label.
        """
        has_text = offsets[:, 0] < offsets[:, 1]
        if self.label_positions == "all_pieces" or not len(offsets):
            return np.flatnonzero(has_text), offsets[has_text]
        starts = _words(raw.word_ids)
        first = np.minimum.reduceat(np.where(has_text, offsets[:, 0], offsets.max()), starts)
        last = np.maximum.reduceat(np.where(has_text, offsets[:, 1], 0), starts)
        is_spoken = np.logical_or.reduceat(has_text, starts)
        return starts[is_spoken], np.stack([first, last], axis=1)[is_spoken]


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
    )
