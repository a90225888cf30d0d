"""The programme of fusion against brute force, and what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import minimize

from explain_lib.fusion.programme import LEAST_STABILITY, FusionTrade, Losses, _drawn_back, solve
from explain_lib.fusion.quadratic import Quadratic, mean_of, squared_error, squared_size

TRADE = FusionTrade()


def drawn(seed: int, n_members: int, n_rows: int = 40, frozen: bool = False) -> Losses:
    """Members that see the truth with noise of different size, scaled to it."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n_rows)
    seen = truth[:, None] + rng.normal(size=(n_rows, n_members)) * rng.uniform(0.3, 2, n_members)
    seen *= (seen * truth[:, None]).mean(axis=0) / (seen**2).mean(axis=0)
    changes = rng.normal(size=(8, 10, n_members)) * rng.uniform(0.01, 2, n_members)
    if frozen:
        changes[..., 0] = 0
    near = squared_error(seen[:6] + rng.normal(size=(6, n_members)), truth[:6])
    return Losses(squared_error(seen, truth), squared_size(changes), near)


def scales(losses: Losses, reference: int) -> list[float]:
    least = LEAST_STABILITY * losses.faith.constant
    return [max(q.alone()[reference], least) for q in losses.present()]


def objective(losses: Losses, reference: int, weights: np.ndarray, trade: FusionTrade = TRADE) -> float:
    """In plain words: shares times relative losses."""
    shares = (1 - trade.stability, trade.stability, trade.boundary)
    at = zip(shares, losses.present(), scales(losses, reference), strict=True)
    return sum(share * q(weights) / scale for share, q, scale in at)


def excess(losses: Losses, reference: int, weights: np.ndarray) -> float:
    """The largest relative excess over the reference; at most 0 is feasible."""
    alone = np.eye(len(weights))[reference]
    at = zip(losses.present(), scales(losses, reference), strict=True)
    return max((q(weights) - q(alone)) / scale for q, scale in at)


@given(st.integers(0, 10**6), st.integers(1, 10), st.booleans())
def test_what_comes_back_is_feasible_and_no_worse_than_the_reference(seed: int, n: int, frozen: bool) -> None:
    losses = drawn(seed, n, frozen=frozen)
    reference = seed % n
    found = solve(losses, reference, TRADE)
    assert abs(found.weights.sum() - 1) < 1e-12
    assert found.weights.min() >= 0
    assert excess(losses, reference, found.weights) <= 1e-9
    alone = np.eye(n)[reference]
    assert objective(losses, reference, found.weights) <= objective(losses, reference, alone) + 1e-12
    if not found.is_improvement:
        assert found.weights.tolist() == alone.tolist()


@pytest.mark.parametrize("seed", range(12))
def test_three_members_against_a_fine_grid(seed: int) -> None:
    losses, step = drawn(seed, 3, frozen=seed % 3 == 0), 400
    reference = int(np.argmin(losses.faith.alone()))
    found = solve(losses, reference, TRADE)
    grid = [np.array([i, j, step - i - j]) / step for i in range(step + 1) for j in range(step + 1 - i)]
    weights = np.array(grid)
    values = {
        q: np.einsum("ni,ij,nj->n", weights, q.matrix, weights) - 2 * weights @ q.linear + q.constant
        for q in losses.present()
    }
    alone = np.eye(3)[reference]
    allowed = np.all([v <= q(alone) + 1e-12 for q, v in values.items()], axis=0)
    at = zip((0.7, 0.3, 0.3), values.values(), scales(losses, reference), strict=True)
    total = sum(share * v / scale for share, v, scale in at)
    best = total[allowed].min()
    assert objective(losses, reference, found.weights) <= best + 1e-9
    assert objective(losses, reference, found.weights) >= best - 0.02  # the grid is no finer


@pytest.mark.parametrize("seed", range(20))
def test_as_good_as_the_best_of_a_general_solver_from_many_starts(seed: int) -> None:
    n = 3 + seed % 6
    losses = drawn(seed, n)
    reference = int(np.argmin(losses.faith.alone()))
    found = solve(losses, reference, TRADE)
    limits = [{"type": "eq", "fun": lambda w: w.sum() - 1}]
    limits.append({"type": "ineq", "fun": lambda w: -excess(losses, reference, w)})
    best = np.inf
    for start in np.random.default_rng(seed).dirichlet(np.ones(n), 4):
        other = minimize(lambda w: objective(losses, reference, w), start, bounds=[(0, 1)] * n, constraints=limits).x
        if excess(losses, reference, other) <= 1e-7 and abs(other.sum() - 1) < 1e-9:
            best = min(best, objective(losses, reference, other))
    assert objective(losses, reference, found.weights) <= best + 1e-6


@pytest.mark.parametrize("unit", [1e-3, 1e3])
def test_boundaries_have_a_unit_of_their_own(unit: float) -> None:
    """The score in another unit changes no weight, also where m0 knows its boundaries perfectly."""
    losses, truth = drawn(4, 3), np.random.default_rng(5).normal(size=6)
    near = squared_error(truth[:, None] + np.outer(truth, [0, 0.3, -0.2]), truth)
    other = Losses(losses.faith.times(unit**2), losses.stability.times(unit**2), near.times(1 / near.constant))
    same = Losses(losses.faith, losses.stability, other.boundary)
    reference = 0
    found = [solve(one, reference, FusionTrade(slack=0.5)).weights for one in (same, other)]
    np.testing.assert_allclose(found[1], found[0], atol=1e-4)


@given(st.integers(0, 10**6), st.integers(2, 6))
def test_the_identity_of_a_mixture(seed: int, n: int) -> None:
    """Qf(w) = Σ w Qf(m) − Σ w E[(I·(φm − φw))²]."""
    rng = np.random.default_rng(seed)
    parts, truth, w = rng.normal(size=(30, n)), rng.normal(size=30), rng.dirichlet(np.ones(n))
    loss = squared_error(parts, truth)
    spread = ((parts - (parts @ w)[:, None]) ** 2).mean(axis=0)
    assert np.isclose(loss(w), w @ loss.alone() - w @ spread)
    assert np.isclose(loss(w), np.mean((parts @ w - truth) ** 2))


def test_the_case_of_the_notes() -> None:
    """Four noisy members and a constant: stability alone takes the constant, all three together do not."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=40)
    levels = np.array([0.8, 1.0, 1.2, 1.4])
    here = truth[:, None] + rng.normal(size=(40, 4)) * levels * 0.6
    there = truth[:, None] + rng.normal(size=(20, 40, 4)) * levels * 0.6
    constant = rng.normal(size=40) * 0.3
    hidden = (rng.random((400, 40)) < 0.15).astype(float)
    members = np.column_stack([here, constant])
    faith = squared_error(hidden @ members, hidden @ truth)
    changes = np.concatenate([there - here, np.zeros((20, 40, 1))], axis=2)
    stable = squared_size(changes)
    losses = Losses(faith, stable)
    best = int(np.argmin(faith.alone()))

    zero = Quadratic(np.zeros((5, 5)), np.zeros(5))
    only = solve(Losses(stable), best, FusionTrade(stability=0))
    assert only.weights[4] == pytest.approx(1, abs=1e-3)
    assert stable(only.weights) < 1e-3 * stable.alone()[best]
    assert faith(only.weights) > 3 * faith.alone()[best]

    joint = solve(losses, best, TRADE)
    assert joint.is_improvement
    assert joint.weights[4] < 0.2
    assert faith(joint.weights) < 0.7 * faith.alone()[best]
    assert stable(joint.weights) < 0.6 * stable.alone()[best]
    assert zero(joint.weights) == 0


def test_a_perfect_reference_is_not_left() -> None:
    truth = np.random.default_rng(1).normal(size=30)
    losses = Losses(squared_error(np.stack([truth, truth + 1], axis=1), truth))
    found = solve(losses, 0, TRADE)
    assert found.weights.tolist() == [1, 0]
    assert not found.is_improvement


def test_a_perfect_stable_reference_leaves_no_room_and_no_error() -> None:
    truth = np.random.default_rng(1).normal(size=30)
    seen = np.stack([truth, truth * 0.5, truth * 2], axis=1) * 0.1
    losses = Losses(squared_error(seen, 0.1 * truth), squared_size(np.zeros((3, 5, 3))))
    for reference in range(3):
        found = solve(losses, reference, TRADE)
        assert excess(losses, reference, found.weights) <= 1e-9
    assert solve(losses, 0, TRADE).weights[0] == pytest.approx(1)


def test_corpus_weights_pull() -> None:
    losses = drawn(3, 4)
    pull = np.array([0.1, 0.2, 0.3, 0.4])
    found = [solve(losses, 0, FusionTrade(corpus=c), pull).weights for c in (0.0, 1.0, 10.0)]
    far = [np.linalg.norm(w - pull) for w in found]
    assert far[0] > far[1] > far[2]


def test_a_guide_leads_and_the_limits_stay() -> None:
    losses, guide = drawn(5, 4), drawn(6, 4)
    found = solve(losses, 1, TRADE, guide=mean_pair(losses, guide))
    assert excess(losses, 1, found.weights) <= 1e-9


def mean_pair(one: Losses, other: Losses) -> Losses:
    pairs = zip(one.present(), other.present(), strict=True)
    return Losses(*(mean_of(pair) for pair in pairs))


def test_slack_buys_stability() -> None:
    for seed in range(8):
        losses = drawn(seed, 4)
        reference = int(np.argmin(losses.faith.alone()))
        tight, loose = (solve(losses, reference, FusionTrade(0.6, 0, 0, slack)).weights for slack in (0.0, 0.1))
        assert losses.stability is not None
        assert losses.stability(loose) <= losses.stability(tight) * (1 + 1e-6)
        assert losses.faith(loose) <= 1.1 * losses.faith.alone()[reference] * (1 + 1e-9)
        assert losses.stability(loose) <= losses.stability.alone()[reference] * (1 + 1e-9)


def test_a_trade_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"FusionTrade\(stability=1\.2, .*stability must lie between 0 and 1"):
        FusionTrade(stability=1.2)


@pytest.mark.parametrize("seed", range(10))
def test_a_point_outside_the_limits_is_drawn_back_to_the_best_one_on_the_way(seed: int) -> None:
    losses, start = drawn(seed, 4), np.eye(4)[seed % 4]
    far = np.random.default_rng(seed).dirichlet(np.ones(4) * 0.3)
    reference = seed % 4
    limits = [(q.times(1 / q(start)), 1.0) for q in losses.present()]
    wanted = losses.present()[0]
    found = _drawn_back(start, far, wanted, limits)
    ways = [(1 - t) * start + t * far for t in np.linspace(0, 1, 2001)]
    allowed = [w for w in ways if excess(losses, reference, w) <= 1e-9]
    assert excess(losses, reference, found) <= 1e-9
    if excess(losses, reference, far) > 1e-6:
        assert wanted(found) <= min(map(wanted, allowed)) + 1e-6
