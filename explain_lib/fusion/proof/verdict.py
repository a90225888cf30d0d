"""What a proof says in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from explain_lib.statistics import NotTested, compare_paired

from .figures import BOUNDARY, FIGURES, INFIDELITY, NAOPC, STABILITY, Figure
from .judging import CONTROLS, FUSED

if TYPE_CHECKING:
    from .fusion_proof import Comparison, FusionProof

ALPHA = 0.05
MOST_RANDOM = 0.05
MOST_CONSTANT = 0.5


def verdict(proof: FusionProof) -> tuple[str, ...]:
    """A sentence for each figure and each control, then one in all."""
    told = [*_gains(proof), *(_no_worse(proof, figure) for figure in (INFIDELITY, BOUNDARY, NAOPC)), *_controls(proof)]
    return (*told, _in_all(proof))


def _gains(proof: FusionProof) -> Iterator[str]:
    for figure in FIGURES:
        ours = [c for c in proof.comparisons if c.figure == figure.name and c.paired.n_items]
        if not ours:
            yield f"{figure.name}: not available, because no entity gave it."
            continue
        if isinstance(why := ours[0].paired.tests, NotTested):
            better = [c.rival for c in ours if c.paired.mean_difference > 0]
            yield f"{figure.name}: {why.why}; in the mean the fusion is better than {_listed(better)}."
            continue
        better = [c.rival for c in ours if c.p <= ALPHA]
        other = [c.rival for c in ours if c.p > ALPHA]
        yield f"{figure.name}: better than {_listed(better)}; not shown to be better than {_listed(other)}."


def _no_worse(proof: FusionProof, figure: Figure) -> str:
    """Against the member that is best in the mean: whether the whole interval stays within the margin."""
    found = _against_best(proof, figure)
    if found is None:
        return f"{figure.name} against the best member: not available."
    name, low, margin = found
    if np.isnan(low):
        return f"{figure.name} against the best member, {name}: no interval from one document."
    what = "not worse by more than" if low >= -margin else "could be worse by more than"
    return f"{figure.name} against the best member, {name}: {what} {margin:.3g} (it gains at least {low:.3g})."


def _against_best(proof: FusionProof, figure: Figure) -> tuple[str, float, float] | None:
    """The best member, the least gain that the interval allows, and the margin."""
    at = FIGURES.index(figure)
    sign = 1.0 if figure.higher_is_better else -1.0
    columns = {name: sign * proof.column(name)[:, at] for name in proof.members}
    known = {name: float(np.nanmean(c)) for name, c in columns.items() if not np.isnan(c).all()}
    if not known:
        return None
    best = max(known, key=known.__getitem__)
    paired = compare_paired(sign * proof.column(FUSED)[:, at], columns[best], proof.documents)
    low = paired.interval[0] if paired.interval else np.nan
    return best, low, figure.margin * (abs(known[best]) if figure.is_relative else 1.0)


def _controls(proof: FusionProof) -> Iterator[str]:
    random, constant = np.mean([entity.control for entity in proof.entities], axis=0)
    held = "as it should" if random < MOST_RANDOM else f"which is not below {MOST_RANDOM}: the fusion falls for noise"
    yield f"Control: a {CONTROLS[0]} gets a mean weight of {random:.3f}, {held}."
    held = "and does not win" if constant < MOST_CONSTANT else "and wins: the fusion trades faithfulness away"
    yield f"Control: a {CONTROLS[1]} gets a mean weight of {constant:.3f} {held}."
    if len(proof.randomised):
        alike = float(np.mean(proof.randomised))
        held = "as it should" if alike < 0.5 else "so that the fused scores do not follow the model"
        yield f"Control: with random parameters the fused scores are {alike:.2f} similar to the real ones, {held}."


def _in_all(proof: FusionProof) -> str:
    """Fusing helps only where stability gains on every member and nothing is given away."""
    gains = [c for c in proof.comparisons if c.figure == STABILITY.name and c.rival in proof.members]
    kept = [_against_best(proof, figure) for figure in (INFIDELITY, BOUNDARY, NAOPC)]
    safe = all(found is not None and found[1] >= -found[2] for found in kept)
    lost = [c.rival for c in gains if not _is_shown(c)]
    if not lost and safe:
        return "In all: more stable than every member, and no worse on the rest within the margins."
    parts = [f"stability is not shown to be higher than that of {_listed(lost)}"] if lost else []
    parts += [] if safe else ["a loss beyond the margins is not ruled out on every other figure"]
    return f"In all: fusing is not shown to help here, since {' and '.join(parts)}."


def _is_shown(one: Comparison) -> bool:
    return bool(one.p <= ALPHA)


def _listed(names: list[str]) -> str:
    return ", ".join(names) if names else "none"
