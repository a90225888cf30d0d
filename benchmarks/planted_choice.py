"""Why a fusion ranks planted units as it does: does infidelity tell which member ranks best, and can mixing help?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from known_truth import ranking

from explain_lib.fusion.evidence import Evidence, Rows

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FEW = 0.25
N_MIXES = 300
HEAD = (
    "least infidelity, all rows", f"least infidelity, rows that hide under {FEW:.0%}", "best member in hindsight",
    f"best of {N_MIXES} fixed mixtures in hindsight",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Choice:
    """One target: AUPRC and infidelity float64[members] (on all rows, and on those that hide few units; shares of
    E[df²]), and the AUPRC of fixed mixtures of scaled members float64[mixtures].
    """

    precision: Floats
    infidelity: Floats
    infidelity_of_few: Floats
    mixtures: Floats

    @classmethod
    def of(cls, one: Evidence, decides: Bools) -> Choice:
        """From the evidence of a fusion; `decides` bool[active units]."""
        whole = Rows(*(np.concatenate([getattr(r, n) for r in (one.rows, one.fresh)]) for n in ("hidden", "change")))
        few = whole.hidden.sum(axis=1) < FEW * one.active.sum()
        scaled = one.scaled(one.scales()).scores[:, one.active]
        precisions = (ranking(scores, decides)[1] for scores in np.concatenate([scaled, mixes(len(scaled)) @ scaled]))
        found = np.array(list(precisions))
        lost = (infidelity(one, rows) for rows in (whole, Rows(whole.hidden[few], whole.change[few])))
        return cls(found[: len(scaled)], *lost, found[len(scaled) :])


def mixes(n_members: int) -> Floats:
    """float64[mixtures, members]: the same weights every time."""
    return np.random.default_rng(0).dirichlet(np.full(n_members, 0.5), N_MIXES)


def infidelity(one: Evidence, rows: Rows) -> Floats:
    """float64[members]: of members scaled on these very rows; 1 where nothing changes there."""
    there = replace(one, rows=rows)
    faith = there.scaled(there.scales()).losses().faith
    return faith.alone() / faith.constant if faith.constant else np.ones(one.n_members)


def summed(choices: list[Choice]) -> list[str]:
    """Mean AUPRC over targets of what HEAD names; then the mean infidelity of every member on both kinds of rows."""
    precision = np.array([one.precision for one in choices])
    lost = [np.array([getattr(one, name) for one in choices]) for name in ("infidelity", "infidelity_of_few")]
    picked = [np.take_along_axis(precision, each.argmin(axis=1)[:, None], axis=1).mean() for each in lost]
    mixtures = np.mean([one.mixtures for one in choices], axis=0)
    figures = [*picked, precision.mean(axis=0).max(), mixtures.max()]
    told = [" / ".join(f"{value:.3f}" for value in each.mean(axis=0)) for each in lost]
    return [*(f"{figure:.3f}" for figure in figures), *told]
