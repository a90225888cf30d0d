"""The desk: the corpus, the models, one selection, and what is known about it. Every view works at the same desk."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from threading import RLock
from typing import Any

import traitlets

from explain_lib.attribution import Method
from explain_lib.attribution.global_importance.concepts import Concept
from explain_lib.core import Attribution, Document, Span, Target
from explain_lib.corpora import Corrections
from explain_lib.corpora.corrections import text_digest
from explain_lib.models import model_digest
from explain_lib.models.protocols import Model
from explain_lib.perturbation import Query

from ..jobs import Jobs, Work
from ..palette import Palette
from .case import Case
from .correction.fates import corrections_of, fates, with_fates
from .explanation.questions import THIS_SPAN, questions
from .store.store import Store

ARMS = ("context", "all units")


class Desk(traitlets.HasTraits):
    """What is selected, and what is known about it.

    `document` is the place of a document in `documents`, `entity` a row of `case.entities()` (−1: none), `question` a
    name of `questions`, `unit` the unit under the cursor (−1: none), `picked` a range of units ([first, last] or []).
    `is_rewritten`: the reader put other words into the text, so that `picked` counts units of another text. `case` is
    the document as the model reads it, None until it was read; `result` the attribution on the screen. `other` is a
    second model or None, `store` where results stay or None, `concepts` are ideas to test. Views watch the traits, ask
    for work with `submit` and keep what they found with `keep`.
    """

    document: int = traitlets.Int(0)  # type: ignore[assignment]
    entity: int = traitlets.Int(-1)  # type: ignore[assignment]
    arm: str = traitlets.Enum(ARMS, ARMS[0])  # type: ignore[assignment]
    question: str = traitlets.Unicode(THIS_SPAN)  # type: ignore[assignment]
    method: Method = traitlets.Any()  # type: ignore[assignment]
    unit: int = traitlets.Int(-1)  # type: ignore[assignment]
    picked: list[int] = traitlets.List(traitlets.Int())  # type: ignore[assignment]
    is_rewritten: bool = traitlets.Bool(False)  # type: ignore[assignment]
    case: Case | None = traitlets.Any(None, allow_none=True)  # type: ignore[assignment]
    result: Attribution | None = traitlets.Any(None, allow_none=True)  # type: ignore[assignment]

    def __init__(  # noqa: PLR0913, PLR0917  # what all views work with
        self,
        model: Model,
        documents: Sequence[Document],
        methods: Sequence[Method],
        jobs: Jobs,
        palette: Palette,
        other: Model | None = None,
        store: Store | None = None,
        concepts: Sequence[Concept] = (),
    ) -> None:
        super().__init__(method=methods[0])
        self.model, self.other, self.documents, self.methods = model, other, documents, methods
        self.jobs, self.palette, self.store = jobs, palette, store
        self.concepts = tuple(concepts)
        self.drawing = RLock()  # see drawing.py
        self.model_key = model.name if store is None else model_digest(model)
        self.other_key = ""
        if other is not None:  # two checkpoints may have one name
            self.other_key = f"second {other.name}" if store is None else model_digest(other)
        self._known: dict[tuple[str, ...], Any] = {}
        self._asked: tuple[Case | None, int, dict[str, Target]] = (None, -1, {})
        self._wanted: Span | None = None
        self._unsaved = Corrections(None)

    # ---- the selection

    @property
    def target(self) -> Target | None:
        """What is asked about: the entity or class under the chosen question; None where nothing can be asked."""
        case = self.case
        if case is None or not 0 <= self.entity < len(case.targets):
            return None
        return self.questions().get(self.question, case.targets[self.entity])

    def query(self) -> Query | None:
        """The query about the target in the chosen arm; None where nothing can be asked.

        The document as a whole has no context, so that both arms ask about all of its units.
        """
        target = self.target
        if self.case is None or target is None:
            return None
        query = self.case.query.with_targets([target])
        return query.context() if self.arm == "context" and target.span is not None else query

    def questions(self) -> dict[str, Target]:
        """What the model can be asked about the chosen entity or class, by name, the plain question first."""
        case, entity = self.case, self.entity
        target = case.targets[entity] if case and 0 <= entity < len(case.targets) else None
        if case is None or target is None:
            return {}
        if self._asked[:2] != (case, entity):
            self._asked = (case, entity, questions(case.query, target))
        return self._asked[2]

    def select(self, document: int, span: Span | None = None) -> None:
        """Go to a document and, as soon as it was read, to an entity of it."""
        if not 0 <= document < len(self.documents):
            raise ValueError(f"there is no document {document}; there are {len(self.documents)}, counted from 0.")
        self._wanted = span
        if document != self.document:
            self.document = document
        elif self.case is not None:
            self.entity = self.first(self.case)

    def first(self, case: Case) -> int:
        """The entity to begin with: the one that was asked for, −1 where it is gone, or else the surest.

        The surest is one that can be explained; −1 where none can.
        """
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            same = [i for i, span in enumerate(case.spans) if span.parts == wanted.parts]
            return next((i for i in same if case.spans[i] == wanted), same[0] if same else -1)
        return case.surest()

    # ---- what the reader made of it

    @property
    def corrections(self) -> Corrections:
        """The corrections in the store, or in memory where there is no store."""
        return self._unsaved if self.store is None else self.store.corrections

    def corrected(self, case: Case) -> Case:
        """The case with what corrections made of its spans; no model is asked."""
        return with_fates(case, fates(corrections_of(case.units.document, self.corrections)))

    # ---- work, and what came of it

    def submit(self, message: str, work: Work) -> Future[None]:
        """Ask the models in the worker; a newer wish overtakes an older one. See `jobs` for urgent and long work."""
        return self.jobs.submit(message, work)

    def say(self, message: str, kind: str = "idle") -> None:
        """Show a line under the text: "idle", "busy" or "error"."""
        self.jobs.say(message, kind)

    def known(self, kind: str, *key: object) -> Any | None:
        """What `keep` kept for this selection, in this session or in the store; None for nothing."""
        return self.found(kind, self.here(*key))

    def keep(self, kind: str, value: Any, *key: object) -> None:
        """Keep a result of this selection."""
        self.put(kind, value, self.here(*key))

    def everything(self) -> list[Any]:
        """All that is known in this session about the document, under whatever question, the oldest first."""
        about = (self.model_key, text_digest(self.documents[self.document]))
        return [value for (_, *key), value in list(self._known.items()) if tuple(key[:2]) == about]

    def here(self, *key: object) -> tuple[str, ...]:
        """What tells this selection from others: model, text, target and arm, and whatever `key` adds."""
        target = self.target
        about = target.name if target else ""
        return (self.model_key, text_digest(self.documents[self.document]), about, self.arm, *map(str, key))

    def found(self, kind: str, key: tuple[str, ...]) -> Any | None:
        """A result by its key, from memory or the store."""
        if (kind, *key) not in self._known and self.store is not None:
            stored = self.store.get(kind, key)
            if stored is not None:
                self._known[kind, *key] = stored
        return self._known.get((kind, *key))

    def put(self, kind: str, value: Any, key: tuple[str, ...]) -> None:
        """Keep a result under its key, in memory and, where there is one, in the store."""
        self._known[kind, *key] = value
        if self.store is not None:
            self.store.put(kind, key, value)


def as_documents(documents: Sequence[Document] | Document | str) -> Sequence[Document]:
    """A sequence of documents from whatever the user gave; those without an id get one made of their text."""
    if isinstance(documents, str):
        documents = Document(documents)
    if isinstance(documents, Document):
        documents = (documents,)
    if not len(documents):
        raise ValueError("there are no documents; the workbench needs at least one.")
    return documents if all(one.id for one in documents) else tuple(map(_named, documents))


def _named(document: Document) -> Document:
    return document if document.id else replace(document, id=f"text-{text_digest(document)[:8]}")
