"""How a planted corpus is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlantedSettings:
    """The knobs of `planted_documents`; each is a share between 0 and 1, but for `gap` and `nested`.

    `chemical`: entities that are a Chemical, the others are a Test. `ambiguity`: ends without a marker, so that nothing
    decides them and a coin did. `noise`: ends that were annotated against the rule. `spurious`: documents that open
    with a sign which agrees with the type of the first entity in the training part and contradicts it in the test
    part. `distractors`: documents with a sentence that only talks about such a substance, which is then no entity.
    `gap`: the most filler words between a marker's phrase and the mention. `nested`: the bare substance is annotated
    too, as a span `Substance` inside the entity.
    Raises ValueError for a share outside 0–1 and for a negative gap.
    """

    chemical: float = 0.5
    ambiguity: float = 0.0
    noise: float = 0.0
    spurious: float = 0.0
    distractors: float = 0.4
    gap: int = 2
    nested: bool = False

    def __post_init__(self) -> None:
        for name in ("chemical", "ambiguity", "noise", "spurious", "distractors"):
            if not 0 <= (share := getattr(self, name)) <= 1:
                raise ValueError(f"{name} is {share}; it is a share and must lie between 0 and 1.")
        if self.gap < 0:
            raise ValueError(f"gap is {self.gap}; it counts filler words and must be 0 or more.")
