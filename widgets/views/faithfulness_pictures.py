"""What a report of faithfulness leads with: where its order lies between the worst and the best, and the curves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from explain_lib.core import Measure
from explain_lib.evaluation import FaithfulnessReport

from .heat import target_name
from .pictures import group, in_words, range_row, ranges
from .report_parts import View, curve

_KINDS = {"deletion": ("comprehensiveness", "hide the highest scores first"),
          "insertion": ("sufficiency", "keep the highest scores only")}  # fmt: skip
_STEPS = {"deletion": "units hidden, highest score first", "insertion": "units kept, highest score first"}
RANDOM, OWN = ", random order", ", own units first"


@dataclass(frozen=True, eq=False)
class FaithfulnessPictures:
    """The pictures of one target and arm, by their places in the report."""

    report: FaithfulnessReport
    index: int
    arm: int

    def group(self) -> View | None:
        """All of them under the headline in words; None where nothing was measured."""
        if not np.isfinite(self._array("deletion")).any():
            return None
        name = target_name(self.report.targets[self.index], self.report.units.document.text)
        pictures = [self._orders(), self._share(), self.curve("deletion"), self.curve("insertion")]
        return group(f"{name}, {self.report.ARMS[self.arm]}", self._lead(), pictures)

    def curve(self, kind: str) -> View:
        """The curve of the attribution, with those of the own units and of the extreme orders, over random orders."""
        scale, values = self.report.details["scales"][self.index], self._array(kind)
        x = np.flatnonzero(np.isfinite(values))
        own, ends = self._array(f"own_{kind}")[x], self._array("bound_deletion")[:, x]
        mean, low, high = self._array(f"random_{kind}")[:, x]
        lines = {"this attribution": values[x], "mean of random orders": mean}
        if np.isfinite(own).any():
            lines["own units first"] = own
        if kind == "deletion" and np.isfinite(ends).all():
            lines |= {"worst order found": ends[0], "best order found": ends[1]}
        caption = f"{kind.capitalize()}: {_KINDS[kind][1]}"
        view = curve(caption, x, lines, {"middle 95 % of random orders": (low, high)}, _STEPS[kind], scale)
        return {"kind": "curve", **view}

    def _array(self, name: str) -> np.ndarray:
        """One array without the axes of targets and arms."""
        return np.asarray(self.report.arrays[name][..., self.index, self.arm])

    def _measure(self, name: str) -> Measure | None:
        about = {"target": self.report.targets[self.index].name, "arm": self.report.ARMS[self.arm]}
        return next(iter(self.report.select(name, **about)), None)

    def _lead(self) -> list[str]:
        first, share = self._measure("NAOPC comprehensiveness"), self._measure("explained share")
        told = f"It explains {in_words(share)} of the score's changes when random words are hidden; zeros explain 0."
        if first is None or not first.is_available:
            area = self._measure("area over the deletion curve")
            at_random = in_words(self._measure(f"area over the deletion curve{RANDOM}"))
            return [f"Area over the deletion curve {in_words(area)}; random orders {at_random}.", told]
        at_random = in_words(self._measure(f"{first.name}{RANDOM}"))
        way = "of the way from the worst to the best order of hiding words"
        return [f"{in_words(first)} {way} (NAOPC comprehensiveness); random orders {at_random}.", told]

    def _orders(self) -> View:
        """NAOPC and its controls between the worst order and the best one; areas where no order was searched."""
        is_bounded = any((one := self._measure(f"NAOPC {kind}")) and one.is_available for kind, _ in _KINDS.values())
        rows = []
        for curve_name, (kind, words) in _KINDS.items():
            name = f"NAOPC {kind}" if is_bounded else f"area over the {curve_name} curve"
            is_turned = is_bounded and kind == "sufficiency"
            note = "" if kind == "comprehensiveness" else "1 − NAOPC sufficiency" if is_turned else "lower is better"
            for ending, who in (("", words), (RANDOM, "random orders"), (OWN, "own words first")):
                one = self._measure(f"{name}{ending}")
                if not ending or (one is not None and one.is_available):
                    one = _turned(one) if is_turned else one
                    rows.append(range_row(who, one, "control" if ending else "main", "" if ending else note))
        if is_bounded:
            marks = {"worst order": 0.0, "best order": 1.0}
            return ranges("Between the worst and the best order found (NAOPC)", rows, (0.0, 1.0), marks)
        return ranges("Area over the curves; no bounds were searched", rows, (0.0, 0.0), {"no change": 0.0})

    def _share(self) -> View:
        tau = "Kendall tau against leave-one-out"
        rows = [
            range_row("Kendall's tau with leaving one out", self._measure(tau)),
            range_row("shuffled scores", self._measure(f"{tau}, shuffled scores"), "control"),
            range_row("share of the score's changes explained", self._measure("explained share")),
        ]
        return ranges("Does it tell what hiding words does? 0: no, 1: exactly", rows, (-0.2, 1.0), {"nothing": 0.0})


def _turned(one: Measure | None) -> Measure | None:
    """1 minus a figure and its interval, so that 1 is the best order here too."""
    if one is None or not one.is_available:
        return one
    interval = None if one.interval is None else (1 - one.interval[1], 1 - one.interval[0])
    return replace(one, value=1 - one.value, interval=interval)
