"""Owen values: Shapley values that respect groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from explain_lib.attribution.estimate import Estimate
from explain_lib.core.hierarchy import Hierarchy
from explain_lib.corpora import clauses, sentences, words
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.nested_orders import (
    chains, count_nested_rows, nested_contexts, nested_order_pairs,
)  # fmt: skip

from .moderation import moderated_error
from .permutation_shap import order_gains
from .recipe import BlackBox, ask, exact_estimate
from .structure import Levels, describe, structure_of

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True)
class Owen(BlackBox):
    """Mean gain of a unit over the orders in which each group arrives as a whole, at every level.

    `levels` are given from fine to coarse: functions that cut a document (so that the method runs on any text), Units
    such as `entity_units(doc, pred.spans)`, or a `Hierarchy` of the units' indices. Units outside all groups stand
    alone. `halved` cuts every group of more than two into halves of neighbours: on such a binary tree (the values
    that shap's Partition explainer converges to) the exact result takes about ⅔ · units² rows where it is balanced.

    Where all rows of the orders fit the budget the result is exact. Else an order and its reverse are one draw of at
    most 2 · units rows, as many as fit, without replacement; the error is that of `PermutationShap` with the
    finite-population factor, with pairs + 1 degrees of freedom, NaN for a single pair. Scores always add up to
    full − base, and those of a group to its worth. ValueError where no pair fits. A unit's score depends on the
    groups: for a ranking of units whatever their sentence use `PermutationShap`. Source: Owen (1977); several
    levels: Winter (1989).
    """

    levels: Levels = (words, clauses, sentences)
    halved: bool = False
    budget: Budget = PerUnit(20)
    asks_once: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not isinstance(self.levels, Hierarchy | Sequence):
            raise TypeError(f"levels is a {type(self.levels).__name__}; give a list such as [words, sentences].")
        if not isinstance(self.levels, Hierarchy):
            object.__setattr__(self, "levels", tuple(self.levels))

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score a game, or the active units of a query, under the groups of its text."""
        found = structure_of(question, self.levels)
        return super(Owen, replace(self, levels=found)).attribute(question, rng)

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units from orders drawn by `rng`."""
        found = structure_of(game, self.levels)
        tree = found.halved() if self.halved else found
        n_rows = allowed_rows(self.budget, game.n_units)
        if count_nested_rows(tree) <= n_rows:
            return owen_from_all(game, tree)
        orders, share = nested_order_pairs(tree, n_rows, rng)
        if not len(orders):
            raise ValueError(
                f"Owen got {n_rows} rows for {game.n_units} active units; one pair of orders takes "
                f"{2 * game.n_units}. Raise the budget (PerUnit(20) is the default)."
            )
        answers = ask(game, chains(orders))
        gains = order_gains(answers.values, orders)
        std_error, dof = moderated_error(gains)
        scores, std_error = gains.mean(axis=(0, 1)), std_error * np.sqrt(1 - share)
        return Estimate(scores, std_error, dof, answers.base, answers.full, answers.n_evals)

    def __repr__(self) -> str:
        return f"Owen(levels={describe(self.levels)}, halved={self.halved}, budget={self.budget!r})"


def owen_from_all(game: Game, hierarchy: Hierarchy) -> Estimate:
    """The exact Owen values of a game, from every row that an order may pass."""
    terms = list(nested_contexts(hierarchy))
    before = [context for _, context, _ in terms]
    after = [context | (np.arange(game.n_units) == unit) for unit, context, _ in terms]
    answers = ask(game, np.concatenate([*before, *after]))
    gains = np.split(answers.values, 2)
    weighted = np.concatenate([chance for *_, chance in terms])[:, None] * (gains[1] - gains[0])
    owner = np.repeat([unit for unit, *_ in terms], [len(context) for context in before])
    scores = np.zeros((game.n_units, game.n_targets))
    np.add.at(scores, owner, weighted)
    return exact_estimate(scores, answers)
