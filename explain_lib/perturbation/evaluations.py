"""The table of evaluated rows: the only mutable object of the library.

One table serves every query that differs in targets, score or active units only. It keeps the compact model output
of each row, from which all scores of the family are read, so asking for another entity costs no model row. Rows are
stored batch by batch: an interrupt loses the batch in flight and nothing else. Several threads may use a table at once;
a row that two of them miss at the same moment is run by both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explain_lib.core import Alignment, Score
from explain_lib.models.protocols import Encoding, Event, Model, PieceRows, Tick, Window

from .hiding import Hiding
from .slabs import Place, Slabs

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Float32s = npt.NDArray[np.float32]
Key = tuple[int, bytes]
EXACT_PIECES = 512
"""Pieces that are run together in float32, about a tenth of a second on a laptop."""
SCORING_BYTES = 64_000_000
"""Outputs are scored in chunks of about this size, since scoring runs in float64 with temporaries."""
DRAWN_AT_ONCE = 64
"""Keep-rows whose draws are made together: drawing takes time too, and what is drawn can then be run and kept."""
_defers: ContextVar[bool] = ContextVar("defers", default=False)


@dataclass(frozen=True, eq=False)
class Request:
    """Rows keep bool[n, units] of one window that a table does not know; `events` and `score` are wanted of them."""

    table: Evaluations
    window: int
    keep: Bools
    events: tuple[Event, ...]
    score: Score


class MissingRows(BaseException):
    """Raised by a table in place of running rows inside `deferred`; no method may catch it, so it is no Exception."""

    def __init__(self, request: Request) -> None:
        super().__init__(f"{len(request.keep)} rows")
        self.request = request


@contextmanager
def deferred() -> Iterator[None]:
    """In this thread, let every table raise `MissingRows` instead of running rows."""
    before = _defers.set(True)
    try:
        yield
    finally:
        _defers.reset(before)


@dataclass(eq=False)
class Evaluations:
    """Rows of one text under one model, alignment and hiding.

    `max_bytes` bounds the compact outputs that are kept; rows beyond it keep the scores that were asked for only, so
    other targets cost these rows again.
    """

    model: Model
    encoding: Encoding
    windows: tuple[Window, ...]
    alignment: Alignment
    hiding: Hiding
    max_bytes: int = 1_000_000_000
    n_rows: int = 0
    _outputs: dict[Key, Place] = field(default_factory=dict, repr=False)
    _scores: dict[tuple[Key, tuple[Event, ...], Score], tuple[float, ...]] = field(default_factory=dict, repr=False)
    _exact: dict[Key, Float32s] = field(default_factory=dict, repr=False)
    _bytes: int = 0
    _slabs: Slabs = field(default_factory=Slabs, repr=False)
    _tick: Tick | None = None
    remembered: dict[Hashable, object] = field(default_factory=dict, repr=False)
    """What was made once for this text, such as its bank of edits."""

    @contextmanager
    def watched(self, tick: Tick | None) -> Iterator[None]:
        """Call `tick(rows done, rows in all)` between batches; what it raises stops the run, finished rows stay."""
        before, self._tick = self._tick, tick
        try:
            yield
        finally:
            self._tick = before

    def report(self, done: int, in_all: int) -> None:
        """Say how far a run is, between batches; raises what the tick raises."""
        if self._tick is not None:
            self._tick(done, in_all)

    def value(self, window: int, keep: Bools, events: Sequence[Event], score: Score) -> Floats:
        """float64[n, events]: scores of rows keep bool[n, units] read in one window, averaged over draws."""
        keys, first_seen = self.keys(window, keep)
        wanted = tuple(events)
        missing = [i for key, i in first_seen.items() if not self.knows(key, wanted, score)]
        for i, output in self._run(Request(self, window, keep[missing], wanted, score)):
            self.store(keys[missing[i]], output, wanted, score)
        distinct = list(first_seen)
        values = self._read(distinct, wanted, score)
        place = {key: i for i, key in enumerate(distinct)}
        return values[[place[key] for key in keys]] if keys else np.zeros((0, len(wanted)))

    def outputs(self, window: int, keep: Bools) -> list[Float32s]:
        """Compact outputs float32[draws, ...] of each row, for decoding."""
        keys, first_seen = self.keys(window, keep)
        fresh: dict[Key, Float32s] = {}
        missing = [i for key, i in first_seen.items() if key not in self._outputs]
        for i, output in self._run(Request(self, window, keep[missing], (), "log_odds")):
            fresh[keys[missing[i]]] = output
            self.store(keys[missing[i]], output, (), "log_odds")
        return [self._outputs[key].array() if key in self._outputs else fresh[key] for key in keys]

    def rounding(self, window: int, keep: Bools, events: Sequence[Event], score: Score) -> Floats:
        """float64[n, events]: scores in the model's precision minus scores in float32 for the same rows."""
        reduced = np.stack(self.outputs(window, keep))
        asked = window, keep.tobytes()
        if asked not in self._exact:
            self._exact[asked] = self._exact_outputs(self.rows(window, keep))
        exact = self._exact[asked]
        differences = self.model.score(reduced.reshape(exact.shape), events, score) - self.model.score(
            exact, events, score
        )
        return np.asarray(differences.reshape(len(keep), self.hiding.draws, -1).mean(axis=1))

    def _exact_outputs(self, rows: PieceRows) -> Float32s:
        """Reference outputs, a few rows at a time: long rows in float32 take seconds, and a tick may cancel between."""
        outputs, step = [], max(1, EXACT_PIECES // rows.ids.shape[1])
        for start in range(0, len(rows), step):
            outputs.append(self.model.exact_outputs(rows[start : start + step]))
            self.report(min(start + step, len(rows)), len(rows))
        return np.concatenate(outputs)

    def inside(self, window: int) -> Bools:
        """bool[units]: units that own pieces, all of them inside the window."""
        first, last = self.windows[window].pieces
        owner = self.alignment.owner
        counts = np.bincount(owner[owner >= 0], minlength=self.alignment.n_units)
        here = owner[first:last]
        counts_here = np.bincount(here[here >= 0], minlength=self.alignment.n_units)
        return np.asarray((counts > 0) & (counts_here == counts))

    def keys(self, window: int, keep: Bools) -> tuple[list[Key], dict[Key, int]]:
        """The key of each row of keep bool[n, units], and where each distinct key comes first."""
        packed = np.packbits(keep | ~self.inside(window), axis=1)
        keys: list[Key] = [(window, row.tobytes()) for row in packed]
        first_seen: dict[Key, int] = {}
        for i, key in enumerate(keys):
            first_seen.setdefault(key, i)
        return keys, first_seen

    def rows(self, window: int, keep: Bools, hiding: Hiding | None = None) -> PieceRows:
        """The model rows of keep bool[n, units] in one window (units that are not inside it stay as they are).

        Hidden as this table hides, or by another `hiding`.
        """
        row = self.model.row(self.encoding, self.windows[window])
        first, last = self.windows[window].pieces
        kept = np.ones((len(keep), row.ids.shape[1]), dtype=bool)
        start = self.model.n_prefix
        kept[:, start : start + last - first] = self.alignment.keep_pieces(keep | ~self.inside(window))[:, first:last]
        return (hiding or self.hiding).hide(row, kept, self.model.vocabulary)

    def _run(self, request: Request) -> Iterator[tuple[int, Float32s]]:
        """Evaluate rows and yield (row, output float32[draws, ...]) as soon as all draws of a row are there."""
        if not len(request.keep):
            return
        if _defers.get():
            raise MissingRows(request)
        n, done = len(request.keep), 0
        step = n if self.hiding.draws == 1 else DRAWN_AT_ONCE
        for start in range(0, n, step):
            rows, draws = self.rows(request.window, request.keep[start : start + step]), Draws(self.hiding.draws)
            for indices, batch in self.model.iter_outputs(rows):
                self.n_rows += len(indices)
                for index, output in zip(indices.tolist(), batch, strict=True):
                    row, draw = divmod(index, self.hiding.draws)
                    if (whole := draws.add(row, draw, output)) is not None:
                        yield start + row, whole
                done += len(indices)
                self.report(done, n * self.hiding.draws)

    def knows(self, key: Key, events: tuple[Event, ...], score: Score) -> bool:
        """Whether these scores of a row can be read without running it."""
        return key in self._outputs or (key, events, score) in self._scores

    def store(self, key: Key, output: Float32s, events: tuple[Event, ...], score: Score) -> None:
        """Keep the output float32[draws, ...] of a row, or, where the table is full, the scores asked for."""
        if self._bytes + output.nbytes <= self.max_bytes:
            self._outputs[key] = self._slabs.put(output)
            self._bytes += output.nbytes
        elif events:
            scores = self.model.score(output, events, score).mean(axis=0)
            self._scores[key, events, score] = tuple(scores.tolist())

    def _read(self, keys: list[Key], events: tuple[Event, ...], score: Score) -> Floats:
        values = np.empty((len(keys), len(events)))
        held = [i for i, key in enumerate(keys) if key in self._outputs]
        for i in set(range(len(keys))) - set(held):
            values[i] = self._scores[keys[i], events, score]
        size = self._outputs[keys[held[0]]].array().nbytes if held else 1
        step = max(1, SCORING_BYTES // max(size, 1))
        for start in range(0, len(held), step):
            chunk = held[start : start + step]
            outputs = np.stack([self._outputs[keys[i]].array() for i in chunk])
            flat = outputs.reshape(-1, *outputs.shape[2:])
            scores = self.model.score(flat, events, score)
            values[chunk] = scores.reshape(len(chunk), self.hiding.draws, len(events)).mean(axis=1)
        return values


@dataclass(eq=False)
class Draws:
    """Gathers the draws of each row, which may come in any order and in different batches."""

    n_draws: int
    _waiting: dict[int, dict[int, Float32s]] = field(default_factory=dict)

    def add(self, row: int, draw: int, output: Float32s) -> Float32s | None:
        """Take one draw; float32[draws, ...] once all of the row are there."""
        parts = self._waiting.setdefault(row, {})
        parts[draw] = output
        if len(parts) < self.n_draws:
            return None
        del self._waiting[row]
        return np.stack([parts[d] for d in range(self.n_draws)])
