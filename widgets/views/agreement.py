"""How alike methods are: a matrix for each kind of agreement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explain_lib.evaluation import AgreementReport

from .heat import target_name
from .report_parts import View, matrix, measures_table, report_parts

_KINDS = {
    "overall": "all four measures", "rank": "ranks (Spearman)", "top_k": "strongest fifth (Jaccard)", "sign": "signs",
}  # fmt: skip
_HOW_TO_READ = (
    "1: the same; 0: no more alike than shuffled scores. Methods that agree may all be wrong: agreement is no sign of "
    "faithfulness."
)


def agreement_view(report: AgreementReport) -> View:
    """Matrices of the pairs of methods for each target and arm, the context arm first, and their means as a table."""
    text, matrices = report.units.document.text, []
    for t, target in enumerate(report.targets):
        for a, arm in reversed(list(enumerate(report.ARMS))):
            for kind, name in _KINDS.items():
                values = report.arrays[kind][:, :, t, a]
                if np.isfinite(values).any():
                    caption = f"{target_name(target, text)}, {arm}: agreement, {name}"
                    matrices.append(matrix(caption, report.methods, report.methods, values))
    means = measures_table(report.measures, "Means over pairs")
    return report_parts("Agreement between methods", [_HOW_TO_READ], [means], [], matrices)


def pairs_view(report: AgreementReport) -> View:
    """One matrix for each target: the mean of the measures, in the arm in which the attributions were made."""
    text, arm, names = report.units.document.text, report.provenance.arm, _short(report.methods)
    at, matrices = report.ARMS.index(arm), []
    for t, target in enumerate(report.targets):
        values = report.arrays["overall"][:, :, t, at]
        if np.isfinite(values).any():
            caption = f"{target_name(target, text)}, {arm}: agreement of methods, {_KINDS['overall']}"
            matrices.append(matrix(caption, names, names, values))
    return report_parts("Do they agree?", [_HOW_TO_READ], [], [], matrices)


def _short(methods: Sequence[str]) -> list[str]:
    """The classes of methods where that tells them apart, else all that is known of them."""
    short = [name.partition("(")[0] for name in methods]
    return short if len(set(short)) == len(short) else list(methods)
