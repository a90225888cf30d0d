"""What a model says about a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from .arrays import check_shape, read_only
from .span import Span


@dataclass(frozen=True, eq=False)
class Prediction:
    """Predicted spans with their confidences, and for classifiers the probability of each label.

    Shapes: `confidence` float[spans], the probability that the decoder returns exactly this span.
    """

    spans: tuple[Span, ...] = ()
    confidence: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    labels: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", tuple(self.spans))
        confidence = read_only(self.confidence, np.float64, 1, "Prediction.confidence")
        check_shape(confidence, (len(self.spans),), "Prediction.confidence", "one number per span")
        object.__setattr__(self, "confidence", confidence)
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))
