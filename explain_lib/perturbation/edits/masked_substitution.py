"""Masked substitution: context words give place to what a masked language model would write there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explain_lib.models.fill_in_model import FillInModel
from explain_lib.perturbation.hiding.fill_in import check_pieces

from .articles import right_article
from .change import Change
from .context_words import check_limits, free_ranges
from .family import Edit, Subject
from .layout import distinct
from .masked_words import MaskedWord, maskable, substitutes
from .text_edit import TextEdit
from .word_lists.names import NAMES


@dataclass(frozen=True)
class MaskedSubstitution:
    """Replace one to `most` words far from every protected span by one of the `top` likeliest at their place.

    All words of an edit are masked at once: words that are one piece, and Han words, whose characters are chosen
    together and must make a word of the segmenter. A word that is not itself among the `top` stays: there the model
    does not know what belongs. Names of our own lists are left out. A substitute may be as likely as the word and say
    something else: entities are to keep their labels, the note need not keep what it says. How good it reads depends on
    `mlm`; the demo model's is small, and its sentences often break.

    `mlm` must share the pieces of the explained model's tokenizer (ValueError otherwise); None takes
    `xl.demo_fill_in()`, which fits the demo model only. For that, and its cost, the family is no default.

    Source: the context attack of RockNER (Lin et al., 2021), with candidates as named there.
    """

    most: int = 3
    margin: int = 1
    top: int = 10
    mlm: FillInModel | None = None

    name: ClassVar[str] = "masked substitution"
    languages: ClassVar[tuple[str, ...]] = ("zh", "nl", "en")
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 1

    def __post_init__(self) -> None:
        check_limits(self.most, self.margin)
        if self.top < 1:
            raise ValueError(f"top is {self.top}, allowed from 1.")

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits, from `n` rows of the masked language model."""
        mlm = self.mlm or _demo()
        check_pieces(mlm, subject.query.model.vocabulary)
        known = maskable(subject, self.margin)
        picks = [self._pick(known, rng) for _ in range(n)] if known else []
        return distinct(self._edits(subject, mlm, picks, rng), n) if picks else []

    def _pick(self, known: Sequence[MaskedWord], rng: np.random.Generator) -> list[MaskedWord]:
        """A word and up to `most` − 1 others of its window, in text order."""
        first = known[int(rng.integers(len(known)))]
        others = [word for word in known if word.window == first.window and word != first]
        size = min(int(rng.integers(self.most)), len(others))
        chosen = [others[i] for i in rng.choice(len(others), size, replace=False)] if size else []
        return sorted([first, *chosen], key=lambda word: word.start)

    def _edits(
        self, subject: Subject, mlm: FillInModel, picks: Sequence[Sequence[MaskedWord]], rng: np.random.Generator
    ) -> Iterator[TextEdit]:
        names = _entity_words(subject.document.lang)
        for pick, found in zip(picks, substitutes(subject, mlm, picks, self.top), strict=True):
            changes: list[Change] = []
            for word, others in zip(pick, found, strict=True):
                fitting = [other for other in others if other not in names]
                if fitting:
                    changes += self._changes(subject, word, fitting[int(rng.integers(len(fitting)))])
            if changes:
                yield TextEdit(self, subject.document, tuple(changes), {"mlm": mlm.name})

    def _changes(self, subject: Subject, word: MaskedWord, new: str) -> list[Change]:
        """The word, and an English article before it that must follow."""
        text, is_free = subject.document.text, free_ranges(subject, self.margin)
        agreed = right_article(text, word.start, new) if subject.document.lang == "en" else None
        article = [Change(*agreed)] if agreed is not None and is_free(agreed[0], agreed[1]) else []
        return [*article, Change(word.start, word.end, new)]


def _entity_words(lang: str | None) -> frozenset[str]:
    """Names of entities in our lists, in lower case."""
    by_label = NAMES.get(lang or "", {})
    return frozenset(name.lower() for kinds in by_label.values() for names in kinds.values() for name in names)


def _demo() -> FillInModel:
    from explain_lib.models import demo_fill_in  # brings torch, which nothing here needs without it

    return demo_fill_in()
