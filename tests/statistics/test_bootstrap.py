"""Document bootstrap against a slow re-implementation, its coverage, and what it refuses to say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.statistics import bootstrap_mean, bootstrap_ratio, bootstrap_statistic, mean_by_document


def slowly(values: list[float], documents: list[str], seed: int, n: int = 4000) -> tuple[float, float]:
    """Draw whole documents one by one, put their items together, take the mean; percentiles of those."""
    rng, names = np.random.default_rng(seed), sorted(set(documents))
    means = []
    for _ in range(n):
        drawn = [names[i] for i in rng.integers(len(names), size=len(names))]
        items = [v for name in drawn for v, d in zip(values, documents, strict=True) if d == name]
        means.append(np.mean(items))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def test_the_interval_is_that_of_a_plain_loop_over_documents() -> None:
    rng = np.random.default_rng(1)
    documents = [f"d{i}" for i in range(12) for _ in range(1 + i % 4)]
    values = [float(rng.normal(len(d) + ord(d[-1]) % 3)) for d in documents]
    fast = bootstrap_mean(values, documents, rng=5)
    assert fast.value == pytest.approx(np.mean(values))
    assert fast.interval == pytest.approx(slowly(values, documents, seed=6), abs=0.04)
    assert (fast.n_documents, fast.n_items, fast.note) == (12, len(values), "")


def test_documents_are_drawn_and_not_items() -> None:
    """Ten copies of each item in its own document tell nothing new: the interval does not shrink by a digit."""
    values, documents = [0.0, 1.0, 4.0, 2.0, 3.0], list("abcde")
    once, often = bootstrap_mean(values, documents), bootstrap_mean(values * 10, documents * 10)
    assert once.interval == often.interval and often.n_items == 50


def test_intervals_of_a_flip_rate_cover_where_items_of_a_document_flip_together() -> None:
    rng, hits = np.random.default_rng(0), 0
    for _ in range(200):
        rates = rng.beta(0.5, 1.5, size=40)  # mean 1/4
        flips, documents = rng.random((40, 10)) < rates[:, None], np.repeat(np.arange(40), 10)
        low, high = bootstrap_mean(flips.ravel(), documents, rng).interval or (np.nan, np.nan)
        hits += low <= 0.25 <= high
    assert 0.88 <= hits / 200 <= 0.99  # pooled flips as if independent: near 0.6


def test_a_ratio_is_the_ratio_of_sums() -> None:
    found = bootstrap_ratio([1, 0, 3, np.nan], [2, 2, 4, 9], ["a", "a", "b", "b"])
    assert found.value == 0.5 and found.n_items == 3
    assert found.interval == (0.25, 0.75)  # twice the first document, twice the second


@given(st.permutations(range(9)), st.integers(0, 5))
def test_the_order_of_items_does_not_matter(order: list[int], seed: int) -> None:
    values, documents = np.arange(9.0) ** 2, np.array(list("aabbbccdd"))
    moved = bootstrap_mean(values[order], documents[order], seed)
    assert moved == bootstrap_mean(values, documents, seed)


def test_many_documents_come_in_blocks_with_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = np.random.default_rng(2).normal(size=(30, 2)) + 9
    whole = bootstrap_statistic(sums, lambda p: p[..., 0] / p[..., 1], rng=3)
    monkeypatch.setattr("explain_lib.statistics.bootstrap._CELLS", 7 * 30)
    assert bootstrap_statistic(sums, lambda p: p[..., 0] / p[..., 1], rng=3) == whole


@pytest.mark.parametrize(("documents", "why"), [(["a", "a"], "there is one"), ([], "there are none")])
def test_one_document_has_no_interval(documents: list[str], why: str) -> None:
    found = bootstrap_mean(np.arange(float(len(documents))), documents)
    assert found.interval is None and why in found.note


def test_a_figure_that_is_often_undefined_has_no_interval() -> None:
    rare = bootstrap_ratio([1, 0, 0, 0], [1, 0, 0, 0], list("abcd"))
    assert rare.value == 1.0 and rare.interval is None
    assert "no value in 3" in rare.note  # (3/4)^4 = 32 %


def test_means_by_document() -> None:
    assert mean_by_document(np.array([1.0, 3.0, 5.0]), ["b", "b", "a"]).tolist() == [5.0, 2.0]


def test_shapes_and_levels_are_checked() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\) and the documents \(3,\)"):
        bootstrap_mean([1.0, 2.0], ["a", "b", "c"])
    with pytest.raises(ValueError, match="level is 95"):
        bootstrap_mean([1.0, 2.0], ["a", "b"], level=95)
    with pytest.raises(ValueError, match=r"need \(documents, parts\)"):
        bootstrap_statistic([1.0, 2.0], lambda p: p[..., 0])
