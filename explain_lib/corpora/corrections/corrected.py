"""`corrected`: documents whose gold spans are what readers made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from explain_lib.core import Document, Prediction, Span

from .correction import Correction, text_digest


def corrected(
    documents: Sequence[Document], corrections: Iterable[Correction], predictions: Sequence[Prediction] | None = None
) -> tuple[Document, ...]:
    """The documents with amended gold spans, ready for `write_corpus` or for training.

    The spans that are amended are the gold ones; with `predictions` (one a document) they are the predicted ones, and
    the old gold is left out: that is right where a model annotated texts that have no gold. Either way an accepted
    span is in, a changed one is replaced where it stood, a deleted one is out and an added one stands last; so
    corrections of predicted spans amend gold, and the other way round. Documents that nobody corrected keep the spans
    they begin with. Corrections of documents that are not here are left alone.

    Raises ValueError for a text that is not the one that was corrected, and for lists of different lengths.
    """
    if predictions is not None and len(predictions) != len(documents):
        raise ValueError(
            f"there are {len(documents)} documents and {len(predictions)} predictions; give one prediction for each "
            "document, in the same order, or none to amend the gold spans."
        )
    bases = [d.spans for d in documents] if predictions is None else [p.spans for p in predictions]
    known = _by_text(corrections)
    _refuse_changed_texts(documents, known)
    return tuple(
        replace(document, spans=amended(spans, known.get(_key(document), ())))
        for document, spans in zip(documents, bases, strict=True)
    )


def amended(spans: Iterable[Span], corrections: Iterable[Correction]) -> tuple[Span, ...]:
    """Spans of one text after its corrections, in order; no span twice unless it was so before."""
    found = list(spans)
    for correction in corrections:
        gone, new = correction.removes, correction.after
        at = found.index(gone) if gone in found else len(found)
        found = [span for span in found if span != gone]
        if new is not None and new not in found:
            found.insert(at, new)
    return tuple(found)


def _by_text(corrections: Iterable[Correction]) -> dict[tuple[str, str], list[Correction]]:
    known: dict[tuple[str, str], list[Correction]] = {}
    for correction in corrections:
        known.setdefault((correction.document, correction.digest), []).append(correction)
    return known


def _key(document: Document) -> tuple[str, str]:
    return document.id, text_digest(document)


def _refuse_changed_texts(documents: Sequence[Document], known: Iterable[tuple[str, str]]) -> None:
    """A correction whose document is here must have been made on the very text that is here."""
    texts = {_key(document) for document in documents}
    here = {name for name, _ in texts}
    changed = sorted({name for name, digest in known if name in here and (name, digest) not in texts})
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise ValueError(
            f"the text of document {changed[0]!r}{more} is not the one that was corrected, so that offsets would point "
            "elsewhere. Give the documents as they were read then, or leave out the corrections of that document."
        )
