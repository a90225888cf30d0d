"""Squared error of Shapley values at 5, 10 and 20 rows per unit, beside shapiq's on the same games.

    python benchmarks/error.py [--seeds 8] [--sentences 4]

Relative squared error Σ(score − truth)² / Σ truth², mean over games and seeds with its standard error. Every method
gets the same number of rows, empty and full row included. Written to RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable

import numpy as np
import shapiq.approximator as peers
from known_truth import Floats, Known, demo, made_up
from results import machine, table, write_section

import explain_lib as xl

Estimator = Callable[[Known, int, int], Floats]
SEEDS = range(200, 208)


def ours(method: type[xl.KernelShap] | type[xl.PermutationShap]) -> Estimator:
    """One of our methods with so many rows."""
    return lambda known, rows, seed: xl.explain(known.game, method(rows), rng=seed).scores[:, 0]


def theirs(kind: type, **settings: object) -> Estimator:
    """An approximator of shapiq with as many evaluations."""

    def estimate(known: Known, rows: int, seed: int) -> Floats:
        approximator = kind(n=known.game.n_units, random_state=seed, **settings)
        found = approximator.approximate(rows, lambda keep: known.game.value(np.atleast_2d(keep).astype(bool))[:, 0])
        return np.asarray(found.get_n_order_values(1))

    return estimate


METHODS: dict[str, Estimator] = {
    "KernelShap": ours(xl.KernelShap),
    "PermutationShap": ours(xl.PermutationShap),
    "shapiq KernelSHAP": theirs(peers.KernelSHAP),
    "shapiq KernelSHAP, paired": theirs(peers.KernelSHAP, pairing_trick=True),
    "shapiq kADDSHAP, paired": theirs(peers.kADDSHAP, pairing_trick=True),
    "shapiq UnbiasedKernelSHAP, paired": theirs(peers.UnbiasedKernelSHAP, pairing_trick=True),
    "shapiq SVARM, paired": theirs(peers.SVARM, pairing_trick=True),
    "shapiq PermutationSamplingSV": theirs(peers.PermutationSamplingSV),
    "shapiq OwenSamplingSV": theirs(peers.OwenSamplingSV),
    "shapiq StratifiedSamplingSV": theirs(peers.StratifiedSamplingSV),
}


def errors(estimate: Estimator, games: list[Known], per_unit: int, seeds: int) -> tuple[float, float]:
    """Mean relative squared error and its standard error, over games and seeds that are really sampled."""
    found = []
    for i, known in enumerate(games):
        rows = per_unit * known.game.n_units
        for seed in range(seeds) if 2**known.game.n_units > rows else ():
            gap = estimate(known, rows, 1000 * i + seed) - known.truth
            found.append(np.sum(gap**2) / np.sum(known.truth**2))
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(len(found)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--sentences", type=int, default=4)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")  # the peers' own
    rows = []
    for name, games in (demo(asked.sentences) | made_up(SEEDS)).items():
        for per_unit in (5, 10, 20):
            found = {m: errors(estimate, games, per_unit, asked.seeds) for m, estimate in METHODS.items()}
            best = min((m for m in found if m.startswith("shapiq")), key=lambda m: found[m][0])
            shown = [f"{found[m][0]:.4f} ± {found[m][1]:.4f}" for m in ("KernelShap", "PermutationShap", best)]
            ratio = found["KernelShap"][0] / found[best][0]
            rows.append([name, f"{per_unit}·n", *shown, best.removeprefix("shapiq "), f"{ratio:.2f}"])
            print(" | ".join(rows[-1]), flush=True)
            print("    " + ", ".join(f"{m} {error:.4f}" for m, (error, _) in found.items()), flush=True)
    head = ["game", "rows", "KernelShap", "PermutationShap", "best of shapiq", "which", "KernelShap / best"]
    text = f"`python benchmarks/error.py {' '.join(sys.argv[1:])}`, shapiq 1.4.1, {machine()}.\n\n{table(head, rows)}"
    write_section("error.py", text)


if __name__ == "__main__":
    main()
