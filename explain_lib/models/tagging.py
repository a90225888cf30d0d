"""Softmax taggers: the exact probability that their decoder returns one span.

Tags are taken as independent draws from the softmax at each label position (design: "The score of a span"). The
log-odds of a confident span keep their digits, and the functions are differentiable, so gradient methods explain the
very same number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from explain_lib.core import Score

from .log_space import LOG_HALF, log1mexp
from .tag_events import ContrastEvent, MarginEvent, OutsideEvent, SpanEvent, TagEvent
from .tag_rows import TagRows
from .tag_spelling import TagSpelling


@dataclass(frozen=True)
class TagDecoder(TagSpelling):
    """Reads spans off the likeliest tags, and scores the event that it returns exactly one span."""

    def scores(self, logits: Tensor, events: Sequence[TagEvent], score: Score) -> Tensor:
        """float64[n, events] from logits float64[n, positions, tags]; NaN positions are positions a row removed.

        Contrasts are differences of log-probabilities and margins are logits, whatever `score` says.
        """
        rows = TagRows(logits)
        return torch.stack([self._score(rows, event, score) for event in events], dim=1)

    def check(self, event: TagEvent, n_positions: int) -> None:
        """Raise ValueError where a text of so many label positions can never have the event: nothing here."""

    def decode(self, logits: Tensor) -> list[tuple[int, int, str, float]]:
        """Spans (first, last, type, log-probability) of one row, logits float[positions, tags], left to right."""
        present = ~torch.isnan(logits).any(dim=-1)
        where, there = torch.nonzero(present).flatten().tolist(), logits[present].double()
        spans = self.spans(self.best_tags(there))
        if not spans:
            return []
        log_probs = self.scores(there[None], [SpanEvent(*span) for span in spans], "log_prob")[0].tolist()
        return [(where[a], where[b], kind, log_p) for (a, b, kind), log_p in zip(spans, log_probs, strict=True)]

    def best_tags(self, logits: Tensor) -> list[int]:
        """The likeliest tags of logits [positions, tags] without gaps."""
        tags: list[int] = logits.argmax(dim=-1).tolist()
        return tags

    def _score(self, rows: TagRows, event: TagEvent, score: Score) -> Tensor:
        match event:
            case ContrastEvent(plain, other):
                return self._log_prob(rows, plain) - self._log_prob(rows, other)
            case MarginEvent(span, side):
                return self._margin(rows, span, side)
        log_p = self._log_prob(rows, event)
        match score:
            case "log_odds":
                return log_p - log1mexp(log_p)
            case "log_prob":
                return log_p
            case "probability":
                return log_p.exp()
        raise ValueError(f"score is {score!r}; allowed are 'log_odds', 'log_prob' and 'probability'.")

    def _log_prob(self, rows: TagRows, event: SpanEvent | OutsideEvent) -> Tensor:
        if isinstance(event, OutsideEvent):
            return rows.all_in(event.first, event.last, [self.scheme.outside])
        match self.scheme.name:
            case "BIO":
                return self._log_prob_bio(rows, event)
            case "IO":
                return self._log_prob_io(rows, event)
            case _:
                return self._log_prob_bioes(rows, event)

    def _log_prob_bio(self, rows: TagRows, event: SpanEvent) -> Tensor:
        begin, inside = self._tags(event.kind, "B"), self._tags(event.kind, "I")
        body = rows.all_in(event.first + 1, event.last, inside)
        return self._log_prob_opens(rows, event.first, begin, inside) + body + rows.next_not_in(event.last, inside)

    def _log_prob_opens(self, rows: TagRows, first: int, begin: list[int], inside: list[int]) -> Tensor:
        opens = rows.log_p(first, begin)
        if not self.is_lenient or not inside:
            return opens
        # Lenient: B, or I after something that is not of this type. Both the event and its complement are summed
        # from small terms and the smaller one is trusted, so that neither end loses digits.
        free, bound = rows.previous(first, begin + inside)
        log_inside, log_rest = rows.log_p(first, inside), rows.log_not_p(first, begin + inside)
        event = torch.logaddexp(opens, log_inside + free)
        complement = torch.logaddexp(log_rest, log_inside + bound)
        return torch.where(event > LOG_HALF, log1mexp(complement.clamp(max=LOG_HALF)), event)

    def _log_prob_io(self, rows: TagRows, event: SpanEvent) -> Tensor:
        inside = self._tags(event.kind, "I")
        free, _ = rows.previous(event.first, inside)
        return free + rows.all_in(event.first, event.last, inside) + rows.next_not_in(event.last, inside)

    def _log_prob_bioes(self, rows: TagRows, event: SpanEvent) -> Tensor:
        if event.first == event.last:
            return rows.log_p(event.first, self._tags(event.kind, "S"))
        body = rows.all_in(event.first + 1, event.last - 1, self._tags(event.kind, "I"))
        begin, end = self._tags(event.kind, "B"), self._tags(event.kind, "E")
        return rows.log_p(event.first, begin) + body + rows.log_p(event.last, end)

    def _margin(self, rows: TagRows, span: SpanEvent, side: Literal["left", "right"]) -> Tensor:
        deciding = self._tags(span.kind, self.boundary_role(span, side))
        if side == "left" or self.has_end_tags:
            return rows.logit_margin(span.first if side == "left" else span.last, deciding)
        return rows.next_logit_margin(span.last, deciding)

    def _tags(self, kind: str, role: str) -> list[int]:
        index = self.scheme.index(role, kind)
        return [] if index is None else [index]
