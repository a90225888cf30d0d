"""Adjacent units as one feature."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explain_lib.core import CorpusTable

from .rows import Rows


def runs(rows: Rows, source: object, length: int) -> Rows:
    """Every run of `length` units that follow each other in a target: their texts joined, their scores added up.

    Words of a text with blanks between them keep one blank. A run never leaps over a unit that `rows` lacks. Standard
    errors are added up, a safe bound. Raises ValueError where no run is that long.
    """
    assert isinstance(source, CorpusTable)  # rows_of has refused anything else
    unit, start, end = (source.column(name)[rows.at] for name in ("unit", "unit_start", "unit_end"))
    first = np.arange(max(0, len(rows) - length + 1))
    last = first + length - 1
    first = first[(rows.target[first] == rows.target[last]) & (unit[last] - unit[first] == length - 1)]
    if not len(first):
        raise ValueError(f"no target of the table has {length} adjacent units; choose a smaller run.")
    members = first[:, None] + np.arange(length)
    gaps = start[members[:, 1:]] > end[members[:, :-1]]
    spelled, which = np.unique(np.concatenate([rows.word[members], gaps], axis=1), axis=0, return_inverse=True)
    names = [_joined([rows.words[word] for word in one[:length]], one[length:].tolist()) for one in spelled]
    found = {name: at for at, name in enumerate(dict.fromkeys(names))}
    word = np.array([found[name] for name in names], np.int64)[which.ravel()]
    chosen = rows.only(np.isin(np.arange(len(rows)), first))  # labels and documents without a run drop out
    score, std_error = (values[members].sum(axis=1) for values in (rows.score, rows.std_error))
    return replace(chosen, words=tuple(found), word=word, score=score, std_error=std_error)


def _joined(words: list[str], gaps: list[int]) -> str:
    return words[0] + "".join(" " * bool(gap) + word for gap, word in zip(gaps, words[1:], strict=True))
