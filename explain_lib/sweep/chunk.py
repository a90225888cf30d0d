"""One chunk of a sweep: predict, set up the questions of every document, answer them together, make rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from explain_lib.attribution import Method
from explain_lib.attribution.explain import explanation
from explain_lib.core import Attribution, Document, Prediction, Score, Target
from explain_lib.core.table import CorpusTable, Failure
from explain_lib.models import predict
from explain_lib.models.protocols import Model, Tick
from explain_lib.perturbation import Hiding, Query
from explain_lib.perturbation.query import Arm
from explain_lib.perturbation.together import answers

from .rows import Explained, table
from .seeds import document_seed
from .targets import Targets

TABLE_BYTES = 1_000_000_000
"""What the tables of a chunk may keep together."""


@dataclass(frozen=True, eq=False)
class Settings:
    """What a run is made with."""

    model: Model
    method: Method
    targets: Targets
    seed: np.random.SeedSequence
    arms: tuple[Arm, ...]
    hiding: Hiding
    score: Score


@dataclass(frozen=True, eq=False)
class Question:
    """One attribution to be made, and of what."""

    document: Document
    prediction: Prediction
    name: str
    ask: Callable[[], Attribution]


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some documents whose rows run together."""

    settings: Settings
    documents: Sequence[Document]
    failures: list[Failure] = field(default_factory=list)

    def explained(self, tick: Tick) -> CorpusTable:
        """The rows of all documents, with what failed."""
        questions = [q for document, found in self._predicted(tick) for q in self._questions(document, found)]
        explained: dict[int, Explained] = {}
        for index, answer in answers([question.ask for question in questions], tick):
            question = questions[index]
            if isinstance(answer, Exception):
                self._note(question.document, question.name, answer)
            else:
                explained[index] = Explained(question.document, question.prediction, answer)
        order = {document.id: at for at, document in enumerate(self.documents)}
        failures = sorted(self.failures, key=lambda failure: order[failure.document])
        return table([explained[index] for index in sorted(explained)], failures)

    def _predicted(self, tick: Tick) -> list[tuple[Document, Prediction]]:
        """Documents that the model can read: together, or one by one where one of them fails."""
        model = self.settings.model
        try:
            return list(zip(self.documents, predict(model, self.documents, progress=False), strict=True))
        except Exception:  # of one document: found below
            tick(0, 0)
        found = []
        for document in self.documents:
            try:
                found.append((document, predict(model, document, progress=False)))
            except Exception as error:
                self._note(document, "", error)
        return found

    def _questions(self, document: Document, prediction: Prediction) -> Iterator[Question]:
        """The context arm span by span, then all units for all targets at once."""
        chosen, bound = self.settings, TABLE_BYTES // len(self.documents)
        try:
            wanted = list(chosen.targets(document, prediction))
            if not wanted:
                return
            text = Query(chosen.model, document, hiding=chosen.hiding, score=chosen.score, max_bytes=bound)
        except Exception as error:
            self._note(document, "", error)
            return
        reachable = list(self._reachable(document, text, wanted))
        for query in reachable if "context" in chosen.arms else ():
            if query.targets[0].span is not None:
                yield self._question(document, prediction, query.context())
        if reachable and "all units" in chosen.arms:
            whole = text.with_targets([query.targets[0] for query in reachable])
            yield self._question(document, prediction, whole)

    def _reachable(self, document: Document, text: Query, wanted: Sequence[Target]) -> Iterator[Query]:
        for target in wanted:
            try:
                query = text.with_targets([target])
            except Exception as error:
                self._note(document, getattr(target, "name", ""), error)
            else:
                yield query

    def _question(self, document: Document, prediction: Prediction, query: Query) -> Question:
        seed = document_seed(self.settings.seed, document.id)
        name = query.targets[0].name if query.n_targets == 1 else ""
        return Question(document, prediction, name, explanation(query, self.settings.method, rng=seed))

    def _note(self, document: Document, target: str, error: Exception) -> None:
        self.failures.append(Failure(document.id, target, type(error).__name__, _message(error)))


def _message(error: Exception) -> str:
    """The message of an error that this library raised, which quotes no text; nothing of any other."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    origin = "" if trace is None else str(trace.tb_frame.f_globals.get("__name__", ""))
    return str(error) if origin.split(".")[0] == __name__.split(".")[0] else ""
