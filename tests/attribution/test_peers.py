"""The same quantity as captum, shap and lime where they compute it: on net M and on small random games."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from known_games import masked, net_m, random_game, table_game

from explain_lib.attribution import Exact, KernelShap, Lime, Occlusion, PermutationShap, explain
from explain_lib.perturbation.sampling import leverage_pairs
from explain_lib.perturbation.streams import stream

pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own deprecations
X, ZERO = (20.0, 50.0, 30.0), (0.0, 0.0, 0.0)


def torch_net_m(x):
    hidden = torch.relu(x.sum(dim=1, keepdim=True) + torch.tensor([-10.0, 1, 1, 1])).sum(dim=1)
    return torch.stack([hidden - 1, hidden + 1], dim=1)


def on_rows(game):
    """A game as a torch function of 0/1 inputs, one output."""
    return lambda rows: torch.as_tensor(game.value(rows.numpy() > 0.5)[:, 0])


def test_captum_shapley_values():
    from captum.attr import ShapleyValues

    theirs = ShapleyValues(torch_net_m).attribute(torch.tensor([X]), target=0)[0].numpy()
    np.testing.assert_allclose(explain(masked(net_m, X, ZERO, 2), Exact()).scores[:, 0], theirs, atol=1e-4)


def test_captum_shapley_value_sampling():
    """Different draws of the same mean: within the error of both."""
    from captum.attr import ShapleyValueSampling

    torch.manual_seed(0)
    game, truth = random_game(9, 1)
    theirs = ShapleyValueSampling(on_rows(game)).attribute(torch.ones(1, 9), n_samples=400)[0].numpy()
    ours = explain(game, PermutationShap(400))
    assert np.abs(theirs - truth[:, 0]).max() < 0.25
    assert (np.abs(ours.scores[:, 0] - theirs) < 0.25 + 4 * ours.std_error[:, 0]).all()


def test_captum_kernel_shap():
    from captum.attr import KernelShap as CaptumKernelShap

    torch.manual_seed(0)
    game, truth = random_game(8, 2)
    theirs = CaptumKernelShap(on_rows(game)).attribute(torch.ones(1, 8), n_samples=2000)[0].numpy()
    ours = explain(game, KernelShap(200))
    assert np.abs(theirs - truth[:, 0]).max() < 0.15
    assert (np.abs(ours.scores[:, 0] - theirs) < 0.15 + 4 * ours.std_error[:, 0]).all()
    assert ours.std_error.max() < 0.1


def test_captum_feature_ablation():
    from captum.attr import FeatureAblation

    theirs = FeatureAblation(torch_net_m).attribute(torch.tensor([X]), target=1)[0].numpy()
    np.testing.assert_allclose(explain(masked(net_m, X, ZERO, 2), Occlusion()).scores[:, 1], theirs)


@pytest.mark.parametrize("window", [2, 3])
def test_captum_occlusion_windows(window):
    from captum.attr import Occlusion as CaptumOcclusion

    game, _ = random_game(7, 3)
    theirs = CaptumOcclusion(on_rows(game)).attribute(torch.ones(1, 7), sliding_window_shapes=(window,))[0].numpy()
    np.testing.assert_allclose(explain(game, Occlusion(window)).scores[:, 0], theirs, atol=1e-6)


@pytest.mark.parametrize("explainer", ["KernelExplainer", "PermutationExplainer", "ExactExplainer"])
def test_shap_where_it_is_exact(explainer):
    import shap

    values = np.random.default_rng(0).normal(size=(2**5, 2))
    game = table_game(values)

    def predict(rows):
        return game.value(rows > 0.5)

    background, ones = np.zeros((1, 5)), np.ones((1, 5))
    if explainer == "KernelExplainer":
        peer = shap.KernelExplainer(predict, background)
        theirs = peer.shap_values(ones, nsamples=1000, l1_reg=False, silent=True)[0]
    else:
        is_sampled = explainer == "PermutationExplainer"  # unseeded, it seeds itself from the operating system
        seed = {"seed": 0} if is_sampled else {}
        peer = getattr(shap, explainer)(predict, shap.maskers.Independent(background), **seed)
        settings = {"max_evals": 11 * 2000} if is_sampled else {}
        theirs = peer(ones, silent=True, **settings).values[0]
    tolerance = 0.1 if explainer == "PermutationExplainer" else 1e-8
    for method in (Exact(), KernelShap(), PermutationShap()):
        np.testing.assert_allclose(explain(game, method).scores, theirs, atol=tolerance)


def test_lime_ridge_on_the_same_rows_and_weights():
    """lime weighs a row by its kernel alone; `Lime` also makes up for how often it draws each number of units."""
    from lime.lime_base import LimeBase
    from sklearn.metrics import pairwise_distances

    game, _ = random_game(10, 4, n_targets=2)
    ours = explain(game, Lime(budget=150), rng=5).scores
    drawn = leverage_pairs(10, 74, stream(5, "explain")).keep
    keep = np.concatenate([np.ones((1, 10)), drawn, np.zeros((1, 10))])
    kept = keep.sum(axis=1)
    as_drawn = np.array([1.0 if k == 10 else 148 / 10 / (kept == k).sum() for k in kept])
    distances = pairwise_distances(keep, keep[:1], metric="cosine").ravel() * 100
    base = LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / 25**2)) * as_drawn, random_state=0)
    for target in (0, 1):
        _, pairs, _, _ = base.explain_instance_with_data(
            keep, game.value(keep > 0.5), distances, target, num_features=10, feature_selection="none"
        )
        np.testing.assert_allclose(ours[:, target], [dict(pairs)[unit] for unit in range(10)], atol=1e-9)
