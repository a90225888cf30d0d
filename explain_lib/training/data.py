"""Documents as training examples: pieces, and a tag at the first piece of each word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from explain_lib.core import Document, Span, TagScheme
from explain_lib.models.pieces import Pieces
from explain_lib.models.protocols import Encoding

from .masking import IGNORED


@dataclass(frozen=True)
class Example:
    """One row of a batch.

    `ids` with special pieces; `tags` as long, −100 where no label is read or none is known; `source` numbers the set
    that the example comes from.
    """

    ids: tuple[int, ...]
    tags: tuple[int, ...]
    source: int = 0


def examples(
    documents: Iterable[Document], pieces: Pieces, scheme: TagScheme, source: int, longest: int
) -> list[Example]:
    """All documents as examples of at most `longest` pieces; longer ones are cut between words."""
    return [one for document in documents for one in _cut(document, pieces, scheme, source, longest)]


def position_tags(encoding: Encoding, spans: Iterable[Span], scheme: TagScheme) -> list[int]:
    """The tag index of each label position.

    Spans are laid down longest first and the flat scheme keeps those that still find room. A span that cuts a word
    cannot be said in tags: the positions that it touches are −100.
    """
    tags = [scheme.outside] * len(encoding.labels_at)
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        touched = [i for i, (start, end) in enumerate(encoding.extents) if start < span.end and end > span.start]
        if not touched or any(tags[i] != scheme.outside for i in touched):
            continue
        is_whole = encoding.extents[touched[0], 0] == span.start and encoding.extents[touched[-1], 1] == span.end
        for i in touched:
            tags[i] = _tag(scheme, "B" if i == touched[0] else "I", span.label) if is_whole else IGNORED
    return tags


def _tag(scheme: TagScheme, role: str, kind: str) -> int:
    index = scheme.index(role, kind)
    if index is None:
        raise ValueError(f"the label list has no tag {role}-{kind}; its types are {', '.join(scheme.entity_types)}.")
    return index


def _cut(document: Document, pieces: Pieces, scheme: TagScheme, source: int, longest: int) -> Iterable[Example]:
    encoding = pieces.encode(document.text)
    row = [IGNORED] * len(encoding.ids)
    for at, tag in zip(encoding.labels_at, position_tags(encoding, document.spans, scheme), strict=True):
        row[at] = tag
    room = longest - len(pieces.prefix) - len(pieces.suffix)
    starts = [*encoding.labels_at.tolist(), len(row)]
    first = 0
    while first < len(row):
        end = max((s for s in starts if first < s <= first + room), default=first + room)
        ids = (*pieces.prefix, *encoding.ids[first:end].tolist(), *pieces.suffix)
        before, after = (IGNORED,) * len(pieces.prefix), (IGNORED,) * len(pieces.suffix)
        yield Example(ids, (*before, *row[first:end], *after), source)
        first = end
