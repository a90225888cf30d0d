"""A text with edits written by hand, on the deterministic spy model, and explainers whose stability is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from spy_model import SpyModel

from explain_lib.attribution.black_box import BlackBox, ask
from explain_lib.attribution.black_box.recipe import exact_estimate
from explain_lib.core import Document, Span, Target
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import Bank, Change, ContextMask, KeepEdit, TextEdit

TEXT = "Zij kreeg vaak furosemide wegens hartfalen en wat jeuk na het eten ."
TARGETS = (Target(Span(15, 25, "X")), Target(Span(33, 42, "Y")))


@dataclass(frozen=True)
class Words:
    """Edits by hand; drawing gives nothing."""

    name: str = "words"
    languages: tuple[str, ...] | None = None
    keeps_label: bool = True
    cost: int = 0

    def draw(self, subject, n, rng):
        return []


def changed(*words: tuple[str, str], family=None, text: str = TEXT) -> TextEdit:
    """The text with the first occurrence of each word replaced ("" deletes the word and its blank)."""
    changes = []
    for old, new in words:
        at = text.index(old)
        changes.append(Change(at, at + len(old) + (not new), new))
    return TextEdit(family or Words(), Document(text, "nl"), tuple(changes))


EDITS = (
    changed(("jeuk", "hoest")),
    changed(("vaak", "")),
    changed(("eten", "slapen"), ("wat", "veel")),
    changed(("Zij", "Hij"), family=Words("names")),
    changed(("jeuk", "x y z"), family=Words("names")),
)


def bank_of(*edits, **about) -> Bank:
    """A bank of these edits."""
    names = {edit.family.name: 1 for edit in edits}
    return Bank(tuple(edits), names, {}, {}, **about)


def question(targets: Sequence[Target] = TARGETS, model=None, text: str = TEXT, **settings) -> Query:
    """13 units and two targets on the spy model."""
    return Query(model or SpyModel(), Document(text, "nl"), targets=targets, **settings)


def masked(query: Query, *units: int) -> KeepEdit:
    """The text with these units hidden for good."""
    return KeepEdit(ContextMask(), np.isin(np.arange(query.n_units), units))


@dataclass(frozen=True)
class Told(BlackBox):
    """Scores that are told, not measured: a function of the number of units and of the draws."""

    scores: object = field(repr=False)

    def estimate(self, game, rng):
        answers = ask(game, np.zeros((0, game.n_units), dtype=bool))
        return exact_estimate(np.repeat(self.scores(game.n_units, rng)[:, None], game.n_targets, axis=1), answers)


RANDOM = Told(lambda n, rng: rng.normal(size=n))
UNIFORM = Told(lambda n, rng: np.ones(n))


@dataclass(frozen=True)
class Lexicon:
    """Each unit gets a number that depends on its word alone, as a frozen corpus lexicon would give it."""

    asks_once = True

    def attribute(self, question, rng):
        answers = ask(question.game(), np.zeros((0, int(question.active.sum())), dtype=bool))
        words = np.array([sum(map(ord, word)) % 17 - 8 for word in question.units.texts], dtype=float)
        scores = np.repeat(words[question.active][:, None], question.n_targets, axis=1)
        return exact_estimate(scores, answers).expand(question.active)


def noisy(noise: float) -> Told:
    """The same scores for every text, with this much noise drawn into them."""
    return Told(lambda n, rng: np.linspace(-1, 1, n) + noise * rng.normal(size=n))
