"""The words of the corpus: what they do to each label and to its ends, and what the annotation alone says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import ipywidgets as ipw

from explain_lib.attribution import BoundaryLexicon, Lexicon, Method, Occlusion, WordImportance, explain_global
from explain_lib.attribution.global_importance.explain_global import Recipe
from explain_lib.core import CorpusTable, Document, GlobalAttribution, Target
from explain_lib.core.table import joined
from explain_lib.perturbation.query import Arm
from explain_lib.sweep import predicted_and_gold

from ...guard import shown_on
from ...jobs import Tick
from ...views.names import method_name
from ...views.occurrences import Scored, occurrences
from ..lines import line
from ..desk import Desk
from ..drawing import one_at_a_time
from ..corpus.linked_words import LinkedWords, WordList
from ..corpus.reading import Reading
from ..corpus.sweeping import Asked, named_apart, sweep, sweep_cost
from .concepts import ConceptsPart

ABOUT = "Words of all documents under each label. Choose a word to see where it stands, a place to open its text."
WORDS, ENDS = "words", "beside the ends"
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_AT_ONCE = 300_000  # characters whose words are counted when the view is opened; of more, when it is run
_FIRST_SHOWN = 4  # tables of a few texts: from there on lists are shown at every doubling


class WordsView:
    """Lexicons of the model beside the one that needs no model; each word leads to its places."""

    name = "Words"

    def __init__(self, desk: Desk) -> None:
        self.desk, self.reading = desk, Reading(desk)
        self.texts = named_apart(desk.documents)
        self.words = LinkedWords(desk, self.reading.spans)
        self.label = ipw.Dropdown(options=[], description="Label", layout=ipw.Layout(width="auto"))
        self.what = ipw.ToggleButtons(options=[WORDS, ENDS], style={"button_width": "auto"})
        methods = [(method_name(method, desk.methods), method) for method in desk.methods]
        self.method = ipw.Dropdown(options=methods, description="Method", layout=ipw.Layout(width="auto"))
        self.method.value = next((one for one in desk.methods if isinstance(one, Occlusion)), desk.methods[0])
        self.button, self.line = ipw.Button(description="Explain all entities", layout=_AUTO), line()
        self.button.on_click(shown_on(desk)(lambda _: self._ask()))
        for control in (self.label, self.what, self.method):
            control.observe(shown_on(desk)(lambda _: self._show()), "value")
        self._tables: dict[str, Scored] = {}
        self._found: dict[tuple[str, str], GlobalAttribution] = {}
        self._explained: set[str] = set()
        self._has_gold = any(document.spans for document in self.texts)
        self.method.observe(shown_on(desk)(lambda _: self._say()), "value")
        self._is_fresh = True
        head = _row(self.method, self.button, self.line)
        self.concepts = ConceptsPart(desk, self.reading) if desk.concepts else None
        parts = [self.concepts.widget] if self.concepts else []
        self.widget = ipw.VBox([line(ABOUT), head, _row(self.label, self.what), self.words.panel, *parts])
        self._say()

    def refresh(self) -> None:
        """The first time: words of the annotation, and what an earlier session explained."""
        if self._is_fresh:
            self._is_fresh = False
            method = self.method.value
            self.desk.jobs.background("Words …", lambda tick: self._work(method, tick, only_known=True))

    # ---- what the worker does

    def _ask(self) -> None:
        method = self.method.value
        self.desk.jobs.background("Words: all documents …", lambda tick: self._work(method, tick))

    def _work(self, method: Method, tick: Tick, only_known: bool = False) -> None:
        if self._has_gold and not (only_known and sum(len(one.text) for one in self.texts) > _AT_ONCE):
            self._count(self.texts)
        for _ in self.reading.ahead(tick, only_known):
            pass
        if not self._has_gold and self.reading.is_complete:
            read = zip(self.texts, self.reading.predictions, strict=True)
            self._count([replace(document, spans=found.spans) for document, found in read])
        self._say()
        if self.concepts is not None:
            self.concepts.find()
        tables: list[CorpusTable] = []
        arms: tuple[Arm, ...] = ("all units",) if self._is_of_texts else ("context",)
        shown = _FIRST_SHOWN
        try:
            for table in sweep(self.desk, self.texts, self._asked(), method, arms, tick, only_known):
                tables.append(table)
                if len(tables) >= shown:
                    shown = 2 * len(tables)
                    self._take(method, tables)
            if not only_known:
                self._explained.add(repr(method))
        finally:  # a cancel keeps what there is
            self._take(method, tables)
            self._say()

    def _count(self, documents: Sequence[Document]) -> None:
        """Words near the entities of the annotation, or of the model where there is none: no explanation is asked."""
        if ("", WORDS) not in self._found and any(document.spans for document in documents):
            self._found["", WORDS] = explain_global(documents, Lexicon())
            self._show()

    def _take(self, method: Method, tables: Sequence[CorpusTable]) -> None:
        """Lexicons of the tables so far."""
        if not any(len(table) for table in tables):
            return self._show()
        table, name = joined(tables), repr(method)
        self._tables[name] = Scored(table, self.texts)
        recipes: dict[str, Recipe] = {WORDS: WordImportance()}
        if not self._is_of_texts:
            recipes[ENDS] = BoundaryLexicon()
        for what, recipe in recipes.items():
            try:
                self._found[name, what] = explain_global(table, recipe)
            except ValueError as error:  # every entity fills its text, or none could be explained
                self.desk.say(f"Words: {error}")
        self._show()

    @property
    def _is_of_texts(self) -> bool:
        """Whether the model names whole documents."""
        return any(one.labels for one in self.reading.predictions)

    def _asked(self) -> Asked:
        """What the model finds and what it misses, each with the margins of its ends, which cost no row more."""
        read = zip(self.texts, self.reading.predictions, strict=False)
        asked = {at: predicted_and_gold(*one) for at, one in enumerate(read)}
        return {at: [more for one in found for more in _with_margins(one)] for at, found in asked.items() if found}

    # ---- what is shown

    def _say(self) -> None:
        n = len(self.desk.documents)
        if self.concepts is not None:
            self.concepts.say()
        if repr(self.method.value) in self._explained:
            self.line.value = f"All entities of {n} documents are explained."
        elif self.reading.is_complete:
            self.line.value = sweep_cost(self.desk, _plain(self._asked()), self.method.value)
        else:
            self.line.value = f"{n} documents: one pass of the model each, then an explanation of every entity."

    @one_at_a_time
    def _show(self) -> None:
        """The lists of the chosen label."""
        name, what = repr(self.method.value), self.what.value
        model, control = self._found.get((name, what)), self._found.get(("", WORDS))
        labels = sorted({_base(label) for one in (model, control) if one is not None for label in one.labels})
        if list(self.label.options) != labels:
            now = self.label.value
            self.label.options = labels
            self.label.value = now if now in labels else next(iter(labels), None)
            return  # its change has shown them, or there are none
        lists = [*self._of_model(model, name, what), *(self._of_annotation(control) if what == WORDS else ())]
        notes = dict.fromkeys(note for one in lists for note in one.result.notes)
        self.words.show(lists, tuple(notes) or ("Nothing was explained yet.",))

    def _of_model(self, result: GlobalAttribution | None, name: str, what: str) -> list[WordList]:
        label = self.label.value
        if result is None or label is None:
            return []
        scored = self._tables[name]
        if what == WORDS:
            has = [label] if label in result.labels else []
            caption = f"{label}: what the model reads"
            return [WordList(caption, result, one, partial(scored.places, label=one)) for one in has]
        return [
            WordList(
                f"{label}: beside the {side} end", result, f"{label} · {side}",
                partial(scored.places, label=f"{label}, {side} margin", beside=side),
            )
            for side in SIDES if f"{label} · {side}" in result.labels
        ]  # fmt: skip

    def _of_annotation(self, result: GlobalAttribution | None) -> list[WordList]:
        label = self.label.value
        if result is None or label not in result.labels:
            return []
        caption = f"{label}: near {'gold' if self._has_gold else 'predicted'} entities, no explanation asked"
        return [WordList(caption, result, label, partial(occurrences, self.texts))]


_AUTO = ipw.Layout(width="auto")


def _base(label: str) -> str:
    """A label without its side or margin."""
    for ending in (*(f" · {side}" for side in SIDES), *(f", {side} margin" for side in SIDES)):
        label = label.removesuffix(ending)
    return label


def _with_margins(target: Target) -> list[Target]:
    margins = [Target(target.span, margin=side) for side in SIDES] if target.span is not None else []
    return [target, *margins]


def _plain(asked: Asked) -> Asked:
    """The targets without the margins."""
    return {at: [one for one in targets if one.margin is None] for at, targets in asked.items()}


def _row(*widgets: ipw.Widget) -> ipw.HBox:
    return ipw.HBox(widgets, layout=ipw.Layout(flex_flow="row wrap", align_items="center"))
