"""Explanations of a whole corpus as one table: a row for every unit of every target."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas
    import pyarrow

COLUMNS = {
    "document": "dictionary", "method": "dictionary", "arm": "dictionary",
    "target": "dictionary", "target_start": "int32", "target_end": "int32", "label": "dictionary",
    "gold": "bool", "predicted": "bool",
    "unit": "int32", "unit_start": "int32", "unit_end": "int32", "unit_text": "string", "active": "bool",
    "score": "float64", "std_error": "float64", "dof": "float64",
}  # fmt: skip
SHARDS = "shard-*.parquet"
_FAILURES = b"explain_lib failures"


@dataclass(frozen=True)
class Failure:
    """What could not be explained: the document's id, the target's name ("" = the whole document), and why.

    `kind` is the name of the error; `message` is empty for errors of other libraries, which might quote the text.
    """

    document: str
    target: str
    kind: str
    message: str


@dataclass(frozen=True, eq=False, repr=False)
class CorpusTable:
    """Scores of all units of all targets of a corpus, in the columns COLUMNS, one Arrow table in memory.

    `target` is the target's name (label, range and contrast), `target_start` and `target_end` its characters (null for
    a document as a whole); `gold` and `predicted` say whether its span stands in the document's gold spans and in the
    model's prediction. `unit` counts from 0; `unit_start` and `unit_end` are characters, `unit_text` is the text
    between them. Units that are not `active` were never hidden and score exactly 0.
    """

    arrow: pyarrow.Table
    failures: tuple[Failure, ...] = ()

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failures" if self.failures else ""
        return f"CorpusTable({len(self)} rows of {len(self.documents)} documents{failed})"

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that have rows, in order."""
        return tuple(dict.fromkeys(self.arrow["document"].unique().to_pylist()))

    def column(self, name: str) -> npt.NDArray[Any]:
        """One column as an array; strings are objects, and a missing target position is −1."""
        if name not in COLUMNS:
            raise ValueError(f"the table has no column {name!r}; it has {', '.join(COLUMNS)}.")
        column = self.arrow[name]
        if name in ("target_start", "target_end"):
            column = column.fill_null(-1)
        return np.asarray(column.to_numpy())

    def select(self, rows: npt.ArrayLike) -> CorpusTable:
        """The rows that a bool[rows] marks, with all failures; ValueError for another shape or dtype."""
        import pyarrow

        marked = np.asarray(rows)
        if marked.dtype != bool or marked.shape != (len(self),):
            got = f"dtype {marked.dtype} and shape {marked.shape}"
            raise ValueError(f"rows has {got}; it needs bool and ({len(self)},).")
        return CorpusTable(self.arrow.filter(pyarrow.array(marked)), self.failures)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame with the same columns; names that repeat are categories, missing positions are <NA>."""
        import pandas
        import pyarrow

        whole = {pyarrow.int32(): pandas.Int32Dtype()}
        frame: pandas.DataFrame = self.arrow.to_pandas(types_mapper=whole.get)
        return frame

    def write(self, path: Path) -> None:
        """Write one parquet file, complete or not at all; the folder must exist."""
        from pyarrow import parquet

        found = json.dumps([failure.__dict__ for failure in self.failures], ensure_ascii=False)
        with whole_or_absent(path) as unfinished:
            parquet.write_table(self.arrow.replace_schema_metadata({_FAILURES: found.encode()}), unfinished)

    @staticmethod
    def read(out: str | Path) -> CorpusTable:
        """Read a parquet file, or all finished shards of a folder that `explain_corpus` writes to, in order.

        Raises FileNotFoundError where there is none, ValueError for a file of another kind or a damaged one.
        """
        source = Path(out)
        files = sorted(source.glob(SHARDS)) if source.is_dir() else [source]
        if not files:
            raise FileNotFoundError(f"{out} holds no finished shard; run explain_corpus(..., out=...) first.")
        return joined([_read(file) for file in files])


def table_of(columns: Mapping[str, Sequence[Any]], failures: Sequence[Failure] = ()) -> CorpusTable:
    """A table from equally long columns."""
    import pyarrow

    types = {name: _arrow_type(kind) for name, kind in COLUMNS.items()}
    arrays = [pyarrow.array(columns[name], type=kind) for name, kind in types.items()]
    return CorpusTable(pyarrow.table(arrays, schema=pyarrow.schema(types.items())), tuple(failures))


def joined(tables: Sequence[CorpusTable]) -> CorpusTable:
    """All rows of several tables, in order."""
    import pyarrow

    failures = [failure for table in tables for failure in table.failures]
    return CorpusTable(pyarrow.concat_tables([table.arrow for table in tables]).unify_dictionaries(), tuple(failures))


@contextmanager
def whole_or_absent(path: Path) -> Iterator[Path]:
    """A file to write to beside `path`, which takes its place at the end; nobody else writes there meanwhile.

    What a kill leaves of it begins with an underscore, which readers of parquet folders pass over.
    """
    unfinished = path.with_name(f"_{path.name}.{uuid4().hex}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _read(file: Path) -> CorpusTable:
    import pyarrow
    from pyarrow import parquet

    try:
        found = parquet.read_table(file)
    except pyarrow.ArrowInvalid:
        raise ValueError(
            f"{file} is damaged or no parquet file. Where explain_corpus wrote it, delete it and run the same call "
            "again: that shard alone is made anew."
        ) from None
    if _FAILURES not in (found.schema.metadata or {}):
        raise ValueError(f"{file} is no shard of a CorpusTable; explain_corpus writes those.")
    failures = json.loads(found.schema.metadata[_FAILURES])
    return CorpusTable(found.replace_schema_metadata(None), tuple(Failure(**failure) for failure in failures))


def _arrow_type(kind: str) -> Any:
    import pyarrow

    if kind == "dictionary":
        return pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    return pyarrow.type_for_alias(kind)
