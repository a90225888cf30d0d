"""captum's classes on queries and games: the same numbers as ours where they compute the same."""

from __future__ import annotations

import inspect

import captum.attr
import numpy as np
import pytest
import torch
from known_games import Spy, random_game
from tiny_query import DRUG, dutch, tagger

from explain_lib.attribution import (
    CaptumMethod, Exact, GradientInput, IntegratedGradients, KernelShap, Lime, Occlusion, explain,
)  # fmt: skip
from explain_lib.attribution.bridges.captum_embeddings import BARE_GRADIENTS, EMBEDDED_CLASSES
from explain_lib.attribution.bridges.captum_method import REFUSED
from explain_lib.attribution.bridges.captum_rows import ROW_CLASSES
from explain_lib.perturbation import Game

CLASSES = [
    thing
    for name in captum.attr.__all__
    if inspect.isclass(thing := getattr(captum.attr, name))
    and (issubclass(thing, captum.attr.Attribution) or name in ("NoiseTunnel", "DataLoaderAttribution"))
]
RUN = [c for c in CLASSES if c.__name__ in {*ROW_CLASSES, *EMBEDDED_CLASSES} and c.__name__ != "LimeBase"]
ON_ROWS = [c for c in RUN if c.__name__ in ROW_CLASSES]
ON_EMBEDDINGS = [c for c in RUN if c.__name__ in EMBEDDED_CLASSES]
SAMPLED = {"ShapleyValueSampling", "KernelShap", "Lime", "GradientShap", "LayerGradientShap", "NoiseTunnel"}
QUICK = [c for c in RUN if c is not captum.attr.ShapleyValues]  # 720 orders of six units take captum seconds
each_run = pytest.mark.parametrize("cls", QUICK, ids=lambda c: c.__name__)


def method(cls, settings=(), **rest):
    needed = {"attribution_method": captum.attr.Saliency} if cls is captum.attr.NoiseTunnel else {}
    return CaptumMethod(cls, {**needed, **dict(settings)}, **rest)


def test_every_class_of_captum_is_either_run_or_refused():
    assert len(RUN) == 23 and len(CLASSES) == 49
    rest = [c for c in CLASSES if c not in RUN and c is not captum.attr.LimeBase]
    for cls in rest:
        with pytest.raises(ValueError, match=rf"captum's {cls.__name__} cannot explain a query: (it|the bridge) \w+"):
            CaptumMethod(cls)
    assert set(REFUSED.values()) >= {"it explains generated text"}


@each_run
def test_a_class_runs_on_a_query(cls):
    query = dutch()
    result = explain(query, method(cls), rng=0)
    assert result.scores.shape == (6, 2) and np.isfinite(result.scores).all()
    # The lasso of Lime may drop every small effect, and the pieces of the tokenizer differ from process to process.
    assert cls is captum.attr.Lime or result.scores.any(axis=0).all()
    assert np.isnan(result.std_error).all() == (cls.__name__ in SAMPLED)
    assert not (cls.__name__ not in SAMPLED and result.std_error.any())
    np.testing.assert_allclose(result.full_value, query.value(np.ones((1, 6), dtype=bool))[0])
    again = explain(dutch(), method(cls), rng=0)
    assert again.scores.tobytes() == result.scores.tobytes() and again.n_evals == result.n_evals


@each_run
def test_targets_together_score_as_one_at_a_time(cls):
    together = explain(dutch(), method(cls), rng=3)
    alone = explain(dutch([DRUG]), method(cls), rng=3)
    np.testing.assert_allclose(together.scores[:, 0], alone.scores[:, 0], rtol=1e-5, atol=1e-6)


@each_run
def test_the_context_arm_leaves_the_own_units_at_zero(cls):
    query = dutch([DRUG]).context()
    result = explain(query, method(cls), rng=0)
    assert not result.scores[~query.active].any() and not result.std_error[~query.active].any()
    assert (~query.active).sum() == 1
    is_lasso = cls is captum.attr.Lime  # whose strength of .01 leaves nothing of scores as small as these
    assert result.scores[query.active].any() or is_lasso


@pytest.mark.parametrize("cls", ON_ROWS, ids=lambda c: c.__name__)
@pytest.mark.parametrize("n_units", [1, 2, 5])
def test_rows_asked_for_are_counted_and_stay_within_the_budget(cls, n_units):
    game, _ = random_game(n_units, 0, n_targets=2)
    spy = Spy(game)
    result = explain(spy.game, method(cls, budget=20), rng=1)
    assert result.n_evals == spy.n_distinct
    if cls is not captum.attr.ShapleyValues:
        assert result.n_evals <= 20


@pytest.mark.parametrize("cls", ON_ROWS, ids=lambda c: c.__name__)
def test_a_query_without_active_units_costs_one_row(cls):
    result = explain(Game(lambda keep: np.ones(len(keep)), 0), method(cls))
    assert result.n_evals == 1 and result.scores.shape == (0, 1)


@pytest.mark.parametrize("hiding_rows", [captum.attr.FeatureAblation, captum.attr.Occlusion])
def test_feature_ablation_is_occlusion(hiding_rows):
    theirs, ours = explain(dutch(), method(hiding_rows)), explain(dutch(), Occlusion())
    np.testing.assert_allclose(theirs.scores, ours.scores, atol=1e-12)
    assert theirs.n_evals == ours.n_evals == 8


def test_rows_are_shared_with_our_methods():
    query = dutch()
    explain(query, Exact())
    ran = query.n_evals
    explain(query, method(captum.attr.ShapleyValueSampling), rng=0)
    explain(query, method(captum.attr.KernelShap), rng=0)
    assert query.n_evals == ran == 64


def test_windows_are_a_setting():
    game, _ = random_game(7, 3)
    theirs = explain(game, method(captum.attr.Occlusion, {"sliding_window_shapes": (3,)}))
    np.testing.assert_allclose(theirs.scores, explain(game, Occlusion(3)).scores, atol=1e-6)


def test_shapley_values_are_exact():
    query = dutch([DRUG]).context()
    theirs = explain(query, method(captum.attr.ShapleyValues))
    np.testing.assert_allclose(theirs.scores, explain(query, Exact()).scores, atol=1e-6)
    assert theirs.n_evals == 32 and not theirs.std_error.any()


@pytest.mark.parametrize("cls", [captum.attr.ShapleyValueSampling, captum.attr.KernelShap], ids=lambda c: c.__name__)
def test_sampled_shapley_values_tend_to_the_exact_ones(cls):
    game, truth = random_game(8, 1, n_targets=2)
    errors = [np.abs(explain(game, method(cls, budget=b), rng=0).scores - truth).max() for b in (60, 3000)]
    assert errors[1] < 0.3 and errors[1] < errors[0] / 3


def test_lime_with_plain_least_squares_on_a_linear_game():
    """A linear game has the same slopes under every kernel: captum's, and those of our ridge in the limit."""
    from captum._utils.models.linear_model import SkLearnLinearRegression

    slopes = np.array([3.0, -2.0, 0.5, 0.0])
    game = Game(lambda keep: keep @ slopes, 4)
    theirs = explain(game, method(captum.attr.Lime, {"interpretable_model": SkLearnLinearRegression()}), rng=0)
    np.testing.assert_allclose(theirs.scores[:, 0], slopes, atol=1e-5)
    np.testing.assert_allclose(explain(game, Lime(ridge=1e-9)).scores[:, 0], slopes, atol=1e-5)


@pytest.mark.parametrize(
    "cls", [captum.attr.IntegratedGradients, captum.attr.LayerIntegratedGradients], ids=lambda c: c.__name__
)
@pytest.mark.parametrize("context", [False, True], ids=["all units", "context"])
def test_integrated_gradients_at_the_same_nodes(cls, context):
    query = dutch([DRUG]).context() if context else dutch()
    theirs = explain(query, method(cls, {"n_steps": 24}))
    ours = explain(query, IntegratedGradients(steps=24))
    np.testing.assert_allclose(theirs.scores, ours.scores, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("cls", [captum.attr.InputXGradient, captum.attr.LayerGradientXActivation], ids=str)
def test_gradient_times_input(cls):
    theirs, ours = explain(dutch(), method(cls)), explain(dutch(), GradientInput())
    np.testing.assert_allclose(theirs.scores, ours.scores, rtol=1e-4, atol=1e-6)


def test_ablation_of_the_embeddings_is_occlusion_by_the_mask_piece():
    """Hiding a unit's embeddings by those of the mask piece, and its ids by the mask id, is one thing."""
    theirs, ours = explain(dutch(), method(captum.attr.LayerFeatureAblation)), explain(dutch(), Occlusion())
    np.testing.assert_allclose(theirs.scores, ours.scores, atol=1e-5)


def test_gradient_shap_with_one_baseline_tends_to_integrated_gradients():
    ours = explain(dutch(), IntegratedGradients(200)).scores
    few, many = (
        np.abs(explain(dutch(), method(captum.attr.GradientShap, {"n_samples": n}), rng=0).scores - ours).max()
        for n in (5, 2000)
    )
    assert many < few and many < 0.1 * np.abs(ours).max()


def test_bare_gradients_have_no_sign():
    for name in BARE_GRADIENTS:
        assert (explain(dutch(), method(getattr(captum.attr, name))).scores >= 0).all()
    signed = explain(dutch(), method(captum.attr.IntegratedGradients)).scores
    assert (signed < 0).any()


@each_run
def test_the_model_and_the_random_states_are_left_as_they_were(cls):
    module = tagger().network.module
    weights = {name: weight.clone() for name, weight in module.state_dict().items()}
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    before = torch.get_rng_state(), np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002
    explain(dutch(), method(cls), rng=0)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (np.random.get_state(legacy=False)["state"]["key"] == before[1]).all()  # noqa: NPY002
    assert all(torch.equal(weight, weights[name]) for name, weight in module.state_dict().items())
    assert not any(m._forward_hooks or m._backward_hooks or m._forward_pre_hooks for m in module.modules())
    assert not module.training and not any(p.requires_grad for p in module.parameters())


@pytest.mark.parametrize("cls", [captum.attr.DeepLift, captum.attr.LayerDeepLift, captum.attr.Saliency], ids=str)
def test_hooks_are_gone_after_an_error(cls, monkeypatch):
    module = tagger().network.module
    monkeypatch.setattr(type(tagger().decoder), "scores", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        method(cls).attribute(dutch(), np.random.default_rng(0))
    assert not any(m._forward_hooks or m._backward_hooks or m._forward_pre_hooks for m in module.modules())


@pytest.mark.parametrize(
    ("cls", "settings", "message"),
    [
        ("Saliency", {"n_step": 3}, r"setting 'n_step' of Saliency is unknown; allowed are abs\."),
        ("KernelShap", {"baselines": 0}, r"setting 'baselines' of KernelShap is filled in from the query; allowed"),
        ("LimeBase", {}, r"LimeBase needs the settings interpretable_model, similarity_func"),
        ("NoiseTunnel", {}, r"NoiseTunnel needs the setting 'attribution_method', a gradient class of captum"),
        ("NoiseTunnel", {"attribution_method": captum.attr.Lime}, r"NoiseTunnel needs the setting"),
    ],
)
def test_wrong_settings_are_refused_by_name(cls, settings, message):
    with pytest.raises(ValueError, match=message):
        explain(dutch(), CaptumMethod(getattr(captum.attr, cls), settings))


def test_what_is_no_class_of_captum_is_refused():
    with pytest.raises(TypeError, match=r"got the class KernelShap; give a class of captum \(not an instance\)"):
        CaptumMethod(KernelShap)
    with pytest.raises(TypeError, match=r"got a str; give a class of captum"):
        CaptumMethod("Saliency")


def test_a_game_has_no_gradients():
    with pytest.raises(TypeError, match=r"captum's Saliency needs a Query on a model; a Game has no gradients"):
        explain(Game(lambda keep: keep.sum(axis=1), 3), CaptumMethod(captum.attr.Saliency))


def test_too_many_units_for_all_orders():
    with pytest.raises(ValueError, match=r"walks through all orders of 8 active units; the bridge allows 5040"):
        explain(random_game(8, 0)[0], CaptumMethod(captum.attr.ShapleyValues))


def test_the_repr_is_provenance():
    def similarity(*_):
        return 1.0

    named = CaptumMethod(captum.attr.Lime, {"similarity_func": similarity, "n_samples": 30}, budget=50)
    assert repr(named).startswith("CaptumMethod(captum.Lime, settings={'similarity_func': ")
    assert " at 0x" not in repr(named) and repr(named).endswith("'n_samples': 30}, budget=50)")
    settings = {"n_samples": 30}
    frozen = CaptumMethod(captum.attr.Lime, settings)
    settings["n_samples"] = 4
    assert frozen.settings == {"n_samples": 30} and hash(frozen) == hash(CaptumMethod(captum.attr.Lime))
