"""A local score and a corpus score, mixed unit by unit by how sure each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .corpus_scores import CorpusScores, Known
from .evidence import Evidence, Member, Rows, scales_on

Floats = npt.NDArray[np.float64]
MOST_CORPUS = 0.7


@dataclass(frozen=True)
class Mixture:
    """A member made of another: (1 − g)·local + g·corpus, with g = s² / (s² + tau² + var G) per unit, at most 0.7.

    s² is what sampling and label-keeping edits do to the local score, tau² how much a word's score varies from context
    to context: a noisy score leans on the corpus, a word whose worth depends on its context stays local.
    """

    of: Any


@dataclass(frozen=True)
class CorpusScore:
    """A member that is the corpus alone: what a word scores on average for this kind of target, in other documents."""

    depends_on_text = False


@dataclass(frozen=True, eq=False)
class Mixed:
    """The two members that a corpus adds, in units of the score; `share` float64[units] is g."""

    members: tuple[Member, Member]
    share: Floats

    def fitted(self, rows: Rows) -> tuple[tuple[Member, Member], Floats]:
        """Both brought to the scale of the model, like every member, and their factors."""
        scales = scales_on(rows, np.stack([member.scores for member in self.members]))
        return (self.members[0].times(scales[0]), self.members[1].times(scales[1])), scales


def mixed(scaled: Evidence, of: int, corpus: CorpusScores, share: Floats | None = None) -> Mixed | None:
    """Mixture and corpus score for members that are scaled already; None where the corpus knows no such target.

    `of` is the member to mix; `share` float64[units] is taken as it is where given.
    """
    known = known_to(corpus, scaled, scaled.kind)
    if not (known.n > 0).any():
        return None
    own = shrinkage(scaled.variance()[of], known) if share is None else share
    g = np.where((known.n > 0) & scaled.active, own, 0.0)
    sides = [known_to(corpus, scaled, f"{scaled.kind}, {near.side} margin") for near in scaled.near]
    beside = tuple(
        mix(np.where(side.n > 0, g, 0.0), near.scores[of], side.score)
        for near, side in zip(scaled.near, sides, strict=True)
    )
    error = mix(g, scaled.std_error[of], np.sqrt(known.variance))
    mixture = Member(
        Mixture(scaled.members[of]),
        np.where(scaled.active, mix(g, scaled.scores[of], known.score), 0.0),
        np.where(scaled.active, error, 0.0),
        float(scaled.dof[of]),
        mix(g, scaled.edited[:, of], known.score),
        (1 - g) * scaled.edited_error[:, of],
        beside,
    )
    return Mixed((mixture, _constant(scaled, known, tuple(side.score for side in sides))), g)


def without_corpus(scaled: Evidence, of: int) -> tuple[Member, Member]:
    """Both members where the corpus knows nothing: the mixture is all local, the corpus scores 0."""
    empty, nowhere = np.zeros(len(scaled.words)), np.zeros((len(scaled.edited), len(scaled.words)))
    local = Member(
        Mixture(scaled.members[of]), scaled.scores[of], scaled.std_error[of], float(scaled.dof[of]),
        scaled.edited[:, of], scaled.edited_error[:, of], tuple(near.scores[of] for near in scaled.near),
    )  # fmt: skip
    return local, Member(CorpusScore(), empty, empty, np.inf, nowhere, nowhere, tuple(empty for _ in scaled.near))


def shrinkage(noise: Floats, known: Known) -> Floats:
    """float64[units]: the share of the corpus, g."""
    total = noise + known.between + known.variance
    return np.minimum(MOST_CORPUS, np.divide(noise, total, out=np.zeros_like(noise), where=total > 0))


def mix(share: Floats, local: Floats, corpus: Floats) -> Floats:
    """(1 − share)·local + share·corpus."""
    return np.asarray((1 - share) * local + share * corpus)


def known_to(corpus: CorpusScores, evidence: Evidence, kind: str) -> Known:
    """What other documents know of each unit, the target's own units apart from its context."""
    context = corpus.about(evidence.words, kind, evidence.document)
    if not evidence.own.any():
        return context
    inside = corpus.about(evidence.words, own_kind(kind), evidence.document)
    arrays = (np.where(evidence.own, a, b) for a, b in zip(_arrays(inside), _arrays(context), strict=True))
    return Known(*arrays)


def own_kind(kind: str) -> str:
    """The name under which the units of the target itself are counted."""
    return f"{kind} (own units)"


def occurrences(scaled: Evidence, of: int) -> Mapping[tuple[str, str], Floats]:
    """{(kind, word): sums float64[4]} of one target, as `corpus_scores.gathered` takes them."""
    noise = scaled.variance()[of]
    nothing = np.zeros_like(noise)
    columns = [(scaled.kind, scaled.scores[of], noise)]
    columns += [(f"{scaled.kind}, {near.side} margin", near.scores[of], nothing) for near in scaled.near]
    found: dict[tuple[str, str], Floats] = {}
    for kind, scores, variance in columns:
        for unit in np.flatnonzero(scaled.active):
            key = (own_kind(kind) if scaled.own[unit] else kind, scaled.words[unit].casefold())
            sums = np.array([1.0, scores[unit], scores[unit] ** 2, variance[unit]])
            found[key] = found.get(key, np.zeros(4)) + sums
    return found


def _constant(scaled: Evidence, known: Known, near: tuple[Floats, ...]) -> Member:
    """The corpus as a member: no edit changes it where the word is still there."""
    scores = np.where(scaled.active, known.score, 0.0)
    is_there = ~np.isnan(scaled.edited[:, 0])
    edited = np.where(is_there, scores, np.nan)
    error = np.where(scaled.active, np.sqrt(known.variance), 0.0)
    return Member(CorpusScore(), scores, error, np.inf, edited, np.where(is_there, 0.0, np.nan), near)


def _arrays(known: Known) -> tuple[Floats, ...]:
    return known.n, known.score, known.variance, known.between
