"""lime's explainers on queries and games."""

from __future__ import annotations

import lime.lime_image
import lime.lime_tabular
import lime.lime_text
import numpy as np
import pytest
from known_games import Spy, random_game
from tiny_query import DRUG, dutch

from explain_lib.attribution import Exact, Lime, LimeMethod, explain
from explain_lib.core import Document, Target
from explain_lib.models.toy import planted_tagger
from explain_lib.perturbation import Game, Query

TEXT, TABLE = lime.lime_text.LimeTextExplainer, lime.lime_tabular.LimeTabularExplainer
each = pytest.mark.parametrize("cls", [TEXT, TABLE], ids=lambda c: c.__name__)


@each
def test_it_runs_on_a_query(cls):
    result = explain(dutch(), LimeMethod(cls), rng=0)
    assert result.scores.shape == (6, 2) and result.scores.all() and np.isnan(result.std_error).all()
    assert explain(dutch(), LimeMethod(cls), rng=0).scores.tobytes() == result.scores.tobytes()
    assert explain(dutch(), LimeMethod(cls), rng=1).scores.tobytes() != result.scores.tobytes()


@each
def test_targets_together_score_as_one_at_a_time(cls):
    together, alone = (explain(dutch(t), LimeMethod(cls), rng=3) for t in (dutch().targets, [DRUG]))
    np.testing.assert_allclose(together.scores[:, 0], alone.scores[:, 0], rtol=1e-6)


@each
def test_the_context_arm_leaves_the_own_units_at_zero(cls):
    query = dutch([DRUG]).context()
    result = explain(query, LimeMethod(cls), rng=0)
    assert not result.scores[~query.active].any() and result.scores[query.active].all()


def test_the_text_explainer_tends_to_our_lime():
    """Six units fit the budget, so that ours draws nothing: all that is between them is lime's draws."""
    game, _ = random_game(6, 3, n_targets=2)
    ours = explain(game, Lime(budget=20_000))
    many, few = (explain(game, LimeMethod(TEXT, budget=b)).scores for b in (20_000, 40))
    assert np.abs(many - ours.scores).max() < 0.05 < np.abs(few - ours.scores).max() and not ours.std_error.any()


@each
def test_slopes_of_a_linear_game(cls):
    slopes = np.array([3.0, -2.0, 0.5, 0.0])
    result = explain(Game(lambda keep: keep @ slopes + 7, 4), LimeMethod(cls, budget=20_000))
    np.testing.assert_allclose(result.scores[:, 0], slopes, atol=0.05)


@each
@pytest.mark.parametrize("n_units", [1, 2, 12])
def test_rows_asked_for_are_counted_and_stay_within_the_budget(cls, n_units):
    game, _ = random_game(n_units, 0, n_targets=2)
    spy = Spy(game)
    result = explain(spy.game, LimeMethod(cls, budget=60), rng=1)
    assert result.n_evals == spy.n_distinct <= 60


@each
def test_no_feature_is_left_out(cls):
    """lime's own default keeps ten."""
    game = Game(lambda keep: keep @ np.arange(1.0, 16), 15)
    assert explain(game, LimeMethod(cls)).scores.all()
    kept = explain(game, LimeMethod(cls, {"num_features": 10, "feature_selection": "highest_weights"}))
    assert np.count_nonzero(kept.scores) == 10


def test_equal_words_and_chinese_characters_are_units_of_their_own():
    toy = planted_tagger()
    document = Document("患者有重病变，病变。")
    query = Query(toy.tagger, document, targets=[])
    span = query.predict()[0].spans[0]
    result = explain(query.with_targets([Target(span)]), LimeMethod(TEXT), rng=0)
    assert len(result.units) == 10 and result.scores.shape == (10, 1)
    first, second = (i for i, text in enumerate(result.units.texts) if text == "变")
    assert abs(result.scores[first, 0]) > 3 * abs(result.scores[second, 0])


@pytest.mark.parametrize(
    ("cls", "why"),
    [
        (lime.lime_image.LimeImageExplainer, "it explains pictures"),
        (lime.lime_tabular.RecurrentTabularExplainer, "its features are steps of a series"),
        (lime.lime_text.IndexedString, "it is no explainer of a text or a table"),
    ],
)
def test_other_classes_are_refused_with_a_reason(cls, why):
    with pytest.raises(ValueError, match=rf"lime's {cls.__name__} cannot explain a query: {why}"):
        LimeMethod(cls)


def test_wrong_settings_are_refused_by_name():
    game, _ = random_game(4, 0)
    with pytest.raises(ValueError, match=r"setting 'bow' of LimeTextExplainer is filled in from the query"):
        explain(game, LimeMethod(TEXT, {"bow": True}))
    with pytest.raises(ValueError, match=r"setting 'n_samples' of LimeTextExplainer is unknown; allowed are .*num_s"):
        explain(game, LimeMethod(TEXT, {"n_samples": 3}))
    with pytest.raises(TypeError, match=r"got the class Exact; give a class of lime"):
        LimeMethod(Exact)
