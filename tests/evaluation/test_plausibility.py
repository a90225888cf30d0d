"""Plausibility against scikit-learn, counting by hand and every order tried; both arms; honest gaps."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score
from spy_model import SpyModel

from explain_lib.attribution import Occlusion, explain
from explain_lib.core import Document, Span, Target
from explain_lib.evaluation.plausibility import PlausibilityReport, plausibility
from explain_lib.evaluation.plausibility.rank_measures import (
    average_precision, overlap, random_average_precision, random_overlap, strongest,
)  # fmt: skip
from explain_lib.perturbation import Query

TEXT = Document("ab cd ef gh ij kl mn op", "en")
X = Target(Span(6, 11, "X"))
OWN, MARKED = [2, 3], [0, 2, 5]


def scored(scores, targets=(X,), text=TEXT):
    made = explain(Query(SpyModel(), text, targets=targets), Occlusion())
    table = np.asarray(scores, dtype=float)
    return replace(made, scores=table if table.ndim == 2 else np.repeat(table[:, None], len(targets), axis=1))


def bools(units, n=8):
    return np.isin(np.arange(n), units)


def value(report, name, arm="all units", **about):
    return report.measure(name, arm=arm, **about).value


def test_measures_by_hand_in_both_arms():
    report = plausibility(scored([8, 7, 6, 5, 4, -9, 2, 1]), bools(MARKED))
    assert value(report, "AUPRC") == pytest.approx((1 + 2 / 3 + 3 / 8) / 3)
    assert value(report, "token F1") == pytest.approx(2 / 3)  # 0 and 2 of 0, 1, 2
    assert value(report, "token IoU") == pytest.approx(2 / 4)
    assert value(report, "recall at k") == pytest.approx(2 / 3)
    assert value(report, "mass share") == pytest.approx((8 + 6 + 9) / 42)
    assert value(report, "AUPRC", "context") == pytest.approx((1 + 2 / 6) / 2)  # units 0, 1, 4, 6, 7, 5
    assert value(report, "mass share", "context") == pytest.approx(17 / 31)
    assert value(report, "mass share, random scores", "context") == pytest.approx(2 / 6)
    note = report.measure("recall at k", arm="context").note
    assert note == "2 of 6 units are marked; the 2 strongest are taken"
    sizes = plausibility(scored([8, 7, 6, 5, 4, -9, 2, 1]), bools(MARKED), top=1, by_size=True)
    assert value(sizes, "recall at k") == pytest.approx(1 / 3)
    np.testing.assert_array_equal(sizes.arrays["top"][:, 0, 0], bools([5]))
    assert np.isnan(sizes.arrays["top"][OWN, 0, 1]).all()


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=12))
def test_average_precision_is_that_of_scikit_learn(pairs):
    scores, marked = np.array([p[0] for p in pairs], dtype=float), np.array([p[1] for p in pairs])
    marked[0] = True
    assert average_precision(scores, marked) == pytest.approx(average_precision_score(marked, scores))


@pytest.mark.parametrize(("n", "m", "k"), [(1, 1, 1), (5, 2, 2), (6, 1, 3), (6, 6, 2)])
def test_chance_is_the_mean_over_all_orders(n, m, k):
    marked = np.arange(n) < m
    orders = [average_precision(np.array(order, dtype=float), marked) for order in permutations(range(n))]
    assert random_average_precision(n, m) == pytest.approx(np.mean(orders))
    hits = [marked[list(chosen)].sum() for chosen in combinations(range(n), k)]
    assert random_overlap(n, k, m) == pytest.approx(np.mean([overlap(h, k, m) for h in hits]))


def test_ties_at_the_border_share_the_places_that_are_left():
    assert strongest(np.array([3.0, 1, 1, 1, 0]), 2).tolist() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])
    report = plausibility(scored(np.ones(8)), bools(MARKED))
    for name in ("token F1", "recall at k", "mass share"):
        assert value(report, name) == pytest.approx(value(report, f"{name}, random scores"))


def test_spans_mark_the_units_they_touch_and_targets_have_their_own():
    spans = plausibility(scored(np.arange(8)), [Span(1, 2), Span(15, 17, "why")])
    np.testing.assert_array_equal(spans.arrays["rationale"][:, 0], bools([0, 5]))
    other = Target(Span(0, 2, "Y"))
    table = np.stack([bools([1]), bools([6])], axis=1)
    both = plausibility(scored(np.arange(8), (X, other)), table)
    assert value(both, "AUPRC", target=X.name) == pytest.approx(1 / 7)
    assert value(both, "AUPRC", target=other.name) == pytest.approx(1 / 2)


def test_what_cannot_be_had_says_why():
    nothing = plausibility(scored(np.arange(8)), bools([]))
    assert {m.note for m in nothing.measures} == {"no unit that counts in this arm is marked"}
    inside = plausibility(scored(np.arange(8)), bools(OWN))
    assert value(inside, "AUPRC") > 0
    assert inside.measure("AUPRC", arm="context").note == "no unit that counts in this arm is marked"
    zeros = plausibility(scored(np.zeros(8)), bools(MARKED))
    assert zeros.measure("mass share", arm="context").note == "every score is 0"
    whole = plausibility(scored([1.0], [Target(Span(0, 3, "X"))], Document("abc", "en")), bools([0], 1))
    assert whole.measure("AUPRC", arm="context").note == "no unit may be hidden: the span is as long as the text"


def test_other_rationales_are_refused():
    made = scored(np.arange(8))
    with pytest.raises(TypeError, match="the rationale has dtype int64; give bools"):
        plausibility(made, np.arange(8))
    with pytest.raises(ValueError, match="the rationale has shape \\(7,\\); it needs \\(8,\\) or \\(8, 1\\)"):
        plausibility(made, np.ones(7, dtype=bool))
    with pytest.raises(ValueError, match="span 20–30 leaves the text of 23 characters"):
        plausibility(made, [Span(20, 30)])
    with pytest.raises(ValueError, match="top is 0; give at least 1 unit"):
        plausibility(made, bools(MARKED), top=0)


def test_the_report_comes_back_from_its_files(tmp_path: Path):
    report = plausibility(scored(np.arange(8)), bools(MARKED))
    report.save(tmp_path / "p.npz")
    again = PlausibilityReport.load(tmp_path / "p.npz")
    assert [str(m) for m in again.measures] == [str(m) for m in report.measures]
