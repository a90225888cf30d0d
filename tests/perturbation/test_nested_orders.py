"""Orders in which groups stay together: what rows they pass, how often, and never twice."""

from __future__ import annotations

from collections import Counter
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Hierarchy
from explain_lib.perturbation.nested_orders import chains, count_nested_rows, nested_contexts, nested_order_pairs

TREES = [Hierarchy(t) for t in [((0, 1), (2, 3)), ((0, 1, 2), 3), (0, 1, 2), ((0, (1, 2)), (3, 4), 5), (0,)]]
each = pytest.mark.parametrize("found", TREES, ids=repr)


def keeps_together(order, node):
    """Whether the units of every group are neighbours in an order."""
    if isinstance(node, int):
        return True
    places = [np.flatnonzero(np.isin(order, leaves(child))) for child in node]
    return all(np.ptp(p) == len(p) - 1 for p in places) and all(keeps_together(order, child) for child in node)


def leaves(node):
    return [node] if isinstance(node, int) else [unit for child in node for unit in leaves(child)]


@each
@given(st.integers(0, 99))
def test_pairs_are_consistent_distinct_and_reversed(found, seed):
    orders, share = nested_order_pairs(found, 10_000, np.random.default_rng(seed))
    assert share == (1 if found.n_units > 1 else 0)
    for forward, backward in orders:
        assert sorted(forward) == list(range(found.n_units)) and keeps_together(forward, found.tree)
        np.testing.assert_array_equal(forward, backward[::-1])
    rows = {row.tobytes() for row in chains(orders)}
    if found.n_units > 1:
        assert len(rows) == count_nested_rows(found)  # all patterns together pass all rows


@each
@pytest.mark.parametrize("n_rows", [2, 6, 8, 12, 20])
def test_no_more_distinct_rows_than_allowed(found, n_rows):
    for seed in range(20):
        orders, share = nested_order_pairs(found, n_rows, np.random.default_rng(seed))
        assert len({row.tobytes() for row in chains(orders)}) <= n_rows and 0 <= share <= 1


def test_single_orders_are_uniform():
    found = Hierarchy(((0, 1), (2, 3), 4))
    n_orders = factorial(3) * 2 * 2
    drawn = Counter(
        tuple(nested_order_pairs(found, 10, np.random.default_rng(seed))[0][0, 0].tolist()) for seed in range(2400)
    )
    assert len(drawn) == n_orders
    assert sum((count - 100) ** 2 / 100 for count in drawn.values()) < 23 + 4 * np.sqrt(46)  # chi-square, 23 dof


@each
def test_contexts_are_distinct_and_their_chances_add_up(found):
    seen = {}
    for unit, before, chance in nested_contexts(found):
        seen[unit] = before
        assert not before[:, unit].any() and len({row.tobytes() for row in before}) == len(before)
        np.testing.assert_allclose(chance.sum(), 1)
    assert sorted(seen) == list(range(found.n_units))


def test_balanced_binary_trees_take_two_thirds_of_n_squared_rows():
    for n in (4, 16, 64):
        assert count_nested_rows(Hierarchy(tuple(range(n))).halved()) == (2 * n * n + 4) // 3
    assert count_nested_rows(Hierarchy(tuple(range(9)))) == 2**9
