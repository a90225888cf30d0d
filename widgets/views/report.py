"""What a report looks like: each kind of report has a view of its own, any other is a table of its measures."""

from __future__ import annotations

import re

from explain_lib.analysis import BoundaryReport, EntityErrors, ErrorComparison, StabilityReport
from explain_lib.core import FusionDetail, GlobalAttribution, Measure, Report
from explain_lib.evaluation import AgreementReport, FaithfulnessReport
from explain_lib.evaluation.entities import EntityScores
from explain_lib.fusion import FusionPrior, FusionProof

from .agreement import agreement_view
from .boundary import boundary_view
from .entity_errors import entity_errors_view
from .entity_scores import entity_scores_view
from .error_changes import error_changes_view
from .faithfulness import faithfulness_view
from .fusion import fusion_view
from .global_attribution import global_view
from .heat import target_name
from .report_parts import View, measures_table, report_parts
from .stability import stability_view

OfCorpus = EntityErrors | ErrorComparison | EntityScores | GlobalAttribution
Reported = Report | OfCorpus | FusionDetail | FusionPrior | FusionProof
"""What is shown as a report: figures of explanations, or of a corpus."""


def report_view(result: object) -> View | None:
    """The view of a report, as `report_parts` describes it; None for what is no report.

    A kind of report gets a view of its own by one more case here.
    """
    view: View | None = None
    match result:
        case BoundaryReport():
            view = boundary_view(result)
        case EntityErrors() | ErrorComparison() | EntityScores() | GlobalAttribution():
            view = _of_corpus(result)
        case FaithfulnessReport():
            view = faithfulness_view(result)
        case AgreementReport():
            view = agreement_view(result)
        case StabilityReport():
            view = stability_view(result)
        case FusionDetail() | FusionPrior() | FusionProof():
            view = fusion_view(result)
        case Report():
            view = plain_report_view(result)
    return view


def _of_corpus(result: OfCorpus) -> View:
    match result:
        case EntityErrors():
            return entity_errors_view(result)
        case ErrorComparison():
            return error_changes_view(result)
        case EntityScores():
            return entity_scores_view(result)
    return global_view(result)


def plain_report_view(report: Report) -> View:
    """A table of the measures for each arm, and what the rows cost."""
    arms = list(dict.fromkeys(one.about.get("arm", "") for one in report.measures))
    tables = [measures_table(_of_arm(report, arm), arm.capitalize() or "Measures", ("arm",)) for arm in arms]
    return report_parts(report_title(report), cost_notes(report), tables)


def report_title(report: Report) -> str:
    """The kind of report and its targets, in words."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(report).__name__).capitalize()
    text = report.units.document.text
    return f"{kind}: {', '.join(target_name(target, text) for target in report.targets)}"


def cost_notes(report: Report) -> list[str]:
    """Lines that say which model was asked and for how many rows, by part."""
    source = ", ".join(part for part in (report.provenance.model, report.provenance.hiding) if part)
    rows = ", ".join(f"{part} {count}" for part, count in report.n_evals.items())
    return [line for line in (source, f"Rows asked for: {rows}." if rows else "") if line]


def _of_arm(report: Report, arm: str) -> list[Measure]:
    return [one for one in report.measures if one.about.get("arm", "") == arm]
