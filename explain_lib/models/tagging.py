"""Tag decoders and the exact probability that a decoder returns one span.

Everything is computed from logits in float64 as log-odds of tag sets, so that the log-odds of a confident span keep
their digits: the log-probability of an almost certain tag is read as −log(1 + exp(−d)), never as a difference of two
nearly equal numbers. Tags are taken as independent draws from the softmax at each label position (design: "The score
of a span"). The functions are differentiable, so gradient methods explain the very same number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from explain_lib.core import Longer, NoEntity, Score, TagScheme, Target

LOG_HALF = -0.6931471805599453


@dataclass(frozen=True)
class SpanEvent:
    """The decoder returns exactly the label positions `first`..`last` (both included) with this entity type."""

    first: int
    last: int
    kind: str


@dataclass(frozen=True)
class OutsideEvent:
    """Every label position `first`..`last` (both included) is O."""

    first: int
    last: int


@dataclass(frozen=True)
class ContrastEvent:
    """The log-probability of one event minus that of another."""

    event: SpanEvent
    other: SpanEvent | OutsideEvent


@dataclass(frozen=True)
class MarginEvent:
    """The logit margin of one boundary of a span: below 0 the boundary is not where the span says."""

    span: SpanEvent
    side: Literal["left", "right"]


TagEvent = SpanEvent | OutsideEvent | ContrastEvent | MarginEvent


@dataclass(frozen=True)
class TagDecoder:
    """Reads spans off tags, and scores the event that it returns exactly one span.

    `is_lenient` (BIO only): I-X opens a span where the position before is neither B-X nor I-X.
    """

    scheme: TagScheme
    is_lenient: bool = True

    @property
    def name(self) -> str:
        """How the decoder is written in provenance and in config.json."""
        return {"BIO": "bio-lenient" if self.is_lenient else "bio-strict", "IO": "io", "BIOES": "bioes"}[
            self.scheme.name
        ]

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The labels that a span may carry."""
        return self.scheme.entity_types

    def event(self, target: Target, first: int, last: int) -> TagEvent:
        """The event of a target whose span covers the label positions `first`..`last` (both included)."""
        span = self._spelled(SpanEvent(first, last, self._known(target.label or "")))
        if target.margin:
            return MarginEvent(span, target.margin)
        match target.versus:
            case None:
                return span
            case NoEntity():
                return ContrastEvent(span, OutsideEvent(first, last))
            case Longer(left, right):
                other = SpanEvent(first - left, last + right, span.kind)
                if other.first > other.last or other.first < 0:
                    raise ValueError(
                        f"longer(left={left}, right={right}) leaves no span of {last - first + 1} label positions "
                        "inside the window; move the ends by less."
                    )
                return ContrastEvent(span, self._spelled(other))
            case other_label:
                return ContrastEvent(span, self._spelled(SpanEvent(first, last, self._known(other_label))))

    def scores(self, logits: Tensor, events: Sequence[TagEvent], score: Score) -> Tensor:
        """float64[n, events] from logits float64[n, positions, tags]; NaN positions are positions a row removed.

        Contrasts are differences of log-probabilities and margins are logits, whatever `score` says.
        """
        rows = _Rows(logits, self.scheme)
        return torch.stack([self._score(rows, event, score) for event in events], dim=1)

    def decode(self, logits: Tensor) -> list[tuple[int, int, str, float]]:
        """Spans (first, last, type, log-probability) of one row, logits float[positions, tags], left to right."""
        present = ~torch.isnan(logits).any(dim=-1)
        where = torch.nonzero(present).flatten().tolist()
        tags = logits[present].argmax(dim=-1).tolist()
        spans = [(where[a], where[b], kind) for a, b, kind in decode_tags(tags, self.scheme, self.is_lenient)]
        if not spans:
            return []
        log_probs = self.scores(logits.double()[None], [SpanEvent(*span) for span in spans], "log_prob")[0]
        return [(*span, float(value)) for span, value in zip(spans, log_probs, strict=True)]

    def _known(self, label: str) -> str:
        if label not in self.entity_types:
            raise ValueError(f"label {label!r} is unknown to the model; it has {', '.join(self.entity_types)}.")
        return label

    def _spelled(self, span: SpanEvent) -> SpanEvent:
        """The span, if the model has the tags for it: some types have a B tag and no I tag, so no span of two words."""
        n = span.last - span.first + 1
        needed: dict[str, list[tuple[str, ...]]] = {
            "BIO": [("B", "I") if self.is_lenient else ("B",), *[("I",)] * (n > 1)],
            "IO": [("I",)],
            "BIOES": [("S",)] if n == 1 else [("B",), ("E",), *[("I",)] * (n > 2)],
        }
        if any(all(self.scheme.index(role, span.kind) is None for role in roles) for roles in needed[self.scheme.name]):
            own = [tag for tag, kind in zip(self.scheme.tags, self.scheme.types, strict=True) if kind == span.kind]
            raise ValueError(
                f"no tags of the model spell a span of {n} label positions with label {span.kind!r}; of that label it "
                f"has {', '.join(own)}. Explain a span of another length or label."
            )
        return span

    def _score(self, rows: _Rows, event: TagEvent, score: Score) -> Tensor:
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

    def _log_prob(self, rows: _Rows, event: SpanEvent | OutsideEvent) -> Tensor:
        if isinstance(event, OutsideEvent):
            return rows.all_in(event.first, event.last, [self.scheme.outside])
        match self.scheme.name:
            case "BIO":
                return self._log_prob_bio(rows, event)
            case "IO":
                return self._log_prob_io(rows, event)
            case _:
                return self._log_prob_bioes(rows, event)

    def _log_prob_bio(self, rows: _Rows, event: SpanEvent) -> Tensor:
        begin, inside = self._tags(event.kind, "B"), self._tags(event.kind, "I")
        body = rows.all_in(event.first + 1, event.last, inside)
        return self._log_prob_opens(rows, event.first, begin, inside) + body + rows.next_not_in(event.last, inside)

    def _log_prob_opens(self, rows: _Rows, first: int, begin: list[int], inside: list[int]) -> Tensor:
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

    def _log_prob_io(self, rows: _Rows, event: SpanEvent) -> Tensor:
        inside = self._tags(event.kind, "I")
        free, _ = rows.previous(event.first, inside)
        return free + rows.all_in(event.first, event.last, inside) + rows.next_not_in(event.last, inside)

    def _log_prob_bioes(self, rows: _Rows, event: SpanEvent) -> Tensor:
        if event.first == event.last:
            return rows.log_p(event.first, self._tags(event.kind, "S"))
        body = rows.all_in(event.first + 1, event.last - 1, self._tags(event.kind, "I"))
        begin, end = self._tags(event.kind, "B"), self._tags(event.kind, "E")
        return rows.log_p(event.first, begin) + body + rows.log_p(event.last, end)

    def _margin(self, rows: _Rows, span: SpanEvent, side: str) -> Tensor:
        inside = self._tags(span.kind, "I")
        if self.scheme.name == "BIOES":
            role = "S" if span.first == span.last else "B" if side == "left" else "E"
            return rows.logit_margin(span.first if side == "left" else span.last, self._tags(span.kind, role))
        if side == "left":
            opening = self._tags(span.kind, "B" if self.scheme.name == "BIO" else "I")
            return rows.logit_margin(span.first, opening)
        return rows.next_logit_margin(span.last, inside)

    def _tags(self, kind: str, role: str) -> list[int]:
        index = self.scheme.index(role, kind)
        return [] if index is None else [index]


def decode_tags(tags: Sequence[int], scheme: TagScheme, is_lenient: bool = True) -> list[tuple[int, int, str]]:
    """Spans (first, last, type) of a tag sequence: the plain decoder that every score refers to.

    Strict BIO needs B to open; lenient BIO also opens with I; IO takes maximal runs of one type; BIOES takes
    S alone or B I* E and nothing else.
    """
    spans: list[tuple[int, int, str]] = []
    start, kind = -1, ""
    for i, tag in enumerate([*tags, scheme.outside]):
        role, now = scheme.roles[tag], scheme.types[tag]
        is_open = start >= 0
        if scheme.name == "BIOES":
            if role == "S":
                spans.append((i, i, now))
            if is_open and role == "E" and now == kind:
                spans.append((start, i, kind))
            if role == "B":
                start, kind = i, now
            elif not (is_open and role == "I" and now == kind):
                start = -1
            continue
        if is_open and role == "I" and now == kind:
            continue
        if is_open:
            spans.append((start, i - 1, kind))
        opens = role == "B" or (role == "I" and (is_lenient or scheme.name == "IO"))
        start, kind = (i, now) if opens else (-1, "")
    return sorted(spans)


def log1mexp(log_p: Tensor) -> Tensor:
    """log(1 − exp(x)) for x <= 0, exact at both ends (Mächler 2012), with a gradient that is never NaN."""
    near = log_p > LOG_HALF
    tiny = torch.where(near, log_p, torch.full_like(log_p, LOG_HALF)).clamp(max=-1e-300)
    far = torch.where(near, torch.full_like(log_p, LOG_HALF), log_p)
    return torch.where(near, torch.log(-torch.expm1(tiny)), torch.log1p(-torch.exp(far)))


class _Rows:
    """Logits of n rows with the few reads that scores are made of; removed positions are skipped over."""

    def __init__(self, logits: Tensor, scheme: TagScheme) -> None:
        self.logits, self.n_tags = logits, len(scheme.tags)
        self.present = ~torch.isnan(logits).any(dim=-1)
        self.all_present = bool(self.present.all())

    @property
    def n_positions(self) -> int:
        return int(self.logits.shape[1])

    def zeros(self) -> Tensor:
        return self.logits.new_zeros(len(self.logits))

    def log_p(self, position: int, tags: list[int]) -> Tensor:
        """log P(tag at the position is one of `tags`)."""
        return _log_share(self.logits[:, position], tags, self.n_tags)

    def log_not_p(self, position: int, tags: list[int]) -> Tensor:
        """log P(tag at the position is none of `tags`)."""
        return _log_share(self.logits[:, position], _others(tags, self.n_tags), self.n_tags)

    def all_in(self, first: int, last: int, tags: list[int]) -> Tensor:
        """log P(every position first..last has one of `tags`); 0 for an empty range; removed positions count as met."""
        total = self.zeros()
        for position in range(first, last + 1):
            term = self.log_p(position, tags)
            total = total + (term if self.all_present else torch.where(self.present[:, position], term, 0.0))
        return total

    def next_not_in(self, position: int, tags: list[int]) -> Tensor:
        """log P(the next present position has none of `tags`); 0 at the end of the text."""
        logits, exists = self._neighbour(position, +1)
        return torch.where(exists, _log_share(logits, _others(tags, self.n_tags), self.n_tags), 0.0)

    def previous(self, position: int, tags: list[int]) -> tuple[Tensor, Tensor]:
        """log P(none of `tags`) and log P(one of them) at the present position before; (0, −inf) at the start."""
        logits, exists = self._neighbour(position, -1)
        free = torch.where(exists, _log_share(logits, _others(tags, self.n_tags), self.n_tags), 0.0)
        bound = torch.where(exists, _log_share(logits, tags, self.n_tags), -torch.inf)
        return free, bound

    def logit_margin(self, position: int, tags: list[int]) -> Tensor:
        """Logit of the one tag minus the best other logit at the position."""
        return _margin(self.logits[:, position], tags, self.n_tags)

    def next_logit_margin(self, position: int, tags: list[int]) -> Tensor:
        """Best logit outside `tags` minus that of `tags` at the next present position; 0 where nothing follows."""
        logits, exists = self._neighbour(position, +1)
        return torch.where(exists, -_margin(logits, tags, self.n_tags), 0.0)

    def _neighbour(self, position: int, step: int) -> tuple[Tensor, Tensor]:
        """Logits [n, tags] of the nearest present position on one side (zeros where there is none) and if it exists."""
        side = range(position + 1, self.n_positions) if step > 0 else range(position - 1, -1, -1)
        if not len(side):
            return self.logits.new_zeros(len(self.logits), self.n_tags), torch.zeros_like(self.present[:, 0])
        if self.all_present:
            return self.logits[:, side[0]], torch.ones_like(self.present[:, 0])
        columns = torch.tensor(list(side), device=self.logits.device)
        present = self.present[:, columns]
        nearest = columns[present.to(torch.int8).argmax(dim=1)]
        exists = present.any(dim=1)
        logits = self.logits[torch.arange(len(self.logits), device=self.logits.device), nearest]
        return torch.where(exists[:, None], logits, 0.0), exists


def _log_share(logits: Tensor, tags: list[int], n_tags: int) -> Tensor:
    """log of the softmax mass of `tags`, float64[n], from logits [n, tags]."""
    others = _others(tags, n_tags)
    if not tags:
        return torch.full_like(logits[:, 0], -torch.inf)
    if not others:
        return torch.zeros_like(logits[:, 0])
    odds_against = torch.logsumexp(logits[:, others], -1) - torch.logsumexp(logits[:, tags], -1)
    return -torch.logaddexp(torch.zeros_like(odds_against), odds_against)


def _margin(logits: Tensor, tags: list[int], n_tags: int) -> Tensor:
    if not tags:
        return torch.full_like(logits[:, 0], -torch.inf)
    return logits[:, tags].amax(-1) - logits[:, _others(tags, n_tags)].amax(-1)


def _others(tags: list[int], n_tags: int) -> list[int]:
    return [i for i in range(n_tags) if i not in tags]
