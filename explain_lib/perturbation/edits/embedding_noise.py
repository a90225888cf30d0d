"""Forward noise: a little noise on the input embeddings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from explain_lib.models.protocols import Disturbable

from .family import Edit, Subject
from .model_edit import ModelEdit

if TYPE_CHECKING:
    from explain_lib.models.protocols import Model

SEEDS = 2**32


@dataclass(frozen=True)
class EmbeddingNoise:
    """e + r · u for every input embedding e, r being `radius` times the mean length of an embedding.

    u is normal with a mean square length of 1, or with `is_uniform` uniform in a box of that size, so that no
    coordinate moves far. A view's noise is fixed by its seed, by column of the row: it stays where it is when units
    are hidden. The text is unchanged, so that every unit can be compared. Usual radii: .01, .05, .1.
    """

    radius: float = 0.05
    is_uniform: bool = False

    name: ClassVar[str] = "embedding noise"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if not self.radius > 0:
            raise ValueError(f"radius is {self.radius}; it must be above 0, usually .01 to .1.")

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """`n` seeds; none for a model that has no such views."""
        is_able = isinstance(subject.query.model, Disturbable)
        return [ModelEdit(self, int(seed)) for seed in rng.integers(SEEDS, size=n)] if is_able else []

    def view(self, model: Model, seed: int) -> Model:
        """The model with the noise of a seed."""
        if not isinstance(model, Disturbable):
            raise TypeError(f"{model.name!r} offers no views with noise (protocols.Disturbable).")
        return model.with_embedding_noise(self.radius, seed, self.is_uniform)
