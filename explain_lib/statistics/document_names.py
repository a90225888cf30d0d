"""Which whole document each text belongs to: what intervals and tests must keep together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ..core import Document

_WHOLE = ("document", "dialogue")  # what readers of sentences and of turns keep in `meta`


def document_names(documents: Sequence[Document], group: Callable[[Document], str] | None = None) -> tuple[str, ...]:
    """A name for the whole that each text is a part of, for bootstraps and tests; equal names belong together.

    Without `group`: `meta["document"]` or `meta["dialogue"]` where a reader kept one, else the text's own name. A file
    of sentences that does not say which document they are from needs `group`: otherwise sentences are taken for
    documents, and intervals come out too narrow.
    """
    if group is not None:
        return tuple(str(group(document)) for document in documents)
    return tuple(_whole(document) or name for document, name in zip(documents, text_names(documents), strict=True))


def text_names(documents: Sequence[Document]) -> tuple[str, ...]:
    """The id of each text, with its position where the id is empty or not the only one of its kind."""
    times = Counter(document.id for document in documents)
    ids = [document.id for document in documents]
    return tuple(name if name and times[name] == 1 else f"{name}#{at}" for at, name in enumerate(ids))


def _whole(document: Document) -> str:
    found = [f"{key} {document.meta[key]}" for key in _WHOLE if document.meta.get(key) not in (None, "")]
    return found[0] if found else ""
