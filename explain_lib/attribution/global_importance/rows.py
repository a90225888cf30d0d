"""The rows of a CorpusTable that a recipe reads, as whole-number codes: which word, label, document and target."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from explain_lib.core import Span, Target
from explain_lib.core.table import CorpusTable

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Where = Literal["context", "own", "both"]
_WHERE = ("context", "own", "both")


@dataclass(frozen=True, eq=False)
class Rows:
    """Scored units, in the order of the table.

    Shapes: `word`, `label`, `document`, `target` int64[rows], codes into `words`, `labels`, `documents` (a target is
    one entity of one document); `score`, `std_error` float64[rows]; `at` int64[rows], the row of the table. A label
    carries the contrast of its targets ("Disease versus no entity"), so that questions are never mixed.
    """

    words: tuple[str, ...]
    labels: tuple[str, ...]
    documents: tuple[str, ...]
    word: Ints
    label: Ints
    document: Ints
    target: Ints
    score: Floats
    std_error: Floats
    at: Ints
    arm: str
    method: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.score)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of words and labels."""
        return len(self.words), len(self.labels)

    def shares(self) -> Rows:
        """Scores over the sum of absolute scores of their target, so that every entity weighs the same."""
        mass = np.bincount(self.target, np.abs(self.score))[self.target]
        scale = np.where(mass > 0, mass, 1)
        return replace(self, score=self.score / scale, std_error=self.std_error / scale)

    def only(self, keep: Bools) -> Rows:
        """Some of the rows; words, labels and documents without a row drop out."""
        words, word = _used(self.words, self.word[keep])
        labels, label = _used(self.labels, self.label[keep])
        documents, document = _used(self.documents, self.document[keep])
        return replace(
            self, words=words, word=word, labels=labels, label=label, documents=documents, document=document,
            target=self.target[keep], score=self.score[keep], std_error=self.std_error[keep], at=self.at[keep],
        )  # fmt: skip


def rows_of(source: object, where: Where = "context", folds: bool = True) -> Rows:
    """The active rows of a table: units outside their target ("context"), inside it ("own"), or both.

    "context" reads the context arm where the table has it (else the units outside their target in the all-units arm);
    "own" and "both" read the all-units arm. A target without a span has context only. With `folds`, words that differ
    in case or in width (Ａ and A) alone are one. About 150 bytes a row while it runs.

    Raises TypeError for what is no table, ValueError for an empty one, for several methods, and where nothing is left.
    """
    table = _checked(source, where)
    span_arm = _arm(table, where)
    keep = _chosen(table, where, span_arm)
    score = table.column("score").astype(np.float64)
    is_number = np.isfinite(score)
    n_lost = int((keep & ~is_number).sum())
    keep &= is_number
    if not keep.any():
        raise ValueError(
            f"no unit of the table is left: it has {len(table)} rows, and where={where!r} reads active units in the "
            f"arm {span_arm!r} (an entity as long as its text has none but its own). Explain with that arm "
            "(explain_corpus(..., arms=...)), or choose another `where`."
        )
    names, codes = _codes(table, "unit_text")
    words, fold = _folded(names) if folds else (tuple(names), np.arange(len(names)))
    documents, document = _codes(table, "document")
    labels, label, target = _questions(table, document)
    lost = (f"{n_lost} scores are no numbers and are left out.",) if n_lost else ()
    everything = Rows(
        words, labels, tuple(documents), fold[codes], label, document, target, score,
        table.column("std_error").astype(np.float64), np.arange(len(table)), span_arm, _methods(table)[0],
        (*lost, *_failure_note(table)),
    )  # fmt: skip
    return everything.only(keep)


def folded(text: str) -> str:
    """The text without the differences of case and width."""
    return unicodedata.normalize("NFKC", text).casefold()


def target_numbers(table: CorpusTable) -> Ints:
    """int64[rows]: the number of the target of each row of a table, as `Rows.target` has it."""
    return _questions(table, _codes(table, "document")[1])[2]


def _checked(table: object, where: str) -> CorpusTable:
    if not isinstance(table, CorpusTable):
        got = type(table).__name__
        raise TypeError(f"this recipe reads a CorpusTable, got a {got}. Make one: explain_corpus(model, documents, …).")
    if where not in _WHERE:
        raise ValueError(f"where is {where!r}; allowed are {', '.join(_WHERE)}.")
    if not len(table):
        why = f"; {len(table.failures)} questions failed, see table.failures" if table.failures else ""
        raise ValueError(f"the table has no rows{why}. Explain documents for which the model or the gold has a target.")
    methods = _methods(table)
    if len(methods) > 1:
        raise ValueError(
            f"the table holds scores of {len(methods)} methods: {'; '.join(methods[:3])}. Their scores count different "
            'things; choose one: table.select(table.column("method") == repr(method)).'
        )
    return table


def _methods(table: CorpusTable) -> list[str]:
    names, _ = _codes(table, "method")
    return names


def _arm(table: CorpusTable, where: Where) -> str:
    return "context" if where == "context" and "context" in _codes(table, "arm")[0] else "all units"


def _chosen(table: CorpusTable, where: Where, span_arm: str) -> Bools:
    """bool[rows]: active units of the right arm, inside or outside their target."""
    starts, ends = table.column("target_start"), table.column("target_end")
    arms, arm = _codes(table, "arm")
    has_span = starts >= 0
    is_own = has_span & (table.column("unit_start") < ends) & (starts < table.column("unit_end"))
    # In the context arm all that is active is context, the gaps of a discontinuous span included.
    side = {"context": ~is_own | (span_arm == "context"), "own": is_own, "both": np.ones(len(table), bool)}[where]
    right = np.array([name == span_arm for name in arms])[arm] | ~has_span
    return np.asarray(table.column("active").astype(bool) & side & right)


def _questions(table: CorpusTable, document: Ints) -> tuple[tuple[str, ...], Ints, Ints]:
    """Labels with the contrast of their targets, the code of each row, and the number of its target."""
    names, name = _codes(table, "target")
    kinds, kind = _codes(table, "label")
    place = np.stack([name, kind, table.column("target_start"), table.column("target_end")], axis=1)
    distinct, which = np.unique(place, axis=0, return_inverse=True)
    asked = [_asked(names[n], kinds[k], int(start), int(end)) for n, k, start, end in distinct]
    labels = tuple(dict.fromkeys(sorted(asked)))
    code = np.array([labels.index(one) for one in asked], np.int64)[which.ravel()]
    _, target = np.unique(document * len(distinct) + which.ravel(), return_inverse=True)
    return labels, code, target.ravel()


def _asked(name: str, label: str, start: int, end: int) -> str:
    plain = Target(Span(start, end), label) if start >= 0 else Target(label=label)
    return label + name.removeprefix(plain.name)


def _codes(table: CorpusTable, name: str) -> tuple[list[str], Ints]:
    """The distinct values of a column of strings that occur, and for every row the number of its value."""
    column = table.arrow[name]
    whole: Any = (column if _is_dictionary(column) else column.dictionary_encode()).unify_dictionaries()
    chunks = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in whole.chunks]
    codes = np.concatenate(chunks).astype(np.int64) if chunks else np.zeros(0, np.int64)
    names, used = _used(whole.chunk(0).dictionary.to_pylist() if chunks else [], codes)
    return list(names), used


def _is_dictionary(column: Any) -> bool:
    import pyarrow

    return bool(pyarrow.types.is_dictionary(column.type))


def _used(names: Sequence[str], codes: Ints) -> tuple[tuple[str, ...], Ints]:
    """The names that have a row, and codes into them."""
    counted = np.bincount(codes, minlength=len(names)) > 0
    number = np.cumsum(counted) - 1
    return tuple(name for name, is_used in zip(names, counted, strict=True) if is_used), number[codes]


def _folded(names: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """Distinct folded words, and for every name the number of its word."""
    words = {name: at for at, name in enumerate(dict.fromkeys(map(folded, names)))}
    return tuple(words), np.array([words[folded(name)] for name in names], np.int64)


def _failure_note(table: CorpusTable) -> tuple[str, ...]:
    n = len(table.failures)
    return (f"Questions of the run that failed and have no rows: {n} (table.failures).",) if n else ()
