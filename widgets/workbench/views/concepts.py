"""Concepts in the corpus: does a score rise when the states of a text move towards an idea of the reader's?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import sha256

import ipywidgets as ipw
import numpy as np

from explain_lib.attribution import ConceptVectors, explain_global
from explain_lib.attribution.global_importance.concepts import Concept
from explain_lib.core import Document, GlobalAttribution, Target
from explain_lib.corpora import default_units
from explain_lib.corpora.corrections import text_digest
from explain_lib.models.protocols import Layered
from explain_lib.perturbation import Query

from ...guard import shown_on
from ...jobs import Tick
from ...views.occurrences import Place
from ..lines import line
from ..case import target_of
from ..desk import Desk
from ..drawing import one_at_a_time
from ..corpus.linked_words import LinkedWords, WordList
from ..corpus.reading import Reading

KIND = "concepts"
_ABOUT = (
    "Concepts, behind the middle layer: for how many entities does the score rise towards the idea, and for how many "
    "towards random ones?"
)
_NO_LAYERS = "This model shows no states between its layers; concepts need them."


class ConceptsPart:
    """Concept vectors of the desk's `concepts` under every label of what the model finds, in the context arm."""

    def __init__(self, desk: Desk, reading: Reading) -> None:
        self.desk, self.reading = desk, reading
        self.recipe = ConceptVectors(tuple(desk.concepts))
        self.words = LinkedWords(desk, reading.spans)
        self.label = ipw.Dropdown(options=[], description="Label", layout=ipw.Layout(width="auto"))
        self.button = ipw.Button(description="Test concepts", layout=ipw.Layout(width="auto"))
        self.line = line()
        self.button.disabled = not isinstance(desk.model, Layered)
        self.button.on_click(shown_on(desk)(lambda _: self._ask()))
        self.label.observe(shown_on(desk)(lambda _: self._show()), "value")
        self.result: GlobalAttribution | None = None
        self._queries: list[Query] = []
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap", align_items="center"))
        self.widget = ipw.VBox([line(_ABOUT), head, self.label, self.words.panel])
        self.label.layout.display = "none"

    def say(self) -> None:
        """What a run would cost, in the worker or before anything runs."""
        if self.button.disabled:
            self.line.value = _NO_LAYERS
        elif self.result is not None:
            self.line.value = f"{', '.join(self.result.features)}: tested."
        else:
            self.line.value = self._cost()

    def find(self) -> None:
        """What an earlier session tested; in the worker, after the documents that it knows were read."""
        if self.reading.is_complete and self.result is None:
            self._take(self.desk.found(KIND, self._key()))

    def _cost(self) -> str:
        n, rest = len(self.desk.documents), "one pass forward and back for every entity"
        if self.reading.is_complete:
            entities = sum(len(spans) for spans in self.reading.spans().values())
            entities += sum(len(one.labels) for one in self.reading.predictions)
            rest = f"{entities} passes forward and back"
        return f"{len(self.desk.concepts)} concepts: {n} passes of the model and {rest}."

    def _ask(self) -> None:
        self.desk.jobs.background("Concepts …", self._work)

    def _work(self, tick: Tick) -> None:
        for _ in self.reading.ahead(tick):
            pass
        self.say()
        self.find()
        if self.result is not None:
            return
        self._queries = self._queries or list(self._asked(tick))
        if not any(query.targets for query in self._queries):
            self.line.value = "The model finds no entity in these documents: there is no score that could rise."
            return
        with ExitStack() as watching:
            for query in self._queries:
                watching.enter_context(query.watched(tick))
            result = explain_global(self._queries, self.recipe, rng=0)
        self.desk.put(KIND, result, self._key())
        self._queries = []  # with them go the states of every text
        self._take(result)

    def _asked(self, tick: Tick) -> Iterator[Query]:
        """A query for each entity, since each has a context of its own, else one for the document."""
        found = self.reading.predictions
        for at, (document, prediction) in enumerate(zip(self.desk.documents, found, strict=True)):
            tick(at, len(found))
            query = Query(self.desk.model, document)
            targets = [target for span in prediction.spans if (target := target_of(query, span)[0])]
            classes = [Target(label=label) for label in prediction.labels]
            yield from [query.with_targets([one]).context() for one in targets] or [query.with_targets(classes)]

    def _key(self) -> tuple[str, ...]:
        return self.desk.model_key, repr(self.recipe), _digest(self.desk.documents, self.desk.concepts)

    # ---- what is shown

    @one_at_a_time
    def _take(self, result: GlobalAttribution | None) -> None:
        self.result = result
        if result is not None:
            self.label.layout.display = ""
            self.label.options, self.label.value = result.labels, result.labels[0]
        self.say()
        self._show()

    @one_at_a_time
    def _show(self) -> None:
        result, label = self.result, self.label.value
        if result is not None and label in result.labels:
            one = WordList(f"{label}: concepts", result, label, partial(places, self.desk), "concept")
            self.words.show([one], result.notes)


def places(desk: Desk, name: str) -> Iterator[Place]:
    """The examples of a concept, in the order of the corpus; units that follow one another are one place."""
    concept = next(one for one in desk.concepts if one.name == name)
    for text, document in enumerate(desk.documents):
        units = default_units(document)
        marks = np.concatenate([[False], concept.examples(units), [False]]).astype(int)
        starts, ends = np.flatnonzero(np.diff(marks) == 1), np.flatnonzero(np.diff(marks) == -1) - 1
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
            yield Place(text, int(units.bounds[first, 0]), int(units.bounds[last, 1]))


def _digest(documents: Sequence[Document], concepts: Sequence[Concept]) -> str:
    """Of the texts, and of the examples in them: a concept does not tell them in its repr."""
    digest = sha256()
    for document in documents:
        units = default_units(document)
        digest.update(f"{text_digest(document)} ".encode())
        for concept in concepts:
            digest.update(np.packbits(concept.examples(units)).tobytes())
    return digest.hexdigest()[:32]
