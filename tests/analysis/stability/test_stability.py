"""Stability against a slow, plain re-implementation, its arms, its noise arm, and what it says when it cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from edited_texts import EDITS, TARGETS, TEXT, Words, bank_of, changed, masked, question
from scipy.stats import kendalltau, spearmanr
from spy_model import SpyModel

from explain_lib.analysis.stability import StabilityReport, stability, stability_cost, stability_rounds
from explain_lib.analysis.stability.explained import Seeds
from explain_lib.attribution import Exact, KernelShap, Lime, Occlusion, PermutationShap, explain
from explain_lib.attribution.black_box import BlackBox, ask
from explain_lib.attribution.black_box.recipe import exact_estimate
from explain_lib.core import Document, Span, Target
from explain_lib.evaluation.faithfulness import FaithfulnessSettings, faithfulness, infidelity
from explain_lib.models.toy import PLANTED, planted_tagger
from explain_lib.perturbation import Delete, Query, evaluation_rows
from explain_lib.perturbation.edits import Bank
from explain_lib.statistics import SIMILARITIES, chance_corrected, worst_mean

FEW_ROWS = PermutationShap(60)


def plain(query, bank, method, rng=0, n_noise=5):
    """{(arm, target): (scores of the text, [(edit, units, scores of the edit on them)])}, one question at a time."""
    seeds, edited = Seeds.of(rng, n_noise, len(bank)), [edit.on(query) for edit in bank.edits]
    said = [
        {s.label for s in query.predict()[0].spans if (s.start, s.end) == (t.span.start, t.span.end)}
        for t in query.targets
    ]
    found = {}
    for arm in ("all units", "context"):
        for i, target in enumerate(query.targets):
            one = query.with_targets([target])
            one = one.context() if arm == "context" else one
            texts = [explain(one, method, seed) for seed in seeds.text]
            pairs = []
            for k, (edit, whole) in enumerate(zip(bank.edits, edited, strict=True)):
                moved = whole.targets[i]
                now = {
                    s.label for s in whole.predict()[0].spans if (s.start, s.end) == (moved.span.start, moved.span.end)
                }
                if now != said[i]:
                    continue
                other = whole.with_targets([moved])
                result = explain(other.context() if arm == "context" else other, method, seeds.edits[k])
                place = edit.unit_of(query, whole)
                units = [
                    u
                    for u in range(query.n_units)
                    if place[u] >= 0 and texts[0].active[u, 0] and result.active[place[u], 0]
                ]
                pairs.append((k, units, result.scores[place[units], 0]))
            found[arm, target.name] = [text.scores[:, 0] for text in texts], pairs
    return found


@pytest.mark.parametrize("method", [Occlusion(), FEW_ROWS, KernelShap(80)], ids=repr)
def test_the_report_is_what_a_slow_plain_loop_finds(method):
    query, bank = question(), bank_of(*EDITS)
    report, expected = stability(query, method, rng=3, bank=bank), plain(question(), bank, method, rng=3)
    is_drawn = not isinstance(method, Occlusion)
    for (arm, target), (texts, pairs) in expected.items():
        texts = texts if is_drawn else texts[:1]
        about = {"arm": arm, "target": target, "family": "all families"}
        assert report.measure("kept", **about).value == len(pairs) / len(EDITS)
        assert report.measure("flips", **about).value == 1 - len(pairs) / len(EDITS)
        cosines = [a[u] @ b / np.sqrt((a[u] @ a[u]) * (b @ b)) for a in texts for _, u, b in pairs]
        assert report.measure("cosine", **about).value == pytest.approx(np.mean(cosines))
        ranks = [spearmanr(a[u], b).statistic for a in texts for _, u, b in pairs]
        assert report.measure("Spearman", **about).value == pytest.approx(np.mean(ranks))
        taus = [kendalltau(a[u], b).statistic for a in texts for _, u, b in pairs]
        assert report.measure("Kendall tau-b", **about).value == pytest.approx(np.mean(taus))
        moved = [np.linalg.norm(texts[0][u] - b) / np.linalg.norm(texts[0][u]) for _, u, b in pairs]
        assert report.measure("max_sensitivity", **about).value == pytest.approx(max(moved))
        assert report.measure("average_sensitivity", **about).value == pytest.approx(np.mean(moved))
        place = report.details["arms"].index(arm), [t.name for t in report.targets].index(target)
        kept = np.full((len(EDITS), query.n_units), np.nan)
        for k, units, scores in pairs:
            kept[k, units] = scores if len(units) > 1 else np.nan
        np.testing.assert_allclose(report.arrays["edit_scores"][place[0], :, :, place[1]], kept, rtol=1e-6, atol=1e-6)
        near = [np.mean([chance_corrected(SIMILARITIES, a[u], b) for a in texts]) for _, u, b in pairs]
        by_edit = report.arrays["by_edit"][
            report.details["arms"].index(arm), :, [t.name for t in TARGETS].index(target)
        ]
        np.testing.assert_allclose(by_edit[[k for k, *_ in pairs]], near, atol=0.06)  # other permutations
        assert report.measure("stability", **about).value == pytest.approx(np.nanmean(by_edit))
        assert report.measure("worst_tenth", **about).value == pytest.approx(float(worst_mean(by_edit)))
        noise = report.measure("noise_arm", **about)
        excess = report.measure("excess", **about).value
        assert excess == pytest.approx(noise.value - report.measure("stability", **about).value)
        if not is_drawn:
            assert (noise.value, noise.interval) == (1, (1, 1)) and noise.note.startswith("not drawn")
            continue
        again = [
            np.mean(chance_corrected(SIMILARITIES, a[u], b[u]))
            for i, a in enumerate(texts) for b in texts[i + 1 :] for _, u, _ in pairs
        ]  # fmt: skip
        assert noise.value == pytest.approx(np.mean(again), abs=0.02) and noise.value < 1 and not noise.note


def test_spread_is_the_standard_deviation_over_the_edits_that_left_a_unit():
    query, bank = question(), bank_of(*EDITS)
    report = stability(query, FEW_ROWS, bank=bank)
    texts, pairs = plain(question(), bank, FEW_ROWS)["context", TARGETS[0].name]
    arm = report.details["arms"].index("context")
    for unit in range(query.n_units):
        values = [scores[units.index(unit)] for _, units, scores in pairs if unit in units]
        expected = np.std(values, ddof=1) if len(values) > 1 else np.nan
        assert report.arrays["spread"][arm, unit, 0] == pytest.approx(expected, nan_ok=True)
        own = unit in np.flatnonzero(query.units.inside(TARGETS[0].span))
        again = np.nan if own else np.std([text[unit] for text in texts], ddof=1)
        assert report.arrays["noise_spread"][arm, unit, 0] == pytest.approx(again, nan_ok=True)


def test_edits_that_change_the_prediction_are_counted_and_left_out():
    text = PLANTED["en"].texts[1]  # "adverse" decides the type from far away
    target = Target(Span(19, 32, "Reaction"))
    query = Query(planted_tagger().tagger, Document(text, "en"), targets=[target])
    bank = bank_of(*(changed((word, "fever"), text=text) for word in ("adverse", "event", "first")))
    report = stability(query, Exact(), bank=bank)
    assert report.arrays["kept"][:, 0].tolist() == [False, True, True]
    about = {"arm": "context", "family": "all families"}
    assert (report.measure("flips", **about).value, report.measure("flips", **about).n) == (1 / 3, 3)
    assert report.measure("stability", **about).n == 2
    assert np.isnan(report.arrays["by_edit"][:, 0]).all() and report.arrays["n_compared"][:, 0].sum() == 0
    only = stability(query, Exact(), bank=bank_of(bank.edits[0]))
    assert only.measure("stability", **about).note == "every edit (1) changes what the model says of the target"


def test_faithfulness_stands_beside_every_target_and_arm():
    query = question()
    report = stability(query, Occlusion(), rng=2, bank=bank_of(*EDITS), n_rows=64)
    for arm in report.details["arms"]:
        for i, target in enumerate(TARGETS):
            one = query.with_targets([target])
            one = one.context() if arm == "context" else one
            keep, scores = evaluation_rows(one, 64, 2), explain(one, Occlusion()).scores[:, 0]
            lost = one.value(np.ones((1, query.n_units), bool))[0, 0] - one.value(keep)[:, 0]
            expected = infidelity(~keep @ scores, lost)
            about = {"arm": arm, "target": target.name}
            assert report.measure("infidelity", **about).value == pytest.approx(expected.value), i
            assert report.measure("explained share", **about).value == pytest.approx(expected.share)


def test_every_window_is_judged_on_the_rows_of_faithfulness():
    """Units of another window change nothing there: rows that hide them would be rows that hide fewer."""
    query = question(model=SpyModel(max_pieces=12))
    assert len(query.parts()) == 2
    few = FaithfulnessSettings(rows=16, random_rows=1, bound_rows=4)
    beside = stability(query, Occlusion(), rng=3, bank=bank_of(*EDITS), n_rows=16)
    whole = faithfulness(explain(query, Occlusion(), 3), query, 3, few)
    for target in query.targets:
        about = {"arm": "all units", "target": target.name}
        for name in ("infidelity", "explained share"):
            assert beside.measure(name, **about).value == pytest.approx(whole.measure(name, **about).value), name
    assert beside.n_evals["faithfulness"] == 16 * (2 + 2)  # a window each with all units, then a context arm each
    cost = stability_cost(query, Occlusion(), rng=3, bank=bank_of(*EDITS), n_rows=16, is_timed=False)
    assert cost.parts["faithfulness"].rows == 64


def test_a_context_query_is_answered_in_its_own_arm():
    whole = stability(question(TARGETS[:1]), FEW_ROWS, bank=bank_of(*EDITS))
    context = stability(question(TARGETS[:1]).context(), FEW_ROWS, bank=bank_of(*EDITS))
    assert context.details["arms"] == ["context"] and whole.details["arms"] == ["all units", "context"]
    for one in context.select("stability"):
        assert whole.measure("stability", **one.about) == one


def test_targets_do_not_change_each_other():
    both, one = (
        stability(question(), FEW_ROWS, bank=bank_of(*EDITS)),
        stability(question(TARGETS[1:]), FEW_ROWS, bank=bank_of(*EDITS)),
    )
    for measure in one.select("stability") + one.select("noise_arm") + one.select("max_sensitivity"):
        found = both.measure(measure.name, **measure.about)
        assert (found.value, found.interval) == (measure.value, measure.interval)


def test_each_family_is_measured_by_itself_and_stress_edits_are_not_used():
    stress = changed(("wegens", "met"), family=Words("stress", keeps_label=False))
    report = stability(question(), Occlusion(), bank=bank_of(*EDITS, stress))
    assert report.details["families"] == ["words", "names"]
    for target in TARGETS:
        parts = [report.measure("stability", arm="context", target=target.name, family=f) for f in ("words", "names")]
        everything = report.measure("stability", arm="context", target=target.name, family="all families")
        assert everything.n == sum(part.n for part in parts) <= len(EDITS)
        assert everything.value == pytest.approx(sum(part.n * part.value for part in parts) / everything.n)


def test_a_context_query_may_ask_several_things_about_one_span():
    """A contrast beside the span, with rows and units of the span alone; an edit may change the answer for one."""
    alone = question(TARGETS[:1]).context()
    both = alone.with_targets([TARGETS[0], Target(TARGETS[0].span, "Y")])
    one, two = (stability(query, Occlusion(), bank=bank_of(*EDITS)) for query in (alone, both))
    assert two.details["arms"] == ["context"] and two.select("stability", target=both.targets[1].name)
    np.testing.assert_array_equal(two.arrays["by_edit"][..., 0], one.arrays["by_edit"][..., 0])


def test_the_context_of_several_spans_at_once_is_refused():
    query = question(TARGETS[:1]).context().with_targets(TARGETS)
    for verb in (stability, stability_cost):
        with pytest.raises(ValueError, match="in the context arm of several spans at once .*ask about one at a time"):
            verb(query, Occlusion(), bank=bank_of(*EDITS))


def test_hidden_context_is_an_edit_in_the_rows_of_the_text():
    query = question()
    report = stability(query, Occlusion(), bank=bank_of(masked(query, 0, 9), masked(query, 10)))
    assert report.details["edits"][0] == {"family": "context mask", "hidden": [0, 9]}
    assert report.arrays["kept"].all()
    compared = report.arrays["n_compared"][:, :, 0]  # every unit but the hidden ones, and the entity's own in context
    assert compared.tolist() == [[query.n_units - 2, query.n_units - 1], [query.n_units - 3, query.n_units - 2]]
    assert len({id(query.evaluations), *(id(one.evaluations) for one in bank_of(masked(query, 0)).on(query))}) == 1


@pytest.mark.parametrize(
    "query",
    [
        question(model=SpyModel(max_pieces=12)),  # several windows
        question(model=SpyModel(is_exact=False)),
        question(hiding=Delete()),
        question(text="他昨天头痛，今天又发热，已经好转。", targets=[Target(Span(3, 5, "X"))]),
    ],
    ids=["windows", "reduced precision", "delete", "zh"],
)
def test_texts_of_every_kind(query):
    bank = bank_of(*EDITS) if query.document.text == TEXT else None
    report = stability(query, PermutationShap(64), n_edits=4, bank=bank)
    for arm in ("all units", "context"):
        found = report.select("stability", arm=arm, family="all families")
        assert len(found) == query.n_targets and all(m.is_available and -1 <= m.value <= 1 for m in found)


def test_units_deleted_for_good_leave_no_single_row_to_look_into():
    query = question(TARGETS[:1], hiding=Delete()).without(np.arange(13) == 11)
    report = stability(query, Occlusion(), bank=bank_of(masked(query, 12)))
    assert report.measure("stability", arm="context", family="all families").is_available
    assert "no edit moves" in report.measure("local_lipschitz", arm="context", family="all families").note


def test_rows_are_run_together_and_shared_between_methods():
    query, bank = question(), bank_of(*EDITS)
    stability(query, PermutationShap(60), bank=bank)
    tables = [one.evaluations for one in bank.on(query)]
    before = [table.n_rows for table in tables], query.n_evals
    stability(query, PermutationShap(60), bank=bank)
    assert ([table.n_rows for table in tables], query.n_evals) == before


@dataclass(frozen=True)
class Counted(BlackBox):
    """Occlusion that writes down how often it was run, but for the replays of missing rows."""

    runs: list

    def estimate(self, game, rng):
        answers = ask(game, ~np.eye(game.n_units, dtype=bool))
        self.runs.append(game.n_units)
        return exact_estimate(answers.full - answers.values, answers)


def test_rounds_end_with_the_whole_and_repeat_nothing():
    query, bank = question(), bank_of(*EDITS)
    whole, rounds = Counted([]), Counted([])
    expected = stability(query, whole, bank=bank)
    reports = list(stability_rounds(question(), rounds, bank=bank_of(*EDITS), first=2))
    assert len(rounds.runs) == len(whole.runs)
    assert [report.measure("flips", arm="context", target=TARGETS[0].name, family="all families").n
            for report in reports] == [2, 4, 5]  # fmt: skip
    assert [str(m) for m in reports[-1].measures] == [str(m) for m in expected.measures]
    first = reports[0]
    sampled = list(stability_rounds(question(TARGETS[:1]), FEW_ROWS, bank=bank_of(*EDITS), first=3))
    noise = [one.measure("noise_arm", arm="context", family="all families").interval for one in sampled]
    assert noise[0] is None and noise[-1] is not None  # one pair first, all of them at the end
    assert {m.about["family"] for m in first.select("kept")} == {"all families", "words", "names"}  # one of each
    for report in reports[:-1]:
        known = ~np.isnan(report.arrays["by_edit"])
        np.testing.assert_allclose(report.arrays["by_edit"][known], expected.arrays["by_edit"][known], atol=0.05)


def test_a_generator_gives_another_answer_each_time_and_an_int_the_same():
    rng, bank, query = np.random.default_rng(0), bank_of(*EDITS[:2]), question(TARGETS[:1])
    scores = [stability(query, FEW_ROWS, r, 2, bank, 1).arrays["scores"] for r in (rng, rng, 4, 4, np.int64(4))]
    assert not np.array_equal(scores[0], scores[1], equal_nan=True)
    np.testing.assert_array_equal(scores[2], scores[3])
    np.testing.assert_array_equal(scores[2], scores[4])


class Stop(Exception):
    pass


def test_an_interrupted_run_goes_on_where_it_stopped():
    whole, alone = question(TARGETS[:1]), bank_of(*EDITS[:2])
    expected = stability(whole, FEW_ROWS, bank=alone, n_noise=2)
    query, bank, calls = question(TARGETS[:1]), bank_of(*EDITS[:2]), []

    def stop(done, in_all):
        calls.append(done)
        if len(calls) % 15 == 0:
            raise Stop

    stops = 0
    for _ in range(100):
        try:
            with query.watched(stop):
                report = stability(query, FEW_ROWS, bank=bank, n_noise=2)
            break
        except Stop:
            stops += 1
    assert stops >= 2
    assert [str(measure) for measure in report.measures] == [str(measure) for measure in expected.measures]
    rows = [one.evaluations.n_rows for one in bank.on(query)], query.n_evals
    assert rows == ([one.evaluations.n_rows for one in alone.on(whole)], whole.n_evals)


@pytest.mark.parametrize("method", [Occlusion(), FEW_ROWS, KernelShap(80)], ids=repr)
def test_the_cost_is_known_beforehand(method):
    query, bank = question(), bank_of(*EDITS)
    cost = stability_cost(query, method, bank=bank, is_timed=False)
    report = stability(query, method, bank=bank)
    for part in ("explanations of the text", "predictions of edits", "faithfulness"):
        assert cost.parts[part].rows == report.n_evals[part], part
    assert cost.parts["explanations of edits"].rows >= report.n_evals["explanations of edits"]
    assert ("noise arm" in report.n_evals) == (not isinstance(method, Occlusion))
    if "noise arm" in report.n_evals:
        assert cost.parts["noise arm"].rows == report.n_evals["noise arm"]
    assert str(cost).splitlines()[-1].startswith("in all: at most ")


@dataclass(frozen=True)
class Fragile(BlackBox):
    """Refuses texts of fewer units than `least`."""

    least: int

    def estimate(self, game, rng):
        if game.n_units < self.least:
            raise ValueError("too short for me")
        answers = ask(game, ~np.eye(game.n_units, dtype=bool))
        return exact_estimate(answers.full - answers.values, answers)


def test_an_edit_on_which_the_method_fails_is_left_out_and_told():
    query = question(TARGETS[:1])
    report = stability(query, Fragile(12), bank=bank_of(*EDITS))
    assert report.details["failed"] == ["ValueError: too short for me"]  # "vaak" is gone, in the context arm
    asked, whole = (stability_cost(query, Fragile(least), bank=bank_of(*EDITS), is_timed=False) for least in (12, 1))
    assert asked.parts["explanations of edits"].rows == report.n_evals["explanations of edits"]
    assert asked.parts["explanations of edits"].rows < whole.parts["explanations of edits"].rows
    for verb in (stability, stability_cost):
        with pytest.raises(ValueError, match="too short for me"):
            verb(query, Fragile(99), bank=bank_of(*EDITS))


def test_what_cannot_be_measured_is_not_available_because():
    whole = "furosemide"
    one_unit = Query(SpyModel(width=10), Document(whole), targets=[Target(Span(0, 10, "X"))])
    report = stability(one_unit, Occlusion())
    for arm in ("all units", "context"):
        found = report.measure("stability", arm=arm, family="all families")
        assert found.note.startswith("there is no edit of this text")
        assert not report.measure("infidelity", arm="context").is_available
    nothing = Bank((), {"words": 7}, {"words": {"an entity is cut": 7}}, {"words": "the gate refused every edit"})
    report = stability(question(), Occlusion(), bank=nothing)
    because = report.measure("stability", arm="context", target=TARGETS[0].name, family="words")
    assert str(because) == "stability: not available, because the gate refused every edit"
    assert report.details["rejected"] == {"words": {"an entity is cut": 7}}


def test_an_entity_with_one_unit_of_context_has_nothing_to_compare_there():
    text = "kreeg furosemide"
    query = Query(SpyModel(), Document(text), targets=[Target(Span(6, 16, "X"))])
    bank = bank_of(changed(("kreeg", "kreeg wat"), text=text))
    note = stability(query, Occlusion(), bank=bank).measure("stability", arm="context", family="all families").note
    assert note == "1 unit may be hidden in the arm of context; it takes two to compare"


def test_errors_say_what_is_wrong():
    with pytest.raises(ValueError, match="the query has no targets"):
        stability(question([]), Occlusion())
    with pytest.raises(ValueError, match="n_noise is 0"):
        stability(question(), Occlusion(), n_noise=0)
    with pytest.raises(ValueError, match="the edit belongs to another text"):
        stability(question(text=TEXT.upper()), Occlusion(), bank=bank_of(*EDITS))
    with pytest.raises(TypeError, match="rng is True"):
        stability(question(), Occlusion(), True, bank=bank_of(*EDITS))
    with pytest.raises(TypeError, match="the method is the class Occlusion"):
        stability(question(), Occlusion, bank=bank_of(*EDITS))


def test_a_report_comes_back_from_its_files(tmp_path):
    report = stability(question(), FEW_ROWS, bank=bank_of(*EDITS))
    report.save(tmp_path)
    again = StabilityReport.load(tmp_path)
    assert [str(m) for m in again.measures] == [str(m) for m in report.measures] and again.details == report.details
    np.testing.assert_array_equal(again.arrays["spread"], report.arrays["spread"])


def test_lime_after_kernel_shap_runs_no_new_row():
    asked, words = question(), bank_of(*EDITS)
    stability(asked, KernelShap(60), bank=words)
    n_run = [one.n_evals for one in (asked, *words.on(asked))]
    stability(asked, Lime(60), bank=words)
    assert [one.n_evals for one in (asked, *words.on(asked))] == n_run and min(n_run) > 30


def test_the_explanation_that_was_shown_is_the_one_that_is_judged():
    asked, words = question(TARGETS[:1]).context(), bank_of(*EDITS)
    shown = explain(asked, KernelShap(60), rng=4)
    report = stability(asked, KernelShap(60), rng=4, bank=words, n_noise=1)
    np.testing.assert_array_equal(report.arrays["scores"][0, asked.active, 0], shown.scores[asked.active, 0])
    alone = question(TARGETS[:1]).context()
    stability(alone, KernelShap(60), rng=4, bank=bank_of(*EDITS), n_noise=1)
    assert alone.n_evals == asked.n_evals
