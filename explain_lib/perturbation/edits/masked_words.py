"""Words of a text in the rows of a masked language model, and what it would write in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
import regex

from explain_lib.core import Document
from explain_lib.corpora.segmentation import words
from explain_lib.models.fill_in_model import FillInModel
from explain_lib.models.protocols import Bools, Floats, Ints, PieceRows, Window

from .context_words import free_words
from .family import Subject
from .word_lists.particles import PARTICLES
from .word_lists.protected import PROTECTED

LONGEST = 3  # characters of a Han word: the pairs and triples of likely ones are tried
_HAN = regex.compile(r"(?V1)\p{Han}+")
_LOWER = regex.compile(r"(?V1)\p{Ll}[\p{Ll}\p{M}]+")


@dataclass(frozen=True)
class MaskedWord:
    """A word of the text: its characters, its pieces and the window in which these lie most centrally."""

    start: int
    end: int
    pieces: tuple[int, int]
    window: Window

    def columns(self, n_prefix: int) -> range:
        """Where its pieces stand in the row of its window."""
        shift = n_prefix - self.window.pieces[0]
        return range(self.pieces[0] + shift, self.pieces[1] + shift)


def maskable(subject: Subject, margin: int) -> list[MaskedWord]:
    """Free words in lower case that are one piece, and Han words of up to three characters that are a piece each.

    Protected words of any of our languages, such as "mg", are left out.
    """
    query, text = subject.query, subject.document.text
    offsets, windows = query.encoding.offsets, query.evaluations.windows
    found, protected = [], {word for some in PROTECTED.values() for word in some}
    for start, end in free_words(subject, margin):
        if text[start:end] in protected:
            continue
        own = np.flatnonzero((offsets[:, 0] < end) & (start < offsets[:, 1]))
        word, is_han = text[start:end], bool(_HAN.fullmatch(text, start, end))
        if len(own) == len(word) <= LONGEST if is_han else len(own) == 1 and _LOWER.fullmatch(word):
            pieces = int(own[0]), int(own[-1]) + 1
            found.append(MaskedWord(start, end, pieces, _central(windows, pieces)))
    return found


def masked_rows(subject: Subject, picks: Sequence[Sequence[MaskedWord]]) -> tuple[PieceRows, Bools]:
    """A row for each pick of words of one window, and where these are hidden in it."""
    model = subject.query.model
    ids = [model.row(subject.query.encoding, pick[0].window).ids[0] for pick in picks]
    length = max(map(len, ids))
    hidden = np.zeros((len(picks), length), dtype=bool)
    for row, pick in zip(hidden, picks, strict=True):
        for word in pick:
            row[word.columns(model.n_prefix)] = True
    rows = np.stack([np.pad(row, (0, length - len(row)), constant_values=model.vocabulary.pad) for row in ids])
    attended = np.arange(length) < np.array([len(row) for row in ids])[:, None]
    return PieceRows(rows, attended, np.zeros((len(picks), 0), dtype=np.int64)), hidden


def substitutes(
    subject: Subject, mlm: FillInModel, picks: Sequence[Sequence[MaskedWord]], top: int
) -> Iterator[list[list[str]]]:
    """For each pick and each of its words, in text order: what fits of the `top` likeliest at its place.

    Nothing fits where the word itself is not among them: there the model does not know what belongs.
    """
    ids, log_probs = mlm.likeliest(*masked_rows(subject, picks), top)
    at = 0
    for pick in picks:
        found = []
        for word in pick:
            own = subject.query.encoding.ids[slice(*word.pieces)]
            here = slice(at, at + len(own))
            at += len(own)
            is_known = all(piece in likely for piece, likely in zip(own, ids[here], strict=True))
            found.append(_fitting(subject, word, ids[here], log_probs[here]) if is_known else [])
        yield found


def _fitting(subject: Subject, word: MaskedWord, ids: Ints, log_probs: Floats) -> list[str]:
    """Other words of the same kind, likeliest first, no more than there are candidates at one place."""
    old, encode = subject.document.text[word.start : word.end], subject.query.model.encode
    names = [[_spelling(subject, piece) for piece in some] for some in ids.tolist()]
    if _HAN.fullmatch(old):
        joined = [new for new in _joined(names, log_probs) if new != old and len(new) == len(old)]
        known = (new for new in joined if (new in PARTICLES if len(new) == 1 else _is_word(new)))
        return list(islice(known, len(names[0])))
    own = subject.query.encoding.ids[word.pieces[0]]
    new_words = (name for name, piece in zip(names[0], ids[0], strict=True) if piece != own and _LOWER.fullmatch(name))
    return [new for new in new_words if len(encode(new).ids) == 1]


def _joined(names: list[list[str]], log_probs: Floats) -> list[str]:
    """Choices at all places of a word together, likeliest first."""
    choices = product(*(zip(some, likely, strict=True) for some, likely in zip(names, log_probs.tolist(), strict=True)))
    ordered = sorted(choices, key=lambda choice: -sum(likely for _, likely in choice))
    return ["".join(name for name, _ in choice) for choice in ordered]


def _is_word(text: str) -> bool:
    return bool(_HAN.fullmatch(text)) and len(words(Document(text, "zh"))) == 1


def _spelling(subject: Subject, piece: int) -> str:
    """The letters of a piece that begins a word; pieces that go on with one keep their mark and fit nowhere."""
    return subject.query.model.vocabulary.name(piece).lstrip("Ġ▁")


def _central(windows: Sequence[Window], pieces: tuple[int, int]) -> Window:
    """The window in which pieces lie farthest from both ends."""
    return max(windows, key=lambda w: min(pieces[0] - w.pieces[0], w.pieces[1] - pieces[1]))
