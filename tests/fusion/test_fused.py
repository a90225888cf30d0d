"""Fused as a method like any other, on toy models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from explain_lib.analysis import stability
from explain_lib.attribution import (
    Estimate, GradientInput, KernelShap, Lime, Occlusion, PermutationShap, explain, explain_many,
)  # fmt: skip
from explain_lib.core import Attribution, Document, Span, Target
from explain_lib.fusion import (
    Fused, FusionCalibration, GateFusion, JointFusion, MeanFusion, PrecisionFusion, RankFusion, fuse,
)  # fmt: skip
from explain_lib.fusion.gather import Gathering
from explain_lib.models.toy import bag_classifier, planted_tagger
from explain_lib.perturbation import Delete, Game, Query
from explain_lib.perturbation.budget import PerUnit
from explain_lib.perturbation.edits import ContextMask, bank

SMALL = FusionCalibration(n_rows=32, n_edits=3)
MEMBERS = (KernelShap(60), Occlusion(), GradientInput())
JOINT = JointFusion(calibration=SMALL)
FUSIONS = (JOINT, MeanFusion(32), RankFusion(), PrecisionFusion(SMALL), GateFusion(calibration=SMALL))
ZH, EN = "用药后出现副反应：重病变，已停药。", "An adverse event : severe lesion after the first dose ."
SPANS = {ZH: Span(9, 12, "Reaction"), EN: Span(19, 32, "Reaction")}


@cache
def model():
    return planted_tagger(strength=4.0).tagger


def query(text: str = EN, arm: str = "context", **settings) -> Query:
    found = Query(model(), Document(text, "zh" if text == ZH else "en"), [Target(SPANS[text])], **settings)
    return found.context() if arm == "context" else found


@pytest.mark.parametrize("fusion", FUSIONS, ids=lambda f: type(f).__name__)
@pytest.mark.parametrize("arm", ["context", "all units"])
def test_it_is_a_method(fusion, arm) -> None:
    here = query(arm=arm)
    method = Fused(MEMBERS, fusion)
    cost = here.cost(method, is_timed=False)
    found = explain(here, method)
    assert isinstance(found, Attribution)
    assert found.n_evals == cost.rows == sum(found.fusion.n_evals.values())
    assert found.fusion.weights.shape == (len(found.fusion.members), 1)
    assert found.fusion.weights.sum() == pytest.approx(1)
    assert not found.scores[~here.active].any()
    again = explain(query(arm=arm), method)
    assert again.scores.tobytes() == found.scores.tobytes()


def test_the_cost_is_told_before_anything_is_run_but_the_text_itself() -> None:
    here = query()
    here.cost(Fused(MEMBERS, JOINT), is_timed=False)
    assert here.n_evals <= 1


@pytest.mark.parametrize("fusion", FUSIONS, ids=lambda f: type(f).__name__)
def test_together_is_one_by_one(fusion) -> None:
    method = Fused(MEMBERS, fusion)
    alone = [explain(query(text), method, rng=3) for text in (EN, ZH)]
    together = explain_many([query(EN), query(ZH)], method, rng=3)
    for a, b in zip(alone, together, strict=True):
        assert np.allclose(a.scores, b.scores, atol=1e-12)
        assert a.n_evals == b.n_evals


def test_fusing_what_is_there_is_the_same_and_costs_less() -> None:
    here = query()
    found = explain(here, Fused(MEMBERS, JOINT), rng=5)
    attributions = [explain(here, method, rng=5) for method in MEMBERS]
    again = fuse(attributions, here, JOINT, rng=5)
    assert np.allclose(again.scores, found.scores)
    assert again.method == found.method
    assert again.fusion.n_evals["given attributions"] == sum(a.n_evals for a in attributions)
    assert again.n_evals <= found.n_evals
    assert "weights=" not in repr(again.method)


def test_targets_together_are_targets_one_at_a_time() -> None:
    text = "No fever but a lesion ."
    spans = [Target(Span(15, 21, "Disease")), Target(Span(15, 21, "Disease"), versus="Reaction")]
    both = Query(model(), Document(text, "en"), spans)
    method = Fused((KernelShap(40), Occlusion()), JOINT)
    together = explain(both, method)
    for i, target in enumerate(spans):
        alone = explain(both.with_targets([target]), method)
        assert np.allclose(together.scores[:, i], alone.scores[:, 0], atol=1e-12)
        assert together.fusion.notes[i] == alone.fusion.notes[0]


def test_a_margin_and_a_contrast_can_be_fused() -> None:
    span = SPANS[EN]
    for target in (Target(span, margin="left"), Target(span, versus="Disease")):
        found = explain(query().with_targets([target]).context(), Fused(MEMBERS, JOINT))
        assert np.isnan(found.fusion.losses[2]).all() == (target.margin is None)  # a contrast has no boundary
        assert np.isfinite(found.scores).all()


def test_other_edits_for_another_seed_and_the_same_bank_when_given() -> None:
    here = query()
    given = bank(here, n_edits=4, rng=9)
    one = explain(here, Fused(MEMBERS, JOINT, bank=given), rng=1)
    other = fuse([explain(here, m, rng=1) for m in MEMBERS], here, JOINT, rng=1, bank=given)
    assert np.allclose(one.scores, other.scores)


def test_held_weights() -> None:
    here = query()
    method = Fused(MEMBERS, JOINT)
    found = explain(here, method)
    held = method.held(found)
    same = explain(here, held)
    assert np.allclose(same.scores, found.scores)
    assert same.n_evals < found.n_evals
    assert "held fixed" in same.fusion.notes[0]
    elsewhere = explain(query(ZH), held)
    assert np.allclose(elsewhere.fusion.weights, found.fusion.weights)
    with pytest.raises(ValueError, match="was not fused from these methods"):
        Fused((Occlusion(),), JOINT).held(found)
    with pytest.raises(ValueError, match="was not fused from these methods"):
        method.held(explain(here, Occlusion()))


def test_delete_and_one_unit_and_no_context() -> None:
    deleted = explain(query(hiding=Delete()), Fused((KernelShap(60), Occlusion()), JOINT))
    assert np.isfinite(deleted.scores).all()
    alone = Query(model(), Document("lesion", "en"), [Target(Span(0, 6, "Disease"))])
    found = explain(alone.context(), Fused((PermutationShap(), Occlusion()), JOINT))
    assert not found.scores.any()
    assert "no member predicts" in found.fusion.notes[0]
    whole = explain(alone, Fused((PermutationShap(), Occlusion()), JOINT))
    assert whole.scores[0, 0] == pytest.approx(float(whole.full_value[0] - whole.base_value[0]))


def test_an_attribution_is_saved_with_how_it_was_fused(tmp_path) -> None:
    found = explain(query(), Fused(MEMBERS, JOINT))
    found.save(tmp_path / "x")
    again = Attribution.load(tmp_path / "x")
    assert again.fusion.notes == found.fusion.notes
    assert np.array_equal(again.fusion.losses, found.fusion.losses, equal_nan=True)
    assert np.array_equal(again.fusion.scales, found.fusion.scales)
    assert again.fusion.n_evals == found.fusion.n_evals


@dataclass(frozen=True)
class Random:
    """Noise, drawn anew at every call."""

    def attribute(self, question, rng: np.random.Generator) -> Estimate:
        scores = rng.normal(size=(question.n_units, question.n_targets)) * question.active[:, None]
        values = question.value(np.stack([question.full_row & ~question.active, question.full_row]))
        return Estimate(scores, np.zeros_like(scores), np.inf, values[0], values[1], 2)


def test_a_random_member_gets_little_and_other_weights_follow_another_model() -> None:
    members = (Occlusion(), GradientInput(), Random())
    asked = [(query(text), seed) for text in (EN, ZH) for seed in range(6)]
    weights = [explain(q, Fused(members, JOINT), rng=seed).fusion.weights[2, 0] for q, seed in asked]
    assert np.mean(weights) < 0.05
    other = Query(model().randomized(1), Document(EN, "en"), [Target(SPANS[EN])]).context()
    scores = [explain(q, Fused(MEMBERS, JOINT)).scores for q in (query(), other)]
    assert not np.allclose(scores[0], scores[1], atol=0.01)


def test_an_interrupt_keeps_what_was_run() -> None:
    here = query()
    method = Fused(MEMBERS, JOINT)
    calls = []

    def tick(done: int, in_all: int) -> None:
        calls.append(done)
        if len(calls) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), here.watched(tick):
        explain(here, method)
    kept = here.n_evals
    assert kept > 0
    assert np.allclose(explain(here, method).scores, explain(query(), method).scores)


def test_what_cannot_be_fused_is_refused() -> None:
    here = query()
    found = [explain(here, m) for m in MEMBERS]
    with pytest.raises(ValueError, match="there is nothing to fuse; give at least one method"):
        Fused((), JOINT)
    with pytest.raises(TypeError, match=r"members must be a list of methods, got Occlusion; write \[method\] for one"):
        Fused(Occlusion(), JOINT)
    with pytest.raises(TypeError, match=r"the prior is a str; give what fit_fusion returned, or FusionPrior\.load"):
        JointFusion(prior="runs/prior")
    with pytest.raises(TypeError, match=r"a member is the class Occlusion; give methods with their settings"):
        Fused((Occlusion,), JOINT)
    with pytest.raises(ValueError, match=r"Occlusion\(window=1\) stands more than once among the members"):
        Fused((Occlusion(), Occlusion()), JOINT)
    for wrong, got in (("mean", "a str"), (JointFusion, "the class JointFusion")):
        for make in (lambda w=wrong: Fused(MEMBERS, w), lambda w=wrong: fuse(found, here, w)):
            with pytest.raises(TypeError, match=f"the fusion is {got}; give one with its settings"):
                make()
    with pytest.raises(TypeError, match="a fusion needs a Query on a model; a Game is a plain function"):
        explain(Game(lambda keep: keep.sum(axis=1), 3), Fused((Occlusion(),), JOINT))
    with pytest.raises(ValueError, match="there are no attributions to fuse; give at least one"):
        fuse([], here, JOINT)
    with pytest.raises(ValueError, match=r"by Occlusion\(window=1\) has other units than the query"):
        fuse([explain(query(ZH), Occlusion())], here, JOINT)
    with pytest.raises(ValueError, match="is about other targets than the query"):
        fuse([explain(here.with_targets([Target(SPANS[EN], margin="left")]), Occlusion())], here, JOINT)
    with pytest.raises(ValueError, match="was made in the arm 'all units' and the query asks in 'context'"):
        fuse([explain(query(arm="all units"), Occlusion())], here, JOINT)
    with pytest.raises(ValueError, match="explains 'log_prob' and the query asks for 'log_odds'"):
        fuse([explain(here.with_score("log_prob"), Occlusion())], here, JOINT)
    assert fuse(found[:1], here, JOINT).fusion.weights.tolist() == [[1]]


def test_loaded_attributions_fuse_where_nothing_has_to_be_run_again(tmp_path) -> None:
    here = query()
    loaded = []
    for i, method in enumerate((Occlusion(), GradientInput())):
        explain(here, method).save(tmp_path / str(i))
        loaded.append(Attribution.load(tmp_path / str(i)))
    assert np.isfinite(fuse(loaded, here, MeanFusion(32)).scores).all()
    with pytest.raises(ValueError, match="must run the members again, but an attribution that was loaded"):
        fuse(loaded, here, JOINT)


def test_lime_and_shapley_values_of_chinese_text() -> None:
    found = explain(query(ZH), Fused((KernelShap(60), Lime(60), PermutationShap(60)), JOINT))
    assert found.units.texts[5:8] == ("副", "反", "应")
    assert int(np.argmax(np.abs(found.scores[:, 0]))) == 5  # the planted trigger


def test_targets_in_different_windows() -> None:
    tagger = planted_tagger(strength=4.0, max_pieces=16).tagger
    text = "An adverse event : severe lesion . " + "The patient has a fever . " * 4 + "No fever but an adverse lesion ."
    last = text.rindex("lesion")
    targets = [Target(Span(19, 32, "Reaction")), Target(Span(last, last + 6, "Reaction"))]
    query = Query(tagger, Document(text, "en"), targets)
    assert len(query.parts()) == 2
    members = (KernelShap(120), Occlusion())
    found = explain(query, Fused(members, JOINT))
    assert found.fusion.weights.shape == (2, 2)
    assert len(found.fusion.notes) == 2
    again = fuse([explain(query, m) for m in members], query, JOINT)
    assert np.allclose(again.scores, found.scores)
    for i, target in enumerate(targets):
        alone = explain(query.with_targets([target]), Fused(members, JOINT))
        assert np.allclose(alone.scores[:, 0], found.scores[:, i], atol=1e-12)


def test_a_classifier() -> None:
    toy = bag_classifier(is_multi_label=True)
    document = Document("de patient heeft ernstige hoofdpijn na koorts .", "nl")
    query = Query(toy.classifier, document, [Target(label="Neurology")])
    found = explain(query, Fused((KernelShap(40), Occlusion(), GradientInput()), JOINT))
    truth = toy.contributions(query.document.text)[:, 1]
    assert np.allclose(found.scores[:, 0], truth, atol=0.1 * np.abs(truth).max())
    assert np.isnan(found.fusion.losses[2]).all()  # a document has no boundaries


def test_the_stability_of_a_fused_method() -> None:
    report = stability(query(), Fused((PermutationShap(30), Occlusion()), JOINT), n_edits=3)
    assert report.select("stability", arm="context", family="all families")
    assert any(measure.name == "stability, weights held" for measure in report.measures)


@dataclass(frozen=True)
class Fragile(Random):
    """Fails on every text but the first."""

    text: str = EN

    def attribute(self, question, rng: np.random.Generator) -> Estimate:
        if not question.full_row.all():
            raise ValueError("not this text")
        return super().attribute(question, rng)


def test_edits_that_are_not_used_are_counted_by_reason() -> None:
    masked = FusionCalibration(n_rows=32, n_edits=3, families=(ContextMask(),))
    found = explain(query(), Fused((Occlusion(), Fragile()), JointFusion(calibration=masked)))
    assert "on 3 of 3 edits a member failed (" in found.fusion.notes[0]
    assert "; Fragile(text=" in found.fusion.notes[0]
    assert "ValueError: not this text): they were not used" in found.fusion.notes[0]
    assert "stability not measured on this text" in found.fusion.notes[0]
    lost = FusionCalibration(n_rows=32, n_edits=3, families=(ContextMask(share=1.0, margin=0),))
    found = explain(query(), Fused(MEMBERS, JointFusion(calibration=lost)))
    assert "edits the model finds something else, or nothing is left: they were not used" in found.fusion.notes[0]


def test_a_member_with_too_few_rows_on_edits_is_named_with_the_reason() -> None:
    few = FusionCalibration(n_rows=32, n_edits=2, families=(ContextMask(),), edit_budget=PerUnit(2))
    found = explain(query(), Fused((Occlusion(), KernelShap(200)), JointFusion(calibration=few)))
    (note,) = found.fusion.notes
    assert "on 2 of 2 edits a member failed (run there with edit_budget=PerUnit(rows=2); KernelShap(" in note
    assert "it needs at least" in note and "Occlusion" not in note.split("they were not used")[0]


def test_lime_beside_kernel_shap_costs_no_row() -> None:
    """One design of rows: on the text, and on every edit."""
    joint = JointFusion(calibration=replace(JOINT.calibration, families=(ContextMask(),)))
    alone, both = (
        explain(query(), Fused(methods, joint), rng=1) for methods in ((KernelShap(60),), (KernelShap(60), Lime(60)))
    )
    assert both.n_evals == alone.n_evals


def test_a_bank_that_is_given_is_explained_with_the_rows_of_stability() -> None:
    """So a fusion beside a stability report of each member costs its own rows, and none of the members on edits."""
    here = query()
    edits, whole = bank(here, n_edits=4, rng=3).label_keeping, FusionCalibration(n_rows=32, edit_budget=60)
    shown = [explain(here, method, rng=3) for method in MEMBERS]
    for method in MEMBERS:
        stability(here, method, rng=3, bank=edits)
    apart = [one for one in edits.on(here) if one.evaluations is not here.evaluations]
    n_run = [one.n_evals for one in apart]
    fuse(shown, here, JointFusion(calibration=whole), rng=3, bank=edits)
    assert len(apart) > 2 and [one.n_evals for one in apart] == n_run
    fuse(shown, here, JointFusion(calibration=whole), rng=4, bank=edits)
    assert sum(one.n_evals for one in apart) > sum(n_run) + 30


def test_a_bank_of_its_own_is_explained_with_seeds_of_its_own() -> None:
    """What stability judges must not have been averaged over the very draws that it judges."""
    here, seed = query(), np.random.SeedSequence(3)
    alone = Gathering(here, MEMBERS, SMALL, seed)
    given = Gathering(here, MEMBERS, SMALL, seed, bank(here, n_edits=4, rng=3))
    assert alone.seed_of_edit(0).generate_state(4).tolist() != given.seed_of_edit(0).generate_state(4).tolist()
    assert given.seed_of_edit(0).generate_state(4).tolist() != given.seed_of_edit(1).generate_state(4).tolist()


def test_a_margin_is_fitted_to_its_own_rows_next_to_the_end() -> None:
    """As a target of its own, or seen beside the span: the same scores and rows."""
    here, asked = query(), replace(JOINT.calibration, n_edits=0)
    span = here.targets[0].span
    beside = Gathering(here.context(), MEMBERS, asked, np.random.SeedSequence(3)).gathered().evidence[0].margins()[0]
    alone_query = here.with_targets([Target(span, margin="left")]).context()
    alone = Gathering(alone_query, MEMBERS, asked, np.random.SeedSequence(3)).gathered().evidence[0]
    assert beside.is_margin and alone.is_margin
    assert np.allclose(beside.scores, alone.scores)
    assert np.allclose(alone.near[0].scores, alone.scores)
    assert np.array_equal(beside.near[0].rows.hidden, alone.near[0].rows.hidden)
    assert np.allclose(beside.rows.change, alone.rows.change)
    joint = JointFusion(calibration=asked)
    assert joint.blend(beside).losses[2].min() < 1
    assert np.allclose(joint.blend(beside).losses[2], joint.blend(alone).losses[2])
