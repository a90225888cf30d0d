"""Entity swap: one entity gives place to another of the same label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explain_lib.core import Span

from .articles import right_article
from .change import Change
from .family import Edit, Subject
from .layout import distinct, glues, is_tied, like
from .noun_kinds import fitting_kinds, is_plural
from .text_edit import TextEdit
from .word_lists.names import NAMES
from .word_lists.phrases import Phrases


@dataclass(frozen=True)
class EntitySwap:
    """Replace one entity by another name of the same label; labels and ends move along.

    This is **no small edit**: the entity itself is new (`changes_entities`). It asks whether a model, or an
    explanation, treats entities of one kind alike; it says nothing about sensitivity or Lipschitz bounds, and is not
    drawn by default. `names` by label, from `entity_names` for one, replace our own short lists. Number, and in Dutch
    gender, stay where the words around show them; an English article follows. Gold and asked-for entities are swapped,
    predicted ones where a text has neither; those in which or around which others lie, and parts of compounds, stay.
    """

    names: Phrases | None = None

    name: ClassVar[str] = "entity swap"
    keeps_label: ClassVar[bool] = True
    changes_entities: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    @property
    def languages(self) -> tuple[str, ...] | None:
        """Those of our lists; all with names of the user."""
        return ("zh", "nl", "en") if self.names is None else None

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits, entities in turn."""
        waiting = {span: rng.permutation(self._fitting(subject, span)).tolist() for span in _single(subject)}
        spans = list(waiting)
        order = [spans[i] for i in rng.permutation(len(spans))]
        turns = max(map(len, waiting.values()), default=0)
        pairs = ((span, waiting[span][turn]) for turn in range(turns) for span in order if turn < len(waiting[span]))
        return distinct(self._swapped(subject, pairs), n)

    def _swapped(self, subject: Subject, pairs: Iterator[tuple[Span, str]]) -> Iterator[TextEdit]:
        document = subject.document
        for span, name in pairs:
            old = span.text_of(document.text)
            new = like(name, old, document.text, span.start)
            article = right_article(document.text, span.start, new) if document.lang == "en" else None
            extra = [] if article is None else [Change(*article)]
            edit = TextEdit(self, document, (Change(span.start, span.end, new), *extra), {"label": span.label})
            if not glues(edit):
                yield edit

    def _fitting(self, subject: Subject, span: Span) -> list[str]:
        """Other names of the label that fit where the span stands."""
        text, lang = subject.document.text, subject.document.lang
        kinds = fitting_kinds(text, span.start, span.end, lang)
        old = span.text_of(text)
        if self.names is None:
            known = NAMES[lang].get(span.label, {})
            names = [name for kind in sorted(kinds) for name in known.get(kind, ())]
        else:  # nothing is known of gender; a name of the same number stands wherever the words around leave it open
            is_open = kinds & {"", "many"} or {"de", "het"} <= kinds or "mass" in kinds
            number = is_plural(old, lang)
            names = [name for name in self.names[span.label] if is_open and is_plural(name, lang) == number]
        return [name for name in dict.fromkeys(names) if name.casefold() != old.casefold()]


def _single(subject: Subject) -> list[Span]:
    """Entities that share no character with a protected span of other ends or another label, and stand alone."""
    asked = [target.span for target in subject.query.targets if target.span is not None]
    text, chosen = subject.document.text, [*subject.document.spans, *asked] or subject.protected
    return [
        span
        for span in dict.fromkeys(chosen)
        if not span.is_discontinuous and not (is_tied(text, span.start) or is_tied(text, span.end))
        and not any(other.overlaps(span) for other in subject.protected if other != span)
    ]  # fmt: skip
