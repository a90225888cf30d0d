"""Classifiers: sequence-classification networks that give a document one label, or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from explain_lib.core import Prediction, Target

from .class_decoder import ClassDecoder
from .family import Family
from .protocols import Encoding, Event, Float32s, Window


@dataclass(frozen=True, eq=False)
class Classifier(Family):
    """A classifier that answers the questions of `protocols.Model`. Compact output: logits [labels].

    A document is read in one window, its beginning: what truncation leaves of a long text, in training and in the plain
    library call. `predict` and every target read that window; units behind it are not active and score exactly 0. Load
    the model with `windows=False` to have longer texts refused instead, and cut them where a class is decided.
    """

    decoder: ClassDecoder

    def __repr__(self) -> str:
        return (
            f"Classifier({self.name!r}, decoder={self.decoder.name!r}, labels={list(self.labels)}, "
            f"precision={self.precision!r}, max_pieces={self.plan.limit})"
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes that a target may name."""
        return self.decoder.labels

    def windows(self, encoding: Encoding) -> tuple[Window, ...]:
        """The one window of a text: all of it, or its first pieces."""
        if len(encoding.ids) > self.plan.limit and not self.plan.is_on:
            self.plan.windows(encoding)  # refuses
        return (Window((0, min(len(encoding.ids), self.plan.limit)), (0, 0), (0, 0)),)

    def window_of(self, target: Target, encoding: Encoding, windows: Sequence[Window]) -> int:
        """The only window."""
        self.decoder.event(target)
        return 0

    def reach(self, target: Target, encoding: Encoding) -> tuple[int, int]:
        """No label positions: the target is the document as a whole."""
        return 0, 0

    def event(self, target: Target, encoding: Encoding, window: Window) -> Event:
        """Translate a target; raises ValueError for an unknown label and for a target with a span."""
        return self.decoder.event(target)

    def decode(self, outputs: Sequence[Float32s], windows: Sequence[Window], encoding: Encoding) -> Prediction:
        """The probability of each label from the one output [labels]."""
        (logits,) = outputs
        return Prediction(labels=self.decoder.probabilities(torch.as_tensor(np.asarray(logits, np.float64))))
