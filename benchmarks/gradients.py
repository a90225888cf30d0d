"""Integrated gradients of all entities of a sentence: seconds against captum, and what a tolerance saves.

    python benchmarks/gradients.py [--sentences 20] [--base-sentences 3] [--repeats 2] [--busy]

Both sides take the same 32 Gauss–Legendre nodes between the same embeddings in float32. *As documented*: captum's
LayerIntegratedGradients on the embedding layer, all steps of one entity in one batch, its default 50 steps. *At its
best*: IntegratedGradients on embeddings with 32 steps and the faster of one batch and our batches. captum takes one
entity at a time; ours shares the forward passes. With F the seconds of a forward and B of a backward pass of such a
batch, measured in the same run, sharing can save at most T(F + B) / (F + T·B). The second table adds nodes until the
completeness gap is under a tolerance, against the fixed number of steps that all sentences need for it. Sides are run
in turn; the fastest repeat of each counts. On a busy machine use --busy: one thread, processor time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from captum.attr import IntegratedGradients, LayerIntegratedGradients
from results import machine, table, write_section
from torch import Tensor
from work import Sentence, load, sentences

import explain_lib as xl
from explain_lib.attribution.gradient.baseline import hidden_ids
from explain_lib.attribution.target_row import TargetRow
from explain_lib.models import Tagger

STEPS, CAPTUM_STEPS = 32, 50
TOLERANCES = (0.1, 0.01)
FIXED = (8, 16, 32, 64, 128)


class Bare:
    """A sentence as a plain user of torch and captum has it: a module, ids, a baseline and one score per entity."""

    def __init__(self, model: Tagger, sentence: Sentence) -> None:
        self.query = xl.Query(model, sentence.document, targets=sentence.targets)
        self.read, self.model = TargetRow.of(self.query), model
        self.module = model.network.module
        self.labels_at = torch.as_tensor(self.read.row.labels_at[0])
        self.ids = torch.as_tensor(self.read.row.ids)
        self.baseline = torch.as_tensor(hidden_ids(self.query, self.read.window))[None]
        self.table = self.module.get_input_embeddings()
        self.n_targets = len(sentence.targets)

    def score(self, index: int, **inputs: Tensor) -> Tensor:
        """One entity's score for each row."""
        rows = next(iter(inputs.values()))
        attended = torch.ones(rows.shape[:2], dtype=torch.int64)
        logits = self.module(**inputs, attention_mask=attended).logits[:, self.labels_at]
        return self.model.decoder.scores(logits.double(), [self.read.events[index]], self.query.score)[:, 0]

    def documented(self) -> list[Tensor]:
        """LayerIntegratedGradients of each entity."""
        return [
            LayerIntegratedGradients(lambda ids, i=i: self.score(i, input_ids=ids), self.table).attribute(
                self.ids, self.baseline, n_steps=CAPTUM_STEPS
            )
            for i in range(self.n_targets)
        ]

    def best(self, rows: int | None) -> list[Tensor]:
        """IntegratedGradients of each entity from our nodes, `rows` of them in a batch."""
        with torch.no_grad():
            inputs, start = self.table(self.ids), self.table(self.baseline)
        settings = {"n_steps": STEPS, "method": "gausslegendre", "internal_batch_size": rows}
        return [
            IntegratedGradients(lambda x, i=i: self.score(i, inputs_embeds=x)).attribute(inputs, start, **settings)
            for i in range(self.n_targets)
        ]

    def passes(self, n_backward: int) -> None:
        """One forward pass over 32 points in our batches, and so many backward passes through it."""
        points = self.table(self.ids).detach().repeat(STEPS, 1, 1)
        for batch in points.split(self.model.points_at_once(self.read.row)):
            leaf = batch.detach().requires_grad_()
            total = self.score(0, inputs_embeds=leaf).sum()
            for _ in range(n_backward):
                torch.autograd.grad(total, leaf, retain_graph=True)

    def ours(self, method: xl.IntegratedGradients) -> xl.Attribution:
        """All entities together, on a table of rows of their own."""
        query = xl.Query(self.model, self.query.document, targets=self.query.targets)
        return xl.explain(query, method)

    def difference(self) -> float:
        """The largest difference between our scores and captum's from the same nodes."""
        ours = self.ours(xl.IntegratedGradients(STEPS)).scores
        theirs = self.read.pool(np.concatenate([a.sum(-1).numpy() for a in self.best(None)]))
        return float(np.abs(ours - theirs).max())


@dataclass(frozen=True)
class Clock:
    """How often each side is run, and whether processor time counts."""

    repeats: int
    is_busy: bool

    def fastest(self, sides: dict[str, Callable[[], object]]) -> dict[str, float]:
        """Seconds of the fastest run of each side, run in turn."""
        times: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(self.repeats):
            for name, side in sides.items():
                read = time.process_time if self.is_busy else time.perf_counter
                start = read()
                side()
                times[name].append(read() - start)
        return {name: min(found) for name, found in times.items()}


def shared_line(name: str, cases: Sequence[Bare], clock: Clock) -> list[str]:
    """Same nodes: ours against captum, and the share of the ceiling that is reached."""
    total: dict[str, float] = {}
    ceiling = [0.0, 0.0]
    for case in cases:
        found = clock.fastest({
            "ours": lambda case=case: case.ours(xl.IntegratedGradients(STEPS)),
            "documented": case.documented,
            "one batch": lambda case=case: case.best(None),
            "our batches": lambda case=case: case.best(case.model.points_at_once(case.read.row)),
            "F+B": lambda case=case: case.passes(1),
            "F+2B": lambda case=case: case.passes(2),
        })  # fmt: skip
        t, backward = case.n_targets, found["F+2B"] - found["F+B"]
        ceiling[0] += t * found["F+B"]
        ceiling[1] += found["F+B"] + (t - 1) * backward
        for side, seconds in found.items():
            total[side] = total.get(side, 0.0) + seconds
    best = min(total["one batch"], total["our batches"])
    most = ceiling[0] / ceiling[1]
    gain = best / total["ours"]
    return [
        name, str(len(cases)), f"{np.mean([case.n_targets for case in cases]):.1f}", f"{total['ours']:.1f} s",
        f"{total['documented']:.1f} s ({total['documented'] / total['ours']:.2f}×)", f"{best:.1f} s ({gain:.2f}×)",
        f"{most:.2f}×", f"{gain / most:.2f}", f"{max(case.difference() for case in cases):.0e}",
    ]  # fmt: skip


def tolerance_lines(name: str, cases: Sequence[Bare], clock: Clock) -> Iterator[list[str]]:
    """For each tolerance: the fixed number of steps that all sentences need, and nodes added until it is met."""
    gaps: dict[int, float] = {}
    for n in FIXED:
        gaps[n] = max(worst(case.ours(xl.IntegratedGradients(n))) for case in cases)
        if gaps[n] <= min(TOLERANCES):
            break
    for tolerance in TOLERANCES:
        steps = next((n for n in gaps if gaps[n] <= tolerance), FIXED[-1])
        method, seconds = xl.IntegratedGradients(tolerance=tolerance), {"fixed": 0.0, "added": 0.0}
        results = [case.ours(method) for case in cases]
        for case in cases:
            found = clock.fastest({
                "fixed": lambda case=case, steps=steps: case.ours(xl.IntegratedGradients(steps)),
                "added": lambda case=case, method=method: case.ours(method),
            })  # fmt: skip
            seconds = {side: seconds[side] + found[side] for side in seconds}
        rows = [result.n_evals for result in results]
        yield [
            name, f"{tolerance:g}", f"{steps} ({gaps[steps]:.4f})", f"{np.mean(rows):.1f} ({min(rows)}–{max(rows)})",
            f"{max(map(worst, results)):.4f}", f"{seconds['fixed']:.1f} s", f"{seconds['added']:.1f} s",
            f"{seconds['fixed'] / seconds['added']:.2f}×",
        ]  # fmt: skip


def worst(result: xl.Attribution) -> float:
    """The largest completeness gap of a result."""
    return float(np.abs(result.completeness_gap).max())


SHARED = (
    "model", "sentences", "entities each", "ours", "captum as documented", "captum at its best", "ceiling",
    "share of the ceiling", "largest difference",
)  # fmt: skip
ADDED = (
    "model", "tolerance", "fixed steps (gap)", "rows until met: mean (range)", "largest gap", "fixed", "until met",
    "gain",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=20, help="of each language, for the demo model")
    parser.add_argument("--base-sentences", type=int, default=3, help="of each language, for the base-size BERT")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--busy", action="store_true", help="one thread, processor time")
    options = parser.parse_args()
    if options.busy:
        torch.set_num_threads(1)
    clock, shared, added = Clock(options.repeats, options.busy), [], []
    sizes = {"demo": options.sentences, "base": options.base_sentences}
    for name, key in (("demo model", "demo"), ("random BERT-base", "base")):
        model = load(key, "float32")
        cases = [Bare(model, sentence) for sentence in sentences(sizes[key])]
        shared.append(shared_line(name, cases, clock))
        print(table(SHARED, shared), flush=True)
        added += tolerance_lines(name, cases, clock)
        print(table(ADDED, added), flush=True)
        write_section("gradients.py", section(options, shared, added))


def section(options: argparse.Namespace, shared: list[list[str]], added: list[list[str]]) -> str:
    """What RESULTS.md says."""
    asked = f"--sentences {options.sentences} --base-sentences {options.base_sentences} --repeats {options.repeats}"
    clock = "processor time on one thread" if options.busy else "wall time"
    return (
        f"`python benchmarks/gradients.py {asked}{' --busy' if options.busy else ''}`, one run on {machine()}; "
        f"{clock}, the fastest of {options.repeats} on each side, float32. Sentences of NCBI-disease devel and of "
        f"cMedQANER dev, half and half, with the 2–6 entities that the demo model predicts.\n\n"
        f"Integrated gradients of all entities, {STEPS} nodes (captum as documented: {CAPTUM_STEPS}):\n\n"
        f"{table(SHARED, shared)}\nNodes added until the completeness gap of every entity is under a tolerance, in "
        f"log-odds:\n\n{table(ADDED, added)}"
    )


if __name__ == "__main__":
    main()
