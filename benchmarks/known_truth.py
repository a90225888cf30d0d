"""Games whose Shapley values are known: made-up ones, and the demo model's sentences as tables of all their rows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import explain_lib as xl
from explain_lib.perturbation.game import Game

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
