"""What is known for sure: Shapley values of games, and the words that decide in planted documents.

    python benchmarks/known_truth.py [--entities 40]

Imported, it gives games with their Shapley values: made-up ones, and the demo model's sentences as tables of all their
rows. Run, it asks every method about planted documents (test part) under the planted model, in the context arm, and
prints how high the deciding words rank by absolute score: recall among as many units as decide, and the area under the
precision-recall curve (average precision), means over entities with 95 % bootstrap intervals over documents. Random
scores stand beside. Written to RESULTS.md.
"""

from __future__ import annotations

import argparse
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from results import machine, table, write_section
from sklearn.metrics import average_precision_score

import explain_lib as xl
from explain_lib.attribution import Method
from explain_lib.perturbation.game import Game
from explain_lib.statistics import bootstrap_mean

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "attribution"))
from known_games import harsanyi_game, random_game, saturating_game, smooth_game, table_game  # noqa: E402

Floats = npt.NDArray[np.float64]
UNITS = range(9, 12)
IDLE = 8


@dataclass(frozen=True, eq=False)
class Known:
    """A game of one target and its exact Shapley values float64[units]."""

    game: Game
    truth: Floats


def made_up(seeds: range, sizes: tuple[int, ...] = (12, 20, 40)) -> dict[str, list[Known]]:
    """Sparse interactions of up to five units, a saturating score, a smooth network; sparse games in several sizes."""
    solved = {
        "saturating, 12 units": [saturating_game(12, seed) for seed in seeds],
        "smooth, 12 units": [smooth_game(12, seed) for seed in seeds],
    }
    sparse = {f"sparse, {n} units": [random_game(n, seed) for seed in seeds] for n in sizes}
    found = {name: [Known(game, truth[:, 0]) for game, truth in games] for name, games in sparse.items()}
    return found | {
        name: [Known(g, xl.explain(g, xl.Exact()).scores[:, 0]) for g in games] for name, games in solved.items()
    }


def textbook() -> dict[str, list[Known]]:
    """A15, A19 and A21 of the yardstick, with idle units so that the samplers really sample: pairs only, so exact."""
    a15 = [((0, 2), [1]), ((1,), [1]), ((2,), [1]), ((2, 3), [1])]
    a19 = [*(((i,), [1 / 7]) for i in range(7)), ((1, 2), [1])]
    a21 = [((1,), [0.2]), ((2,), [-0.1]), ((3,), [-0.9]), ((1, 3), [0.3]), ((2, 3), [0.4])]
    games = {
        "A15": harsanyi_game(5 + IDLE, a15),
        "A19": harsanyi_game(7 + IDLE, a19),
        "A21": harsanyi_game(5 + IDLE, a21),
    }
    return {name: [Known(game, truth[:, 0])] for name, (game, truth) in games.items()}


def demo_sentences(lang: str, n: int) -> Iterator[Known]:
    """The surest entity of short sentences under the demo model, every row evaluated once."""
    model = xl.demo_model()
    texts = [part.strip() for d in xl.demo_documents(lang=lang) for part in re.split(r"(?<=[。.;；\n])", d.text)]
    for text in filter(None, texts):
        document = xl.Document(text, lang=lang)
        found = xl.predict(model, document, progress=False)
        if not found.spans or n == 0:
            continue
        query = xl.Query(model, document, [xl.Target(found.spans[int(np.argmax(found.confidence))])])
        if query.n_units in UNITS:
            keep = (np.arange(2**query.n_units)[:, None] >> np.arange(query.n_units) & 1).astype(bool)
            game = table_game(query.value(keep))
            yield Known(game, xl.explain(game, xl.Exact()).scores[:, 0])
            n -= 1


def demo(n_each: int) -> dict[str, list[Known]]:
    """Sentences of all three languages."""
    return {f"demo model, {lang}": list(demo_sentences(lang, n_each)) for lang in ("zh", "nl", "en")}


@dataclass(frozen=True)
class RandomScores:
    """Nothing but noise: what a ranking that knows nothing reaches."""


RANKERS = (
    xl.Occlusion(),
    xl.KernelShap(),
    xl.PermutationShap(),
    xl.Banzhaf(),
    xl.Lime(),
    xl.IntegratedGradients(),
    xl.GradientInput(),
    xl.SmoothGrad(),
    xl.AttnLRP(),
    xl.GradientAttention(),
    xl.AttentionRollout(),
    RandomScores(),
)
QUESTIONS = ("span", "type", "left margin", "right margin")


def entities(lang: str, n: int) -> list[tuple[xl.Document, int]]:
    """Planted test documents, each with the place of one of its entities."""
    documents = xl.planted_documents(lang, n=n, rng=11)
    return [(document, k) for document in documents for k in range(len(document.spans))][:n]


def questions(document: xl.Document, k: int) -> dict[str, xl.Target]:
    """What can be asked about entity `k` and is decided by the rule."""
    span = document.spans[k]
    other = "Test" if span.label == "Chemical" else "Chemical"
    asked = {
        "span": xl.Target(span),
        "type": xl.Target(span, versus=other),
        "left margin": xl.Target(span, margin="left"),
    }
    if not document.meta["planted"]["entities"][k]["longer"][1]:
        asked["right margin"] = xl.Target(span, margin="right")
    return asked


def ranking(scores: Floats, truth: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Recall among the first units, as many as decide, and average precision; of absolute scores float[units]."""
    first = np.argsort(-np.abs(scores), kind="stable")[: truth.sum()]
    return float(truth[first].mean()), float(average_precision_score(truth, np.abs(scores)))


def scores_of(method: Method | RandomScores, query: xl.Query, rng: int) -> Floats:
    """float[active units] of a query with one target."""
    if isinstance(method, RandomScores):
        return np.random.default_rng(rng).random(int(query.active.sum()))
    return np.asarray(xl.explain(query, method, rng=rng).scores[query.active, 0])


def ranked(lang: str, n: int) -> dict[tuple[str, str], list[tuple[str, float, float]]]:
    """(document, recall, average precision) of `n` entities by method and question.

    All questions about an entity share the seed, and so the rows of a method.
    """
    model, found = xl.planted_model(), {}
    for seed, (document, k) in enumerate(entities(lang, n)):
        whole = xl.Query(model, document)
        for name, target in questions(document, k).items():
            query = whole.with_targets([target]).context()
            truth = xl.planted_truth(document, query.units, target)[query.active]
            for method in RANKERS:
                measured = ranking(scores_of(method, query, seed), truth)
                found.setdefault((type(method).__name__, name), []).append((document.id, *measured))
    return found


def cell(rows: list[tuple[str, float, float]], which: int) -> str:
    """Mean and interval as they are printed."""
    if not rows:
        return "no such entity"
    figure = bootstrap_mean([row[which] for row in rows], [row[0] for row in rows])
    bounds = "" if figure.interval is None else f" ({figure.interval[0]:.2f}–{figure.interval[1]:.2f})"
    return f"{figure.value:.2f}{bounds}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=40)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")  # of other libraries
    rows = []
    for lang in ("zh", "nl", "en"):
        found = ranked(lang, asked.entities)
        for method in (type(one).__name__ for one in RANKERS):
            cells = (cell(found.get((method, q), []), which) for q in QUESTIONS for which in (1, 2))
            rows.append([lang, method, *cells])
            print(" | ".join(rows[-1]), flush=True)
    head = ["language", "method", *(f"{q}: {what}" for q in QUESTIONS for what in ("recall", "AUPRC"))]
    how = (
        f"`python benchmarks/known_truth.py {' '.join(sys.argv[1:])}`, {machine()}. Planted documents (test part) "
        "under the planted model, context arm, default settings of every method; deciding units ranked by absolute "
        "score. A span is decided by its trigger and both markers, its type (against the other one) by the trigger, "
        "its left margin by trigger and left marker, its right margin (entities without their suffix) by the right "
        "marker. Mean over entities, 95 % bootstrap over documents."
    )
    write_section("known_truth.py", f"{how}\n\n{table(head, rows)}")


if __name__ == "__main__":
    main()
