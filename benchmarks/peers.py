"""Scores of all entities of a sentence: seconds and error, ours against captum, shap, shapiq and lime.

    python benchmarks/peers.py [--contest shapley|owen|lime] [--model demo|base] [--sentences 20] [--slow 4]
                               [--rows-per-unit 100]

Three contests, like against like: Shapley values; Owen values over one binary tree of neighbouring units, which shap's
Partition explainer (its default for texts) converges to; and slopes of a kernel-weighted ridge, as in lime, whose law
of rows and kernel are ours too, so that both converge to the same slopes. Each peer stands twice: *documented*
(float32, its own defaults and batching, one entity at a time where its examples do so) and *best* (the precision of
ours, large batches, all entities at once where it can). The error is the mean over entities of the norm of the
difference to converged scores (same precision; Shapley: KernelShap with `rows-per-unit`; Owen: exact; lime: `slopes.py`
with `rows-per-unit`), relative to their norm; what the converged scores are themselves off by, expected from their
standard errors, is part of it and stands below the table. Ours is the cheapest of a fixed list of budgets whose mean
error is no larger than the peer's, in the precision that load_model picks or in the peer's own (a model whose scores
are rounding noise needs it); seconds are added up over the same sentences, peers and ours being run in turn. Seconds
are processor time of one thread, which other work on the machine hardly touches. `--slow` says on how many sentences
the slowest peers run.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from games import BareGame, Floats
from results import machine, table, write_section
from rivals import LIME, OWEN, SHAPLEY, Peer, halves
from slopes import ConvergedSlopes
from work import Dtype, Sentence, load, sentences

import explain_lib as xl
from explain_lib.attribution import Method
from explain_lib.models import Tagger

DTYPES: tuple[Dtype, ...] = ("auto", "float32")
CONVERGED = "converged scores"


@dataclass(frozen=True)
class HalvesOwen:
    """Owen values over `halves`, whatever the number of units."""

    per_unit: int

    def attribute(self, question: xl.Query | xl.Game, rng: np.random.Generator) -> xl.Estimate:
        """Score a query."""
        return xl.Owen(halves(question.n_units), budget=xl.PerUnit(self.per_unit)).attribute(question, rng)


@dataclass(frozen=True)
class Contest:
    """Peers and ours that compute the same thing, and its converged scores."""

    peers: tuple[Peer, ...]
    ours: tuple[Method, ...]
    converged: Method


def contest(name: str, per_unit: int) -> Contest:
    """The contest of that name."""
    if name == "owen":
        return Contest(OWEN, tuple(map(HalvesOwen, (2, 4, 6, 8, 10, 14, 20, 40))), HalvesOwen(100_000))
    if name == "lime":
        ours = tuple(xl.Lime(xl.PerUnit(n)) for n in (6, 10, 14, 20, 28, 40, 60, 80, 100))
        return Contest(LIME, ours, ConvergedSlopes(per_unit))
    kernel = (xl.KernelShap(xl.PerUnit(n)) for n in (4, 6, 8, 10, 14, 20, 28))
    return Contest(SHAPLEY, (xl.PermutationShap(xl.PerUnit(2)), *kernel), xl.KernelShap(xl.PerUnit(per_unit)))


@dataclass(frozen=True)
class Run:
    """What one explanation of one sentence took, and how far off it was."""

    seconds: float
    error: float


def relative_error(scores: Floats, truth: Floats) -> float:
    """Mean over targets of |scores − truth| / |truth|."""
    return float(np.mean(np.linalg.norm(scores - truth, axis=0) / np.linalg.norm(truth, axis=0)))


def measured(sentence: Sentence, models: dict[Dtype, Tagger], match: Contest, peers: Sequence[Peer]) -> dict[str, Run]:
    """Ours and the peers on one sentence, in turn; new tables for every run. Ours in every precision of a peer."""
    new = lambda dtype: xl.Query(models[dtype], sentence.document, targets=sentence.targets)  # noqa: E731
    dtypes = list(dict.fromkeys(["auto", *(peer.dtype for peer in peers)]))
    runs: dict[str, Run] = {}
    truths: dict[Dtype, Floats] = {}
    for dtype in dtypes:
        start = time.process_time()
        converged = xl.explain(new(dtype), match.converged, rng=99)
        truth = truths[dtype] = converged.scores
        off = relative_error(truth + converged.std_error, truth)
        runs[f"{CONVERGED}, {dtype}"] = Run(time.process_time() - start, off)
        for method in match.ours:
            start = time.process_time()
            found = xl.explain(new(dtype), method, rng=0).scores
            runs[ours_in(dtype, method)] = Run(time.process_time() - start, relative_error(found, truth))
    for peer in peers:
        game = BareGame(new(peer.dtype))
        start = time.process_time()
        scores = peer.run(game, 0)
        seconds = time.process_time() - start
        scores = scores if peer.stands_in is None else peer.stands_in(game, 0)
        runs[peer.name] = Run(seconds, relative_error(scores, truths[peer.dtype]))
    return runs


def ours_in(dtype: Dtype, method: Method) -> str:
    """How a method of ours is written in the table."""
    return repr(method) if dtype == "auto" else f"{method!r}, {dtype}"


def compared(name: str, runs: Sequence[dict[str, Run]], ours: Sequence[Method]) -> list[str]:
    """One printed row: the peer, our cheapest method that is no less exact on the same sentences, and the ratio."""
    on = [run for run in runs if name in run]
    mean = lambda key: float(np.mean([run[key].error for run in on]))  # noqa: E731
    total = lambda key: sum(run[key].seconds for run in on)  # noqa: E731
    keys = [key for d in DTYPES for method in ours if all((key := ours_in(d, method)) in run for run in on)]
    good = [key for key in keys if mean(key) <= mean(name) + 1e-9] or [min(keys, key=mean)]
    best = min(good, key=total)
    return [
        name, str(len(on)), f"{total(name):.1f} s", f"{mean(name):.3f}", best, f"{total(best):.2f} s",
        f"{mean(best):.3f}", f"{total(name) / total(best):.1f}",
    ]  # fmt: skip


def off_by(runs: Sequence[dict[str, Run]]) -> str:
    """What the converged scores are off by themselves, in words."""
    found = [(key, run.error) for one in runs for key, run in one.items() if key.startswith(CONVERGED)]
    means = {key: np.mean([error for other, error in found if other == key]) for key in sorted(dict(found))}
    return "; ".join(f"{key}: own error {mean:.3f}" for key, mean in means.items())


HEAD = ("peer", "sentences", "seconds", "error", "ours", "seconds", "error", "speed ratio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contest", choices=("shapley", "owen", "lime"), default="shapley")
    parser.add_argument("--model", choices=("demo", "base"), default="demo")
    parser.add_argument("--sentences", type=int, default=20, help="per language")
    parser.add_argument("--slow", type=int, default=4, help="sentences on which the slowest peers run")
    parser.add_argument("--rows-per-unit", type=int, default=100, help="for the converged scores")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    models: dict[Dtype, Tagger] = {dtype: load(options.model, dtype) for dtype in DTYPES}
    match, work, runs = contest(options.contest, options.rows_per_unit), sentences(options.sentences), []
    every = max(1, len(work) // options.slow)
    for i, sentence in enumerate(work):
        peers = [peer for peer in match.peers if not peer.is_slow or i % every == 0]
        runs.append(measured(sentence, models, match, peers))
        found = (f"{key}: {run.seconds:.2f} s, error {run.error:.3f}" for key, run in runs[-1].items())
        print(f"{i + 1} of {len(work)} sentences", *found, sep="\n  ", flush=True)
    lines = table(HEAD, [compared(peer.name, runs, match.ours) for peer in match.peers])
    n_targets = [len(sentence.targets) for sentence in work]
    print(lines, off_by(runs), sep="\n")
    write_section(
        f"peers.py/{options.contest}/{options.model}",
        f"`python {' '.join(['benchmarks/peers.py', *sys.argv[1:]])}`, one run on {machine()}. {len(work)} sentences, "
        f"{sum(n_targets)} entities ({min(n_targets)}–{max(n_targets)} each).\n\n{lines}\n{off_by(runs)}.",
    )


if __name__ == "__main__":
    main()
