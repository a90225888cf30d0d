"""One measured number: what it is, what it is about, how sure it is, and which way is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Measure:
    """One number of a report.

    `interval` is a 95 % interval unless the scale says otherwise, None where none can be given. `n` counts what the
    value is an average of (documents, entities or edits: the scale says which). `scale` names the unit and the range,
    such as "probability, 0 to 1". `higher_is_better` is None for numbers that are neither good nor bad. `about` says
    what it was measured on, by name: target, arm, family, side, method. A value that could not be measured is NaN and
    `note` says why.
    """

    name: str
    value: float
    interval: tuple[float, float] | None = None
    n: int = 0
    scale: str = ""
    higher_is_better: bool | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", float(self.value))
        object.__setattr__(self, "about", MappingProxyType(dict(self.about)))
        if self.interval is not None:
            low, high = map(float, self.interval)
            if low > high:
                raise ValueError(f"the interval of {self.name} runs from {low} to {high}; give the lower bound first.")
            object.__setattr__(self, "interval", (low, high))
        if math.isnan(self.value) and not self.note:
            raise ValueError(f"{self.name} is not a number and says not why; give `note`, or use not_available(...).")

    @property
    def is_available(self) -> bool:
        """Whether the number could be measured."""
        return not math.isnan(self.value)

    def __str__(self) -> str:
        if not self.is_available:
            return f"{self.name}: not available, because {self.note}"
        bounds = "" if self.interval is None else f" [{self.interval[0]:.3g}, {self.interval[1]:.3g}]"
        return f"{self.name}: {self.value:.3g}{bounds}, n = {self.n}"


def not_available(
    name: str, because: str, scale: str = "", about: Mapping[str, str] | None = None, n: int = 0
) -> Measure:
    """A measure that could not be taken, with the reason."""
    return Measure(name, math.nan, None, n, scale, None, about or {}, because)
