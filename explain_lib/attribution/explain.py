"""`explain`: a question and a method in, an Attribution out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import metadata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution, Document, FusionDetail, Provenance, Target, Units
from explain_lib.core.attribution import side_by_side
from explain_lib.models.protocols import Tick
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, child, describe, seed_for
from explain_lib.perturbation.together import answers

from .estimate import Method


def explain(question: Query | Game, method: Method, rng: Rng = 0) -> Attribution:
    """Score every unit for every target of a query, or of a game.

    Targets that are read in different windows are one game per window, each with the whole budget; rows add up in
    `n_evals`. The same int `rng` gives the same bytes, and targets explained together score as they do one at a time.
    Raises TypeError for what is no method, ValueError for a query without targets, and what the method raises.
    """
    return explanation(question, method, rng)()


def explain_many(
    questions: Sequence[Query], method: Method, rng: Rng = 0, tick: Tick | None = None
) -> list[Attribution]:
    """Explain many queries, of one text or of many: what `explain` returns for each, in the same order.

    The rows that the queries are missing are run together, in batches of like length across texts. With an int `rng`
    every query is drawn as `explain` draws it. `tick(rows done, rows in all)` is called between batches; what it raises
    stops everything, and the rows that were run stay known. Raises the error of the first query that has one.
    """
    found: dict[int, Attribution] = {}
    for index, answer in answers([explanation(question, method, rng) for question in questions], tick):
        if isinstance(answer, Exception):
            raise answer
        found[index] = answer
    return [found[index] for index in range(len(questions))]


def explanation(question: Query | Game, method: Method, rng: Rng = 0) -> Callable[[], Attribution]:
    """`explain`, ready to be called as often as one likes: the seed is settled here, so every call gives the same."""
    if isinstance(method, type) or not hasattr(method, "attribute"):
        got = f"the class {method.__name__}" if isinstance(method, type) else f"a {type(method).__name__}"
        raise TypeError(f"the method is {got}; give a method with its settings, such as KernelShap(budget=512).")
    source = describe(rng)  # before a Generator spawns: it says how to make the seed again
    return partial(_explain, question, method, seed_for(rng, "explain"), source)


def _explain(question: Query | Game, method: Method, seed: np.random.SeedSequence, source: str) -> Attribution:
    if isinstance(question, Game):
        part = Part(tuple(range(question.n_targets)), np.ones(question.n_units, dtype=bool), question)
        return _merge(*named(question), [part], method, seed, Provenance(rng=source))
    if not question.targets:
        raise ValueError("the query has no targets; give it at least one: query.with_targets([Target(span)]).")
    parts = [Part(indices, part.active, part) for indices, part in question.parts()]
    return _merge(question.units, question.targets, parts, method, seed, provenance_of(question, source))


class Part(NamedTuple):
    """What is explained in one go: some of the targets, and `active` bool[units] for them."""

    targets: tuple[int, ...]
    active: npt.NDArray[np.bool_]
    question: Query | Game


def _merge(
    units: Units,
    targets: tuple[Target, ...],
    parts: list[Part],
    method: Method,
    seed: np.random.SeedSequence,
    provenance: Provenance,
) -> Attribution:
    """Explain each part and put the results side by side."""
    shape = (len(units), len(targets))
    scores, std_error, dof = np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    active, ends, n_evals = np.zeros(shape, dtype=bool), np.zeros((2, len(targets))), 0
    details: list[FusionDetail] = []
    for part in parts:
        # Windows are different games, so that one seed for all of them costs nothing and keeps the scores of a
        # target independent of its company.
        fresh = child(seed)  # spawning counts in the seed itself
        estimate = method.attribute(part.question, np.random.default_rng(fresh))
        at = list(part.targets)
        scores[:, at], std_error[:, at] = estimate.scores, estimate.std_error
        active[:, at], dof[:, at] = part.active[:, None], np.where(part.active[:, None], estimate.dof, np.inf)
        ends[:, at] = estimate.base_value, estimate.full_value
        n_evals += estimate.n_evals
        details += [] if estimate.fusion is None else [estimate.fusion]
        if estimate.stopped:  # the budget is spent where one window spends it
            provenance = replace(provenance, stopped=min(provenance.stopped or "tolerance", estimate.stopped))
    fusion = side_by_side(details, [part.targets for part in parts]) if details else None
    return Attribution(
        units, targets, scores, std_error, dof, ends[0], ends[1], active, method, n_evals, provenance, fusion
    )


def named(game: Game) -> tuple[Units, tuple[Target, ...]]:
    """Units x0, x1, … of a made-up document and targets "output 0", "output 1", … for a plain function."""
    names = [f"x{i}" for i in range(game.n_units)]
    lengths = np.array([len(name) for name in names], dtype=np.int64)
    ends = np.cumsum(lengths + 1) - 1
    document = Document(" ".join(names) or "no units", id="game")
    units = Units(document, np.stack([ends - lengths, ends], axis=1))
    return units, tuple(Target(label=f"output {i}") for i in range(game.n_targets))


def provenance_of(query: Query, rng: str) -> Provenance:
    """Where a result on this query comes from; `rng` as `describe` shows it."""
    return Provenance(
        model=query.model.name,
        hiding=query.hiding.describe(query.model.vocabulary),
        score=query.score,
        arm=query.arm,
        precision=query.model.precision,
        noise_floor=float(np.max(query.noise)),
        rng=rng,
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Versions of this library and of those that computed the numbers (only what is loaded)."""
    loaded = [name for name in ("numpy", "torch", "transformers") if name in sys.modules]
    found: dict[str, str] = {name: str(sys.modules[name].__version__) for name in loaded}
    try:
        found["explain-workbench"] = metadata.version("explain-workbench")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        found["explain-workbench"] = "source tree"
    return found
