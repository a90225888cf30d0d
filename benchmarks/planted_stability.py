"""What does stability say of the words that decide in planted documents, and of the methods that find them?

    python benchmarks/planted_stability.py [--entities 20] [--langs zh nl en]

`xl.stability` of the span, planted test documents under the planted model, context arm. By unit: do deciding units
stand out by the size of their score, by its spread over the edits, by size over spread, and by size less spread
(average precision, against chance)? By method: do mean stability, and the share of the score's changes that is
explained, order methods as their average precision does (Spearman over methods)? By entity: is a more stable
explanation a better one? Two made-up explanations that never look at the model stand beside. Written to RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import numpy.typing as npt

from boundaries import by_chance
from known_truth import entities, ranking
from planted import MEMBERS
from results import machine, table, write_section
from scipy.stats import rankdata, zscore

import explain_lib as xl
from explain_lib.attribution import Method
from explain_lib.statistics import Bootstrapped, bootstrap_mean, bootstrap_statistic, sum_by_document

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
EDITS, AGAIN, ROWS = 8, 1, 64
LEAST_SPREAD = 1e-3
"""Of the largest score: no unit is steadier than this."""


@dataclass(frozen=True)
class MadeUp:
    """Scores that know nothing of the model: drawn anew each time, or one number a word, which no edit moves."""

    is_fixed: bool = False

    def attribute(self, question: xl.Query, rng: np.random.Generator) -> xl.Estimate:
        """Scores from 0 to 1, whatever the target."""
        of_words = [crc32(word.encode()) / 2**32 for word in question.units.texts]
        drawn = np.array(of_words) if self.is_fixed else rng.random(question.n_units)
        scores = np.repeat(np.where(question.active, drawn, 0.0)[:, None], question.n_targets, axis=1)
        ends = question.value(np.stack([question.full_row & ~question.active, question.full_row]))
        return xl.Estimate(scores, np.zeros_like(scores), np.inf, *ends, 2)


METHODS: dict[str, Method] = {
    **{type(one).__name__: one for one in MEMBERS}, "AttnLRP": xl.AttnLRP(),
    "GradientAttention": xl.GradientAttention(), "AttentionRollout": xl.AttentionRollout(),
}  # fmt: skip
CONTROLS: dict[str, Method] = {"random scores": MadeUp(), "a fixed number a word": MadeUp(is_fixed=True)}
PRECISION, STABLE, SHARE, RATIO, REST = "size: AUPRC", "stability", "explained share", "size / spread", "size − spread"
NAMES = (STABLE, "noise_arm", SHARE, "size: recall", PRECISION, "spread", RATIO, REST, "chance")


@dataclass(frozen=True)
class Measured:
    """Figures of each entity by method and name, in the order of `documents`."""

    documents: list[str] = field(default_factory=list)
    figures: defaultdict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(self, name: str, methods: Sequence[str]) -> Floats:
        """float64[methods, entities]."""
        return np.array([self.figures[method, name] for method in methods], dtype=np.float64)


def measured(lang: str, n: int) -> Measured:
    """Stability of every method on the same entities and edits."""
    model, found = xl.planted_model(), Measured()
    for seed, (document, k) in enumerate(entities(lang, n)):
        query = xl.Query(model, document, [xl.Target(document.spans[k])]).context()
        truth = xl.planted_truth(document, query.units, query.targets[0])
        found.documents.append(document.id)
        for name, method in {**METHODS, **CONTROLS}.items():
            report = xl.stability(query, method, seed, EDITS, n_noise=AGAIN, n_rows=ROWS)
            for figure, value in figures(report, truth).items():
                found.figures[name, figure].append(value)
    return found


def figures(report: xl.StabilityReport, truth: Bools) -> dict[str, float]:
    """What one report says of its entity, by name."""
    whole = {name: report.select(name)[0].value for name in (STABLE, "noise_arm", SHARE)}  # over all families
    scores, spread = (report.arrays[name][0, :, 0] for name in ("scores", "spread"))
    known = ~np.isnan(scores) & ~np.isnan(spread)  # units that two edits left as they were
    size, spread, decides = np.abs(scores[known]), spread[known], truth[known]
    if not decides.any():
        return dict.fromkeys(NAMES, np.nan) | whole
    recall, precision = ranking(size, decides)
    by_unit = {
        "spread": spread, RATIO: size / np.maximum(spread, LEAST_SPREAD * size.max() or 1.0),
        REST: np.maximum(size - spread, 0.0),
    }  # fmt: skip
    ranked = {name: ranking(values, decides)[1] for name, values in by_unit.items()}
    return {**whole, "size: recall": recall, PRECISION: precision, **ranked, "chance": by_chance(decides)}


def orders(found: Measured, name: str, methods: Sequence[str]) -> Bootstrapped:
    """Spearman's correlation over methods of their mean figure and their mean average precision."""
    both = np.concatenate([found.of(name, methods), found.of(PRECISION, methods)]).T
    known = ~np.isnan(both).any(axis=1)
    documents = np.array(found.documents)[known]

    def correlation(sums: Floats) -> Floats:
        ours, theirs = (zscore(rankdata(part, axis=-1), axis=-1) for part in np.split(sums, 2, axis=-1))
        return np.asarray((ours * theirs).mean(axis=-1))

    return bootstrap_statistic(sum_by_document(both[known], documents), correlation, n_items=int(known.sum()))


def by_luck(rho: float, n: int, draws: int = 20_000) -> float:
    """How often methods in random order correlate as much, by size."""
    rng, places = np.random.default_rng(0), zscore(np.arange(n))
    drawn = np.array([rng.permutation(places) @ places / n for _ in range(draws)])
    return float((1 + (np.abs(drawn) >= abs(rho) - 1e-9).sum()) / (1 + draws))


def within(found: Measured, methods: Sequence[str]) -> Bootstrapped:
    """Spearman's correlation over entities of stability and average precision, the mean over methods.

    Methods that rank all deciding units first in every entity drawn have no order to explain and are left out.
    """
    both = np.stack([found.of(name, methods) for name in (STABLE, PRECISION)])
    known = np.flatnonzero(~np.isnan(both).any(axis=(0, 1)))
    _, of = np.unique(np.array(found.documents)[known], return_inverse=True)

    def correlation(times: Floats) -> float:
        drawn = both[:, :, np.repeat(known, times[of].astype(int))]
        ours, theirs = zscore(rankdata(drawn, axis=2), axis=2)
        return float(np.nanmean((ours * theirs).mean(axis=1)))

    drawn = np.eye(of.max() + 1)  # sums of its rows are how often each document was drawn
    return bootstrap_statistic(drawn, lambda times: np.apply_along_axis(correlation, -1, times), n_items=len(known))


def shown(figure: Bootstrapped) -> str:
    """A figure with its interval."""
    return f"{figure.value:.2f}" + ("" if figure.interval is None else " ({:.2f} to {:.2f})".format(*figure.interval))


def rows(lang: str, found: Measured) -> list[list[str]]:
    """A row a method: every figure with its interval."""
    return [
        [lang, method, *(shown(bootstrap_mean(found.figures[method, name], found.documents)) for name in NAMES)]
        for method in (*METHODS, *CONTROLS)
    ]


def told(lang: str, found: Measured) -> str:
    """What orders methods, entities and units."""
    lines, true, every = [], list(METHODS), [*METHODS, *CONTROLS]
    for name in (STABLE, SHARE):
        for methods, which in ((true, "methods"), (every, "methods and controls")):
            rho = orders(found, name, methods)
            p = by_luck(rho.value, len(methods))
            lines.append(f"{name} and AUPRC over {len(methods)} {which}: Spearman {shown(rho)}, p = {p:.3f}")
    lines.append(f"stability and AUPRC over entities, within a method: Spearman {shown(within(found, true))}")
    for name in ("spread", RATIO, REST):
        gained = np.nanmean(found.of(name, true) - found.of(PRECISION, true), axis=0)
        lines.append(f"AUPRC by {name} less that by size, mean over methods: "
                     f"{shown(bootstrap_mean(gained, found.documents))}")  # fmt: skip
    return "".join(f"- {lang}: {line}\n" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=20)
    parser.add_argument("--langs", nargs="+", default=["zh", "nl", "en"])
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # of other libraries, and of means over nothing
    parts = {}
    for lang in options.langs:
        parts[lang] = measured(lang, options.entities)
        print(table(["", "method", *NAMES], rows(lang, parts[lang])), told(lang, parts[lang]), sep="\n", flush=True)
    how = (
        f"`python benchmarks/planted_stability.py {' '.join(sys.argv[1:])}`, {machine()}. Planted documents (test "
        f"part) under the planted model, context arm, spans: {EDITS} edits, {AGAIN} more explanation of the text. "
        "Units are ranked by |score| (size), by its standard deviation over the edits (spread), and by both; AUPRC of "
        "the deciding ones. Mean over entities, 95 % bootstrap over documents; p: methods in random order."
    )
    tables = table(["language", "method", *NAMES], [row for lang, one in parts.items() for row in rows(lang, one)])
    write_section("planted_stability.py", "\n\n".join([how, tables, *(told(*one) for one in parts.items())]))


if __name__ == "__main__":
    main()
