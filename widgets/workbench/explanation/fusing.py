"""Fusing what is shown side by side: what it costs, said before, and the fusion as it gets better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from explain_lib.attribution import Method
from explain_lib.core import Attribution
from explain_lib.fusion import Fused, JointFusion, fuse
from explain_lib.fusion.calibration import at_most
from explain_lib.perturbation import Query

from .growing import growing

FUSION = JointFusion()
_ENDS = 2


def fusion_cost(query: Query, methods: Sequence[Method]) -> str:
    """A bound on the rows of fusing methods whose attributions are there, without rehearsing the edits themselves.

    Every member runs once more on each edit, with at most the edits' own budget; a gradient method takes passes there.
    """
    asked, n_units = FUSION.calibration, int(query.active.sum())
    here = asked.n_rows + _ENDS * asked.n_near + _ENDS
    costs = [query.cost(at_most(method, asked.edit_budget, n_units), is_timed=False) for method in methods]
    rows = sum(cost.rows for cost in costs) + 1
    passes = sum(cost.forward + cost.backward for cost in costs)
    more = f" and about {asked.n_edits * passes} passes" if passes else ""
    name = type(FUSION).__name__
    return f"{name}: at most {here + asked.n_edits * rows} rows{more}: {here} here, the rest on {asked.n_edits} edits"


def fusing(attributions: Sequence[Attribution], query: Query) -> Iterator[Attribution]:
    """The fusion before its edits, then with them; the last one is what `fuse` gives."""
    whole = Fused([one.method for one in attributions], FUSION)
    for step in growing(whole, query):
        assert isinstance(step, Fused)
        found = fuse(attributions, query, step.fusion, rng=0)
        yield found if step is whole else replace(found, method=step)
