"""Agreement between methods as matrices, corrected for chance; randomised weights as the control of explanations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr
from spy_model import SpyModel
from tiny_query import dutch

from explain_lib.attribution import Exact, GradientInput, KernelShap, Occlusion, PerUnit, explain
from explain_lib.core import Document, Span, Target
from explain_lib.evaluation.agreement import agreement, sign_agreement
from explain_lib.evaluation.randomization import randomization
from explain_lib.models.toy import bag_classifier, planted_tagger
from explain_lib.perturbation import Query
from explain_lib.statistics import chance_corrected, corrected_similarity, spearman

TEXT = Document("ab cd ef gh ij kl mn op qr st uv", "en")
X, Y = Target(Span(6, 11, "X")), Target(Span(0, 2, "Y"))


def made(*columns, targets=(X,), text=TEXT):
    one = explain(Query(SpyModel(), text, targets=targets), Occlusion())
    return [replace(one, scores=np.repeat(np.asarray(c, float)[:, None], len(targets), axis=1)) for c in columns]


def test_the_same_is_one_the_opposite_is_below_chance_and_a_constant_is_none():
    scores = np.random.default_rng(0).normal(size=11)
    report = agreement(made(scores, 3 * scores, -scores, np.ones(11)))
    for arm in range(2):
        for name in ("rank", "top_k", "sign", "overall"):
            matrix = report.arrays[name][:, :, 0, arm]
            np.testing.assert_array_equal(matrix, matrix.T)
            np.testing.assert_allclose(np.diag(matrix)[:3], 1)
            assert matrix[0, 1] == pytest.approx(1)
        assert report.arrays["rank"][0, 2, 0, arm] == pytest.approx(-1, abs=0.2)
        assert report.arrays["sign_raw"][0, 2, 0, arm] == 0
        assert report.arrays["rank"][0, 3, 0, arm] == 0 and np.isnan(report.arrays["rank_raw"][0, 3, 0, arm])


def test_cells_are_the_similarities_of_the_units_that_count():
    a, b = np.random.default_rng(1).normal(size=(2, 11))
    report, own = agreement(made(a, b)), made(a)[0].units.inside(X.span)
    for arm, units in enumerate((np.ones(11, bool), ~own)):
        assert report.arrays["rank_raw"][0, 1, 0, arm] == pytest.approx(spearmanr(a[units], b[units]).statistic)
        assert report.arrays["sign_raw"][0, 1, 0, arm] == pytest.approx(np.mean(a[units] * b[units] > 0))
        name = report.ARMS[arm]
        assert report.measure("agreement", arm=name).value == pytest.approx(report.arrays["overall"][0, 1, 0, arm])
    near = corrected_similarity(a, b, rng=9)  # other shuffles, the same chance
    assert report.arrays["overall"][0, 1, 0, 0] == pytest.approx(float(near), abs=0.1)


def test_shuffled_scores_agree_no_better_than_chance():
    rng = np.random.default_rng(2)
    found = [agreement(made(*rng.normal(size=(2, 11)))).arrays["overall"][0, 1, 0, 0] for _ in range(60)]
    assert abs(np.mean(found)) < 0.1


def test_signs_count_where_neither_is_zero():
    assert sign_agreement([1.0, -1, 0, 2], [2.0, 1, 5, 0]) == pytest.approx(0.5)
    assert np.isnan(sign_agreement([0.0, 1], [1.0, 0]))


def test_chance_of_signs_is_read_off_the_shuffles_that_have_one():
    """Most shuffles of two scored units out of ten share none: they have no sign to agree on, and do not count."""
    sparse = np.zeros(10)
    sparse[[2, 7]] = 1, -1
    (same, opposite), _ = chance_corrected([sign_agreement, spearman], [sparse, sparse], [sparse, -sparse], rng=0)
    assert same == 1 and opposite < -0.4


def test_sizes_ignore_signs():
    scores = np.random.default_rng(0).normal(size=11)
    report = agreement(made(scores, -scores), by_size=True)
    assert report.measure("rank agreement", arm="context").value == pytest.approx(1)
    assert report.measure("sign agreement", arm="context").value < 0


def test_methods_are_named_and_numbered():
    report = agreement(made(*np.random.default_rng(0).normal(size=(2, 11))))
    assert report.methods == ("Occlusion(window=1)", "Occlusion(window=1) (2)")
    assert report.measure("agreement", arm="context").n == 1


def test_arms_that_cannot_be_compared_say_why():
    query = Query(SpyModel(), TEXT, targets=[X])
    whole, context = explain(query, Occlusion()), explain(query.context(), Occlusion())
    report = agreement([whole, context])
    assert report.measure("agreement", arm="context").value == pytest.approx(1)
    assert "made in the context arm" in report.measure("agreement", arm="all units").note
    short = Query(SpyModel(), Document("abc def", "en"), targets=[Target(Span(0, 3, "X"))])
    pair = agreement([explain(short, Occlusion()), explain(short, Exact())])
    assert pair.measure("agreement", arm="context").note == "fewer than 2 units are scored by all methods"


def test_other_questions_are_refused():
    (one,) = made(np.arange(11))
    with pytest.raises(ValueError, match="agreement compares at least 2 attributions, got 1"):
        agreement([one])
    with pytest.raises(ValueError, match="attribution 1 is about Y 0–2 and attribution 0 about X 6–11"):
        agreement([one, *made(np.arange(11), targets=(Y,))])
    with pytest.raises(ValueError, match="attribution 1 is about another text"):
        agreement([one, *made(np.arange(4), text=Document("ab cd ef gh", "en"), targets=(Y,))])
    halves = Query(SpyModel(), TEXT, targets=[X], units=replace(one.units, bounds=[[0, 11], [12, 32]]))
    with pytest.raises(ValueError, match="attribution 1 scores 2 units and attribution 0 scores 11"):
        agreement([one, explain(halves, Occlusion())])


def test_random_weights_change_an_explanation_that_looks_at_the_model():
    text = Document("An adverse event : severe lesion after the first dose .", "en")
    query = Query(planted_tagger().tagger, text, targets=[Target(Span(19, 32, "Reaction"))])
    report = randomization(query, Occlusion(), rng=0, n_models=6)
    for target in report.targets:
        for arm in report.ARMS:
            name = "similarity after randomisation"
            found = report.measure(name, arm=arm, target=target.name)
            same = report.measure(f"{name}, same model and another seed", arm=arm, target=target.name)
            assert same.value == pytest.approx(1)  # exact: nothing is drawn
            assert found.n == 6 and -1 <= found.interval[0] <= found.value <= found.interval[1] <= 1
            assert found.value < 0.5
    assert report.arrays["similarity"].shape == (6, 1, 2)
    assert report.n_evals["random weights"] == 6 * report.n_evals["the model"]


def test_an_explanation_that_ignores_the_model_stays_the_same():
    class Position(Occlusion):
        """The place in the text, whatever the model says."""

        def attribute(self, question, rng):
            estimate = super().attribute(question, rng)
            return replace(estimate, scores=np.arange(1.0, 1 + len(estimate.scores))[:, None] * (estimate.scores != 0))

    report = randomization(dutch(), Position(), n_models=2)
    for arm in report.ARMS:
        for measure in report.select("similarity after randomisation", arm=arm):
            assert measure.value == pytest.approx(1)


def test_a_sampler_is_held_against_its_own_other_seed():
    query = dutch()
    before = [weight.clone() for weight in query.model.network.module.parameters()]
    report = randomization(query, KernelShap(PerUnit(4)), rng=1, n_models=2)
    assert (report.arrays["other_seed"] < 1).any() and (report.arrays["other_seed"] > 0.3).all()
    after = list(query.model.network.module.parameters())
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    again = randomization(query, KernelShap(PerUnit(4)), rng=1, n_models=2)
    assert [str(m) for m in again.measures] == [str(m) for m in report.measures]


def test_randomisation_that_cannot_be_done_says_why():
    spy = randomization(Query(SpyModel(), TEXT, targets=[X]), Occlusion())
    assert {m.note for m in spy.measures} == {"the model offers no copy with random weights"}
    toy = planted_tagger()
    text = Document("The patient has a severe lesion .", "en")
    query = Query(toy.tagger, text, targets=[Target(Query(toy.tagger, text).predict()[0].spans[0])])
    context = randomization(query.context(), GradientInput(), n_models=1)
    assert context.measure("similarity after randomisation", arm="context").interval is None
    assert context.measure("similarity after randomisation", arm="all units").note == "the query is the context arm"
    topic = Query(bag_classifier().classifier, Document("de patient heeft koorts", "nl"), [Target(label="Neurology")])
    report = randomization(topic, Occlusion(), n_models=1)
    assert "the text as a whole" in report.measure("similarity after randomisation", arm="context").note
    with pytest.raises(ValueError, match="n_models is 0; give at least 1"):
        randomization(topic, Occlusion(), n_models=0)
