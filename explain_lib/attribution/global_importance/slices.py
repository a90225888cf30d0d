"""The same summary for each part of a corpus: by section, by source, by class of error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import CorpusTable, Document, GlobalAttribution, Span

from .explain_global import Recipe
from .word_importance import WordImportance

Ints = npt.NDArray[np.int64]
Key = str | tuple[str, Span]


def by_meta(documents: Sequence[Document], name: str) -> dict[str, str]:
    """{document id: what its meta says under `name`}, for Slices; documents that say nothing are left out."""
    found = {document.id: str(document.meta[name]) for document in documents if name in document.meta}
    if not found:
        have = sorted({key for document in documents for key in document.meta})
        raise ValueError(f"no document has {name!r} in its meta; there is {', '.join(have) or 'nothing'}.")
    return found


@dataclass(frozen=True, eq=False, repr=False)
class Slices:
    """A recipe for tables, run on each part of the table by itself; labels become "Disease · discharge letter".

    `part_of` says to which part a document (by id) or an entity (by document id and span) belongs: `by_meta(documents,
    "section")`, or the classes of an error analysis. An entity's own entry goes before that of its document; what has
    none is left out, and the notes say how much. A part draws means towards its own labels, and its errors come from
    its own documents. Slices of one corpus share documents, so their errors are not independent. A part in which the
    recipe finds nothing is left out, and the notes say why. Cost: none to the model.
    """

    part_of: Mapping[Key, str]
    recipe: Recipe = WordImportance()  # noqa: RUF009  # frozen

    def __repr__(self) -> str:
        parts = ", ".join(sorted(set(self.part_of.values())))
        return f"Slices({len(self.part_of)} entries in {parts}; {self.recipe!r})"

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read a CorpusTable."""
        if not isinstance(source, CorpusTable):
            raise TypeError(f"Slices reads a CorpusTable, got a {type(source).__name__}.")
        names, part = self._parts(source)
        found, empty = {}, {}
        for number, name in enumerate(names):
            try:
                found[name] = self.recipe.of(source.select(part == number), rng)
            except ValueError as error:  # a part in which nothing is left takes no other part with it
                empty[name] = str(error)
        if not found:
            raise ValueError(f"no part gave anything; {names[0]}: {empty[names[0]]}")
        left_out = int((part < 0).sum())
        notes = (f"{left_out} of {len(part)} rows belong to no part and are left out.",) if left_out else ()
        return _side_by_side(self, found, (*notes, *(f"{n}: not available, because {why}" for n, why in empty.items())))

    def _parts(self, table: CorpusTable) -> tuple[list[str], Ints]:
        """The names of the parts that have rows, and the number of each row's part, −1 for none."""
        given = {_plain(key): part for key, part in self.part_of.items()}
        entities, which = _entities(table)
        said = [given.get(entity, given.get(entity[0])) for entity in entities]
        names = sorted({name for name in said if name is not None})
        if not names:
            raise ValueError(
                f"none of the {len(given)} entries of part_of is about a document or an entity of this table. Keys are "
                "document ids, or (document id, Span) pairs."
            )
        numbers = np.array([-1 if name is None else names.index(name) for name in said], np.int64)
        return names, numbers[which]


Plain = str | tuple[str, int, int, str]


def _plain(key: Key) -> Plain:
    """A key as the table knows entities: the hull of a span."""
    return key if isinstance(key, str) else (key[0], key[1].start, key[1].end, key[1].label)


def _entities(table: CorpusTable) -> tuple[list[tuple[str, int, int, str]], Ints]:
    """The distinct (document, start, end, label) of a table, and which of them each row is about."""
    columns = [np.unique(table.column(name).astype(str), return_inverse=True) for name in ("document", "label")]
    (documents, document), (labels, label) = columns
    place = np.stack([document, table.column("target_start"), table.column("target_end"), label], axis=1)
    distinct, which = np.unique(place, axis=0, return_inverse=True)
    return [(str(documents[d]), int(s), int(e), str(labels[k])) for d, s, e, k in distinct], which.ravel()


def _side_by_side(recipe: Slices, parts: Mapping[str, GlobalAttribution], notes: tuple[str, ...]) -> GlobalAttribution:
    """The columns of several results, over the features of all."""
    features = tuple(dict.fromkeys(feature for one in parts.values() for feature in one.features))
    row = {feature: at for at, feature in enumerate(features)}
    ones = list(parts.values())

    def grid(of: Any, fill: float) -> npt.NDArray[Any]:
        columns = []
        for one in ones:
            column = np.full((len(features), len(one.labels)), fill)
            column[[row[feature] for feature in one.features]] = of(one)
            columns.append(column)
        return np.concatenate(columns, axis=1)

    return GlobalAttribution(
        features, tuple(f"{label} · {name}" for name, one in parts.items() for label in one.labels),
        grid(lambda g: g.scores, np.nan), grid(lambda g: g.std_error, np.nan), grid(lambda g: g.dof, np.nan),
        grid(lambda g: g.counts, 0), grid(lambda g: g.documents, 0), recipe, ones[0].quantity, ones[0].method,
        {name: grid(lambda g, name=name: g.more[name], np.nan) for name in ones[0].more},
        (*notes, *(f"{name}: {note}" for name, one in parts.items() for note in one.notes)), ones[0].provenance,
    )  # fmt: skip
