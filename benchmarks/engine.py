"""The engine: model time, memory, batch sizes, attention, compiling, many texts together, and a GPU where there is one.

    python benchmarks/engine.py [--rows 1024] [--note-rows 2048] [--texts 128] [--repeats 3] [--busy] [--only NAME ...]

The model is a BERT of base size with random weights where no other is named. *Model time* is what passes inside its
forward; everything else of an explanation is ours. Sides are run in turn and the fastest repeat counts. On a busy
machine use --busy: one thread, processor time in place of wall time. Without a CUDA GPU its lines say "not measured".
"""

from __future__ import annotations

import argparse
import copy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from results import machine, peak_kilobytes, table, write_section
from transformers import BertConfig, BertForTokenClassification

import explain_lib as xl
from explain_lib.models import Tagger, load_model
from explain_lib.models.runner import PieceBudget, Runner
from explain_lib.models.toy import word_tokenizer

TAGS = ("O", *(f"{kind}-{label}" for label in ("Disease", "Drug", "Test", "Body") for kind in "BI"))
WORDS = tuple(f"w{i}" for i in range(2000))
LENGTHS = (12, 20, 28, 36, 44, 60)
NOTE_WORDS, NOTE_TARGETS = 510, 20
Line = tuple[str, str, str, str, str]
HEAD = ("what", "ours", "reference", "ratio", "limit")
Bare = Callable[[], object]


def base_bert(device: str = "cpu", dtype: str = "auto") -> Tagger:
    """BERT of base size, random weights, words as pieces."""
    tokenizer = word_tokenizer(WORDS)
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(tokenizer), id2label=dict(enumerate(TAGS)))
    return load_model((BertForTokenClassification(config).eval(), tokenizer), device=device, dtype=dtype)  # type: ignore[arg-type]


def query(model: Tagger, n_words: int, n_targets: int, start: int = 0) -> xl.Query:
    """A text of so many words, with targets spread over it."""
    document = xl.Document(" ".join(WORDS[(start + i) % len(WORDS)] for i in range(n_words)), id=f"text {start}")
    extents = model.encode(document.text).extents
    at = np.linspace(0, n_words - 1, n_targets).astype(int)
    return xl.Query(model, document, targets=[xl.Target(xl.Span(*map(int, extents[i]), model.labels[0])) for i in at])


@dataclass(frozen=True)
class Clock:
    """Wall time, or processor time of one thread."""

    repeats: int
    is_busy: bool

    def now(self) -> float:
        return time.process_time() if self.is_busy else time.perf_counter()

    def fastest(self, sides: dict[str, Bare]) -> dict[str, float]:
        """Seconds of the fastest run of each side, after one that does not count."""
        seconds: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(self.repeats + 1):
            for name, side in sides.items():
                start = self.now()
                side()
                seconds[name].append(self.now() - start)
        return {name: min(found[1:]) for name, found in seconds.items()}


def beside(what: str, ours: float, reference: float, limit: str = "") -> Line:
    """Two times and their ratio."""
    return what, f"{ours:.2f} s", f"{reference:.2f} s", f"{ours / reference:.2f}", limit


@contextmanager
def timed(module: torch.nn.Module, clock: Clock) -> Iterator[list[float]]:
    """Seconds spent in the forward passes of a module, one entry a call."""
    spent: list[float] = []
    start: list[float] = []
    hooks = [
        module.register_forward_pre_hook(lambda *_: start.append(clock.now())),
        module.register_forward_hook(lambda *_: spent.append(clock.now() - start[-1])),
    ]
    try:
        yield spent
    finally:
        for hook in hooks:
            hook.remove()


def share_line(clock: Clock, n_rows: int) -> Line:
    """How much of an explanation is the model; in float32, where no noise floor is measured."""
    model = base_bert(dtype="float32")
    explain = lambda: xl.explain(query(model, 36, 6), xl.PermutationShap(budget=n_rows))  # noqa: E731
    query(model, 36, 6).predict()
    shares = []
    for _ in range(clock.repeats):
        with timed(model.network.fast, clock) as spent:
            start = clock.now()
            n_evals = explain().n_evals
            shares.append((sum(spent), clock.now() - start))
    inside, whole = min(shares, key=lambda pair: pair[1])
    what = f"PermutationShap, {n_evals} rows of 38 pieces, 6 targets: model time of all time"
    return what, f"{whole:.2f} s", f"{inside:.2f} s in the model", f"{inside / whole:.3f}", "0.90"


def memory_line(n_rows: int) -> Line:
    """Peak resident memory of a process of its own that explains a note of 512 pieces."""
    asked = [sys.executable, __file__, "--note"]
    peaks = [
        int(subprocess.run([*asked, str(n)], capture_output=True, text=True, check=True).stdout) for n in (n_rows, 0)
    ]
    what = f"note of 512 pieces, {NOTE_TARGETS} targets, PermutationShap, {n_rows} rows: peak memory"
    return what, f"{peaks[0] / 1e6:.2f} GB", f"{peaks[1] / 1e6:.2f} GB loaded only", "", "4 GB"


def note(n_rows: int) -> None:
    model = base_bert()
    if n_rows:
        xl.explain(query(model, NOTE_WORDS, NOTE_TARGETS), xl.PermutationShap(budget=n_rows))
    print(peak_kilobytes())


def ids_of(model: Tagger, n_rows: int, n_words: int) -> torch.Tensor:
    """Rows of random pieces on the model's device."""
    ids = torch.randint(5, len(WORDS), (n_rows, n_words), generator=torch.Generator().manual_seed(0))
    return ids.to(model.network.device)


@torch.inference_mode()
def forward(module: torch.nn.Module, ids: torch.Tensor, batch: int) -> None:
    for part in ids.split(batch):
        module(input_ids=part, attention_mask=torch.ones_like(part)).logits.float().cpu()


def budget_line(clock: Clock, n_rows: int) -> Line:
    """Rows per second at the budget that the runner starts with, and at the one that it has found by trying."""
    model = base_bert()
    start = Runner.of(model.network).budget
    fixed = replace(model, runner=Runner(PieceBudget(start.pieces, is_settled=True)))
    ask = lambda m: query(m, 36, 1).value(np.random.default_rng(0).random((n_rows, 36)) < 0.5)  # noqa: E731
    found = clock.fastest({"tried": partial(ask, model), "fixed": partial(ask, fixed)})
    tried = model.runner.budget.pieces
    what = f"{n_rows} rows of 38 pieces: {tried} pieces a batch found by trying, against {start.pieces} at first"
    return beside(what, found["tried"], found["fixed"])


def attention_line(clock: Clock, n_words: int) -> Line:
    """The fused attention that is loaded against the plain one."""
    model = base_bert(dtype="float32")
    plain = copy.deepcopy(model.network.module)
    plain.set_attn_implementation("eager")
    ids, batch = ids_of(model, 64 * 38 // n_words, n_words), max(1, model.runner.budget.pieces // n_words)
    sides = {"fused": model.network.module, "plain": plain}
    found = clock.fastest({name: partial(forward, module, ids, batch) for name, module in sides.items()})
    what = f"forward passes of {n_words} pieces in float32: fused attention against plain"
    return beside(what, found["fused"], found["plain"])


def compile_line(clock: Clock) -> Line:
    """torch.compile on rows of one length, its own time given apart."""
    model = base_bert(dtype="float32")
    compiled = torch.compile(copy.deepcopy(model.network.module), dynamic=True)
    ids = ids_of(model, 64, 38)
    start = time.perf_counter()
    forward(compiled, ids, 16)
    seconds = time.perf_counter() - start
    sides = {"compiled": compiled, "plain": model.network.module}
    found = clock.fastest({name: partial(forward, module, ids, 16) for name, module in sides.items()})
    what = f"torch.compile, rows of 38 pieces in float32 ({seconds:.0f} s to compile)"
    return beside(what, found["compiled"], found["plain"])


def together_line(model: Tagger, clock: Clock, n_texts: int) -> Line:
    """Texts of many lengths explained together against one by one."""
    ask = lambda: [query(model, LENGTHS[i % len(LENGTHS)], 1, i) for i in range(n_texts)]  # noqa: E731
    method = xl.PermutationShap(xl.PerUnit(4))
    found = clock.fastest(
        {"together": lambda: xl.explain_many(ask(), method), "alone": lambda: [xl.explain(q, method) for q in ask()]}
    )
    what = f"demo model, PermutationShap(PerUnit(4)) of {n_texts} texts: together against one by one"
    return beside(what, found["together"], found["alone"])


def cuda_lines(clock: Clock, n_rows: int, n_texts: int) -> Iterator[Line]:
    """Rows per second against the bare model at its best batch and against the CPU, and a sweep."""
    names = ("CUDA: Query.value against the bare model at its best batch", "CUDA against CPU: rows per second",
             f"CUDA: explain_corpus of {n_texts} texts, both arms")  # fmt: skip
    if not torch.cuda.is_available():
        yield from ((name, "not measured", "", "", limit) for name, limit in zip(names, ("1.11", "", ""), strict=True))
        return
    model, n_many = base_bert("cuda"), 16 * n_rows
    plain = copy.deepcopy(model.network.module).to(model.network.dtype)
    ids = ids_of(model, n_many, 38)
    ask = lambda m, n: query(m, 36, 1).value(np.random.default_rng(0).random((n, 36)) < 0.5)  # noqa: E731
    sides: dict[str, Bare] = {f"batch {b}": partial(forward, plain, ids, b) for b in (256, 512, 1024, 2048, 4096)}
    bare = clock.fastest(sides)
    best = min(bare, key=lambda name: bare[name])
    found = clock.fastest({"ours": partial(ask, model, n_many), best: sides[best]})
    rate = n_many / found["ours"]
    ratio = found["ours"] / found[best]
    yield names[0], f"{rate:.0f} rows/s", f"{n_many / found[best]:.0f} rows/s ({best})", f"{ratio:.2f}", "1.11"
    slow = n_rows / clock.fastest({"cpu": partial(ask, base_bert("cpu"), n_rows)})["cpu"]
    yield names[1], f"{rate:.0f} rows/s", f"{slow:.0f} rows/s", f"{rate / slow:.1f}", ""
    documents = [query(model, LENGTHS[i % len(LENGTHS)], 1, i).document for i in range(n_texts)]
    pick = lambda document, _: [xl.Target(xl.Span(0, len(document.text.split()[0]), "Drug"))]  # noqa: E731
    with tempfile.TemporaryDirectory() as folder, timed(model.network.fast, clock) as spent:
        start = clock.now()
        xl.explain_corpus(model, documents, xl.PermutationShap(), Path(folder) / "run", targets=pick, progress=False)
        whole = clock.now() - start
    yield names[2], f"{whole:.1f} s", f"{sum(spent):.1f} s in the model (launches only)", "", ""


def lines(clock: Clock, options: argparse.Namespace) -> Iterator[Line]:
    """All lines that were asked for, as they are found."""
    parts: dict[str, Callable[[], Sequence[Line] | Iterator[Line]]] = {
        "share": lambda: [share_line(clock, options.rows)],
        "memory": lambda: [memory_line(options.note_rows)],
        "budget": lambda: [budget_line(clock, options.rows)],
        "attention": lambda: [attention_line(clock, n) for n in (38, 512)],
        "compile": lambda: [compile_line(clock)],
        "together": lambda: [together_line(xl.demo_model(), clock, 12)],
        "cuda": lambda: cuda_lines(clock, options.rows, options.texts),
    }
    for name in options.only or parts:
        yield from parts[name]()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1024)
    parser.add_argument("--note-rows", type=int, default=2048)
    parser.add_argument("--texts", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--busy", action="store_true", help="one thread, processor time")
    parser.add_argument("--only", nargs="+", help="share memory budget attention compile together cuda")
    parser.add_argument("--note", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.note is not None:
        note(options.note)
        return
    if options.busy:
        torch.set_num_threads(1)
    found: list[Line] = []
    for line in lines(Clock(options.repeats, options.busy), options):
        found.append(line)
        print(table(HEAD, [line]), flush=True)
    if not options.only:
        clock = "processor time of one thread" if options.busy else "wall time"
        how = f"`python benchmarks/engine.py {' '.join(sys.argv[1:])}`, one run on {machine()}; {clock}."
        write_section("engine.py", f"{how}\n\n{table(HEAD, found)}")


if __name__ == "__main__":
    main()
