"""What a classifier answers, and the exact probability of each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explain_lib.core import Score, Target

from .odds import log_prob, score_of, softmax_log_odds


@dataclass(frozen=True)
class ClassEvent:
    """The document has this label; with `versus`, its log-probability minus that of the other label."""

    label: int
    versus: int | None = None


@dataclass(frozen=True)
class ClassDecoder:
    """Reads class probabilities off logits [labels].

    `is_multi_label`: each label is a yes or no of its own (sigmoid), else exactly one label holds (softmax).
    """

    labels: tuple[str, ...]
    is_multi_label: bool = False

    def __post_init__(self) -> None:
        if len(self.labels) < 2 and not self.is_multi_label:
            raise ValueError(
                f"a softmax over the single label {list(self.labels)} is always 1; a model with one logit that is the "
                "log-odds of a class is loaded with decoder='sigmoid'."
            )

    @property
    def name(self) -> str:
        """How the decoder is written in provenance and in config.json."""
        return "sigmoid" if self.is_multi_label else "softmax"

    def event(self, target: Target) -> ClassEvent:
        """The event of a target without a span; raises ValueError for a span and for an unknown label."""
        if target.span is not None:
            raise ValueError(
                f"a classifier scores the whole document; the target has the span {target.span.start}–"
                f"{target.span.end}. Give Target(label={target.label!r})."
            )
        other = target.versus
        return ClassEvent(self._index(target.label or ""), self._index(other) if isinstance(other, str) else None)

    def scores(self, logits: Tensor, events: Sequence[ClassEvent], score: Score) -> Tensor:
        """float64[n, events] from logits float64[n, labels]; contrasts are differences of log-probabilities."""
        return torch.stack([self._score(logits, event, score) for event in events], dim=1)

    def probabilities(self, logits: Tensor) -> dict[str, float]:
        """The probability of each label from logits [labels], in the order of the labels."""
        shares = logits.sigmoid() if self.is_multi_label else logits.softmax(dim=-1)
        return dict(zip(self.labels, shares.tolist(), strict=True))

    def _score(self, logits: Tensor, event: ClassEvent, score: Score) -> Tensor:
        log_odds = self._log_odds(logits, event.label)
        if event.versus is None:
            return score_of(log_odds, score)
        return log_prob(log_odds) - log_prob(self._log_odds(logits, event.versus))

    def _log_odds(self, logits: Tensor, label: int) -> Tensor:
        return logits[:, label] if self.is_multi_label else softmax_log_odds(logits, label)

    def _index(self, label: str) -> int:
        if label not in self.labels:
            raise ValueError(f"label {label!r} is unknown to the model; it has {', '.join(self.labels)}.")
        return self.labels.index(label)
