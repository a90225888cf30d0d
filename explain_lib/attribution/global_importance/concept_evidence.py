"""What concept vectors are made from: states of units behind a layer, and slopes of scores along them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.target_row import TargetRow
from explain_lib.core import Target
from explain_lib.models.protocols import Layered
from explain_lib.perturbation.query import Query

from .concepts import Concept
from .rows import folded

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """States and slopes of a corpus at one layer; 4 bytes per unit and number of a state.

    Shapes: `states` float32[units, width], the mean over the pieces of each unit; `word`, `document` int64[units];
    `is_example` bool[concepts, units]; `slopes` float64[targets, width], summed over the pieces of the active units;
    `label`, `target_document` int64[targets].
    """

    states: npt.NDArray[np.float32]
    word: Ints
    document: Ints
    is_example: Bools
    slopes: Floats
    labels: tuple[str, ...]
    label: Ints
    documents: tuple[str, ...]
    target_document: Ints

    @classmethod
    def of(cls, queries: Sequence[Query], concepts: Sequence[Concept], layer: int) -> Evidence:
        """Read every text once, and every target with one backward pass.

        Queries that are watched hear of every text and query; what was read of a text is remembered with its rows.
        """
        documents = {document: number for number, document in enumerate(dict.fromkeys(q.document for q in queries))}
        first = {documents[query.document]: query for query in reversed(queries)}
        words: dict[str, int] = {}
        states, word, document, marks = [], [], [], []
        in_all = len(first) + len(queries)
        for number in sorted(first):
            query = first[number]
            query.evaluations.report(number, in_all)
            is_read, found = _unit_states(query, layer)
            states.append(found)
            texts = np.array(query.units.texts, dtype=object)[is_read]
            word += [words.setdefault(folded(text), len(words)) for text in texts]
            document += [number] * len(texts)
            marks.append(np.stack([concept.examples(query.units)[is_read] for concept in concepts]))
        pairs = []
        for done, query in enumerate(queries, len(first)):
            query.evaluations.report(done, in_all)
            pairs += [(documents[query.document], one) for one in _slopes(query, layer)]
        labels = tuple(sorted({asked for _, (asked, _) in pairs}))
        return cls(
            np.concatenate(states), np.array(word, np.int64), np.array(document, np.int64),
            np.concatenate(marks, axis=1), np.stack([slope for _, (_, slope) in pairs]), labels,
            np.array([labels.index(asked) for _, (asked, _) in pairs], np.int64),
            tuple(document.id or f"document {number}" for document, number in documents.items()),
            np.array([number for number, _ in pairs], np.int64),
        )  # fmt: skip


def layers_of(query: Query) -> Layered:
    """The model of a query as one that shows its layers; TypeError for any other."""
    if not isinstance(query.model, Layered):
        raise TypeError(f"{query.model.name} shows no states between its layers; concept vectors need them.")
    return query.model


def _unit_states(query: Query, layer: int) -> tuple[Bools, npt.NDArray[np.float32]]:
    """bool[units] and float32[those units, width]: each unit in the first window that holds it whole."""
    known, key = query.evaluations.remembered, ("concept states", layer)
    if key not in known:
        known[key] = _read_states(query, layer)
    return cast("tuple[Bools, npt.NDArray[np.float32]]", known[key])


def _read_states(query: Query, layer: int) -> tuple[Bools, npt.NDArray[np.float32]]:
    table, owner = query.evaluations, query.alignment.owner
    is_read = np.zeros(query.n_units, dtype=bool)
    pooled: Floats | None = None
    for number, window in enumerate(table.windows):
        fresh = table.inside(number) & ~is_read
        (first, last), start = window.pieces, query.model.n_prefix
        found = layers_of(query).hidden_states(query.model.row(query.encoding, window), layer)[0]
        here = owner[first:last]
        chosen = np.flatnonzero((here >= 0) & fresh[here])
        pooled = np.zeros((query.n_units, found.shape[1])) if pooled is None else pooled
        np.add.at(pooled, here[chosen], found[start + chosen])
        is_read |= fresh
    n_pieces = np.bincount(owner[owner >= 0], minlength=query.n_units)
    whole = np.zeros((query.n_units, 0)) if pooled is None else pooled
    return is_read, (whole[is_read] / n_pieces[is_read, None]).astype(np.float32)


def _slopes(query: Query, layer: int) -> list[tuple[str, Floats]]:
    """For every target its label with the contrast, and float64[width]."""
    known, key = query.evaluations.remembered, ("slopes", layer, query.targets, query.score, query.active.tobytes())
    if key not in known:
        known[key] = list(_read_slopes(query, layer)) if query.targets else []
    return cast("list[tuple[str, Floats]]", known[key])


def _read_slopes(query: Query, layer: int) -> Iterator[tuple[str, Floats]]:
    for _, part in query.parts():
        row = TargetRow.of(part)
        found = layers_of(query).hidden_gradients(row.row, layer, row.events, part.score)
        (first, last), start = row.window.pieces, part.model.n_prefix
        here = part.alignment.owner[first:last]
        moved = np.flatnonzero((here >= 0) & part.active[here])
        for target, slope in zip(part.targets, found, strict=True):
            yield _asked(target), slope[start + moved].sum(axis=0)


def _asked(target: Target) -> str:
    """The label, with the contrast or margin of the target."""
    return f"{target.label}{target.name.removeprefix(Target(target.span, target.label).name)}"
