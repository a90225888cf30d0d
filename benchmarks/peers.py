"""Shapley values of all entities of a sentence: seconds and error, ours against captum, shap and shapiq.

    python benchmarks/peers.py [--model demo|base] [--sentences 20] [--slow 4] [--rows-per-unit 100]

Each peer stands twice: *documented* (float32, its own defaults and batching, one entity at a time where its examples do
so) and *best* (the precision of ours, large batches, all entities at once where it can). The error is the mean over
entities of the norm of the difference to converged scores (KernelShap with `rows-per-unit`, same precision), relative
to their norm. Ours is the cheapest of a fixed list of budgets whose mean error is no larger than the peer's; seconds
are added up over the same sentences, peers and ours being run in turn. `--slow` says on how many sentences the slowest
peers run.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from games import BareGame, Floats
from results import machine, table, write_section
from work import Dtype, Sentence, load, plain_tokenizer, sentences

import explain_lib as xl
from explain_lib.attribution.estimate import Method
from explain_lib.models import Tagger

OURS: tuple[Method, ...] = (
    xl.PermutationShap(xl.PerUnit(2)), *(xl.KernelShap(xl.PerUnit(n)) for n in (4, 6, 8, 10, 14, 20, 28)),
)  # fmt: skip
CAPTUM_ORDERS, CAPTUM_SAMPLES, SHAP_EVALUATIONS, PER_UNIT = 25, 500, 500, 20


@dataclass(frozen=True)
class Peer:
    """A rival: `run(game, seed)` gives float[units, targets].

    `is_slow` limits the number of sentences. `stands_in`, where scores are not over units: the same algorithm over
    units, untimed, from which the error is read (what re-tokenising strings adds is not counted against the peer).
    """

    name: str
    dtype: Dtype
    run: Callable[[BareGame, int], Floats]
    is_slow: bool = False
    stands_in: Callable[[BareGame, int], Floats] | None = None


def captum_orders(game: BareGame, seed: int, *, is_best: bool) -> Floats:
    from captum.attr import ShapleyValueSampling

    per_call = game.batch if is_best else 1
    return _captum(game, lambda f: ShapleyValueSampling(f), per_call, together=is_best, n_samples=CAPTUM_ORDERS)


def captum_kernel(game: BareGame, seed: int, *, is_best: bool) -> Floats:
    from captum.attr import KernelShap

    per_call = game.batch if is_best else 1
    return _captum(game, lambda f: KernelShap(f), per_call, together=False, n_samples=CAPTUM_SAMPLES)


def _captum(
    game: BareGame, make: Callable[[object], object], per_call: int, *, together: bool, n_samples: int
) -> Floats:
    settings = {
        "baselines": game.baseline, "feature_mask": game.units, "n_samples": n_samples,
        "perturbations_per_eval": per_call,
    }  # fmt: skip
    if together:
        found = make(game.of_ids).attribute(game.ids, **settings)  # type: ignore[attr-defined]
        scores = found.reshape(-1, game.ids.shape[1])
    else:
        each = [make(game.of_target(t)).attribute(game.ids, **settings) for t in range(game.query.n_targets)]  # type: ignore[attr-defined]
        scores = np.stack([one.numpy().ravel() for one in each])
    by_piece = np.asarray(scores, dtype=np.float64)
    first = [int(np.flatnonzero(game.units[0].numpy() == unit)[0]) for unit in range(game.query.n_units)]
    return by_piece[:, first].T


def shap_units(game: BareGame, seed: int) -> Floats:
    """shap's permutation explainer over units as binary features."""
    import shap

    n = game.query.n_units
    explainer = shap.explainers.Permutation(lambda x: game.of_keep(x > 0.5), np.zeros((1, n)), seed=seed)
    found = explainer(np.ones((1, n)), max_evals=max(SHAP_EVALUATIONS, 2 * n + 1), batch_size=game.batch, silent=True)
    return np.asarray(found.values[0], dtype=np.float64).reshape(n, -1)


def shap_text(game: BareGame, seed: int) -> Floats:
    """shap on the string, as its text examples do: its seconds count, its scores are over pieces of strings."""
    import shap

    tokenizer = plain_tokenizer()
    masker = shap.maskers.Text(tokenizer, mask_token=tokenizer.mask_token, collapse_mask_token=False)
    explainer = shap.explainers.Permutation(game.of_strings, masker, seed=seed)
    found = explainer([game.query.document.text], silent=True)
    return np.asarray(found.values[0], dtype=np.float64)


def shapiq_units(game: BareGame, seed: int, *, kind: str) -> Floats:
    import shapiq

    n, known = game.query.n_units, dict[bytes, Floats]()

    def value(keep: np.ndarray) -> Floats:
        keys = [row.tobytes() for row in np.asarray(keep, dtype=bool)]
        new = [i for i, key in enumerate(keys) if key not in known]
        if new:
            known.update(zip([keys[i] for i in new], game.of_keep(np.asarray(keep, dtype=bool)[new]), strict=True))
        return np.stack([known[key] for key in keys])

    scores = np.empty((n, game.query.n_targets))
    for target in range(game.query.n_targets):  # the same seed draws the same rows, which are then known
        approximator = getattr(shapiq, kind)(n=n, random_state=seed)
        found = approximator.approximate(budget=PER_UNIT * n, game=lambda keep, t=target: value(keep)[:, t])
        scores[:, target] = [found[(unit,)] for unit in range(n)]
    return scores


PEERS = (
    Peer("captum ShapleyValueSampling(25 orders), documented", "float32", partial(captum_orders, is_best=False), True),
    Peer("captum ShapleyValueSampling(25 orders), best", "auto", partial(captum_orders, is_best=True)),
    Peer("captum KernelShap(500 samples), documented", "float32", partial(captum_kernel, is_best=False), True),
    Peer("captum KernelShap(500 samples), best", "auto", partial(captum_kernel, is_best=True)),
    Peer("shap Permutation(500 evaluations) on text, documented", "float32", shap_text, True, shap_units),
    Peer("shap Permutation(500 evaluations) over units, best", "auto", shap_units),
    Peer("shapiq KernelSHAP(20 rows per unit), best", "auto", partial(shapiq_units, kind="KernelSHAP")),
)


@dataclass(frozen=True)
class Run:
    """What one explanation of one sentence took, and how far off it was."""

    seconds: float
    error: float


def relative_error(scores: Floats, truth: Floats) -> float:
    """Mean over targets of |scores − truth| / |truth|."""
    return float(np.mean(np.linalg.norm(scores - truth, axis=0) / np.linalg.norm(truth, axis=0)))


def measured(sentence: Sentence, models: dict[Dtype, Tagger], peers: Sequence[Peer], per_unit: int) -> dict[str, Run]:
    """Ours and the peers on one sentence, in turn; new tables for every run."""
    new = lambda dtype: xl.Query(models[dtype], sentence.document, targets=sentence.targets)  # noqa: E731
    converged = xl.KernelShap(xl.PerUnit(per_unit))
    compared_in: set[Dtype] = {"auto", *(peer.dtype for peer in peers)}
    truth = {dtype: xl.explain(new(dtype), converged, rng=99).scores for dtype in compared_in}
    runs: dict[str, Run] = {}
    for method in OURS:
        start = time.perf_counter()
        found = xl.explain(new("auto"), method, rng=0).scores
        runs[repr(method)] = Run(time.perf_counter() - start, relative_error(found, truth["auto"]))
    for peer in peers:
        game = BareGame(new(peer.dtype))
        start = time.perf_counter()
        scores = peer.run(game, 0)
        seconds = time.perf_counter() - start
        scores = scores if peer.stands_in is None else peer.stands_in(game, 0)
        runs[peer.name] = Run(seconds, relative_error(scores, truth[peer.dtype]))
    return runs


def compared(name: str, runs: Sequence[dict[str, Run]]) -> list[str]:
    """One printed row: the peer, our cheapest method that is no less exact on the same sentences, and the ratio."""
    on = [run for run in runs if name in run]
    mean = lambda key: float(np.mean([run[key].error for run in on]))  # noqa: E731
    total = lambda key: sum(run[key].seconds for run in on)  # noqa: E731
    good = [repr(method) for method in OURS if mean(repr(method)) <= mean(name)] or [repr(OURS[-1])]
    ours = min(good, key=total)
    return [
        name, str(len(on)), f"{total(name):.1f} s", f"{mean(name):.3f}", ours, f"{total(ours):.2f} s",
        f"{mean(ours):.3f}", f"{total(name) / total(ours):.1f}",
    ]  # fmt: skip


HEAD = ("peer", "sentences", "seconds", "error", "ours", "seconds", "error", "speed ratio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=("demo", "base"), default="demo")
    parser.add_argument("--sentences", type=int, default=20, help="per language")
    parser.add_argument("--slow", type=int, default=4, help="sentences on which the slowest peers run")
    parser.add_argument("--rows-per-unit", type=int, default=100, help="for the converged scores")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    models: dict[Dtype, Tagger] = {dtype: load(options.model, dtype) for dtype in ("auto", "float32")}
    work, runs = sentences(options.sentences), []
    every = max(1, len(work) // options.slow)
    for i, sentence in enumerate(work):
        peers = [peer for peer in PEERS if not peer.is_slow or i % every == 0]
        runs.append(measured(sentence, models, peers, options.rows_per_unit))
        found = (f"{key}: {run.seconds:.2f} s, error {run.error:.3f}" for key, run in runs[-1].items())
        print(f"{i + 1} of {len(work)} sentences", *found, sep="\n  ", flush=True)
    lines = table(HEAD, [compared(peer.name, runs) for peer in PEERS])
    n_targets = [len(sentence.targets) for sentence in work]
    print(lines)
    write_section(
        f"peers.py/{options.model}",
        f"`python {' '.join(['benchmarks/peers.py', *sys.argv[1:]])}`, one run on {machine()}. {len(work)} sentences, "
        f"{sum(n_targets)} entities ({min(n_targets)}–{max(n_targets)} each).\n\n{lines}",
    )


if __name__ == "__main__":
    main()
