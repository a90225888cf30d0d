"""Similarities against SciPy and plain re-implementations, their ranges, and their level under chance."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cosine as cosine_distance
from scipy.spatial.distance import jensenshannon
from scipy.stats import kendalltau, spearmanr

from explain_lib.statistics import (
    SIMILARITIES, Similarity, chance_corrected, corrected_similarity, cosine, jensen_shannon, kendall, spearman,
    top_k_jaccard, top_share, worst_mean,
)  # fmt: skip

ALL = (cosine, jensen_shannon, spearman, kendall, top_k_jaccard)
NAMES = [repr(measure) for measure in ALL]
scores = st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=12)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(pairs, float).T


@given(scores)
@pytest.mark.filterwarnings("ignore")  # SciPy warns of constant input, where we say NaN
def test_measures_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    a, b = columns(pairs)
    expected = {spearman: spearmanr(a, b).statistic, kendall: kendalltau(a, b).statistic}
    if a.any() and b.any():
        expected |= {cosine: 1 - cosine_distance(a, b), cosine.of_sizes: 1 - cosine_distance(abs(a), abs(b))}
        expected[jensen_shannon] = 1 - jensenshannon(abs(a), abs(b), base=2) ** 2
    for measure, value in expected.items():
        np.testing.assert_allclose(measure(a, b), value, atol=1e-7, err_msg=repr(measure))


def plain_jaccard(a: np.ndarray, b: np.ndarray) -> float:
    """The fifth with the highest scores, no ties."""
    k = max(1, round(0.2 * len(a)))
    first, second = (set(np.argsort(-v)[:k].tolist()) for v in (a, b))
    return len(first & second) / len(first | second)


@given(st.integers(1, 40), st.integers(0, 1000))
def test_top_k_is_set_overlap_where_nothing_is_tied(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, n))
    assert top_k_jaccard(a, b) == pytest.approx(plain_jaccard(a, b))
    assert top_k_jaccard.of_sizes(a, b) == pytest.approx(plain_jaccard(abs(a), abs(b)))


def test_top_share() -> None:
    assert top_share([1, 2, 7, 8, 12, 13, 26]).tolist() == [1, 1, 1, 2, 2, 3, 5]


def test_tied_units_share_the_places_that_are_left() -> None:
    a = [9.0, 5, 5, 0, 0, 0, 0, 0, 0, 0]  # k = 2: the first, and half of each 5
    assert top_k_jaccard(a, [9.0, 5, 1, 0, 0, 0, 0, 0, 0, 0]) == pytest.approx(1.5 / 2.5)
    assert top_k_jaccard(a, a) == 1.0


@given(scores, st.integers(0, 1000))
def test_ranges_symmetry_and_order_of_units(pairs: list[tuple[int, int]], seed: int) -> None:
    a, b = columns(pairs)
    order = np.random.default_rng(seed).permutation(len(a))
    for measure in [*ALL, *(m.of_sizes for m in ALL)]:
        value = measure(a, b)
        np.testing.assert_allclose(measure(b, a), value, atol=1e-12)
        np.testing.assert_allclose(measure(a[order], b[order]), value, atol=1e-12)
        np.testing.assert_allclose(measure(7 * a, 0.3 * b), value, atol=1e-12)
        assert np.isnan(value) or measure.lowest <= value <= 1
        assert np.isnan(measure(a, a)) or measure(a, a) == pytest.approx(1)


@pytest.mark.parametrize("measure", [spearman, kendall], ids=repr)
def test_case_a24(measure: Similarity) -> None:
    a = np.array([0.4, -0.1, 2.0, 0.3])
    assert measure(a, 3 * a) == pytest.approx(1) and measure(a, -3 * a) == pytest.approx(-1)
    assert measure([0, 1, 0, 1], [1, 2, 1, 0]) == pytest.approx(0)


@pytest.mark.parametrize("measure", ALL, ids=NAMES)
def test_units_that_are_not_present_have_no_influence(measure: Similarity) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 30, 17))
    present = rng.random((30, 17)) < 0.6
    together = measure(np.where(present, a, 1e9), np.where(present, b, -1e9), present)
    alone = [measure(x[p], y[p]) for x, y, p in zip(a, b, present, strict=True)]
    np.testing.assert_allclose(together, alone, atol=1e-12)


@pytest.mark.parametrize("measure", ALL, ids=NAMES)
def test_shapes_come_back(measure: Similarity) -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 2, 3, 5))
    assert measure(a, b).shape == (2, 3) and measure(a[0, 0], b[0, 0]).shape == ()
    assert measure(a, b)[1, 2] == pytest.approx(float(measure(a[1, 2], b[1, 2])))
    assert np.isnan(measure(np.zeros((3, 0)), np.zeros((3, 0)))).tolist() == [True] * 3


def test_kendall_is_computed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 11, 9))
    whole = kendall(a, b)
    monkeypatch.setattr("explain_lib.statistics.rank_agreement._CELLS", 200)
    np.testing.assert_array_equal(kendall(a, b), whole)


def test_nothing_to_compare_is_nan() -> None:
    for measure in (cosine, jensen_shannon):
        assert np.isnan(measure([0.0, 0.0], [1.0, 2.0])) and measure([1.0, 1.0], [1.0, 1.0]) == pytest.approx(1)
    for measure in (spearman, kendall):
        assert np.isnan(measure([1.0, 1.0], [1.0, 2.0]))
    assert np.isnan(top_k_jaccard([1.0], [1.0], [False]))


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(3,\)"):
        cosine([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"`present` has shape \(3,\)"):
        cosine([1, 2], [1, 2], [True, True, False])


def expected_by_chance(measure: Similarity, a: np.ndarray, b: np.ndarray) -> float:
    return float(np.mean([measure(a, b[list(order)]) for order in permutations(range(len(b)))]))


@pytest.mark.parametrize("measure", ALL, ids=NAMES)
def test_chance_is_the_mean_over_permutations(measure: Similarity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explain_lib.statistics.chance.N_PERMUTATIONS", 20_000)
    rng = np.random.default_rng(0)
    a = rng.normal(size=7)
    b = a + rng.normal(size=7)
    s, s0 = float(measure(a, b)), expected_by_chance(measure, a, b)
    assert chance_corrected([measure], a, b)[0] == pytest.approx((s - s0) / (1 - s0), abs=0.02)


def test_correction_has_the_level_of_chance() -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 800, 26))
    corrected = chance_corrected(ALL, a, b)
    np.testing.assert_allclose(corrected.mean(axis=1), 0, atol=0.035)
    raw = [float(measure(a, b).mean()) for measure in (jensen_shannon, top_k_jaccard)]
    assert raw[0] > 0.6 and raw[1] > 0.1  # what the same shuffled attributions get uncorrected


def test_the_same_attribution_gets_one_and_its_opposite_less_than_nothing() -> None:
    a = np.random.default_rng(2).normal(size=26)
    np.testing.assert_allclose(chance_corrected(ALL, a, a), 1)
    assert (chance_corrected([cosine, spearman, kendall], a, -a) < -0.5).all()
    assert corrected_similarity(a, a) == pytest.approx(1)


@pytest.mark.parametrize("uniform", [np.ones(9), np.full(9, -0.1), np.zeros(9)], ids=["ones", "negative", "zeros"])
def test_a_uniform_attribution_gets_nothing(uniform: np.ndarray) -> None:
    """The control that is perfectly stable: as like its copy as its shuffled copy."""
    other = np.random.default_rng(0).normal(size=9)
    for b in (uniform, other):
        np.testing.assert_allclose(chance_corrected(ALL, uniform, b), 0, atol=1e-9)
        np.testing.assert_allclose(chance_corrected(ALL, b, uniform), 0, atol=1e-9)


def test_correction_shuffles_present_units_only() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 40, 12))
    present = np.broadcast_to(np.arange(12) % 3 > 0, (40, 12))
    some = chance_corrected(SIMILARITIES, np.where(present, a, 1e6), np.where(present, b, 1e6), present, rng=1)
    alone = chance_corrected(SIMILARITIES, a[:, present[0]], b[:, present[0]], rng=1)
    np.testing.assert_allclose(some.mean(), alone.mean(), atol=0.02)
    np.testing.assert_allclose(some, alone, atol=0.35)  # other permutations of the same units


def test_blocks_do_not_change_the_permutations(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 3, 7, 12))
    whole = corrected_similarity(a, b, rng=1)
    monkeypatch.setattr("explain_lib.statistics.chance._CELLS", 100 * 12 * 4)
    np.testing.assert_array_equal(corrected_similarity(a, b, rng=1), whole)
    assert whole.shape == (3, 7)


def test_one_unit_cannot_tell() -> None:
    assert np.isnan(corrected_similarity([[1.0, 2.0]], [[1.0, 2.0]], [[True, False]])).all()
    assert np.isnan(corrected_similarity(np.zeros((2, 0)), np.zeros((2, 0)))).all()


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=40), st.sampled_from([0.1, 0.25, 1.0]))
def test_the_worst_tenth_is_the_mean_below_a_quantile(values: list[int], share: float) -> None:
    """Each value written 20 times over has a whole number in every share."""
    copies = np.sort(np.repeat(values, 20))
    size = round(share * len(copies))
    expected = copies[: max(size, 20)].mean()
    assert worst_mean(values, share) == pytest.approx(expected)
    assert worst_mean(np.negative(values), share, higher_is_better=False) == pytest.approx(-expected)


def test_the_worst_tenth_leaves_out_what_is_missing() -> None:
    table = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan] * 4])
    np.testing.assert_array_equal(worst_mean(table), [1.0, np.nan])
    with pytest.raises(ValueError, match="share is 10"):
        worst_mean(table, 10)
