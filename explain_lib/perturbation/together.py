"""Rows of many texts run together: questions are asked, stopped where rows are missing, and asked again.

A question is a function that reads rows from tables, such as `explain` of one query. It is asked inside `deferred`: a
table that misses rows stops it. The missing rows of all questions are run in shared batches, and the questions are
asked again; they find their rows known and either finish or ask for the next ones. So nothing that asks for rows has
to know that it is not alone. A question must ask for the same rows each time, and nobody but its tables may remember.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from explain_lib.models.predicting import stacked
from explain_lib.models.protocols import Float32s, Model, PieceRows, Tick

from .evaluations import Bools, Draws, Key, MissingRows, Request, deferred

T = TypeVar("T")
ROUNDS = 8
"""A question that still misses rows after so many rounds asks row by row and is left to run alone."""
CHUNK_PIECES = 1 << 20
"""Rows are laid out as piece ids in chunks of about this size, each sorted by length and cut into batches."""


def answers(
    questions: Sequence[Callable[[], T]], tick: Tick | None = None
) -> Iterator[tuple[int, T | Exception]]:
    """Ask all questions and yield (index, answer or what it raised) as they are found.

    `tick(rows done, rows in all)` of the round is called between batches; what it raises stops everything, and rows
    that are known by then stay known. Where a shared batch fails, the questions of its round are asked one by one.
    """
    waiting, asked_before = dict(enumerate(questions)), set[tuple[int, int, bytes]]()
    for _ in range(ROUNDS):
        missing: list[Request] = []
        for index in list(waiting):
            found = _ask(waiting[index])
            if not isinstance(found, MissingRows):
                del waiting[index]
                yield index, found
            elif (asked := (index, found.request.window, found.request.keep.tobytes())) not in asked_before:
                asked_before.add(asked)  # the same rows once more are rows that no table keeps
                missing.append(found.request)
        if not missing or not _run(missing, tick):
            break
    for index, question in waiting.items():
        yield index, _alone(question)


def _ask(question: Callable[[], T]) -> T | Exception | MissingRows:
    try:
        with deferred():
            return question()
    except MissingRows as stop:
        return stop
    except Exception as error:  # it belongs to the question: the others go on
        return error


def _alone(question: Callable[[], T]) -> T | Exception:
    try:
        return question()
    except Exception as error:
        return error


def _run(requests: Sequence[Request], tick: Tick | None) -> bool:
    """Run the rows of all requests and store them in their tables; False where the model failed."""
    parts = list(_parts(requests))
    done, in_all = 0, sum(part.n_rows for part in parts)
    for model in {id(part.model): part.model for part in parts}.values():
        for chunk in _chunks([part for part in parts if part.model is model]):
            batches = _batches(model, chunk)
            while True:
                try:
                    n_rows = next(batches)
                except StopIteration:
                    break
                except Exception:  # one text may be to blame: it is found when the questions are asked alone
                    return False
                done += n_rows
                if tick is not None:
                    tick(done, in_all)
    return True


@dataclass(frozen=True, eq=False)
class _Part:
    """Rows of one request, each in no other part; few enough to be laid out at once."""

    request: Request
    keep: Bools
    keys: list[Key]

    @property
    def model(self) -> Model:
        return self.request.table.model

    @property
    def n_rows(self) -> int:
        """Model rows: the draws of a row are counted."""
        return len(self.keep) * self.request.table.hiding.draws

    @property
    def length(self) -> int:
        """Pieces of a row before any is deleted."""
        first, last = self.request.table.windows[self.request.window].pieces
        return last - first

    def rows(self) -> PieceRows:
        return self.request.table.rows(self.request.window, self.keep)


def _parts(requests: Sequence[Request]) -> Iterator[_Part]:
    seen: set[tuple[int, Key]] = set()
    for request in requests:
        table, first = request.table, request.table.keys(request.window, request.keep)[1]
        fresh = {key: i for key, i in first.items() if (id(table), key) not in seen}
        seen.update((id(table), key) for key in fresh)
        keys, at = list(fresh), list(fresh.values())
        pieces = table.windows[request.window].pieces
        step = max(1, CHUNK_PIECES // (max(pieces[1] - pieces[0], 1) * table.hiding.draws))
        for start in range(0, len(keys), step):
            here = slice(start, start + step)
            yield _Part(request, request.keep[at[here]], keys[here])


def _chunks(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Parts of like length together, in chunks of about CHUNK_PIECES pieces."""
    chunk: list[_Part] = []
    size = 0
    for part in sorted(parts, key=lambda part: part.length):
        if chunk and size + part.n_rows * part.length > CHUNK_PIECES:
            yield chunk
            chunk, size = [], 0
        chunk.append(part)
        size += part.n_rows * part.length
    if chunk:
        yield chunk


def _batches(model: Model, parts: Sequence[_Part]) -> Iterator[int]:
    """Run the rows of some parts, store each row once all its draws are there, and yield the rows of each batch."""
    tables = [part.rows() for part in parts]
    owner = np.repeat(np.arange(len(parts)), [len(rows) for rows in tables])
    start = np.cumsum([0, *(len(rows) for rows in tables)])
    draws = [Draws(part.request.table.hiding.draws) for part in parts]
    for indices, batch in model.iter_outputs(stacked(tables, model.vocabulary.pad)):
        for index, output in zip(indices.tolist(), batch, strict=True):
            at = int(owner[index])
            row, draw = divmod(index - int(start[at]), draws[at].n_draws)
            part, own = parts[at], _own(output, tables[at].labels_at.shape[1])
            part.request.table.n_rows += 1
            if (whole := draws[at].add(row, draw, own)) is not None:
                part.request.table.store(part.keys[row], whole, part.request.events, part.request.score)
        yield len(indices)


def _own(output: Float32s, n_positions: int) -> Float32s:
    """What of an output belongs to its row: label positions come first, and there are more of them in longer texts."""
    return output[:n_positions] if output.ndim > 1 else output
