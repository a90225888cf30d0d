"""Forward noise: dropout patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from explain_lib.models.protocols import Disturbable

from .embedding_noise import SEEDS
from .family import Edit, Subject
from .model_edit import ModelEdit

if TYPE_CHECKING:
    from explain_lib.models.protocols import Model


@dataclass(frozen=True)
class DropoutViews:
    """The model with a fixed dropout pattern, as in training: by column, feature and layer, alike in every row.

    `share` None takes each layer's own share. Attention weights are not dropped. The text is unchanged.
    """

    share: float | None = None

    name: ClassVar[str] = "dropout views"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share < 1:
            raise ValueError(f"share is {self.share}; it must lie between 0 and 1.")

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """`n` seeds; none for a model without dropout."""
        try:
            self.view(subject.query.model, 0)
        except TypeError:
            return []
        return [ModelEdit(self, int(seed)) for seed in rng.integers(SEEDS, size=n)]

    def view(self, model: Model, seed: int) -> Model:
        """The model with the pattern of a seed."""
        if not isinstance(model, Disturbable):
            raise TypeError(f"{model.name!r} offers no dropout views (protocols.Disturbable).")
        return model.dropout_view(seed, self.share)
