"""Explainers whose stability is known: it must be what it is, and show beside it what it is worth."""

from __future__ import annotations

import numpy as np
import pytest
from edited_texts import EDITS, RANDOM, TARGETS, UNIFORM, Lexicon, Told, bank_of, masked, noisy, question
from tiny_query import tagger

from explain_lib.analysis.stability import stability
from explain_lib.analysis.stability.explained import Seeds
from explain_lib.attribution import Occlusion, explain
from explain_lib.core import Span, Target
from explain_lib.statistics import corrected_similarity


def context(report, name="stability", target=TARGETS[0]):
    about = {"family": "all families"} if not name.startswith(("infidelity", "explained share")) else {}
    return report.measure(name, arm="context", target=target.name, **about)


def many_edits(query):
    """Every pair of some units far from the entities, hidden."""
    free = [0, 1, 7, 8, 9, 10, 11]
    return bank_of(*EDITS, *(masked(query, a, b) for a in free for b in free if a < b))


def test_a_random_explainer_is_as_stable_as_chance():
    query = question()
    report = stability(query, RANDOM, bank=many_edits(query), n_noise=8)
    found, noise = context(report), context(report, "noise_arm")
    assert abs(found.value) < 0.1 and found.interval[0] <= 0.02 and found.n > 15
    assert abs(noise.value) < 0.1 and abs(context(report, "excess").value) < 0.12


def test_a_uniform_explainer_is_defined_as_nothing_above_chance():
    report = stability(question(), UNIFORM, bank=bank_of(*EDITS))
    assert context(report).value == context(report, "noise_arm").value == 0
    assert not context(report, "Spearman").is_available
    everywhere = context(report, "explained share, the same score everywhere")
    assert context(report, "explained share").value == pytest.approx(everywhere.value) and everywhere.value > 0.1


def test_all_on_the_own_units_is_a_control_where_they_may_be_hidden():
    query, name = question(), "explained share, all on the span's own units"
    own = Told(lambda n, rng: np.equal(np.arange(n), 3).astype(float))  # the fourth word is the entity
    report = stability(query.with_targets(TARGETS[:1]), own, bank=bank_of(*EDITS[:1]))
    whole = {"arm": "all units", "target": TARGETS[0].name}
    assert report.measure("explained share", **whole).value == pytest.approx(report.measure(name, **whole).value)
    assert context(report, name).note == "no unit of the target's own may be hidden"


def test_what_no_permutation_changes_is_no_excess():
    """Sizes that are all the same leave one of the four measures nothing above chance, with edits and without."""
    signs = Told(lambda n, rng: np.where(np.arange(n) % 2, 1.0, -1.0))
    query = question()
    report = stability(query, signs, bank=bank_of(masked(query, 12), masked(query, 11, 12)))
    assert context(report).value == pytest.approx(0.75) == context(report, "noise_arm").value
    assert context(report, "excess").value == pytest.approx(0, abs=1e-12)


def test_a_frozen_lexicon_is_perfectly_stable_and_explains_nothing():
    report = stability(question(), Lexicon(), bank=bank_of(*EDITS))
    assert context(report).value == pytest.approx(1) and context(report, "max_sensitivity").value == 0
    ratio = context(report, "relative_output_stability")
    assert ratio.value == -np.inf and ratio.note == "minus infinity: the ratio is 0, the explanation does not change"
    measured = stability(question(), Occlusion(), bank=bank_of(*EDITS))
    assert context(report, "explained share").value < 0.6 < 0.9 < context(measured, "explained share").value
    assert context(report, "infidelity").value > 10 * context(measured, "infidelity").value


def test_randomised_parameters_change_what_is_found():
    """The same words, other networks: explanations must not be alike (any two of eight units may be, by chance)."""
    text, target = "Zij kreeg furosemide wegens hartfalen en jeuk .", Target(Span(10, 20, "Drug"))

    def scores(model):
        found = explain(question([target], model, text=text).context(), Occlusion())
        return found.scores[found.active[:, 0], 0]

    own = scores(tagger())
    alike = [corrected_similarity(own, scores(tagger().randomized(seed))) for seed in range(8)]
    assert np.mean(alike) < 0.5 and corrected_similarity(own, own) == pytest.approx(1)


def test_one_seed_for_all_would_hide_the_noise_of_sampling():
    """The yardstick's trap: noise that both sides draw alike looks like stability."""
    query, bank = question(TARGETS[:1]), bank_of(EDITS[0], EDITS[3])  # as many units as before
    report = stability(query, noisy(0.4), bank=bank, n_noise=8)
    shared = explain(query, noisy(0.4), 7).scores, explain(bank.on(query)[0], noisy(0.4), 7).scores
    np.testing.assert_array_equal(*shared)
    assert 0.2 < context(report).value < 0.9
    assert 0.2 < context(report, "noise_arm").value < 0.9
    low, high = context(report, "excess").interval
    assert low <= 0 <= high  # the edits themselves change nothing


def test_seeds_are_independent_and_do_not_change_with_how_many_are_asked_for():
    few, many = Seeds.of(0, 2, 3), Seeds.of(0, 5, 9)
    assert many.text[:3] == few.text and many.edits[:3] == few.edits
    assert len({*many.text, *many.edits}) == 6 + 9
    assert Seeds.of(1, 2, 3) != few


def test_the_noise_arm_knows_how_noisy_a_method_is():
    arms = [
        context(stability(question(), noisy(0.3 * noise), bank=bank_of(*EDITS[:2])), "noise_arm").value
        for noise in (2.0, 0.2)
    ]
    assert arms[0] < arms[1] - 0.2 < 0.8
