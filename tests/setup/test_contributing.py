"""The explainer that CONTRIBUTING.md shows is one: its code runs and its scores are right."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from explain_lib.attribution import Exact
from explain_lib.perturbation.game import Game

PAGE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The one Python block of the page, as a module."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    module = ModuleType("contributing")
    monkeypatch.setitem(sys.modules, "contributing", module)  # dataclasses look their module up
    exec(compile(textwrap.dedent(block), "CONTRIBUTING.md", "exec"), module.__dict__)
    return module


def test_the_shown_explainer_scores_what_it_says(shown: ModuleType) -> None:
    weights, kept_share = np.array([2.0, -1.0, 0.5, 0.0]), 0.8
    game = Game(lambda keep: keep @ weights + 0.5 * (keep[:, 0] & keep[:, 1]), 4)
    truth = weights + 0.5 * kept_share * np.array([1.0, 1.0, 0.0, 0.0])  # the partner is there with that chance
    found = shown.MostlyKept(kept_share, budget=4000).attribute(game, np.random.default_rng(0))
    assert np.all(np.abs(found.scores[:, 0] - truth) < 4 * found.std_error[:, 0])
    assert found.n_evals <= 4000
    half = shown.MostlyKept(0.5, budget=4000).attribute(game, np.random.default_rng(0))
    shapley = Exact().attribute(game, np.random.default_rng(0))  # agrees with Banzhaf where units act in pairs
    assert np.all(np.abs(half.scores - shapley.scores) < 4 * half.std_error)
