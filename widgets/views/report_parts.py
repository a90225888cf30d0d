"""The parts of a report view: tables, strips, matrices and curves, all plain values that JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, Units

from .heat import number, numbers
from .text import text_view, visible

View = dict[str, Any]
_BETTER = {True: "higher", False: "lower", None: ""}
MINUS = "\u2212"
"""The minus sign of numbers on a page."""


def report_parts(  # noqa: PLR0913  # the kinds of parts that a report may have
    title: str,
    notes: Sequence[str] = (),
    tables: Sequence[View] = (),
    strips: Sequence[View] = (),
    matrices: Sequence[View] = (),
    curves: Sequence[View] = (),
    groups: Sequence[View] = (),
) -> View:
    """{"title", "notes", "tables", "strips", "matrices", "curves"}: everything that a report panel draws.

    A report with `groups` of pictures (pictures.py) leads with them; its notes and all else are folded behind them.
    """
    led = {"groups": list(groups)} if groups else {}
    return {
        "title": visible(title), "notes": [visible(note) for note in notes if note], "tables": list(tables),
        "strips": list(strips), "matrices": list(matrices), "curves": list(curves),
        **led,
    }  # fmt: skip


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> View:
    """{"caption", "columns", "rows"}: cells are words, whole numbers, numbers (None where not finite) or None."""
    named = [visible(name) for name in columns]
    return {"caption": visible(caption), "columns": named, "rows": [[_cell(value) for value in row] for row in rows]}


def measures_table(measures: Sequence[Measure], caption: str, leave_out: Sequence[str] = ()) -> View:
    """A row for every measure, with a column for each thing that they are about, but for those of `leave_out`.

    A measure without a value has a note that says why. Columns in which nothing stands are left out.
    """
    about = [key for key in dict.fromkeys(key for one in measures for key in one.about) if key not in leave_out]
    rows = [
        [m.name, *(m.about.get(key, "") for key in about), m.value, interval_text(m.interval),
         m.n or "", m.scale, *_judgement(m)]
        for m in measures
    ]  # fmt: skip
    columns = ["measure", *about, "value", "95 % interval", "n", "scale", "better", "note"]
    told = [k for k in range(len(columns)) if k == 0 or any(row[k] != "" for row in rows)]
    return table(caption, [columns[k] for k in told], [[row[k] for k in told] for row in rows])


def strip(caption: str, units: Units, scores: npt.ArrayLike) -> View:
    """{"caption", "lang", "units": [[gap before, unit text]], "after", "scores"}: heat over the text.

    Scores float[units]; NaN marks a unit without a score.
    """
    return {"caption": visible(caption), **text_view(units), "scores": numbers(np.asarray(scores, dtype=np.float64))}


def matrix(  # noqa: PLR0913  # what a matrix needs
    caption: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: npt.ArrayLike,
    limits: tuple[float, float] | None = None,
    marked: tuple[int, int] | None = None,
) -> View:
    """{"caption", "rows", "columns", "values"}: coloured cells with their numbers, [rows, columns].

    `limits` are the values of no and of full colour; without them both signs share the scale of the largest absolute
    value. `marked` is the row and column of the cell that gets a frame.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (len(rows), len(columns)):
        needed = (len(rows), len(columns))
        raise ValueError(f"the values have shape {array.shape}; {needed} rows and columns were named.")
    view: View = {
        "caption": visible(caption), "rows": [visible(name) for name in rows],
        "columns": [visible(name) for name in columns], "values": [numbers(row) for row in array],
    }  # fmt: skip
    if limits is not None:
        view |= {"low": number(limits[0]), "high": number(limits[1])}
    return view | ({} if marked is None else {"marked": [int(k) for k in marked]})


def curve(  # noqa: PLR0913  # what a drawing needs
    caption: str,
    x: npt.ArrayLike,
    ys: Mapping[str, npt.ArrayLike],
    bands: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]] | None = None,
    x_label: str = "",
    y_label: str = "",
) -> View:
    """{"caption", "x", "ys": [{"name", "values"}], "bands": [{"name", "low", "high"}], "x_label", "y_label"}."""
    places = numbers(np.asarray(x))
    ranges = {} if bands is None else bands
    view: View = {
        "caption": visible(caption), "x": places,
        "ys": [{"name": visible(name), "values": numbers(np.asarray(y))} for name, y in ys.items()],
        "bands": [
            {"name": visible(name), "low": numbers(np.asarray(low)), "high": numbers(np.asarray(high))}
            for name, (low, high) in ranges.items()
        ],
        "x_label": visible(x_label), "y_label": visible(y_label),
    }  # fmt: skip
    rows = [y["values"] for y in view["ys"]] + [band[end] for band in view["bands"] for end in ("low", "high")]
    if any(len(row) != len(places) for row in rows):
        raise ValueError(f"a curve or band has not the {len(places)} values that x has.")
    return view


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | np.bool_):
        return None if value is None else "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return int(value)
    return number(value) if isinstance(value, float | np.floating) else visible(str(value))


def interval_text(interval: tuple[float, float] | None) -> str:
    """An interval in words, with the minus signs that numbers have; empty for none."""
    return "" if interval is None else "{:.3g} to {:.3g}".format(*interval).replace("-", MINUS)


def _judgement(measure: Measure) -> tuple[str, str]:
    note = measure.note if measure.is_available else f"not available, because {measure.note}"
    return _BETTER[measure.higher_is_better], note
