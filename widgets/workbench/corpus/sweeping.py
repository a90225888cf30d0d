"""Attributions of many entities of the desk's corpus, a few texts at a time; what was explained once is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from explain_lib.attribution import Method
from explain_lib.core import CorpusTable, Document, Prediction, Target
from explain_lib.corpora.corrections import text_digest
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import MaskPiece, Query
from explain_lib.perturbation.query import Arm
from explain_lib.sweep.chunk import Chunk, Settings
from explain_lib.sweep.seeds import corpus_seed

from ..case import cost_line
from ..desk import Desk

TEXTS, CHARACTERS = 8, 2_000  # at once: what a cancel may lose
_KIND = "attributions"
Asked = Mapping[int, Sequence[Target]]
"""Targets by the number of their document."""


def named_apart(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The documents under ids that are all different: tables and seeds go by id."""
    often = Counter(document.id for document in documents)
    return tuple(
        document if often[document.id] == 1 else replace(document, id=f"{document.id} #{at + 1}")
        for at, document in enumerate(documents)
    )


def sweep(  # noqa: PLR0913, PLR0917  # what is asked, of whom, and where it is kept
    desk: Desk,
    texts: Sequence[Document],
    asked: Asked,
    method: Method,
    arms: tuple[Arm, ...],
    tick: Tick,
    only_known: bool = False,
) -> Iterator[CorpusTable]:
    """A table for every few texts, in the order of the corpus; `texts` are the desk's documents, `named_apart`.

    Targets that the model cannot have stand in `failures`. Nothing is written but to the desk's store. With
    `only_known` it stops before the first text that the model would have to be asked about.
    """
    done, in_all = 0, sum(map(len, asked.values()))
    for chunk in _chunks(texts, asked):
        tick(done, in_all)
        wanted = {texts[at].id: tuple(asked[at]) for at in chunk}
        key = (desk.model_key, repr(method), *arms, _digest([texts[at] for at in chunk], wanted))
        table = desk.found(_KIND, key)
        if table is None:
            if only_known:
                return
            table = _explained(desk, [texts[at] for at in chunk], wanted, method, arms, _Shifted(tick, done, in_all))
            desk.put(_KIND, table, key)
        yield table
        done += sum(len(asked[at]) for at in chunk)
    tick(in_all, in_all)


def sweep_cost(desk: Desk, asked: Asked, method: Method) -> str:
    """How much there is to explain, and what one entity of the first text takes."""
    n = sum(map(len, asked.values()))
    if not n:
        return "no entity to explain"
    at = min(asked)
    query = Query(desk.model, desk.documents[at])
    for target in asked[at]:
        try:
            one = query.with_targets([target])
        except ValueError:  # the model cannot have it; the next one may do
            continue
        cost = cost_line(one.context() if target.span else one, method)
        return f"{n} entities in {len(asked)} texts; the first one, {cost}"
    return f"{n} entities in {len(asked)} texts"


def _explained(  # noqa: PLR0913, PLR0917  # as above
    desk: Desk,
    texts: Sequence[Document],
    wanted: Mapping[str, Sequence[Target]],
    method: Method,
    arms: tuple[Arm, ...],
    tick: Tick,
) -> CorpusTable:
    def targets(document: Document, _: Prediction) -> Sequence[Target]:
        return wanted[document.id]

    settings = Settings(desk.model, method, targets, corpus_seed(0), arms, MaskPiece(), "log_odds")
    return Chunk(settings, texts).explained(tick)


class _Shifted:
    """A tick for the rows of a chunk that reports entities."""

    def __init__(self, tick: Tick, done: int, in_all: int) -> None:
        self.tick, self.done, self.in_all = tick, done, in_all

    def __call__(self, _: int, __: int) -> None:
        self.tick(self.done, self.in_all)


def _chunks(texts: Sequence[Document], asked: Asked) -> Iterator[list[int]]:
    chunk: list[int] = []
    for at in sorted(asked):
        size = sum(len(texts[one].text) for one in [*chunk, at])
        if chunk and (len(chunk) == TEXTS or size > CHARACTERS):
            yield chunk
            chunk = []
        chunk.append(at)
    if chunk:
        yield chunk


def _digest(texts: Sequence[Document], wanted: Mapping[str, Sequence[Target]]) -> str:
    told = [part for one in texts for part in (one.id, text_digest(one), *(repr(target) for target in wanted[one.id]))]
    return sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]
