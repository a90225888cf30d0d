"""What is read off curves: one number an order, and the same of random orders and of the span's own units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from explain_lib.core import Target

from .arms import Case
from .bounds import Bounds
from .curves import Curves
from .findings import Ground
from .orders import Floats, counts_at
from .settings import FaithfulnessSettings

AREAS = ("area over the deletion curve", "area over the insertion curve")
AOPC = ("AOPC comprehensiveness", "AOPC sufficiency")
NAOPC = ("NAOPC comprehensiveness", "NAOPC sufficiency")
_SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Reading:
    """A measure of orders: `of` curves gives float[orders]; `n` is what each is an average of."""

    name: str
    of: Callable[[Curves], Floats]
    n: int
    scale: str
    is_good: bool
    note: str = ""

    def between(self, name: str, least: float, greatest: float, note: str) -> Reading:
        """The same as a share of the way from the least to the greatest that an order can get."""
        of = lambda curves: (self.of(curves) - least) / (greatest - least)  # noqa: E731
        scale = f"share of the way from the least to the greatest area ({self.scale}), 0 to 1"
        return replace(self, name=name, of=of, scale=scale, note=note)


def curve_scale(target: Target) -> str:
    """On which scale the curves of a target are: its own for contrasts and margins, which have no probability."""
    if target.margin is not None:
        return "logits"
    return "probability" if target.versus is None else "log-probability difference"


def threshold_readings(case: Case, settings: FaithfulnessSettings) -> Iterator[tuple[Reading, list[Reading]]]:
    """The mean over the thresholds, and each of them, of comprehensiveness and of sufficiency."""
    counts, scale = counts_at(settings.thresholds, len(case.active)), f"change of the {curve_scale(case.target)}"
    for name, mean, is_good, read in (
        ("comprehensiveness", AOPC[0], True, Curves.comprehensiveness),
        ("sufficiency", AOPC[1], False, Curves.sufficiency),
    ):
        each = [
            Reading(
                f"{name} at {threshold:g} %",
                lambda curves, read=read, k=k: read(curves, counts)[:, k],  # type: ignore[misc]
                1, scale, is_good, f"{counts[k]} of {len(case.active)} units",
            )
            for k, threshold in enumerate(settings.thresholds)
        ]  # fmt: skip
        note = f"mean over {', '.join(f'{share:g}' for share in settings.thresholds)} % of {len(case.active)} units"
        of = lambda curves, read=read: read(curves, counts).mean(axis=1)  # noqa: E731
        yield Reading(mean, of, len(counts), scale, is_good, note), each


def area_readings(case: Case) -> tuple[Reading, Reading]:
    """The areas over the deletion and over the insertion curve."""
    n, scale = len(case.active), f"change of the {curve_scale(case.target)}"
    return (
        Reading(AREAS[0], lambda curves: curves.area_over_deletion, n, scale, True),
        Reading(AREAS[1], lambda curves: curves.area_over_insertion, n, scale, False),
    )


def normalised(area: Reading, found: Ground) -> Reading | str:
    """The area between its bounds (NAOPC), or why it cannot be had."""
    if found.bounds is None:
        return found.why_unbounded
    least, greatest = found.bounds.over_deletion if area.is_good else found.bounds.over_insertion
    if not greatest - least > _SAME * max(abs(greatest), abs(least)):
        return "every order gives the same area"
    note = "" if found.bounds.is_exact else "between the ends that a beam search found: may leave 0 to 1"
    return area.between(NAOPC[not area.is_good], least, greatest, note)


def search_note(bound: Bounds) -> str:
    """How the extreme orders were found."""
    if bound.is_exact:
        return "the order with the extreme area of all orders"
    return f"the order with the extreme area that a beam search of width {bound.width} found"
