"""What is on a desk as sections of a saved page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explain_lib.core import Attribution, Document, Span
from explain_lib.corpora import Correction

from ...export import picture_section
from ...picture import Picture, document_title, picture, shown_text
from ...report import report_section
from ...section import Section
from ...views import layer_views, report_view, visible
from ..case import Case
from ..desk import Desk
from ..correction.fates import corrections_of


def desk_picture(desk: Desk) -> Picture:
    """The document with its entities as the desk has them, the attribution on the screen first, then all known ones."""
    document, case = desk.documents[desk.document], desk.case
    if case is None:
        return picture(document, palette=desk.palette)
    layers = layer_views(_attributions(desk, case), case.spans, case.classes)
    entities = desk.palette.painted(case.units, case.entities())
    return Picture(document_title(document), shown_text(case.units), entities, layers, desk.entity)


def desk_sections(desk: Desk) -> list[Section]:
    """The text, every report about it that is known in this session, and its corrections."""
    reports = [report for one in desk.everything() if (report := report_view(one)) is not None]
    document = desk.documents[desk.document]
    made = corrections_of(document, desk.corrections)
    corrected = [corrections_report(document, made)] if made else []
    return [picture_section(desk_picture(desk)), *map(report_section, [*reports, *corrected])]


def corrections_report(document: Document, corrections: Sequence[Correction]) -> dict[str, Any]:
    """A report view with a row for every correction of one document, the first one first."""
    columns = ["what", "before", "after", "time (UTC)", "note"]
    rows = [
        [one.kind.value, *(_said(document, span) for span in (one.before, one.after)), one.time.isoformat(), one.note]
        for one in corrections
    ]
    rows = [[cell and visible(cell) for cell in row] for row in rows]
    return {"title": "Corrections", "notes": [], "tables": [{"caption": "", "columns": columns, "rows": rows}]}


def _said(document: Document, span: Span | None) -> str | None:
    if span is None:
        return None
    words = " … ".join(document.text[start:end] for start, end in span.parts)
    return f"{span.label} “{words}”"


def _attributions(desk: Desk, case: Case) -> list[Attribution]:
    """The one on the screen, then the others of this text; those about what is no row of the case are left out."""
    bounds, rows = case.units.bounds.tolist(), {*case.spans, *case.classes}
    found = [one for one in (desk.result, *desk.everything()) if isinstance(one, Attribution)]
    here = [one for one in found if one.units.document == case.units.document and one.units.bounds.tolist() == bounds]
    about = [one for one in here if all((target.span or target.label) in rows for target in one.targets)]
    return list({id(one): one for one in about}.values())
