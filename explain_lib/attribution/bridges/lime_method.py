"""`LimeMethod`: the explainers of lime on a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import BlackBox
from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game

from .asked_rows import AskedRows
from .settings import Settings, check_class, family_of, sort_settings, written

Floats = npt.NDArray[np.float64]
KEPT, HIDDEN = "1", "0"
FILLED = (
    "text_instance", "data_row", "training_data", "classifier_fn", "predict_fn", "labels", "top_labels",
    "random_state", "char_level", "bow", "split_expression", "mask_string", "mode", "training_labels",
    "feature_names", "categorical_features", "categorical_names", "class_names", "discretize_continuous",
    "discretizer", "sample_around_instance", "training_data_stats",
)  # fmt: skip
REFUSED = {
    "RecurrentTabularExplainer": "its features are steps of a series; use LimeTabularExplainer",
    "LimeImageExplainer": "it explains pictures",
}


@dataclass(frozen=True, repr=False)
class LimeMethod(BlackBox):
    """lime.lime_text.LimeTextExplainer or lime.lime_tabular.LimeTabularExplainer, with settings.

    The text explainer reads a string with one character per active unit, so that its words are the query's units:
    its own splitting takes a Chinese clause for one word and joins equal words. The tabular one reads a table with a
    column per active unit. All hiding is the query's; rows are shared, and games work too.

    `settings` go by name to the constructor or to `explain_instance`. Silent defaults that are replaced unless set:
    5000 samples by `budget`, a bound on distinct rows; the ten largest features by all of them
    (feature_selection="none"). Defaults that stay: cosine distance and a kernel 25 wide in hundredths (text), or
    Euclidean and ¾ √units (tabular), and a ridge of strength 1. The text explainer scores all targets from one
    sample, the tabular one target by target on the same draws. Scores are slopes: they do not add up to full − base.
    The error is NaN, since lime tells none; `Lime` does. TypeError for what is no class of lime, ValueError for a
    class that cannot explain a query, and for settings that it does not know.
    """

    method: type
    settings: Settings = field(default_factory=dict, hash=False)
    budget: Budget = PerUnit(20)

    def __post_init__(self) -> None:
        check_class(self.method, "lime", "lime.lime_text.LimeTextExplainer")
        object.__setattr__(self, "settings", dict(self.settings))
        if self._family in REFUSED or not self._family:
            why = REFUSED.get(self._family, "it is no explainer of a text or a table")
            raise ValueError(f"lime's {self.method.__name__} cannot explain a query: {why}.")

    def __repr__(self) -> str:
        return written("LimeMethod", self.method, self.settings, budget=self.budget)

    @property
    def _family(self) -> str:
        return family_of(self.method, "lime", {"LimeTextExplainer", "LimeTabularExplainer", *REFUSED})

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a game from rows drawn by a seed of `rng`."""
        from lime.lime_text import LimeTextExplainer

        cls: Any = self.method
        create, call = sort_settings(cls, self.settings, [cls.__init__, cls.explain_instance], FILLED)
        n_samples = max(allowed_rows(self.budget, game.n_units) - 1, 2)  # the empty row is asked for beside them
        create = {"feature_selection": "none", "random_state": int(rng.integers(2**32)), **create}
        call = {"num_samples": n_samples, "num_features": game.n_units, **call}
        asked = AskedRows(game)
        run = text_scores if issubclass(cls, LimeTextExplainer) else table_scores
        return asked.estimate(run(cls, create, call, asked), is_sampled=True)


def text_scores(cls: Any, create: dict[str, Any], call: dict[str, Any], asked: AskedRows) -> Floats:
    """float64[units, targets] by the text explainer, on a string of ones in which a hidden unit is a zero."""
    n_units, targets = asked.game.n_units, range(asked.game.n_targets)

    def values(strings: Sequence[str]) -> Floats:
        return asked.values([[int(sign) for sign in string] for string in strings])

    explainer = cls(char_level=True, bow=False, mask_string=HIDDEN, **create)
    found = explainer.explain_instance(KEPT * n_units, values, labels=tuple(targets), **call)
    return np.stack([_slopes(found.local_exp[target], n_units) for target in targets], axis=1)


def table_scores(cls: Any, create: dict[str, Any], call: dict[str, Any], asked: AskedRows) -> Floats:
    """float64[units, targets] by the tabular explainer, on a table whose columns are kept or hidden alike often."""
    n_units = asked.game.n_units
    table, columns = np.array([[0.0], [1.0]]).repeat(n_units, axis=1), list(range(n_units))

    def values_of(target: int) -> Callable[[Floats], Floats]:
        return lambda rows: asked.values(rows)[:, target]

    scores = []
    for target in range(asked.game.n_targets):
        explainer = cls(
            table, mode="regression", categorical_features=columns, discretize_continuous=False, **create
        )
        found = explainer.explain_instance(np.ones(n_units), values_of(target), **call)
        scores.append(_slopes(found.local_exp[1], n_units))
    return np.stack(scores, axis=1)


def _slopes(pairs: Sequence[tuple[int, float]], n_units: int) -> Floats:
    """float64[units] from (unit, slope) pairs; 0 for a unit that lime left out."""
    slopes = np.zeros(n_units)
    for unit, slope in pairs:
        slopes[int(unit)] = slope
    return slopes
