"""Faithfulness against plain loops, closed forms and exact games; both arms; honest gaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spy_model import SpyModel

from explain_lib.attribution import Exact, IntegratedGradients, KernelShap, Occlusion, PerUnit, explain
from explain_lib.core import Attribution, Document, Span, Target, longer
from explain_lib.evaluation.faithfulness import (
    FaithfulnessReport, FaithfulnessSettings, faithfulness, faithfulness_cost, infidelity,
)  # fmt: skip
from explain_lib.models.toy import bag_classifier, linear_tagger, planted_tagger
from explain_lib.perturbation import Delete, Query
from explain_lib.perturbation.evaluation_rows import evaluation_rows

TEXT = Document("ab cd ef gh ij kl , mn op", "en")
X, Y = Target(Span(6, 11, "X")), Target(Span(18, 19, "Y"))
FEW = FaithfulnessSettings(rows=16, random_rows=60, bound_rows=300)
SHARES = (1, 5, 10, 20, 50)


def asked(targets=(X,), text=TEXT, **settings):
    return Query(SpyModel(**settings), text, targets=targets)


def scored(query, scores, **changes):
    """An attribution made by hand, for one target or for all."""
    made = explain(query, Occlusion())
    table = np.asarray(scores, dtype=float)
    if table.ndim == 1:
        table = np.repeat(table[:, None], query.n_targets, axis=1)
    return replace(made, scores=np.where(made.active, table, 0.0), **changes)


def value(report, name, arm="context", **about):
    return report.measure(name, arm=arm, **about).value


def slow(query, scores, arm):
    """Everything about one target with plain loops; `arm` is the query of that arm."""
    p = arm.with_score("probability")
    active = [int(i) for i in np.flatnonzero(arm.active)]
    order = sorted(active, key=lambda i: -scores[i])
    n = len(order)

    def probability(hidden):
        keep = np.ones(query.n_units, dtype=bool)
        keep[list(hidden)] = False
        return float(p.value(keep[None])[0, 0])

    full = probability([])
    found = {}
    for name, lost in (("comprehensiveness", lambda k: order[:k]), ("sufficiency", lambda k: order[k:])):
        for share in SHARES:
            k = max(1, round(share / 100 * n))
            found[f"{name} at {share} %"] = full - probability(lost(k))
        found[f"AOPC {name}"] = sum(found[f"{name} at {share} %"] for share in SHARES) / len(SHARES)
        curve = {"comprehensiveness": "deletion", "sufficiency": "insertion"}[name]
        found[f"area over the {curve} curve"] = sum(full - probability(lost(k)) for k in range(1, n + 1)) / n
    return found


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("arm", ["all units", "context"])
def test_curves_and_thresholds_are_those_of_a_plain_loop(seed, arm):
    query = asked()
    scores = np.random.default_rng(seed).normal(size=query.n_units)
    report = faithfulness(scored(query, scores), query, settings=FEW)
    where = query.context() if arm == "context" else query
    for name, expected in slow(query, scores, where).items():
        assert value(report, name, arm) == pytest.approx(expected, abs=1e-12), name
    at = [report.arrays[name][:, 0, report.ARMS.index(arm)] for name in ("comprehensiveness", "sufficiency")]
    np.testing.assert_allclose(at[0], [value(report, f"comprehensiveness at {s} %", arm) for s in SHARES])
    np.testing.assert_allclose(at[1], [value(report, f"sufficiency at {s} %", arm) for s in SHARES])


def test_a28_aopc_is_the_mean_over_thresholds_of_what_is_lost():
    """Mean over thresholds of p(full) − p(masked): the same as p(full) − the mean of p(masked)."""
    query = asked()
    report = faithfulness(scored(query, np.arange(query.n_units)), query, settings=FEW)
    lost = report.arrays["comprehensiveness"][:, 0, 1]
    full = query.with_score("probability").value(np.ones((1, query.n_units), dtype=bool))[0, 0]
    masked = full - lost
    assert value(report, "AOPC comprehensiveness") == pytest.approx(lost.mean(), abs=1e-15)
    assert value(report, "AOPC comprehensiveness") == pytest.approx(full - masked.mean(), abs=1e-15)


def test_curves_begin_with_the_text_and_end_with_nothing():
    query = asked()
    report = faithfulness(explain(query, Exact()), query, settings=FEW)
    p = query.with_score("probability")
    for k, arm in enumerate((p, p.context())):
        n = int(arm.active.sum())
        full, empty = arm.value(np.array([np.ones(query.n_units, dtype=bool), ~arm.active]))[:, 0]
        deletion, insertion = report.arrays["deletion"][:, 0, k], report.arrays["insertion"][:, 0, k]
        np.testing.assert_allclose([deletion[0], deletion[n], insertion[0], insertion[n]], [full, empty, empty, full])
        assert np.isnan(deletion[n + 1 :]).all() and np.isfinite(deletion[: n + 1]).all()
        low, high = report.arrays["random_deletion"][1:, :, 0, k]
        assert (low[: n + 1] <= high[: n + 1] + 1e-15).all()


def brute(query, arm):
    """Areas over the deletion curve of every order of the active units, and the orders."""
    from itertools import permutations

    p, active = arm.with_score("probability"), np.flatnonzero(arm.active)
    n = len(active)
    subsets = (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)
    keep = np.ones((2**n, query.n_units), dtype=bool)
    keep[:, active] = ~subsets
    values = p.value(keep)[:, 0]
    orders = np.array(list(permutations(range(n))))
    reached = np.cumsum(1 << orders, axis=1)
    return values[0] - values[reached].mean(axis=1), active[orders]


def test_the_best_order_reaches_the_upper_bound_and_its_reverse_the_lower():
    """Exact bounds are those of all orders; an attribution in the best order gets 1, in the worst 0."""
    query = asked()
    arm = query.context()
    areas, orders = brute(query, arm)
    for pick, expected in ((areas.argmax(), 1.0), (areas.argmin(), 0.0)):
        scores = np.zeros(query.n_units)
        scores[orders[pick]] = np.arange(len(orders[pick]), 0, -1)
        report = faithfulness(scored(query, scores), query, settings=FEW)
        assert value(report, "NAOPC comprehensiveness") == pytest.approx(expected, abs=1e-9)
        assert value(report, "area over the deletion curve, best order") == pytest.approx(areas.max(), abs=1e-12)
        assert value(report, "area over the deletion curve, worst order") == pytest.approx(areas.min(), abs=1e-12)
        assert report.measure("area over the insertion curve, best order", arm="context").note.endswith("of all orders")
        flipped = faithfulness(scored(query, -scores), query, settings=FEW)
        assert value(flipped, "NAOPC sufficiency") == pytest.approx(expected, abs=1e-9)  # kept last = hidden first
        end = "best" if expected else "worst"
        along = value(report, f"AOPC comprehensiveness, {end} order")
        assert along == pytest.approx(value(report, "AOPC comprehensiveness"), abs=1e-12)
        kept = "worst" if expected else "best"  # what is kept last along this order is hidden first along the other
        along = value(report, f"AOPC sufficiency, {kept} order")
        assert along == pytest.approx(value(flipped, "AOPC sufficiency"), abs=1e-12)
        path = report.arrays["bound_deletion"][1 if expected else 0, :, 0, 1]
        np.testing.assert_allclose(path, report.arrays["deletion"][:, 0, 1], atol=1e-12)


def test_a11_infidelity_to_the_baseline_is_the_squared_gap():
    query = Query(planted_tagger().tagger, Document("The patient has a severe lesion .", "en"), [])
    query = query.with_targets([Target(query.predict()[0].spans[0])])
    rough = explain(query, IntegratedGradients(steps=3))
    full, base = query.value(np.stack([np.ones(query.n_units, dtype=bool), ~query.active]))
    found = infidelity(rough.scores.sum(axis=0), full - base)
    assert abs(rough.completeness_gap[0]) > 0.05
    assert found.value == pytest.approx(rough.completeness_gap[0] ** 2, rel=1e-9)


def test_the_linear_tagger_has_no_infidelity_and_its_multiples_lose_it_to_the_factor():
    toy, text = linear_tagger(), Document("de patient heeft ernstige hoofdpijn na koorts", "nl")
    target = Target(Span(26, 35, "Disease"), margin="left")
    query = Query(toy.tagger, text, targets=[target])
    exact = explain(query, Occlusion())
    truth = toy.left_margin(text.text, 4)
    np.testing.assert_allclose(exact.scores[:, 0], truth, atol=1e-9)
    for factor in (1.0, 2.0, -0.5):
        report = faithfulness(scored(query, factor * truth), query, settings=FEW)
        for arm in report.ARMS:
            nothing = value(report, "infidelity, all scores 0", arm)
            assert value(report, "infidelity", arm) == pytest.approx((factor - 1) ** 2 * nothing, rel=1e-6, abs=1e-9)
            assert value(report, "infidelity, scaled", arm) == pytest.approx(0, abs=1e-9)
            assert value(report, "scale factor", arm) == pytest.approx(1 / factor, rel=1e-9)
            assert value(report, "explained share", arm) == pytest.approx(1, abs=1e-9)
            expected = np.sign(factor)
            assert value(report, "Kendall tau against leave-one-out", arm) == pytest.approx(expected)
    assert report.measure("infidelity", arm="context").scale == "squared logits, 0 or more"
    assert report.measure("AOPC comprehensiveness", arm="context").scale.startswith("change of the logits")
    lost = report.arrays["leave_one_out"][:, 0, 0]
    np.testing.assert_allclose(lost, truth, atol=1e-9)


def test_infidelity_reads_the_rows_of_the_evaluation_and_their_own_stream():
    query = asked()
    made = explain(query, KernelShap(PerUnit(20)), rng=5)
    report = faithfulness(made, query, rng=5, settings=FEW)
    arm = query.context()
    keep = evaluation_rows(arm, 16, 5)
    changes = arm.value(np.ones((1, query.n_units), dtype=bool))[0, 0] - arm.value(keep)[:, 0]
    guess = (~keep) @ made.scores[:, 0]
    np.testing.assert_allclose(report.arrays["observed"][:, 0, 1], changes, atol=1e-12)
    np.testing.assert_allclose(report.arrays["predicted"][:, 0, 1], guess, atol=1e-12)
    one = report.measure("infidelity", arm="context")
    assert one.value == pytest.approx(((guess - changes) ** 2).mean())
    assert one.n == 16 and one.interval[0] <= one.value <= one.interval[1]
    assert "uniform number" in one.note


def test_scores_of_the_other_units_are_judged_as_they_are_in_the_context_arm():
    query = asked()
    whole = explain(query, Exact())
    inside = np.where(query.context().active[:, None], whole.scores, 0)
    context = explain(query.context(), Exact())
    by_hand = replace(context, scores=inside)
    one, other = (faithfulness(made, query, settings=FEW) for made in (whole, by_hand))
    names = [m.name for m in one.select(arm="context")]
    assert len(names) > 20
    for name in names:
        pair = [report.measure(name, arm="context") for report in (one, other)]
        assert pair[0].is_available == pair[1].is_available
        if pair[0].is_available:
            assert pair[0].value == pytest.approx(pair[1].value, abs=1e-12), name


def test_an_attribution_of_the_context_arm_is_judged_there_only():
    query = asked()
    made = explain(query.context(), Exact())
    for question in (query, query.context()):
        report = faithfulness(made, question, settings=FEW)
        assert report.measure("NAOPC comprehensiveness", arm="context").is_available
        assert not any(m.is_available for m in report.select(arm="all units"))
        assert report.provenance.arm == "context"
    note = faithfulness(made, query, settings=FEW).measure("infidelity", arm="all units").note
    assert note == "the attribution was made in the context arm and says nothing of the span's own units"
    whole = faithfulness(explain(query, Exact()), query.context(), settings=FEW)
    assert "the query is the context arm" in whole.measure("infidelity", arm="all units").note


def test_all_on_the_spans_own_units_stands_beside_every_figure_of_all_units():
    query = asked()
    report = faithfulness(explain(query, Exact()), query, settings=FEW)
    own = query.units.inside(X.span)
    alone = scored(query, own.astype(float))
    itself = faithfulness(alone, query, settings=FEW)
    for name in ("AOPC comprehensiveness", "AOPC sufficiency", "NAOPC sufficiency", "area over the deletion curve"):
        control = report.measure(f"{name}, own units first", arm="all units")
        assert control.value == pytest.approx(value(itself, name, "all units"), abs=1e-12)
        assert not report.measure(f"{name}, own units first", arm="context").is_available
    full, base = query.value(np.stack([np.ones(query.n_units, dtype=bool), ~query.active]))[:, 0]
    spread = scored(query, own * (full - base) / own.sum())
    expected = value(faithfulness(spread, query, settings=FEW), "infidelity", "all units")
    assert value(report, "infidelity, all on the span's own units", "all units") == pytest.approx(expected)


def test_a_constant_attribution_gets_what_random_orders_get():
    query = asked()
    many = FaithfulnessSettings(rows=16, random_rows=4000, bound_rows=300, tie_orders=400)
    report = faithfulness(scored(query, np.full(query.n_units, 2.0)), query, settings=many)
    for arm in report.ARMS:
        one = report.measure("area over the deletion curve", arm=arm)
        assert one.interval[0] <= value(report, "area over the deletion curve, random order", arm) <= one.interval[1]
        assert one.note.endswith("mean over 400 ways to break ties")
        assert not report.measure("Kendall tau against leave-one-out", arm=arm).is_available
    nothing = faithfulness(scored(query, np.zeros(query.n_units)), query, settings=FEW)
    assert not nothing.measure("scale factor", arm="context").is_available
    assert value(nothing, "infidelity") == pytest.approx(value(nothing, "infidelity, all scores 0"))


def test_bounds_and_controls_do_not_depend_on_what_is_judged():
    query = asked()
    reports = [faithfulness(scored(query, s * np.arange(query.n_units)), query, settings=FEW) for s in (1, -1)]
    for end in ("random order", "own units first", "best order", "worst order"):
        for curve in ("deletion", "insertion"):
            name = f"area over the {curve} curve, {end}"
            pair = [report.measure(name, arm="all units") for report in reports]
            assert (pair[0].value, pair[0].interval) == (pair[1].value, pair[1].interval)


def test_each_distinct_row_is_counted_once_and_targets_share_those_of_all_units():
    text = {"text": TEXT}
    both, one = asked((X, Y), **text), asked((X,), **text)
    made = explain(asked((X, Y), **text), Occlusion())
    report = faithfulness(made, both, settings=FEW)
    assert sum(report.n_evals.values()) == both.n_evals
    alone = faithfulness(made.target(0), one, settings=FEW)
    assert sum(alone.n_evals.values()) == one.n_evals
    assert value(report, "infidelity", "all units", target=X.name) == value(alone, "infidelity", "all units")
    rows = {a: len(np.unique(evaluation_rows(q, 16, 0), axis=0)) for a, q in (("all", both), ("x", one.context()))}
    y = len(np.unique(evaluation_rows(both.with_targets([Y]).context(), 16, 0), axis=0))
    assert report.n_evals["infidelity"] <= rows["all"] + rows["x"] + y + 4  # full and empty rows besides


def test_same_seed_same_report_and_targets_one_at_a_time():
    query = asked((X, Y))
    made = explain(query, KernelShap(PerUnit(20)), rng=1)
    first, again = (faithfulness(made, query, rng=3, settings=FEW) for _ in range(2))
    single = faithfulness(made.target(1), asked((Y,)), rng=3, settings=FEW)
    assert [str(m) for m in first.measures] == [str(m) for m in again.measures]
    expected = [str(m) for m in first.measures if m.about["target"] == Y.name]
    assert [str(m) for m in single.measures] == expected
    by_generator = faithfulness(made, query, rng=np.random.default_rng(3), settings=FEW)
    assert by_generator.measure("AOPC comprehensiveness", arm="context", target=X.name).is_available


def test_the_score_that_was_explained_changes_infidelity_and_not_the_curves():
    query = asked()
    made = explain(query, Exact())
    other = query.with_score("log_prob")
    reports = faithfulness(made, query, settings=FEW), faithfulness(made, other, settings=FEW)
    assert [str(m) for m in reports[0].measures] == [str(m) for m in reports[1].measures]
    logs = faithfulness(explain(other, Exact()), query, settings=FEW)
    assert logs.measure("infidelity", arm="context").scale == "squared log-probability, 0 or more"
    assert logs.measure("AOPC comprehensiveness", arm="context").scale.startswith("change of the probability")


@pytest.mark.parametrize(
    ("text", "span", "why"),
    [("abc def", Span(0, 7, "X"), "no unit may be hidden: the span is as long as the text"),
     ("abc", Span(0, 3, "X"), "no unit may be hidden: the span is as long as the text")],
)  # fmt: skip
def test_an_entity_as_long_as_the_text_has_no_context(text, span, why):
    query = Query(SpyModel(), Document(text, "en"), targets=[Target(span)])
    report = faithfulness(explain(query, Occlusion()), query, settings=FEW)
    assert {m.note for m in report.select(arm="context")} == {why}
    assert report.measure("AOPC comprehensiveness", arm="all units").is_available


def test_a_single_unit_has_curves_but_no_order():
    query = Query(SpyModel(), Document("abc", "en"), targets=[Target(Span(0, 3, "X"))])
    report = faithfulness(explain(query, Occlusion()), query, settings=FEW)
    notes = {m.name: m.note for m in report.select(arm="all units") if not m.is_available}
    assert notes["NAOPC comprehensiveness"] == "a single unit has one order only"
    assert notes["Kendall tau against leave-one-out"] == "a single unit has no rank"
    assert value(report, "infidelity", "all units") == pytest.approx(0, abs=1e-12)


def test_a_class_of_the_whole_text_has_one_arm():
    toy = bag_classifier()
    query = Query(toy.classifier, Document("de patient heeft koorts", "nl"), targets=[Target(label="Neurology")])
    report = faithfulness(explain(query, Exact()), query, settings=FEW)
    assert report.measure("NAOPC comprehensiveness", arm="all units").is_available
    assert report.measure("infidelity", arm="context").note.startswith("the target is about the text as a whole")


def test_removing_units_judges_what_the_method_could_hide():
    query = Query(planted_tagger().tagger, Document("The patient has a severe lesion .", "en"), [], hiding=Delete())
    query = query.with_targets([Target(query.predict()[0].spans[0])])
    report = faithfulness(explain(query, Exact()), query, settings=FEW)
    for arm in report.ARMS:
        assert report.measure("infidelity", arm=arm).is_available
    assert value(report, "infidelity", "context") == value(report, "infidelity", "all units")


def test_targets_of_several_windows_are_judged_each_in_its_own():
    text = Document("abc def ghi jkl mno pqr stu vwx abc def ghi jkl mno pqr stu vwx", "en")
    targets = [Target(Span(0, 3, "X")), Target(Span(len(text.text) - 3, len(text.text), "Y"))]
    query = Query(SpyModel(max_pieces=8), text, targets=targets)
    assert len(query.parts()) == 2
    report = faithfulness(explain(query, Occlusion()), query, settings=FEW)
    for t, target in enumerate(targets):
        one = query.with_targets([target])
        assert np.isfinite(report.arrays["leave_one_out"][one.active, t, 0]).all()
        assert np.isnan(report.arrays["leave_one_out"][~one.active, t, 0]).all()


def test_a_long_text_is_read_at_some_points_and_has_no_bounds():
    text = Document(" ".join(f"w{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(90)), "en")
    query = Query(SpyModel(), text, targets=[Target(Span(0, 3, "X"))])
    scores = np.random.default_rng(0).normal(size=query.n_units)
    report = faithfulness(scored(query, scores), query, settings=FEW)
    assert report.measure("NAOPC sufficiency", arm="context").note == (
        "89 units are more than the 60 for which orders are searched"
    )
    every = faithfulness(scored(query, scores), query, settings=replace(FEW, most_points=90))
    for arm in report.ARMS:
        name = "area over the deletion curve"
        assert value(report, name, arm) == pytest.approx(value(every, name, arm), abs=0.02)
        assert value(report, "AOPC comprehensiveness", arm) == value(every, "AOPC comprehensiveness", arm)


def test_bounds_are_over_every_step_and_so_are_the_curves_that_they_normalise():
    query, few = asked(), replace(FEW, most_points=5)
    report, announced = faithfulness(explain(query, Occlusion()), query, settings=few), faithfulness_cost(query, few)
    why = "curves have a point for 5 of the {} units only; bounds are over every step"
    for arm, n in (("all units", 9), ("context", 7)):
        assert report.measure("NAOPC comprehensiveness", arm=arm).note == why.format(n)
        assert report.measure("area over the deletion curve", arm=arm).is_available
    assert "best and worst order" not in {*announced, *report.n_evals}


def test_what_does_not_fit_is_refused():
    query = asked()
    made = explain(query, Occlusion())
    with pytest.raises(ValueError, match="about another text than the query"):
        faithfulness(made, asked(text=Document("ab cd ef gh ij kl", "en")))
    with pytest.raises(ValueError, match="the query does not have the attribution's targets X 6–11; it has Y 18–19"):
        faithfulness(made, asked((Y,)))
    words = Query(SpyModel(), TEXT, targets=[X], units=replace(query.units, bounds=[[0, 11], [12, len(TEXT.text)]]))
    with pytest.raises(ValueError, match="the attribution scores 9 units and the query has 2"):
        faithfulness(made, words)
    with pytest.raises(ValueError, match="rows is 1; it must be at least 2"):
        FaithfulnessSettings(rows=1)
    with pytest.raises(ValueError, match="give shares in per cent, above 0 and at most 100"):
        FaithfulnessSettings(thresholds=(0, 50))
    with pytest.raises(TypeError, match="rng is True"):
        faithfulness(made, query, rng=True)


def test_scores_that_are_no_numbers_are_not_judged():
    query = asked()
    made = scored(query, np.where(np.arange(query.n_units) == 0, np.nan, 1.0))
    report = faithfulness(made, query, settings=FEW)
    assert {m.note for m in report.measures} == {"some scores are not finite numbers"}


def test_a_contrast_is_judged_on_its_own_scale():
    contrast = Target(X.span, versus=longer(right=1))
    query = asked((contrast,))
    report = faithfulness(explain(query, Exact()), query, settings=FEW)
    assert report.details["scales"] == ["log-probability difference"]
    assert report.measure("infidelity", arm="context").scale == "squared log-probability difference, 0 or more"


def test_the_report_comes_back_from_its_files(tmp_path: Path):
    query = asked((X, Y))
    report = faithfulness(explain(query, Occlusion()), query, settings=FEW)
    report.save(tmp_path / "f.npz")
    again = FaithfulnessReport.load(tmp_path / "f.npz")
    assert [str(m) for m in again.measures] == [str(m) for m in report.measures]
    np.testing.assert_array_equal(again.arrays["deletion"], report.arrays["deletion"])
    assert again.n_evals == report.n_evals


def test_cancelling_keeps_the_rows():
    query = asked()
    made = explain(asked(), Occlusion())

    def stop(done, in_all):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), query.watched(stop):
        faithfulness(made, query, settings=FEW)
    assert 0 < query.n_evals < 30


def test_an_attribution_that_left_out_units_is_not_judged_where_they_may_be_hidden():
    query = asked()
    made = explain(query, Occlusion())
    some = made.active.copy()
    some[0] = False
    cut = Attribution(
        made.units, made.targets, np.where(some, made.scores, 0), made.std_error, made.dof, made.base_value,
        made.full_value, some, made.method, made.n_evals, made.provenance,
    )  # fmt: skip
    note = faithfulness(cut, query, settings=FEW).measure("infidelity", arm="all units").note
    assert note == "the attribution gives no score to 1 of the 9 units that may be hidden"


@pytest.mark.parametrize("settings", [FEW, FaithfulnessSettings(rows=8, bound_rows=40)], ids=["exact", "beam"])
def test_no_part_asks_for_more_rows_than_were_announced(settings):
    query = asked((X, Y))
    announced = faithfulness_cost(query, settings)
    assert query.n_evals == 0
    for scores in (np.arange(query.n_units), np.zeros(query.n_units)):
        found = faithfulness(scored(asked((X, Y)), scores), asked((X, Y)), settings=settings).n_evals
        assert found.keys() == announced.keys()
        assert all(found[part] <= announced[part] for part in found)
        assert sum(found.values()) > 0.2 * sum(announced.values())
    whole = faithfulness_cost(query.with_targets([X]).context(), settings)
    assert "own units first" not in whole  # the context arm hides no unit of the span
    assert whole["leave one out"] == 7
