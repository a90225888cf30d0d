"""What a boundary report leads with: the map of spans, what each end listens to, and what edits make of the entity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.analysis import BoundaryReport
from explain_lib.core import Measure, Target

from .flip_map import flips_picture
from .heat import largest, number, target_name
from .landscape import landscape_picture
from .pictures import group, own_units, range_row, ranges, scored, spoken, stretch, stretch_view
from .report_parts import View, curve

INWARDS, OUTWARDS = -5, 10
"""The stretch of a curve that is drawn, in units."""
_WHY = 160  # units of the text shown under a contrast


@dataclass(frozen=True, eq=False)
class BoundaryPictures:
    """The pictures of one entity, by its place in the report."""

    report: BoundaryReport
    index: int

    def group(self, lead: list[str]) -> View:
        """All of them, under what was found in words."""
        ends = [landscape_picture(self.report, self.index), self._margins(), self._curve(), self._regions()]
        pictures = [*ends, self._contrasts(), flips_picture(self.report, self.index)]
        name = target_name(self.target, self.report.units.document.text)
        return group(name, lead, [one for one in pictures if one is not None])

    @property
    def target(self) -> Target:
        """The entity."""
        return self.report.targets[self.index]

    def _measure(self, name: str, **about: str) -> Measure | None:
        return next(iter(self.report.select(name, target=self.target.name, **about)), None)

    def _margins(self) -> View:
        """Both margins, and how far each is from where it would flip."""
        rows = [range_row(f"{side} end", self._measure("margin", side=side)) for side in self.report.details["sides"]]
        caption = "How firm each end stands: its margin; below 0 the model puts it elsewhere"
        return ranges(caption, rows, (0.0, 0.0), {"flips": 0.0})

    def _curve(self) -> View | None:
        """What each margin loses by each unit, by its distance from the end; units past the other end left out."""
        first, end = own_units(self.report.units, self.target.span)
        x = np.arange(INWARDS, OUTWARDS + 1)
        units = {"left": first - x, "right": end - 1 + x}
        own = range(first, end)
        lines = {}
        for at, side in enumerate(self.report.details["sides"]):
            losses = self.report.arrays["losses"][self.index, at]
            lines[f"{side} margin"] = np.array([
                losses[unit] if 0 <= unit < len(losses) and (step > 0 or unit in own) else np.nan
                for step, unit in zip(x.tolist(), units[side].tolist(), strict=True)
            ])  # fmt: skip
        seen = np.any([np.isfinite(line) for line in lines.values()], axis=0)
        if not seen.any():
            return None
        view = curve(
            "What a margin loses when one unit is hidden, by its distance from the end", x[seen],
            {name: line[seen] for name, line in lines.items()}, None,
            "units outside the end (0 and below: inside)", "loss of the margin",
        )  # fmt: skip
        return {"kind": "curve", **view, "marks": [{"name": "the end", "at": 0.5}]}

    def _regions(self) -> View:
        """Mean effects by region and side, and the index of the unit outside beside that of other places."""
        rows = []
        for side in self.report.details["sides"]:
            rows += [
                range_row(f"{side}: {region}", self._measure("region effect", side=side, region=region), "bar")
                for region in self.report.details["regions"]
            ]
        rows = [row for row in rows if row["value"] is not None] or rows
        indices = "; ".join(filter(None, map(self._index, self.report.details["sides"])))
        caption = "What hiding one unit does to each margin, on average, by region"
        return {**ranges(caption, rows, (0.0, 0.0)), "note": indices}

    def _index(self, side: str) -> str:
        one, control = self._measure("index", side=side), self._measure("control index", side=side)
        if one is None or not one.is_available:
            return ""
        elsewhere = f", {control.value:.2g} at places without an entity" if control and control.is_available else ""
        return f"{side}: the unit outside counts {one.value:.2g} times the average context unit{elsewhere}"

    def _contrasts(self) -> View | None:
        """{"kind": "contrasts", "caption", "text", "own", "full", "rows": [{"name", "note", "scores", "versus"}]}.

        A row for every legal move; `versus` are the units of the span with the moved end. None where none is legal.
        """
        own = own_units(self.report.units, self.target.span)
        shown, scores = stretch(self.report.units, own, _WHY), self.report.arrays["contrast_scores"][self.index]
        values = self.report.arrays["contrast_values"][self.index]
        rows = [
            {"name": self._why(move), "note": self._lead_of(move, values[at]),
             "scores": scored(self.report.units, scores[at], shown), "versus": self._versus(at, own)}
            for at, move in enumerate(self.report.details["moves"]) if np.isfinite(values[at])
        ]  # fmt: skip
        text, full = stretch_view(self.report.units, shown), number(largest(scores))
        caption = "Why it is not longer or shorter"
        view = {"kind": "contrasts", "caption": caption, "text": text, "own": list(own), "full": full, "rows": rows}
        return view if rows else None

    def _why(self, move: str) -> str:
        side, words = move.split(": ", 1)
        return f"Why it {'starts' if side == 'left' else 'ends'} here, {words}"

    def _lead_of(self, move: str, lead: float) -> str:
        """How far it is ahead of (or behind) the other span, and how much of that its explanation tells."""
        side, words = move.split(": ", 1)
        fit = self._measure("contrast faithfulness", side=side, versus=words)
        ahead = f"{'behind' if lead < 0 else 'ahead'} by {spoken(abs(lead))} nats"
        if fit is None or not fit.is_available:
            return ahead
        return f"{ahead}; this explains {spoken(fit.value)} of what hiding words does to the lead (R²)"

    def _versus(self, at: int, own: tuple[int, int]) -> list[int]:
        """The units of the span with the moved end."""
        name, step = ("landscape_starts", "landscape_ends")[at // 2], (1, -1)[at % 2]  # in the order of the moves
        places = self.report.arrays[name][self.index]
        place = int(places[len(places) // 2 + step])
        bounds = self.report.units.bounds
        if name == "landscape_starts":
            return [int((bounds[:, 1] <= place).sum()), own[1]]
        return [own[0], int((bounds[:, 0] < place).sum())]
