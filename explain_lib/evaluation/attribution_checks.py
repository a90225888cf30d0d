"""Checks of explanations: they add up, and they recover a rule that was planted."""

from __future__ import annotations

import numpy as np

from explain_lib.attribution import IntegratedGradients, KernelShap, PermutationShap, PerUnit, explain
from explain_lib.perturbation import Query

from .check_report import Check, at_most, not_done
from .planted_rule import planted

FEW = PerUnit(6)


def sums(query: Query, rng: int) -> Check:
    """KernelShap and PermutationShap add up to full − base."""
    gaps = [np.abs(explain(query, m, rng=rng).completeness_gap).max() for m in (KernelShap(FEW), PermutationShap(FEW))]
    return at_most("scores add up", max(gaps), 1e-6, "gap between the sum of Shapley values and full − base")


def gradient_gap(query: Query) -> Check:
    """Integrated gradients close their gap."""
    name = "integrated gradients close their gap"
    try:
        result = explain(query, IntegratedGradients(steps=64))
    except (AttributeError, NotImplementedError, TypeError) as error:
        return not_done(name, f"the model offers no gradients ({type(error).__name__})")
    change = np.abs(result.full_value - result.base_value)
    value = (np.abs(result.completeness_gap) / np.maximum(change, 1)).max()
    return at_most(name, value, 0.05, "completeness gap of 64 nodes, over full − base: the gradients are the score's")


def recovers_a_planted_rule(query: Query, rng: int) -> Check:
    """A known function of piece ids in place of the scores: its Shapley values must come back."""
    name = "a planted rule is recovered"
    if not query.hiding.keeps_length or query.hiding.draws > 1 or query.active.sum() < 2:
        return not_done(name, "it needs two active units and a hiding that keeps the length and draws nothing")
    asked, truth = planted(query)
    methods = KernelShap(FEW), PermutationShap(FEW)
    value = max(np.abs(explain(asked, method, rng=rng).scores - truth).max() for method in methods)
    return at_most(name, value, 1e-6, "largest error of the scores of a known function of piece ids")
