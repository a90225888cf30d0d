"""Numeric cases with known answers for pairwise interactions (A18, A19, A21 of the project's yardstick)."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import harsanyi_game, masked, net_m, table_game

from explain_lib.attribution import FaithBanzhaf, FaithShap, PerPair, ShapleyInteraction, interactions
from explain_lib.perturbation.game import Game

INDICES = [FaithShap(), FaithBanzhaf(), ShapleyInteraction()]
DRAWN = [FaithShap(PerPair(3)), FaithBanzhaf(PerPair(3)), ShapleyInteraction(PerPair(3))]
each = pytest.mark.parametrize("method", INDICES, ids=repr)


@each
def test_a18_two_units_two_outputs(method):
    """v(∅)=(0,10), v(a)=(2,20), v(b)=(3,30), v(ab)=(8,80): the units add 3 and 40 together."""
    found = interactions(table_game(np.array([[0, 10], [2, 20], [3, 30], [8, 80]], dtype=float)), method)
    np.testing.assert_allclose(found.scores[0, 1], [3, 40], atol=1e-12)
    np.testing.assert_allclose(found.main, [[2, 10], [3, 20]], atol=1e-12)


@pytest.mark.parametrize("n", [4, 5, 7, 13])
@pytest.mark.parametrize("method", [*INDICES, *DRAWN], ids=repr)
def test_a19_one_pair_of_partners(method, n):
    found = interactions(Game(lambda keep: keep.sum(axis=1) / n + (keep[:, 1] & keep[:, 2]), n), method)
    expected = np.eye(n) / n
    expected[1, 2] = expected[2, 1] = 1
    np.testing.assert_allclose(found.scores[..., 0], expected, atol=1e-9)
    assert np.nanmax(found.std_error) < 1e-9


@pytest.mark.parametrize("n", [5, 12])
@pytest.mark.parametrize("method", [*INDICES, *DRAWN], ids=repr)
def test_a21_null_unit_of_a_weighted_game(method, n):
    singles = [((i,), [w]) for i, w in enumerate([0, 0.2, -0.1, -0.9, 0])]
    found = interactions(harsanyi_game(n, [*singles, ((1, 3), [0.3]), ((2, 3), [0.4])])[0], method)
    expected = np.zeros((n, n))
    expected[np.arange(5), np.arange(5)] = [0, 0.2, -0.1, -0.9, 0]
    expected[[1, 3], [3, 1]], expected[[2, 3], [3, 2]] = 0.3, 0.4
    np.testing.assert_allclose(found.scores[..., 0], expected, atol=1e-9)
    assert np.abs(found.scores[[0, 4]]).max() < 1e-9


@each
def test_a4_units_do_not_interact_where_net_m_is_linear(method):
    found = interactions(masked(net_m, (20, 50, 30), (10, 20, 10), 2), method)
    np.testing.assert_allclose(found.main, [[40, 40], [120, 120], [80, 80]], atol=1e-9)
    np.testing.assert_allclose(found.scores[~np.eye(3, dtype=bool)], 0, atol=1e-9)
