"""Speed and memory of a query, as ratios to the bare model, printed and written to RESULTS.md in one run.

    python benchmarks/query.py [--repeats 7] [--rows 1024] [--busy]

The bare model gets the very same rows of piece ids, in the batch and precision that suit it best. Both sides are run
in turn and the fastest of the repeats counts. On a busy machine use --busy: one thread, processor time instead of
wall time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from results import machine, peak_kilobytes, table, write_section
from transformers import BertConfig, BertForTokenClassification

import explain_lib as xl
from explain_lib.models import Tagger, load_model, predict
from explain_lib.models.toy import word_tokenizer

TAGS = ("O", "B-Disease", "I-Disease", "B-Drug", "I-Drug")
BUDGET = 512
BARE_BATCHES = (32, 64, 128)
SENTENCE = (
    "The patient with severe atopic dermatitis and asthma developed acute hepatitis after methotrexate , so "
    "cyclosporine was given instead and the hypertension was treated with amlodipine until the renal failure "
    "resolved in March ."
)


@dataclass(frozen=True)
class Line:
    """One printed row: what was measured, the two figures and the limit of the issue."""

    what: str
    ours: str
    reference: str
    ratio: str
    limit: str


def random_bert() -> Tagger:
    """A 6 × 384 BERT with random weights and 512 positions."""
    tokenizer = word_tokenizer([*SENTENCE.split(), *(f"w{i}" for i in range(11_000))])
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536,
        id2label=dict(enumerate(TAGS)), label2id={tag: i for i, tag in enumerate(TAGS)},
    )  # fmt: skip
    return load_model((BertForTokenClassification(config).eval(), tokenizer))


def demo() -> Tagger | None:
    """The demo model, where this checkout has it."""
    try:
        return xl.demo_model()
    except (FileNotFoundError, ValueError):  # no folder, or one without weights
        return None


def targets_of(model: Tagger, document: xl.Document, n: int) -> list[xl.Target]:
    """`n` targets: predicted spans first, then words of the text."""
    encoding = model.encode(document.text)
    spans = list(predict(model, document, progress=False).spans)
    spans += [xl.Span(int(start), int(end), model.labels[0]) for start, end in encoding.extents[::2]]
    return [xl.Target(span) for span in dict.fromkeys(spans)][:n]


@dataclass(frozen=True)
class Stopwatch:
    """How often each side is run, and whether processor time counts instead of wall time."""

    repeats: int
    is_busy: bool = False

    def fastest(self, actions: dict[str, Callable[[], object]]) -> dict[str, float]:
        """Seconds of the fastest run of each action; they are run in turn, one more time than `repeats`."""
        times: dict[str, list[float]] = {name: [] for name in actions}
        for _ in range(self.repeats + 1):
            for name, action in actions.items():
                times[name].append(self._seconds(action))
        return {name: min(values) for name, values in times.items()}

    def _seconds(self, action: Callable[[], object]) -> float:
        clock = time.process_time if self.is_busy else time.perf_counter
        start = clock()
        action()
        return clock() - start


def value_line(name: str, model: Tagger, n_rows: int, watch: Stopwatch) -> Line:
    """Query.value on new rows against the same rows through the bare module."""
    document = xl.Document(SENTENCE)
    targets = targets_of(model, document, 1)
    probe = xl.Query(model, document, targets=targets)
    keep = np.random.default_rng(0).random((n_rows, probe.n_units)) < 0.5
    rows = probe.evaluations.rows(0, keep)
    modules = {"float32": model.network.module, str(model.network.dtype).removeprefix("torch."): plain_module(model)}

    def bare(module: torch.nn.Module, batch: int) -> Callable[[], None]:
        ids, attended = torch.as_tensor(rows.ids), torch.ones(rows.ids.shape, dtype=torch.int64)

        @torch.inference_mode()
        def run() -> None:
            for at in range(0, n_rows, batch):
                here = slice(at, at + batch)
                module(input_ids=ids[here], attention_mask=attended[here]).logits.float().numpy()

        return run

    actions: dict[str, Callable[[], object]] = {
        f"{dtype}, batch {batch}": bare(module, batch) for dtype, module in modules.items() for batch in BARE_BATCHES
    }
    trial = Stopwatch(1, watch.is_busy).fastest(actions)
    best = min(trial, key=lambda key: trial[key])
    ours = lambda: xl.Query(model, document, targets=targets).value(keep)  # noqa: E731
    found = watch.fastest({"ours": ours, best: actions[best]})
    pieces = rows.ids.shape[1]
    return Line(
        f"{name}: Query.value, {n_rows} rows of {pieces} pieces, against the bare model ({best})",
        f"{found['ours']:.2f} s", f"{found[best]:.2f} s", f"{found['ours'] / found[best]:.2f}", "1.15",
    )  # fmt: skip


def plain_module(model: Tagger) -> torch.nn.Module:
    """The module wholly in the forward precision, head too: what a plain user would run."""
    import copy

    return copy.deepcopy(model.network.module).to(model.network.dtype)


def targets_line(name: str, model: Tagger, watch: Stopwatch) -> Line:
    """KernelShap of six entities against one, on fresh tables."""
    document = xl.Document(SENTENCE)
    targets = targets_of(model, document, 6)

    def explain(n: int) -> Callable[[], object]:
        return lambda: xl.explain(xl.Query(model, document, targets=targets[:n]), xl.KernelShap(budget=BUDGET), rng=0)

    found = watch.fastest({"six": explain(6), "one": explain(1)})
    return Line(
        f"{name}: KernelShap({BUDGET}), six targets against one",
        f"{found['six']:.2f} s", f"{found['one']:.2f} s", f"{found['six'] / found['one']:.2f}", "1.20",
    )  # fmt: skip


def explain_note(model: Tagger) -> None:
    """PermutationShap and gradients of ten targets of a note of 512 pieces (special pieces included)."""
    words = SENTENCE.split()
    while len(model.encode(" ".join(words)).ids) < 510:
        words += SENTENCE.split()
    while len(model.encode(" ".join(words)).ids) > 510:
        words.pop()
    document = xl.Document(" ".join(words))
    query = xl.Query(model, document, targets=targets_of(model, document, 10))
    xl.explain(query, xl.PermutationShap(budget=xl.PerUnit(2)), rng=0)
    xl.explain(query, xl.IntegratedGradients(steps=8), rng=0)


def memory_line(name: str) -> Line:
    """Peak resident memory of a process of its own, and of one that only loads the model."""
    asked = [sys.executable, __file__, "--memory", name]
    note, idle = (int(subprocess.run([*asked, *flag], capture_output=True, text=True, check=True).stdout)
                  for flag in ([], ["--idle"]))  # fmt: skip
    gigabytes = note / 1e6
    return Line(
        f"{name}: note of 512 pieces, ten targets, PermutationShap and IntegratedGradients: peak memory",
        f"{gigabytes:.2f} GB", f"{idle / 1e6:.2f} GB loaded only", "", "3 GB",
    )  # fmt: skip


MODELS: dict[str, Callable[[], Tagger | None]] = {"demo model": demo, "random 6 × 384 BERT": random_bert}


def lines_table(lines: list[Line]) -> str:
    return table(["what", "ours", "reference", "ratio", "limit"], [list(vars(line).values()) for line in lines])


def measured(name: str, model: Tagger, n_rows: int, watch: Stopwatch) -> Iterator[Line]:
    """All lines of one model, as they are found."""
    yield value_line(name, model, n_rows, watch)
    yield targets_line(name, model, watch)
    yield memory_line(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--rows", type=int, default=1024)
    parser.add_argument("--busy", action="store_true", help="one thread, processor time")
    parser.add_argument("--memory", choices=list(MODELS), help=argparse.SUPPRESS)
    parser.add_argument("--idle", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        model = MODELS[options.memory]()
        assert model is not None
        if not options.idle:
            explain_note(model)
        print(peak_kilobytes())
        return
    if options.busy:
        torch.set_num_threads(1)
    lines: list[Line] = []
    watch = Stopwatch(options.repeats, options.busy)
    for name, make in MODELS.items():
        model = make()
        if model is None:
            print(f"{name}: not in this checkout, left out", file=sys.stderr)
            continue
        for line in measured(name, model, options.rows, watch):
            lines.append(line)
            print(lines_table([line]), flush=True)
    clock = "processor" if options.busy else "wall"
    write_section(
        "query.py",
        f"`python benchmarks/query.py`, one run on {machine()}; {clock} time, the fastest of "
        f"{options.repeats + 1} runs on each side.\n\n{lines_table(lines)}",
    )


if __name__ == "__main__":
    main()
