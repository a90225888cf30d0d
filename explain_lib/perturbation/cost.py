"""What a method will cost on a query, said before it runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from .game import Game
from .rehearsal import FirstRows, OwnPasses, RehearsedModel, RehearsedRows
from .speed import seconds_per_row
from .streams import stream

if TYPE_CHECKING:
    from .query import Query


class Explainer(Protocol):
    """What `Query.cost` needs of a method: that it can be run. Where `asks_once` is True it stops at its rows; where
    `may_ask_less` is, it may ask for fewer than it does in a rehearsal.

    A method that takes the network in its own hands may tell what it runs there: `passes(n_targets)`, forward and
    backward, beside the empty and the full row.
    """

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Any:
        """Score all units."""
        ...


@dataclass(frozen=True)
class Cost:
    """What a method asks for.

    `rows`: distinct rows asked for, the empty and the full one included; `new_rows`: those that the query's table does
    not know yet, and `model_rows` what they take (FillIn runs each several times). `forward` and `backward`: passes
    over embeddings besides. `seconds` is an estimate, None where none was asked for. `is_bound`: the method stops when
    its tolerance is met, or leaves out edits that change the answer, so that all figures are upper bounds. `is_open`:
    the method (a gradient class of another library) runs the network as it likes, so that its passes and its seconds
    are not known beforehand.
    """

    rows: int
    new_rows: int
    model_rows: int
    forward: int
    backward: int
    seconds: float | None
    is_bound: bool
    is_open: bool = False

    def __str__(self) -> str:
        parts = [_counted(self.rows, "row") + f" ({self.new_rows} new)"] if self.rows else []
        if self.forward:
            parts.append(f"{_counted(self.forward, 'forward')} and {_counted(self.backward, 'backward pass', 'es')}")
        if self.is_open:
            parts.append("passes of its own, not known beforehand")
        time = "" if self.seconds is None else f", about {_seconds(self.seconds)}"
        return ("at most " if self.is_bound else "") + (" and ".join(parts) or "no rows") + time


def cost_of(query: Query, method: Explainer, rng: int, is_timed: bool) -> Cost:
    """Rehearse a method on a query, one game per window, as `explain` would run it."""
    if isinstance(method, type) or not hasattr(method, "attribute"):
        got = f"the class {method.__name__}" if isinstance(method, type) else f"a {type(method).__name__}"
        raise TypeError(
            f"the method is {got}; give a method of `explain` with its settings, such as KernelShap(budget=512)."
        )
    is_bound = getattr(method, "tolerance", None) is not None or bool(getattr(method, "may_ask_less", False))
    stops = bool(getattr(method, "asks_once", False)) and not is_bound
    rows = new = forward = backward = 0
    is_open = False
    for _, part in query.parts():
        table = RehearsedRows.of(part.evaluations, stops)
        try:
            with np.errstate(all="ignore"):
                method.attribute(part.on_table(table), stream(rng, "explain"))
        except FirstRows:
            pass
        except OwnPasses:
            is_open = not hasattr(method, "passes")
            forward, backward = np.add((forward, backward), _own_passes(method, part, table)).tolist()
        model = cast(RehearsedModel, table.model)
        rows, new = rows + len(table.asked), new + len(table.new)
        forward, backward = forward + model.forward, backward + model.backward
    model_rows = new * query.hiding.draws
    cost = Cost(rows, new, model_rows, forward, backward, None, is_bound, is_open)
    return replace(cost, seconds=seconds_of(query, cost)) if is_timed and not is_open else cost


def _own_passes(method: Explainer, part: Query, table: RehearsedRows) -> tuple[int, int]:
    """What a method says that it runs by itself; its empty and full row are noted."""
    table.stops = False
    part.on_table(table).value(np.stack([~part.active, np.ones(part.n_units, dtype=bool)]))
    told: tuple[int, int] = getattr(method, "passes", lambda _: (0, 0))(part.n_targets)
    return told


def seconds_of(query: Query, cost: Cost) -> float:
    """An estimate for rows as long as the longest window of the text, from a short timing that a model remembers."""
    table = query.evaluations
    longest = max(table.windows, key=lambda window: window.pieces[1] - window.pieces[0])
    row = query.model.row(query.encoding, longest)
    seconds = cost.model_rows * seconds_per_row(query.model, row) if cost.model_rows else 0.0
    passes = cost.forward + cost.backward  # weights are frozen, so a backward pass takes as long as a forward pass
    return seconds + (passes * seconds_per_row(query.model, row, is_reference=True) if passes else 0.0)


def _counted(n: int, what: str, ending: str = "s") -> str:
    return f"{n} {what}" if n == 1 or what == "forward" else f"{n} {what}{ending}"


def _seconds(seconds: float) -> str:
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s"
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
