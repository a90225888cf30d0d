"""What corrections make of the spans of one document, and the case of the document with the spans that they made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from explain_lib.core import Document, Span
from explain_lib.corpora import Correction, CorrectionKind
from explain_lib.corpora.corrections import text_digest

from ...views import entity_spans
from ..case import Case, target_of

ACCEPTED, CHANGED, ADDED, DELETED, REPLACED = "accepted", "changed", "added", "deleted", "replaced"
GONE = DELETED, REPLACED
_MADE = {
    CorrectionKind.ACCEPT: ACCEPTED, CorrectionKind.CHANGE: CHANGED, CorrectionKind.ADD: ADDED,
    CorrectionKind.DELETE: DELETED,
}  # fmt: skip


def corrections_of(document: Document, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Those that were made on this very text; others of its id are for another text and say nothing about this one."""
    digest = text_digest(document)
    return tuple(one for one in corrections if one.document == document.id and one.digest == digest)


def fates(corrections: Iterable[Correction]) -> dict[Span, str]:
    """What became of each span that corrections of one document name, the last word counting."""
    found: dict[Span, str] = {}
    for one in corrections:
        if one.removes is not None:
            found[one.removes] = REPLACED if one.kind is CorrectionKind.CHANGE else DELETED
        if one.after is not None:
            found[one.after] = _MADE[one.kind]
    return found


def with_fates(case: Case, found: Mapping[Span, str]) -> Case:
    """The same case, its rows and answers too, with the spans that corrections made and the fates of all.

    Spans that only corrections made, and that are gone again, are left out.
    """
    made = [span for span, fate in found.items() if fate not in GONE]
    spans = tuple(entity_spans(case.units.document, case.prediction, made))
    fate_of = {span: fate for span, fate in found.items() if span in spans}
    if (spans, fate_of) == (case.spans, dict(case.fates)):
        return case
    known = dict(zip(case.spans, zip(case.targets, case.problems, strict=False), strict=False))
    rows = [known.get(span) or target_of(case.query, span) for span in spans]
    n = len(case.spans)
    rows += zip(case.targets[n:], case.problems[n:], strict=True)
    targets, problems = tuple(target for target, _ in rows), tuple(problem for _, problem in rows)
    return replace(case, spans=spans, targets=targets, problems=problems, fates=fate_of)
