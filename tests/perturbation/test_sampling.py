"""Samplers: what they draw, how often, and never twice where they say so."""

from __future__ import annotations

from collections import Counter
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.perturbation.budget import PerUnit, allowed_rows
from explain_lib.perturbation.sampling import (
    all_subsets, allocate, antithetic_orders, first_occurrences, leverage_pairs, pair_strata, sliding_windows,
    uniform_pairs,
)  # fmt: skip
from explain_lib.perturbation.streams import describe, seed_for, stream


def rng(seed=0):
    return np.random.default_rng(seed)


def distinct(keep):
    return {row.tobytes() for row in keep}


def test_all_subsets_are_all_subsets():
    keep = all_subsets(6).keep
    assert keep.shape == (64, 6) and len(distinct(keep)) == 64


def test_sliding_windows_hide_neighbours():
    keep = sliding_windows(5, 3).keep
    np.testing.assert_array_equal(~keep, [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1]])


@given(st.integers(2, 9), st.integers(1, 12), st.integers(0, 99))
def test_chains_walk_an_order_and_its_reverse(n, pairs, seed):
    pairs = min(pairs, factorial(n) // 2)
    sample, orders = antithetic_orders(n, pairs, rng(seed))
    keep = sample.keep.reshape(pairs, 2, n + 1, n)
    np.testing.assert_array_equal(keep.sum(axis=3), np.broadcast_to(np.arange(n + 1), (pairs, 2, n + 1)))
    arrived = (keep[:, :, 1:] & ~keep[:, :, :-1]).argmax(axis=3)
    np.testing.assert_array_equal(arrived, orders)
    np.testing.assert_array_equal(orders[:, 1], orders[:, 0, ::-1])
    assert len({frozenset((o[0].tobytes(), o[1].tobytes())) for o in orders}) == pairs
    np.testing.assert_array_equal(sample.block, np.repeat(np.arange(pairs), 2 * (n + 1)))


def test_first_orders_are_uniform():
    drawn = Counter(tuple(antithetic_orders(3, 1, rng(seed))[1][0, 0].tolist()) for seed in range(1200))
    assert len(drawn) == 6 and max(abs(count - 200) for count in drawn.values()) < 55  # 4 standard deviations


@given(st.integers(4, 24), st.integers(0, 99), st.data())
def test_leverage_pairs_are_complements_and_distinct(n, seed, data):
    pairs = data.draw(st.integers(1, min(2 ** (n - 1) - 1, 200)))
    sample = leverage_pairs(n, pairs, rng(seed))
    small, large = sample.keep[::2], sample.keep[1::2]
    np.testing.assert_array_equal(small, ~large)
    sizes = small.sum(axis=1)
    assert sizes.min() >= 1 and sizes.max() <= n // 2
    assert len(distinct(sample.keep)) == 2 * pairs
    np.testing.assert_array_equal(sample.block, np.repeat(np.arange(pairs), 2))


@given(st.integers(1, 12), st.integers(0, 99), st.data())
def test_uniform_pairs_are_complements_and_distinct(n, seed, data):
    pairs = data.draw(st.integers(0, min(2 ** (n - 1) - 1, 150)))
    sample = uniform_pairs(n, pairs, rng(seed))
    assert sample.keep.shape == (2 * pairs, n) and sample.keep[::2, 0].all()
    np.testing.assert_array_equal(sample.keep[::2], ~sample.keep[1::2])
    assert len(distinct(sample.keep)) == 2 * pairs and not sample.keep.all(axis=1).any()
    np.testing.assert_array_equal(sample.block, np.repeat(np.arange(pairs), 2))


@pytest.mark.parametrize("pairs", [2, 5])
def test_uniform_pairs_have_equal_chances(pairs):
    """Both ways of drawing: with rejection, and from the list of all seven pairs of four units."""
    counts = Counter(row.tobytes() for seed in range(700) for row in uniform_pairs(4, pairs, rng(seed)).keep[::2])
    assert len(counts) == 7 and max(abs(count - 100 * pairs) for count in counts.values()) < 4.5 * np.sqrt(100 * pairs)


def test_more_pairs_than_there_are_are_refused():
    with pytest.raises(ValueError, match="3 units have 3 pairs of complements, 4 were asked for"):
        uniform_pairs(3, 4, rng())


def test_every_size_has_the_same_leverage_in_all():
    assert pair_strata(5) == [(5, 2.0), (10, 2.0)]
    assert pair_strata(6) == [(6, 2.0), (15, 2.0), (10, 1.0)]  # ten pairs of size 3 make up its twenty subsets
    sizes = leverage_pairs(20, 190, rng()).keep[::2].sum(axis=1)
    np.testing.assert_array_equal(np.bincount(sizes)[1:], [20, *[20] * 8, 10])


@pytest.mark.parametrize("n", [7, 8])
def test_all_pairs_are_all_proper_subsets(n):
    keep = leverage_pairs(n, 2 ** (n - 1) - 1, rng()).keep
    assert len(distinct(keep)) == 2**n - 2


@pytest.mark.parametrize(("n", "size", "pairs"), [(6, 1, 3), (6, 2, 5), (6, 3, 3), (9, 4, 7)])
def test_sets_of_one_size_are_drawn_with_equal_chance(n, size, pairs):
    """Both ways of drawing: from the full list, and with rejection; at the middle size a pair counts once."""
    n_sets = comb(n, size) // (2 if 2 * size == n else 1)
    total = sum(min(pairs, s) for s, _ in pair_strata(n))
    counts = Counter()
    for seed in range(600):
        keep = leverage_pairs(n, total, rng(seed)).keep[::2]
        counts.update(row.tobytes() for row in keep if row.sum() == size)
    # a middle pair may be shown by either of its halves
    pairs_seen = Counter()
    for key, count in counts.items():
        row = np.frombuffer(key, dtype=bool)
        pairs_seen[min(key, (~row).tobytes()) if 2 * size == n else key] += count
    expected = sum(counts.values()) / n_sets
    assert len(pairs_seen) == n_sets
    chi_square = sum((count - expected) ** 2 for count in pairs_seen.values()) / expected
    assert chi_square < n_sets - 1 + 4 * np.sqrt(2 * n_sets)


STRATA = st.lists(st.tuples(st.integers(1, 50), st.sampled_from([1.0, 2.0])), min_size=1, max_size=8)


@given(STRATA, st.integers(0, 300))
def test_allocation_fills_small_strata_and_splits_the_rest_by_share(strata, total):
    sizes, shares = [s for s, _ in strata], [w for _, w in strata]
    counts = allocate(sizes, shares, total)
    assert sum(counts) == min(total, sum(sizes))
    assert all(0 <= c <= s for c, s in zip(counts, sizes, strict=True))
    per_share = [c / w for c, s, w in zip(counts, sizes, shares, strict=True) if c < s]
    if per_share:  # min(size, c · share) up to the rounding of one draw
        level = max(per_share)
        assert all(c + 1 >= min(s, (level - 1) * w) for c, s, w in zip(counts, sizes, shares, strict=True))
        assert level - min(per_share) <= 1


@given(st.integers(0, 20), st.integers(0, 30), st.integers(0, 99))
def test_first_occurrences_agree_with_numpy(n_units, n_rows, seed):
    rows = rng(seed).random((n_rows, n_units)) < 0.5
    first, inverse = first_occurrences(rows)
    np.testing.assert_array_equal(rows[first][inverse], rows)
    assert len(first) == len(distinct(rows))


def test_budgets():
    assert allowed_rows(512, 30) == 512
    assert allowed_rows(PerUnit(20), 30) == 600
    assert allowed_rows(PerUnit(1), 1) == 2
    with pytest.raises(ValueError, match="a budget of 1 rows is too small; the empty and the full row alone take 2"):
        allowed_rows(1, 5)
    with pytest.raises(ValueError, match=r"PerUnit\(0\) allows no rows"):
        PerUnit(0)


def test_streams_repeat_and_differ_by_purpose():
    draws = [stream(seed, purpose).random(4).tobytes() for seed in (0, 1) for purpose in ("explain", "evaluate")]
    assert len(set(draws)) == 4
    assert stream(0, "explain").random(4).tobytes() == draws[0]
    generator = rng(5)
    before = describe(generator)
    first, second = seed_for(generator, "explain"), seed_for(generator, "explain")
    assert first.spawn_key != second.spawn_key and describe(generator) != before
    assert generator.random() == rng(5).random()  # spawning leaves the draws alone
    with pytest.raises(TypeError, match="rng is -1; it must be an int of at least 0 or a numpy Generator"):
        stream(-1, "explain")
    with pytest.raises(TypeError, match="rng is True"):
        stream(True, "explain")
