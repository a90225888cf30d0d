"""p values against SciPy and against all signs one by one; Holm by hand; no test on a handful of documents."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, wilcoxon

from explain_lib.statistics import NotTested, PairedTests, compare_paired, holm, sign_flip_p, signed_rank_p
from explain_lib.statistics.sign_tests import N_FLIPS

whole = st.lists(st.integers(-4, 4), min_size=1, max_size=9)  # ties and zeros are common


def by_all_signs(weights: np.ndarray, positive: np.ndarray, one_sided: bool) -> float:
    """Σ ± weight under all signs, against the one that was seen."""
    sums = [float(np.dot(weights, signs)) for signs in product([-1, 1], repeat=len(weights))]
    seen = float(np.dot(weights, np.where(positive, 1, -1)))
    if one_sided:
        return float(np.mean([s >= seen - 1e-9 for s in sums]))
    return float(np.mean([abs(s) >= abs(seen) - 1e-9 for s in sums]))


@given(whole, st.booleans(), st.sampled_from([1.0, 0.1]))
def test_sign_flips_are_all_counted(given_: list[int], one_sided: bool, unit: float) -> None:
    d = np.array([x for x in given_ if x]) * unit  # 0.1 is no binary number: equal sums differ by rounding
    expected = by_all_signs(np.abs(d), d > 0, one_sided) if len(d) else 1.0
    assert sign_flip_p(np.array(given_) * unit, one_sided=one_sided) == pytest.approx(expected)


@given(whole, st.booleans())
def test_signed_ranks_are_exact_with_ties(given_: list[int], one_sided: bool) -> None:
    d = np.array([x for x in given_ if x], float)
    expected = by_all_signs(rankdata(np.abs(d)), d > 0, one_sided) if len(d) else 1.0
    assert signed_rank_p(given_, one_sided) == pytest.approx(expected)


@pytest.mark.parametrize("one_sided", [True, False])
@pytest.mark.parametrize("n", [20, 45, 150, 300])
def test_signed_ranks_agree_with_scipy(n: int, one_sided: bool) -> None:
    d = np.random.default_rng(n).normal(0.1, 1, size=n)
    side = "greater" if one_sided else "two-sided"
    how = {"method": "exact"} if n <= 200 else {"method": "asymptotic", "correction": True}
    assert signed_rank_p(d, one_sided) == pytest.approx(float(wilcoxon(d, alternative=side, **how).pvalue))


def test_many_sign_flips_are_drawn_and_agree_with_the_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    d = np.random.default_rng(0).normal(0.3, 1, size=36)
    exact = sign_flip_p(d)
    monkeypatch.setattr("explain_lib.statistics.sign_tests._MOST_ENUMERATED", 0)
    assert sign_flip_p(d, rng=1) == pytest.approx(exact, abs=4 * np.sqrt(exact / N_FLIPS))
    assert sign_flip_p(np.ones(100), rng=1) == 1 / (1 + N_FLIPS)  # never 0: the observed signs count too


def test_sign_flips_of_heavy_tails_keep_their_level() -> None:
    rng = np.random.default_rng(7)
    ps = np.array([sign_flip_p(rng.standard_t(2, size=22), one_sided=True) for _ in range(400)])
    assert 0.02 < (ps <= 0.05).mean() < 0.09


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_the_step_down_procedure(ps: list[float]) -> None:
    adjusted = holm(ps)
    for alpha in (0.01, 0.05, 0.3):
        rejected = set()
        for step, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):  # stop at the first that stays
            if ps[i] * (len(ps) - step) > alpha:
                break
            rejected.add(i)
        assert {i for i in range(len(ps)) if adjusted[i] <= alpha} == rejected


def test_holm_by_hand_and_what_was_not_tested() -> None:
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
    np.testing.assert_allclose(holm([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])
    with pytest.raises(ValueError, match="from 0 to 1"):
        holm([0.5, 1.5])


def test_a_comparison_is_made_on_document_means() -> None:
    rng = np.random.default_rng(3)
    documents = np.repeat(np.arange(25), 4)
    theirs = rng.normal(size=100)
    ours = theirs + 0.5 + rng.normal(size=25)[documents]
    ours[::7] = np.nan
    found = compare_paired(ours, theirs, documents, one_sided=True)
    means = np.array([np.nanmean((ours - theirs)[documents == i]) for i in range(25)])
    assert found.mean_difference == pytest.approx(means.mean())
    assert found.win_rate == np.mean(means > 0)
    assert found.effect_size == pytest.approx(means.mean() / means.std(ddof=1))
    ranks = rankdata(np.abs(means))
    assert found.rank_biserial == pytest.approx((ranks[means > 0].sum() - ranks[means < 0].sum()) / ranks.sum())
    assert found.tests == PairedTests(signed_rank_p(means, True), sign_flip_p(means, 0, True), True)
    assert found.interval is not None and found.interval[0] < means.mean() < found.interval[1]
    assert (found.n_documents, found.n_items) == (25, int((~np.isnan(ours)).sum()))


def test_swapping_the_two_turns_the_sign() -> None:
    rng = np.random.default_rng(4)
    ours, theirs, documents = rng.normal(size=60), rng.normal(size=60), np.repeat(np.arange(30), 2)
    one, other = compare_paired(ours, theirs, documents), compare_paired(theirs, ours, documents)
    assert one.mean_difference == -other.mean_difference and one.win_rate == 1 - other.win_rate
    assert one.effect_size == -other.effect_size and one.tests == other.tests


def test_few_documents_are_described_and_not_tested() -> None:
    found = compare_paired(np.arange(19.0), np.zeros(19), np.arange(19))
    assert found.tests == NotTested("a test needs at least 20 documents and there are 19")
    assert found.win_rate == 18.5 / 19 and found.mean_difference == 9
    assert isinstance(compare_paired(np.arange(20.0), np.zeros(20), np.arange(20)).tests, PairedTests)
    assert compare_paired([1.0], [0.0], ["a"]).interval is None
    nothing = compare_paired([], [], [])
    assert np.isnan([nothing.mean_difference, nothing.win_rate, nothing.effect_size, nothing.rank_biserial]).all()


def test_equal_methods_are_not_told_apart() -> None:
    same = compare_paired(np.ones(30), np.ones(30), np.arange(30))
    assert same.tests == PairedTests(1.0, 1.0, False)
    assert (same.win_rate, same.rank_biserial) == (0.5, 0.0) and np.isnan(same.effect_size)


def test_differences_must_be_numbers() -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        sign_flip_p([1.0, np.inf])
