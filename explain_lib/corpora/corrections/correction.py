"""One correction: what a reader did to one entity of one text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from explain_lib.core import Document, Span


class CorrectionKind(StrEnum):
    """What was done to an entity."""

    ACCEPT = "accept"
    CHANGE = "change"
    DELETE = "delete"
    ADD = "add"


_HAS = {  # which of `before` and `after` a kind has
    CorrectionKind.ACCEPT: (True, True),
    CorrectionKind.CHANGE: (True, True),
    CorrectionKind.DELETE: (True, False),
    CorrectionKind.ADD: (False, True),
}


@dataclass(frozen=True)
class Correction:
    """What a reader did to one entity: accepted, changed, deleted or added it.

    `document` is the id of the text and `digest` a hash of it (`text_digest`): a text that was changed since is
    refused, as the offsets would point elsewhere. `before` is the span as it was found (None where one was added),
    `after` the span as it shall be (None where it was deleted; of an accepted one the same as before). `time` is in
    UTC. Raises ValueError for spans that do not fit the kind or that carry no label.
    """

    document: str
    digest: str
    kind: CorrectionKind
    before: Span | None
    after: Span | None
    time: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    note: str = field(default="", repr=False)  # may quote the text, and a repr ends up in logs

    def __post_init__(self) -> None:
        if (self.before is not None, self.after is not None) != _HAS[self.kind]:
            wanted = " and ".join(n for n, has in zip(("before", "after"), _HAS[self.kind], strict=True) if has)
            raise ValueError(f"a correction {str(self.kind)!r} has {wanted} and no other span.")
        if (self.before == self.after) != (self.kind is CorrectionKind.ACCEPT):
            raise ValueError(
                f"span {_said(self.after)} is {'not ' if self.before != self.after else ''}the same before and after; "
                "a change alters ends or label, and what stays as it is is accepted."
            )
        if self.after is not None and not self.after.label:
            raise ValueError(f"span {_said(self.after)} has no label; say what it is: Span(start, end, label).")

    @property
    def removes(self) -> Span | None:
        """The span that is gone afterwards, if there is one."""
        return None if self.kind is CorrectionKind.ACCEPT else self.before


def text_digest(document: Document) -> str:
    """32 hexadecimal digits that stand for the text of a document: the beginning of its SHA-256."""
    return hashlib.sha256(document.text.encode("utf-8", errors="surrogatepass")).hexdigest()[:32]


def _said(span: Span | None) -> str:
    return "none" if span is None else f"{span.start}–{span.end}"
