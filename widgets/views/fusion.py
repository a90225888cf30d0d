"""How an attribution was fused, and what a proof says of fusing, as tables."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.core import FusionDetail
from explain_lib.fusion import FusionPrior, FusionProof
from explain_lib.fusion.prior import ArmPrior

from .report_parts import View, report_parts, table

_LOSSES = ("loss of faithfulness", "loss of stability", "loss at boundaries")
HOW_TO_READ = (
    "Each member is multiplied with its scale, which brings it to the size of the model's own changes, and weighed. "
    "Losses are mean squared errors, as shares of what saying nothing loses (0 is perfect): on rows that hide units, "
    "under edits, and of the margins where units next to an end are hidden. They are those that were fitted to."
)
PRIOR_TO_READ = (
    "Losses are means over targets of mean squared errors, as shares of what saying nothing loses (0 is perfect): on "
    "rows that hide units, under edits, and of the margins where units next to an end are hidden. Weights are "
    "equal among the methods that are about as faithful as the reference; those of a text are drawn towards them."
)
PROOF_TO_READ = (
    "Every method is judged on the same rows and edits, none of which it was fitted to. Gains are differences between "
    "the fusion and a rival, positive where the fusion is better; p is one-sided, on document means, after Holm."
)


def fusion_view(result: FusionDetail | FusionPrior | FusionProof) -> View:
    """The view of any of them."""
    if isinstance(result, FusionPrior):
        return fusion_prior_view(result)
    return fusion_detail_view(result) if isinstance(result, FusionDetail) else fusion_proof_view(result)


def fusion_detail_view(detail: FusionDetail) -> View:
    """The view of how an attribution was fused, a table for each target."""
    n = detail.weights.shape[1]
    names = [f"Target {at + 1}" if n > 1 else "Members" for at in range(n)]
    tables = [table(name, _columns(detail), list(_members(detail, at))) for at, name in enumerate(names)]
    said = [f"{name}: {note}." for name, note in zip(names, detail.notes, strict=False) if note]
    rows = ", ".join(f"{part} {count}" for part, count in detail.n_evals.items())
    return report_parts("How it was fused", [*said, HOW_TO_READ, f"Rows asked for: {rows}." if rows else ""], tables)


def fusion_prior_view(prior: FusionPrior) -> View:
    """The view of what a corpus taught: weights and mean losses of each member, a table for each arm."""
    tables = [table(_arm_caption(name, arm), ["member", "weight", *_LOSSES], _corpus(arm))
              for name, arm in prior.arms.items()]  # fmt: skip
    failed = f"Questions that failed and taught nothing: {prior.about.get('failures', 0)}."
    words = "Scores of words: show prior.arms[…].words."
    return report_parts("What a corpus taught a fusion", [repr(prior), PRIOR_TO_READ, failed, words], tables)


def _arm_caption(name: str, arm: ArmPrior) -> str:
    return f"{name.capitalize()}: targets {arm.n_targets}, documents {arm.n_documents}; reference {arm.reference}"


def _corpus(arm: ArmPrior) -> list[list[object]]:
    names = [*arm.methods, "mixture of the reference and the corpus", "corpus score", "all together"]
    losses = arm.losses.table(arm.weights)
    weights = [*arm.weights.tolist(), 1.0]
    return [[name, weights[at], *losses[:, at].tolist()] for at, name in enumerate(names)]


def fusion_proof_view(proof: FusionProof) -> View:
    """The view of a proof: its verdict in words, the figures of every method, and the tests."""
    figures: dict[str, list[object]] = {name: [name] for name in proof.names}
    columns = ["method"]
    for measure in proof.measures:
        if measure.name not in columns:
            columns.append(measure.name)
        low, high = measure.interval or (None, None)
        shown = f"{measure.value:.3f}" if measure.is_available else "not available"
        figures[measure.about["method"]].append(shown if low is None else f"{shown} [{low:.3f}, {high:.3f}]")
    tests = [
        [c.figure, c.rival, c.paired.mean_difference, c.paired.win_rate, c.paired.effect_size, c.p]
        for c in proof.comparisons
    ]
    about = ", ".join(f"{key} {value}" for key, value in proof.about.items() if key != "fusion")
    tables = [
        table("Figures, with intervals over documents", columns, list(figures.values())),
        table("The fusion against each rival", ["figure", "rival", "gain", "win rate", "effect size", "p"], tests),
    ]
    return report_parts("Does fusing help?", [*proof.verdict, PROOF_TO_READ, about], tables)


def _columns(detail: FusionDetail) -> list[str]:
    scales = [] if detail.scales is None else ["scale"]
    return ["member", "weight", *scales, *(_LOSSES if detail.losses is not None else ())]


def _members(detail: FusionDetail, at: int) -> Iterator[list[object]]:
    """A row for each member, then one for the fusion."""
    names = [*map(repr, detail.members), "all together"]
    for row, name in enumerate(names):
        is_sum = row == len(detail.members)
        cells: list[object] = [name, 1.0 if is_sum else float(detail.weights[row, at])]
        if detail.scales is not None:
            cells.append(None if is_sum else float(detail.scales[row, at]))
        if detail.losses is not None:
            cells += [float(loss) for loss in detail.losses[:, row, at]]
        yield cells
