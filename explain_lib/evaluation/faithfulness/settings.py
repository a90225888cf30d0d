"""How much an evaluation of faithfulness may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FaithfulnessSettings:
    """What `faithfulness` spends on each target and arm; none of it depends on the method that is judged.

    `rows` of infidelity; about `random_rows` for random orders (never fewer than 8 orders); about `bound_rows` for the
    best and the worst order: they are exact where all subsets of the units take no more, else a beam search as wide as
    these rows allow, at least one wide; none above `most_bounded` units, nor above `most_points`: bounds are over every
    step. Curves have a point for each unit up to `most_points`, else that many. Orders of tied units are drawn
    `tie_orders` times and averaged. `thresholds` are per cent of the units that may be hidden.
    """

    rows: int = 128
    random_rows: int = 1000
    bound_rows: int = 3000
    most_bounded: int = 60
    most_points: int = 60
    tie_orders: int = 5
    thresholds: tuple[float, ...] = (1, 5, 10, 20, 50)

    def __post_init__(self) -> None:
        least = {"rows": 2, "random_rows": 1, "bound_rows": 4, "most_bounded": 0, "most_points": 2, "tie_orders": 1}
        for name, value in least.items():
            if getattr(self, name) < value:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {value}.")
        if not self.thresholds or not all(0 < share <= 100 for share in self.thresholds):
            raise ValueError(f"thresholds are {self.thresholds}; give shares in per cent, above 0 and at most 100.")
