"""`explain`: a question and a method in, an Attribution out."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution, Document, Provenance, Target, Units
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, describe, seed_for

from .estimate import Method


def explain(question: Query | Game, method: Method, rng: Rng = 0) -> Attribution:
    """Score every unit for every target of a query, or of a game.

    Targets that are read in different windows are one game per window, each with the whole budget; rows add up in
    `n_evals`. The same int `rng` gives the same bytes, and targets explained together score as they do one at a time.
    Raises TypeError for what is no method, ValueError for a query without targets, and what the method raises.
    """
    if isinstance(method, type) or not hasattr(method, "attribute"):
        got = f"the class {method.__name__}" if isinstance(method, type) else f"a {type(method).__name__}"
        raise TypeError(f"the method is {got}; give a method with its settings, such as KernelShap(budget=512).")
    source = describe(rng)  # before a Generator spawns: it says how to make the seed again
    seed = seed_for(rng, "explain")
    if isinstance(question, Game):
        part = Part(tuple(range(question.n_targets)), np.ones(question.n_units, dtype=bool), question)
        return _merge(*_named(question), [part], method, seed, Provenance(rng=source))
    if not question.targets:
        raise ValueError("the query has no targets; give it at least one: query.with_targets([Target(span)]).")
    parts = [Part(indices, part.active, part) for indices, part in question.parts()]
    return _merge(question.units, question.targets, parts, method, seed, _provenance(question, source))


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
    for part in parts:
        # Windows are different games, so that one seed for all of them costs nothing and keeps the scores of a
        # target independent of its company.
        estimate = method.attribute(part.question, np.random.default_rng(seed))
        at = list(part.targets)
        scores[:, at], std_error[:, at] = estimate.scores, estimate.std_error
        active[:, at], dof[:, at] = part.active[:, None], np.where(part.active, estimate.dof, np.inf)[:, None]
        ends[:, at] = estimate.base_value, estimate.full_value
        n_evals += estimate.n_evals
    return Attribution(
        units, targets, scores, std_error, dof, ends[0], ends[1], active, method, n_evals, provenance
    )


def _named(game: Game) -> tuple[Units, tuple[Target, ...]]:
    """Units x0, x1, … of a made-up document and targets "output 0", "output 1", … for a plain function."""
    names = [f"x{i}" for i in range(game.n_units)]
    lengths = np.array([len(name) for name in names], dtype=np.int64)
    ends = np.cumsum(lengths + 1) - 1
    document = Document(" ".join(names) or "no units", id="game")
    units = Units(document, np.stack([ends - lengths, ends], axis=1))
    return units, tuple(Target(label=f"output {i}") for i in range(game.n_targets))


def _provenance(query: Query, rng: str) -> Provenance:
    return Provenance(
        model=query.model.name,
        hiding=query.hiding.describe(query.model.vocabulary),
        score=query.score,
        arm=query.arm,
        precision=query.model.precision,
        noise_floor=float(np.max(query.noise)),
        rng=rng,
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    """Versions of this library and of those that computed the numbers (only what is loaded)."""
    loaded = [name for name in ("numpy", "torch", "transformers") if name in sys.modules]
    found: dict[str, str] = {name: str(sys.modules[name].__version__) for name in loaded}
    try:
        found["explain-workbench"] = metadata.version("explain-workbench")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        found["explain-workbench"] = "source tree"
    return found
