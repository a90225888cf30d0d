"""`subtract`: one attribution minus another of the same question, with its error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explain_lib.core import Attribution, Provenance
from explain_lib.core.attribution import Floats

_ALIKE = ("hiding", "score", "arm")


def subtract(after: Attribution, before: Attribution) -> Attribution:
    """What one attribution says more than another: the same method and question under two models.

    Scores, `base_value` and `full_value` are differences, after − before. Units are active where both attributions have
    them active and score exactly 0 elsewhere; then the completeness gap holds what only one of the models could see.
    Standard errors are roots of sums of squares, with Welch's degrees of freedom: right for runs with seeds of their
    own (`explain(…, rng=0)` and `rng=1`), NaN where either is unknown, 0 where both are exact. `n_evals` is the sum.

    Raises ValueError unless units, targets, method, hiding, score and arm are the same: other differences have no
    meaning. Two tokenizers may cut a text into other units; `shared_units` gives those that both can read.
    """
    _check(after, before)
    active = after.active & before.active
    squares = [np.where(active, one.std_error, 0.0) ** 2 for one in (after, before)]
    total = squares[0] + squares[1]
    return replace(
        after,
        scores=np.where(active, after.scores - before.scores, 0.0),
        std_error=np.sqrt(total),
        dof=_welch(squares, total, (after.dof, before.dof)),
        base_value=after.base_value - before.base_value,
        full_value=after.full_value - before.full_value,
        active=active,
        n_evals=after.n_evals + before.n_evals,
        provenance=_provenance(after.provenance, before.provenance),
        fusion=None,
    )


def _welch(squares: list[Floats], total: Floats, dofs: tuple[Floats, Floats]) -> Floats:
    """Degrees of freedom of a difference of means; infinite where nothing was drawn."""
    with np.errstate(invalid="ignore", divide="ignore"):
        spent = sum(np.where(square == 0, 0.0, square**2 / dof) for square, dof in zip(squares, dofs, strict=True))
        return np.where(total == 0, np.inf, total**2 / spent)


def _provenance(after: Provenance, before: Provenance) -> Provenance:
    return replace(
        after,
        model=f"{after.model} − {before.model}",
        score=f"difference of {after.score.replace('_', '-')}" if after.score else "",
        precision=" − ".join(dict.fromkeys((after.precision, before.precision))),
        noise_floor=float(np.hypot(after.noise_floor, before.noise_floor)),
        rng=", ".join(dict.fromkeys((after.rng, before.rng))),
        stopped=" − ".join(dict.fromkeys((after.stopped, before.stopped))),
    )


def _check(after: Attribution, before: Attribution) -> None:
    if after.units.document.text != before.units.document.text or not np.array_equal(
        after.units.bounds, before.units.bounds
    ):
        raise ValueError(
            "the attributions are about different texts or units; ask both models a Query on "
            "shared_units([one, other], document)."
        )
    said = [
        {"targets": [t.name for t in one.targets], "method": repr(one.method)}
        | {name: getattr(one.provenance, name) for name in _ALIKE}
        for one in (after, before)
    ]
    for name, value in said[0].items():
        if value != said[1][name]:
            raise ValueError(f"{name} is {value!r} and {said[1][name]!r}; subtract attributions that share it.")
