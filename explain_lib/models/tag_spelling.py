"""How tags spell spans: the plain decoder that every score refers to, and which event of tags a target is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from explain_lib.core import Longer, NoEntity, TagScheme, Target

from .tag_events import ContrastEvent, MarginEvent, OutsideEvent, SpanEvent, TagEvent


@dataclass(frozen=True)
class TagSpelling:
    """A tag scheme and how it is read: what all decoders of tags share.

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

    @property
    def has_end_tags(self) -> bool:
        """Whether the last tag of a span shows that it ends; elsewhere the tag after it does."""
        return self.scheme.name == "BIOES"

    def boundary_role(self, span: SpanEvent, side: Literal["left", "right"]) -> str:
        """The role whose tag decides one boundary of a span: that of its own end, or the one that would go on after it.

        A type without a B tag is opened by I.
        """
        if self.has_end_tags:
            return "S" if span.first == span.last else "B" if side == "left" else "E"
        is_begun = side == "left" and self.scheme.index("B", span.kind) is not None
        return "B" if is_begun else "I"

    def spans(self, tags: Sequence[int]) -> list[tuple[int, int, str]]:
        """Spans (first, last, type) of a tag sequence."""
        return decode_tags(tags, self.scheme, self.is_lenient)

    def event(self, target: Target, first: int, last: int) -> TagEvent:
        """The event of a target whose span covers the label positions `first`..`last` (both included)."""
        span = self._spelled(SpanEvent(first, last, self._known(target.label or "")))
        if target.margin:
            return self._margin_of(span, target.margin)
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

    def _margin_of(self, span: SpanEvent, side: Literal["left", "right"]) -> MarginEvent:
        if self.scheme.index(self.boundary_role(span, side), span.kind) is None:
            raise ValueError(
                f"no tag of the model goes on after the first one of label {span.kind!r}, so the right boundary of a "
                "span is always where it says and has no margin; ask for the left."
            )
        return MarginEvent(span, side)

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
