"""What the words of a corpus scored, kept by document, so that any document can be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
KAPPA = 10.0


@dataclass(frozen=True, eq=False)
class Known:
    """What a corpus knows of each unit of a text.

    Shapes, all float64[units]: `n` occurrences elsewhere, `score` the shrunk mean G and `variance` its own;
    `between` the variance tau² of a word's true scores over contexts.
    """

    n: Floats
    score: Floats
    variance: Floats
    between: Floats


@dataclass(frozen=True, eq=False)
class CorpusScores:
    """Sums over the occurrences of each word, kind of target and document.

    Shapes: `word`, `kind`, `document` int64[entries], places in `words`, `kinds` and `documents`; `sums`
    float64[entries, 4]: occurrences, Σ score, Σ score², Σ sampling and edit variance. Scores are in units of the
    model's score. Memory: about 60 bytes per distinct word of a target.
    """

    words: tuple[str, ...]
    kinds: tuple[str, ...]
    documents: tuple[str, ...]
    word: Ints
    kind: Ints
    document: Ints
    sums: Floats

    @cached_property
    def _word_at(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def totals(self) -> Floats:
        """float64[kinds, words, 5]: sums over all documents, and the number of documents last."""
        return self._added(np.arange(len(self.word)))

    @cached_property
    def _by_document(self) -> dict[str, Ints]:
        order = np.argsort(self.document, kind="stable")
        ends = np.searchsorted(self.document[order], np.arange(len(self.documents) + 1))
        return {name: order[ends[i] : ends[i + 1]] for i, name in enumerate(self.documents)}

    def _added(self, entries: Ints) -> Floats:
        added = np.zeros((len(self.kinds), len(self.words), 5))
        values = np.concatenate([self.sums[entries], np.ones((len(entries), 1))], axis=1)
        np.add.at(added, (self.kind[entries], self.word[entries]), values)
        return added

    def about(self, words: Sequence[str], kind: str, without: str = "") -> Known:
        """What all documents but one know of `words` for a kind of target; nothing (n = 0) where it is new to them.

        The mean of a word is shrunk to that of its kind, (n·mean + 10·mean of the kind) / (n + 10), and tau² likewise;
        tau² of a word is its variance over occurrences less their mean sampling variance, at least 0.
        """
        if kind not in self.kinds:
            nothing = np.zeros(len(words))
            return Known(nothing, nothing, nothing, nothing)
        at = self.kinds.index(kind)
        left = self.totals[at].copy()
        own = self._by_document.get(without, np.zeros(0, dtype=np.int64))
        own = own[self.kind[own] == at]
        np.add.at(left, self.word[own], -np.concatenate([self.sums[own], np.ones((len(own), 1))], axis=1))
        found = shrunk(np.where(left[:, :1] > 0.5, left, 0.0))
        places = np.array([self._word_at.get(word.casefold(), -1) for word in words], dtype=np.int64)
        mean, spread = found[4]
        columns = [np.where(places >= 0, column[places], 0.0) for column in found[:4]]
        unseen = columns[0] == 0
        columns[1] = np.where(unseen, mean, columns[1])
        columns[2] = np.where(unseen, spread, columns[2])
        return Known(*columns)


def shrunk(sums: Floats) -> tuple[Floats, Floats, Floats, Floats, tuple[float, float]]:
    """n, G, its variance and tau² per word of one kind, and (mean, variance between words) of the kind."""
    n, total, square, noise, documents = sums.T
    seen, often = n > 0, n > 1
    if not seen.any():
        return n, n, n, n, (0.0, 0.0)
    mean = np.divide(total, n, out=np.zeros_like(n), where=seen)
    sampling = np.divide(noise, n, out=np.zeros_like(n), where=seen)
    spread = np.maximum(square - n * mean**2, 0.0)
    of_kind = float(total.sum() / n.sum())
    pooled = float(spread[often].sum() / (n[often] - 1).sum()) if often.any() else 0.0
    tau_of_kind = max(0.0, pooled - float(noise.sum() / n.sum()))
    tau = np.where(often, np.maximum(0.0, spread / np.maximum(n - 1, 1) - sampling), tau_of_kind)
    tau = (n * tau + KAPPA * tau_of_kind) / (n + KAPPA)
    share = n / (n + KAPPA)
    score = share * mean + (1 - share) * of_kind
    between_words = float(((mean - of_kind) ** 2)[seen].mean())
    own = np.divide(tau + sampling, documents, out=np.zeros_like(n), where=documents > 0)
    return n, score, share**2 * own + (1 - share) ** 2 * between_words, tau, (of_kind, between_words)


def gathered(entries: Sequence[tuple[str, Mapping[tuple[str, str], Floats]]]) -> CorpusScores:
    """From (document, {(kind, word): sums float64[4]}) of each document."""
    names = [
        tuple(dict.fromkeys(name for name, _ in entries)),
        tuple(sorted({kind for _, found in entries for kind, _ in found})),
        tuple(sorted({word for _, found in entries for _, word in found})),
    ]
    documents, kinds, words = ({name: i for i, name in enumerate(some)} for some in names)
    cells = [
        ((words[word], kinds[kind], documents[name]), sums)
        for name, found in entries
        for (kind, word), sums in found.items()
    ]
    places = np.array([cell for cell, _ in cells], dtype=np.int64).reshape(-1, 3)
    sums = np.array([values for _, values in cells], dtype=np.float64).reshape(-1, 4)
    word, kind, document = places.T
    return CorpusScores(names[2], names[1], names[0], word, kind, document, sums)
