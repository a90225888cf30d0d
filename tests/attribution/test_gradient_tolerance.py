"""Quadrature rules, and integrated gradients whose nodes are added until the gap closes."""

from __future__ import annotations

import numpy as np
import pytest
from small_bert import HEADACHE, ZH, query, small_bert

from explain_lib.attribution import IntegratedGradients, explain
from explain_lib.attribution.gradient import integrated_gradients
from explain_lib.attribution.gradient.embedded_text import Slopes
from explain_lib.attribution.gradient.quadrature import clenshaw_curtis, gauss_legendre, running_integrals
from explain_lib.models.family import Family


@pytest.fixture(scope="module")
def tagger():
    return small_bert()


@pytest.mark.parametrize("steps", [1, 2, 5, 32])
def test_gauss_legendre_integrates_polynomials_exactly(steps):
    nodes, weights = gauss_legendre(steps)
    assert (nodes > 0).all() and (nodes < 1).all()
    for power in range(2 * steps):
        np.testing.assert_allclose(weights @ nodes**power, 1 / (power + 1), rtol=1e-12)
    assert abs(weights @ nodes ** (2 * steps) - 1 / (2 * steps + 1)) > 0


@pytest.mark.parametrize("level", range(2, 9))
def test_clenshaw_curtis_is_nested_and_its_integrals_are_those_of_polynomials(level):
    nodes = clenshaw_curtis(level)
    assert len(nodes) == 2**level + 1 and nodes[0] == 0 and nodes[-1] == 1
    np.testing.assert_array_equal(clenshaw_curtis(level + 1)[::2], nodes)
    integrals = running_integrals(nodes)
    for power in range(min(len(nodes), 30)):
        np.testing.assert_allclose(integrals @ nodes**power, nodes ** (power + 1) / (power + 1), atol=1e-13)
    assert (integrals[-1] > 0).all()  # positive weights: rounding does not grow


@pytest.mark.parametrize("tolerance", [0.3, 0.01, 1e-4])
def test_the_gap_ends_under_the_tolerance(tagger, tolerance):
    found = explain(query(tagger), IntegratedGradients(tolerance=tolerance))
    assert np.abs(found.completeness_gap).max() <= tolerance
    exact = explain(query(tagger), IntegratedGradients(steps=300))
    np.testing.assert_allclose(found.scores, exact.scores, atol=2 * tolerance)
    assert not found.std_error.any() and np.isinf(found.dof).all()


def test_a_smaller_tolerance_costs_more_nodes_of_the_nested_family(tagger):
    rows = [explain(query(tagger), IntegratedGradients(tolerance=t)).n_evals for t in (10, 0.1, 1e-3, 1e-6)]
    assert rows == sorted(rows) and rows[0] == 5 and set(rows) <= {5, 9, 17, 33, 65, 129, 257} and rows[-1] > 9


def test_max_steps_is_kept_and_the_gap_says_that_it_was_too_few(tagger):
    found = explain(query(tagger), IntegratedGradients(tolerance=1e-12, max_steps=20))
    assert found.n_evals == 17 and np.abs(found.completeness_gap).max() > 1e-12


def test_nodes_are_used_again_and_targets_that_are_done_are_left_alone(tagger, monkeypatch):
    calls = []
    plain = Family.gradients

    def counted(self, row, points, directions, events, score):
        calls.append((len(points), len(events)))
        return plain(self, row, points, directions, events, score)

    monkeypatch.setattr(Family, "gradients", counted)
    alone = [explain(query(tagger, (t,)), IntegratedGradients(tolerance=0.03)) for t in (HEADACHE, ZH)]
    calls.clear()
    together = explain(query(tagger), IntegratedGradients(tolerance=0.03))
    first, last = sorted(a.n_evals for a in alone)
    assert first < last, "the two targets of this test must need different numbers of nodes"
    assert sum(points for points, _ in calls) == together.n_evals == last
    assert sum(points * events for points, events in calls) == first + last
    for i, one in enumerate(alone):
        np.testing.assert_allclose(together.scores[:, [i]], one.scores, atol=1e-10)
        np.testing.assert_allclose(together.full_value[i], one.full_value[0], atol=1e-12)


def test_an_error_that_cancels_over_the_whole_path_is_not_taken_for_convergence(tagger, monkeypatch):
    """Two waves whose errors cancel in the rule of five nodes: only the values between the ends give them away."""
    nodes = clenshaw_curtis(2)
    waves = 3, 4
    first, second = (running_integrals(nodes)[-1] @ np.cos(2 * np.pi * n * nodes) for n in waves)
    sizes = 20 * second, -20 * first

    def at(self, nodes, targets):
        parts = [(a, 2 * np.pi * n) for a, n in zip(sizes, waves, strict=True)]
        slope = 1 + sum(a * np.cos(n * nodes) for a, n in parts)
        value = nodes + sum(a * np.sin(n * nodes) / n for a, n in parts)
        slopes = np.zeros((len(nodes), len(targets), query(tagger).n_units))
        slopes[:, :, 0] = slope[:, None]
        return Slopes(value[:, None].repeat(len(targets), axis=1), slopes)

    assert abs(running_integrals(nodes)[-1] @ at(None, nodes, [0]).slopes[:, 0, 0] - 1) < 1e-12
    monkeypatch.setattr(integrated_gradients.Path, "at", at)
    found = explain(query(tagger), IntegratedGradients(tolerance=0.01))
    assert found.n_evals > 5
    np.testing.assert_allclose(found.scores[0], 1, atol=0.01)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, r"IntegratedGradients\(steps=0\) has no node; give at least 1 step"),
        ({"tolerance": 0.0}, r"tolerance is 0.0; it must be above 0, in units of the score"),
        ({"tolerance": float("nan")}, r"tolerance is nan; it must be above 0"),
        ({"tolerance": 0.1, "max_steps": 4}, r"max_steps is 4; a tolerance needs at least 5 nodes"),
    ],
)
def test_settings_that_cannot_be(settings, message):
    with pytest.raises(ValueError, match=message):
        IntegratedGradients(**settings)
