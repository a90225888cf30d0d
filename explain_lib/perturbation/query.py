"""The query: this model, this document, these targets, these units, this way of hiding a unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from explain_lib.core import SCORES, Alignment, Document, Prediction, Score, Target, Units, align
from explain_lib.corpora import default_units
from explain_lib.models.protocols import Encoding, Event, Model, PieceRows, Tick

from .asked import check_kinds, checked_rows
from .cost import Cost, Explainer, cost_of
from .evaluations import Evaluations
from .game import Game, check_keep
from .hiding import Hiding, MaskPiece
from .noise_floor import noise_floor

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Arm = Literal["all units", "context"]


@dataclass(frozen=True, eq=False, init=False)
class Query:
    """One question to a model, as a function of which units are kept.

    `targets` are scored together: rows are shared. `units` default to Han characters, words and marks, joined where a
    piece spans several; `hiding` to the mask piece; `score` to the log-odds that the decoder returns exactly the span.
    Each target is read in the window where it lies most centrally. `max_bytes` bounds what the table of rows keeps.

    Raises ValueError for a text without units, an unknown label, a span outside the text or unreachable for the
    tokenizer (the nearest reachable span is named), a target longer than a window, and units of another document.
    """

    model: Model
    document: Document
    targets: tuple[Target, ...]
    units: Units
    hiding: Hiding
    score: Score
    arm: Arm
    evaluations: Evaluations = field(repr=False)
    _events: tuple[Event, ...] = field(repr=False)
    _window_of: tuple[int, ...] = field(repr=False)
    _guarded: tuple[Target, ...] = field(repr=False)
    _absent: Bools = field(repr=False)

    def __init__(  # noqa: PLR0913  # the parts of a question; all but the first two have defaults
        self,
        model: Model,
        document: Document,
        targets: Sequence[Target] = (),
        units: Units | None = None,
        hiding: Hiding = MaskPiece(),  # noqa: B008  # frozen, without state
        score: Score = "log_odds",
        max_bytes: int = 1_000_000_000,
    ) -> None:
        check_kinds(document, targets)
        asked = default_units(document) if units is None else units
        if asked.document != document:
            raise ValueError("the units belong to another document. Build units from the same Document.")
        if not len(asked):
            raise ValueError("the text holds no unit (only white space); a query needs at least one.")
        hiding.describe(model.vocabulary)  # refuses a hiding that this tokenizer cannot do
        encoding = model.encode(document.text)
        joined, alignment = align(asked, encoding.offsets)
        table = Evaluations(model, encoding, model.windows(encoding), alignment, hiding, max_bytes)
        self._fill(
            evaluations=table, document=document, units=joined, targets=tuple(targets), score=score, arm="all units",
            _guarded=(), _absent=np.zeros(len(joined), dtype=bool),
        )  # fmt: skip

    def _fill(self, **fields: Any) -> None:
        """Set every field; targets are translated here, so that a bad one is refused before any row is run."""
        table, targets, score = fields["evaluations"], fields["targets"], fields["score"]
        if score not in SCORES:
            raise ValueError(f"score is {score!r}; allowed are {', '.join(SCORES)}.")
        model, encoding = table.model, table.encoding
        window_of = tuple(model.window_of(target, encoding, table.windows) for target in targets)
        events = tuple(
            model.event(target, encoding, table.windows[w]) for target, w in zip(targets, window_of, strict=True)
        )
        derived = {"model": model, "hiding": table.hiding, "_events": events, "_window_of": window_of}
        for name, value in (fields | derived).items():
            object.__setattr__(self, name, value)

    def _varied(self, **changed: Any) -> Query:
        """A query that differs in some fields, on the same table unless that is one of them."""
        names = ("evaluations", "document", "units", "targets", "score", "arm", "_guarded", "_absent")
        other = object.__new__(Query)
        other._fill(**{name: getattr(self, name) for name in names} | changed)
        return other

    @property
    def encoding(self) -> Encoding:
        """The text in pieces."""
        return self.evaluations.encoding

    @property
    def alignment(self) -> Alignment:
        """Which unit owns which piece."""
        return self.evaluations.alignment

    @property
    def n_units(self) -> int:
        """Number of units, active or not."""
        return len(self.units)

    @property
    def n_targets(self) -> int:
        """Number of targets."""
        return len(self.targets)

    @property
    def n_evals(self) -> int:
        """Model rows that were really run for this text so far, by every query that shares the table."""
        return self.evaluations.n_rows

    @property
    def active(self) -> Bools:
        """bool[units]: units that a method may hide; all others are kept in every row."""
        visible = np.zeros(self.n_units, dtype=bool)
        for window in set(self._window_of) or range(len(self.evaluations.windows)):
            visible |= self.evaluations.inside(window)
        return visible & ~self.fixed() & ~self._absent

    @property
    def full_row(self) -> Bools:
        """bool[units]: the text as this query reads it, every unit kept but those that `without` took away."""
        return ~self._absent

    def value(self, keep: npt.ArrayLike) -> Floats:
        """float64[n, targets]: the score of every target in each row of keep bool[n, units].

        Raises TypeError or ValueError for a keep of the wrong dtype or shape, and ValueError for a row that hides a
        unit which this query keeps (the entity's own units in the context arm; units of a target under Delete).
        """
        rows = checked_rows(self, keep)
        values = np.empty((len(rows), self.n_targets))
        for window in sorted(set(self._window_of)):
            columns = [i for i, w in enumerate(self._window_of) if w == window]
            events = [self._events[i] for i in columns]
            values[:, columns] = self.evaluations.value(window, rows, events, self.score)
        return values

    def predict(self, keep: npt.ArrayLike | None = None) -> list[Prediction]:
        """The decoder's answer over all windows for each row of keep bool[n, units]; by default for the text itself."""
        rows = checked_rows(self, np.ones((1, self.n_units), dtype=bool) if keep is None else keep)
        windows = self.evaluations.windows
        outputs = [self.evaluations.outputs(w, rows) for w in range(len(windows))]
        return [
            self.model.decode([outputs[w][i].mean(axis=0) for w in range(len(windows))], windows, self.encoding)
            for i in range(len(rows))
        ]

    def with_targets(self, targets: Sequence[Target]) -> Query:
        """The same evaluated rows and arm, other targets: rows that are known cost nothing."""
        check_kinds(self.document, targets)
        return self._varied(targets=tuple(targets), _guarded=())

    def with_score(self, score: Score) -> Query:
        """The same targets and rows with log_odds, log_prob or probability."""
        return self._varied(score=score)

    def on(self, document: Document, targets: Sequence[Target], units: Units | None = None) -> Query:
        """The same question about another (edited) text, with rows of its own and default units if none are given."""
        limit = self.evaluations.max_bytes
        other = Query(self.model, document, targets, units, self.hiding, self.score, limit)
        return other._varied(arm=self.arm)

    def on_model(self, model: Model) -> Query:
        """The same question to another view of the model, such as one with noise, with rows of its own.

        Raises ValueError for a model that cuts the text into other pieces.
        """
        table, encoding = self.evaluations, model.encode(self.document.text)
        if not np.array_equal(encoding.ids, self.encoding.ids) or model.windows(encoding) != table.windows:
            raise ValueError(
                f"{model.name!r} reads this text in other pieces or windows than {self.model.name!r}; ask it a Query "
                "of its own."
            )
        return self.on_table(
            Evaluations(model, self.encoding, table.windows, table.alignment, self.hiding, table.max_bytes)
        )

    def without(self, units: npt.ArrayLike) -> Query:
        """The same question about the text with some units, bool[units], hidden for good; same table of rows.

        They are hidden in every row and are not active. Raises what `value` raises for a keep of the wrong kind.
        """
        hidden = check_keep(np.atleast_2d(units), self.n_units)
        return self._varied(_absent=~checked_rows(self, ~hidden)[0])  # refuses what no row of this query may hide

    def context(self) -> Query:
        """The context arm of a single target: the units of its own span are always kept; same table of rows."""
        if self.n_targets == 1 and self.targets[0].span is None:
            raise ValueError(
                f"target {self.targets[0].name!r} is about the text as a whole: it has no units of its own, and so no "
                "context arm. Explain it with all units."
            )
        if self.n_targets != 1:
            raise ValueError(
                f"the context arm needs exactly one target with a span, this query has {self.n_targets} targets. "
                "Use query.with_targets([target]).context() for each."
            )
        return self._varied(arm="context")

    def parts(self) -> tuple[tuple[tuple[int, ...], Query], ...]:
        """One query per window in which targets are read, with the indices of its targets.

        Under Delete each leaves the units of all targets in place, as this query does.
        """
        if len(set(self._window_of)) <= 1:
            return ((tuple(range(self.n_targets)), self),)
        groups = [tuple(i for i, w in enumerate(self._window_of) if w == at) for at in sorted(set(self._window_of))]
        chosen = [tuple(self.targets[i] for i in group) for group in groups]
        parts = [self._varied(targets=targets, _guarded=self.targets) for targets in chosen]
        return tuple(zip(groups, parts, strict=True))

    def on_table(self, table: Evaluations) -> Query:
        """This query with another table of the same text."""
        return self._varied(evaluations=table)

    def row(self, window: int) -> PieceRows:
        """The single model row of the text in a window, as this query reads it.

        Raises ValueError where units are hidden for good in a way that moves pieces or draws several rows.
        """
        table = self.evaluations
        if not self._absent.any():
            return self.model.row(self.encoding, table.windows[window])
        if not self.hiding.keeps_length or self.hiding.draws > 1:
            raise ValueError(
                f"units are hidden for good by {self.hiding!r}, which makes no single row of the same length; methods "
                "that look into the model need MaskPiece, NeutralPiece or AttentionOff then."
            )
        return table.rows(window, self.full_row[None])

    def cost(self, method: Explainer, rng: int = 0, is_timed: bool = True) -> Cost:
        """What `explain(query, method, rng)` will ask for: rows, which of them are new, gradient passes, seconds.

        The method is rehearsed without the model, so rows are exact; with a tolerance they are upper bounds. Seconds
        come from a short timing of rows of this length, remembered per model; `is_timed=False` leaves it out.
        """
        return cost_of(self, method, rng, is_timed)

    def game(self) -> Game:
        """This query as a game over its active units: keep bool[n, active units]; needs targets in one window."""
        active = self.active

        def function(keep: Bools) -> Floats:
            rows = np.ones((len(keep), self.n_units), dtype=bool)
            rows[:, active] = keep
            return self.value(rows)

        return Game(function, int(active.sum()), self.n_targets)

    @contextmanager
    def watched(self, tick: Tick | None) -> Iterator[None]:
        """Report progress as tick(rows done, rows in all) between batches; raising from it cancels, rows are kept."""
        with self.evaluations.watched(tick):
            yield

    @property
    def noise(self) -> Floats:
        """float64[targets]: the standard deviation that reduced precision gives a score (0 in float32 and float64).

        Measured against float32 on 8 rows that keep from few to all units, drawn from a stream of their own. They are
        the same for all targets and both arms, so a text pays for them once (under Delete, once per set of targets).
        """
        return noise_floor(self)

    def events(self) -> Iterator[tuple[Event, int]]:
        """What the model reads for each target, and in which window."""
        return zip(self._events, self._window_of, strict=True)

    def fixed(self) -> Bools:
        """bool[units]: units that no row may hide."""
        fixed = np.zeros(self.n_units, dtype=bool)
        if self.arm == "context":
            for span in (target.span for target in self.targets if target.span is not None):
                fixed |= self.units.inside(span)
        if not self.hiding.keeps_length:
            for target in {*self.targets, *self._guarded}:
                first, last = self.model.reach(target, self.encoding)
                if first == last:  # the document as a whole: it has no positions of its own that could move
                    continue
                start, end = self.encoding.extents[first, 0], self.encoding.extents[last - 1, 1]
                fixed |= (self.units.bounds[:, 0] < end) & (start < self.units.bounds[:, 1])
        return fixed
