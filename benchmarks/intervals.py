"""How often nominal 95 % intervals hold the true Shapley value, counted over runs and units; written to RESULTS.md.

    python benchmarks/intervals.py [--runs 420] [--sentences 4]

The prior of PermutationShap and the noise of KernelShap were chosen on made-up games of seeds 0–14; the seeds here are
others. Sentences of the demo model were looked at while choosing, so they are a check and no held-out test.
"Width" is the mean half-width over the root mean square of the true scores, beside the error
of the scores in the same unit.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np
from known_truth import Known, demo, made_up, textbook
from results import machine, table, write_section

import explain_lib as xl

CASES = (
    xl.PermutationShap(xl.PerUnit(4)),
    xl.PermutationShap(xl.PerUnit(10)),
    xl.PermutationShap(xl.PerUnit(25)),
    xl.KernelShap(xl.PerUnit(10)),
    xl.KernelShap(xl.PerUnit(25)),
    xl.PermutationShap(xl.PerUnit(100), tolerance=0.2),
    xl.KernelShap(xl.PerUnit(100), tolerance=0.2),
)
SEEDS = range(100, 130)


@dataclass
class Count:
    """Intervals that held the truth, of how many, and how wide they were."""

    held: int = 0
    of: int = 0
    exact_runs: int = 0
    runs: int = 0
    half: float = 0.0
    error: float = 0.0

    def add(self, known: Known, method: xl.KernelShap | xl.PermutationShap, rng: int) -> None:
        """One run on one game."""
        result = xl.explain(known.game, method, rng=rng)
        low, high = result.interval(0.95)[..., 0]
        size = np.sqrt(np.mean(known.truth**2))
        self.held += int(((low - 1e-9 <= known.truth) & (known.truth <= high + 1e-9)).sum())
        self.of += len(known.truth)
        self.exact_runs += bool(np.allclose(result.scores[:, 0], known.truth, atol=1e-9))
        self.half += float(np.mean(high - low) / 2 / size)
        self.error += float(np.mean((result.scores[:, 0] - known.truth) ** 2) / size**2)
        self.runs += 1

    def cells(self) -> list[str]:
        """As they are printed."""
        share = f"{self.held / self.of:.1%}" + (" (all exact)" if self.exact_runs == self.runs else "")
        return [
            f"{self.held} of {self.of}",
            share,
            f"{self.half / self.runs:.2f}",
            f"{(self.error / self.runs) ** 0.5:.2f}",
        ]


def name_of(method: xl.KernelShap | xl.PermutationShap) -> str:
    """Method, budget and tolerance in short."""
    assert isinstance(method.budget, xl.PerUnit)
    limit = "" if method.tolerance is None else f", tolerance {method.tolerance}"
    return f"{type(method).__name__}, {method.budget.rows}·n{limit}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=420)
    parser.add_argument("--sentences", type=int, default=4)
    asked = parser.parse_args()
    rows = []
    for name, games in (textbook() | made_up(SEEDS, (12, 20)) | demo(asked.sentences)).items():
        for method in CASES:
            assert isinstance(method.budget, xl.PerUnit)
            sampled = [g for g in games if 2**g.game.n_units > method.budget.rows * g.game.n_units]
            if not sampled:
                continue
            count = Count()
            for rng in range(asked.runs):
                count.add(sampled[rng % len(sampled)], method, rng)
            rows.append([name, name_of(method), str(count.runs), *count.cells()])
            print(" | ".join(rows[-1]), flush=True)
    head = ["game", "method", "runs", "intervals that hold", "share", "width", "error"]
    write_section(
        "intervals.py",
        f"`python benchmarks/intervals.py {' '.join(sys.argv[1:])}`, {machine()}.\n\n{table(head, rows)}",
    )


if __name__ == "__main__":
    main()
