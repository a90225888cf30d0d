"""`interactions`: a question and an index in, Interactions out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import ask
from explain_lib.attribution.explain import named, provenance_of
from explain_lib.core import Interactions, Provenance
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, describe, seed_for

from .pair_method import PairEstimate, PairMethod

Bools = npt.NDArray[np.bool_]


def interactions(
    question: Query | Game, method: PairMethod, rng: Rng = 0, among: npt.ArrayLike | None = None
) -> Interactions:
    """Score every unit alone and every pair of units, for every target of a query or of a game.

    `among` bool[units] restricts the question to some units: only these are hidden, all others stay in place, so that
    n chosen units cost n · (n − 1) / 2 unknowns whatever the text's length; `strongest_units` and `nearest_units`
    choose. Targets of different windows are one game per window. Raises TypeError for what is no interaction method
    and for an `among` that is not bool, ValueError for a query without targets, and what the method raises.
    """
    if isinstance(method, type) or not isinstance(method, PairMethod):
        got = f"the class {method.__name__}" if isinstance(method, type) else f"a {type(method).__name__}"
        raise TypeError(f"the method is {got}; give an interaction method with its settings, such as FaithShap().")
    source, seed = describe(rng), seed_for(rng, "interactions")
    allowed = _allowed(among, question.n_units)
    if isinstance(question, Game):
        (units, targets), provenance = named(question), Provenance(rng=source)
        parts: list[tuple[tuple[int, ...], Query | Game, Bools]]
        parts = [(tuple(range(question.n_targets)), question, allowed)]
    else:
        if not question.targets:
            raise ValueError("the query has no targets; give it at least one: query.with_targets([Target(span)]).")
        units, targets, provenance = question.units, question.targets, provenance_of(question, source)
        parts = [(indices, part, part.active & allowed) for indices, part in question.parts()]
    n_units, n_targets = len(units), len(targets)
    arrays = np.zeros((2, n_units, n_units, n_targets))
    dof, ends = np.full(arrays[0].shape, np.inf), np.zeros((2, n_targets))
    active, n_evals = np.zeros((n_units, n_targets), dtype=bool), 0
    for indices, part, hideable in parts:
        found = _of_part(part, hideable, method, np.random.default_rng(seed))
        columns, chosen = np.array(indices), np.flatnonzero(hideable)
        at = np.ix_(chosen, chosen, columns)
        arrays[0][at], arrays[1][at], dof[at] = found.scores, found.std_error, found.dof
        active[np.ix_(chosen, columns)] = True
        ends[:, columns] = found.base_value, found.full_value
        n_evals += found.n_evals
    return Interactions(
        units, targets, arrays[0], arrays[1], dof, ends[0], ends[1], active, method, n_evals, provenance
    )


def _allowed(among: npt.ArrayLike | None, n_units: int) -> Bools:
    chosen = np.ones(n_units, dtype=bool) if among is None else np.asarray(among)
    if chosen.dtype != np.bool_:
        raise TypeError(f"among has dtype {chosen.dtype}; it needs bool (True = the unit may be hidden).")
    if chosen.shape != (n_units,):
        raise ValueError(f"among has shape {chosen.shape}; it needs ({n_units},): one entry per unit.")
    return chosen


def _of_part(question: Query | Game, hideable: Bools, method: PairMethod, rng: np.random.Generator) -> PairEstimate:
    """The estimate over the hideable units, all others kept; rounding noise of the values joins the error."""

    def function(keep: Bools) -> npt.NDArray[np.float64]:
        rows = np.ones((len(keep), question.n_units), dtype=bool)
        rows[:, hideable] = keep
        return question.value(rows)

    game = Game(function, int(hideable.sum()), question.n_targets)
    found = method.estimate(game, rng) if game.n_units > 1 else _without_pairs(game)
    if isinstance(question, Game):
        return found
    noisy = np.hypot(found.std_error, question.noise)
    return PairEstimate(found.scores, noisy, found.dof, found.base_value, found.full_value, found.n_evals)


def _without_pairs(game: Game) -> PairEstimate:
    """No unit, or a single one, whose main effect is the whole change."""
    answers = ask(game, np.ones((0, game.n_units), dtype=bool))
    change = (answers.full - answers.base)[None, None].repeat(game.n_units, axis=0)
    scores = change.reshape(game.n_units, game.n_units, game.n_targets)
    return PairEstimate(scores, np.zeros_like(scores), np.inf, answers.base, answers.full, answers.n_evals)
