"""What a stability report holds besides its measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .arm_of_target import ArmOfTarget
from .drawn import Drawn
from .explained import Explained


def arms_of(explained: Sequence[Explained]) -> list[str]:
    """The arms that were asked in, in order."""
    return list(dict.fromkeys(one.question.arm for one in explained))


def arrays(parts: Sequence[ArmOfTarget], drawn: Drawn, arms: Sequence[str]) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays that `StabilityReport` documents."""
    (n_edits, n_targets), n_units = drawn.kept.shape, len(parts[0].text.units)
    by_unit = {name: np.full((len(arms), n_units, n_targets), np.nan) for name in ("scores", "spread", "noise_spread")}
    by_edit = {name: np.full((len(arms), n_edits, n_targets), np.nan) for name in ("by_edit", "noise_by_edit")}
    edit_scores = np.full((len(arms), n_edits, n_units, n_targets), np.nan, dtype=np.float32)
    n_compared = np.zeros((len(arms), n_edits, n_targets), dtype=np.int64)
    for part in parts:
        arm, active = arms.index(part.explained.question.arm), part.text.active[:, 0]
        of_units = part.text.scores[:, 0], part.compared.spread(), part.compared.noise_spread()
        for array, values in zip(by_unit.values(), of_units, strict=True):
            array[arm, :, part.index] = np.where(active, values, np.nan)
        at, likeness = part.compared.numbers, part.likeness
        by_edit["by_edit"][arm, at, part.index] = likeness.by_edit
        by_edit["noise_by_edit"][arm, at, part.index] = likeness.noise_by_edit
        edit_scores[arm, at, :, part.index] = np.where(part.compared.present, part.compared.edits, np.nan)
        n_compared[arm, at, part.index] = part.compared.present.sum(axis=1)
    return {
        **by_unit, **by_edit, "edit_scores": edit_scores, "n_compared": n_compared, "kept": drawn.kept,
        "family": drawn.family,
    }  # fmt: skip


def details(explained: Sequence[Explained], drawn: Drawn) -> dict[str, object]:
    """Plain values: what was edited, refused and not to be had."""
    bank = drawn.bank
    return {
        "method": repr(explained[0].text[0].method),
        "arms": arms_of(explained),
        "families": list(drawn.families),
        "edits": [edit.record() for edit in bank.edits],
        "drawn": dict(bank.drawn),
        "rejected": {name: dict(reasons) for name, reasons in bank.rejected.items()},
        "unavailable": dict(bank.unavailable),
        "n_explanations_of_text": {arm: _most_drawn(explained, arm) for arm in arms_of(explained)},
        "failed": [why for one in explained for why in one.failed.values()],
    }


def _most_drawn(explained: Sequence[Explained], arm: str) -> int:
    return max(len(one.text) for one in explained if one.question.arm == arm)


def n_evals(explained: Sequence[Explained], drawn: Drawn, n_rows: int) -> dict[str, int]:
    """Rows asked for, by part."""
    rows = {
        "explanations of the text": sum(one.text[0].n_evals for one in explained),
        "noise arm": sum(again.n_evals for one in explained for again in one.text[1:]),
        "explanations of edits": sum(each.n_evals for one in explained for each in one.edits.values()),
        "predictions of edits": sum(len(each.evaluations.windows) for each in drawn.edited),
        "faithfulness": sum(n_rows * len(one.question.query.parts()) for one in explained),
        "drawing edits": drawn.cost,
    }
    return {part: n for part, n in rows.items() if n}
