"""Numeric cases with known answers for gradient methods (A10–A12, A16, A17 of the yardstick, and net M)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn, relu

from explain_lib.attribution import GradientInput, GradientShap, IntegratedGradients, ZeroEmbedding, explain
from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.models.toy import word_tokenizer
from explain_lib.perturbation import MaskPiece, Query

TAGS = ("O", "I-X")


class Function(nn.Module):
    """A function of numbers as a tagger: each word embeds as its number, the first word's logit is the function."""

    def __init__(self, function, table):
        super().__init__()
        self.function = function
        self.embedding = nn.Embedding(*table.shape, _weight=table)
        self.config = SimpleNamespace(id2label=dict(enumerate(TAGS)), max_position_embeddings=32)

    def get_input_embeddings(self):
        return self.embedding

    def forward(self, input_ids=None, attention_mask=None, inputs_embeds=None):
        x = self.embedding(input_ids) if inputs_embeds is None else inputs_embeds
        values = self.function(nn.functional.pad(x[:, 1:-1, 0], (0, 2)))  # loading probes with a single word
        first = nn.functional.one_hot(torch.tensor([1]), x.shape[1]).to(x.dtype)
        return SimpleNamespace(logits=torch.stack([torch.zeros_like(x[..., 0]), values[:, None] * first], dim=-1))


def question(function, numbers, baseline=0.0):
    """The left margin of a span over the first word is the function itself; a hidden word becomes the baseline."""
    words = [f"w{i}" for i in range(len(numbers))]
    tokenizer = word_tokenizer(words)
    table = torch.zeros(len(tokenizer), 1, dtype=torch.float64)
    table[tokenizer.mask_token_id] = baseline
    table[tokenizer.convert_tokens_to_ids(words), 0] = torch.tensor(numbers, dtype=torch.float64)
    module = Function(function, table).eval()
    tagger = load_model((module, tokenizer), dtype="float64", device="cpu")
    return Query(tagger, Document(" ".join(words)), targets=[Target(Span(0, 2, "X"), margin="left")])


def f1(x):
    return relu(relu(x[:, 0]) - 1 - relu(x[:, 1]))


def f2(x):
    return relu(relu(x[:, 0] - 1) - relu(x[:, 1]))


@pytest.mark.parametrize("function", [f1, f2])
def test_a10_implementation_invariance(function):
    """Two networks that compute the same function get the same integrated gradients: 1.5 and −0.5."""
    result = explain(question(function, [3.0, 1.0]), IntegratedGradients(steps=500))
    np.testing.assert_allclose(result.scores[:, 0], [1.5, -0.5], atol=5e-3)
    np.testing.assert_allclose(result.full_value - result.base_value, [1.0], atol=1e-6)


def net_m_out0(x):
    return relu(x.sum(dim=1, keepdim=True) + torch.tensor([-10.0, 1, 1, 1], dtype=x.dtype)).sum(dim=1) - 1


def test_net_m_integrated_gradients():
    """The first hidden unit is on for 90 % of the way from 0 to (20, 50, 30): slope 3.9 on average."""
    result = explain(question(net_m_out0, [20.0, 50.0, 30.0]), IntegratedGradients(steps=500))
    np.testing.assert_allclose(result.scores[:, 0], [78, 195, 117], rtol=2e-3)
    np.testing.assert_allclose(result.scores.sum(), 390, rtol=2e-3)


@pytest.mark.parametrize("steps", [1, 32])
def test_a4_net_m_where_it_is_linear(steps):
    """With 15 for a hidden word all units of net M stay on, and one node is enough."""
    result = explain(question(net_m_out0, [20.0, 50.0, 30.0], baseline=15.0), IntegratedGradients(steps))
    np.testing.assert_allclose(result.scores[:, 0], [20, 140, 60], atol=1e-6)


def test_net_m_gradient_times_input():
    result = explain(question(net_m_out0, [20.0, 50.0, 30.0]), GradientInput())
    np.testing.assert_allclose(result.scores[:, 0], [80, 200, 120], atol=1e-6)


def test_a11_infidelity_to_the_baseline_is_the_squared_gap():
    """Infidelity of one perturbation, input → baseline, is (Σ scores − (full − base))², whatever the nodes missed."""
    q = question(net_m_out0, [20.0, 50.0, 30.0])
    result = explain(q, IntegratedGradients(steps=3))
    full, base = q.value(np.array([[True] * 3, [False] * 3]))
    infidelity = (result.scores.sum(axis=0) - (full - base)) ** 2
    assert infidelity[0] > 1
    np.testing.assert_allclose(infidelity, result.completeness_gap**2, rtol=1e-9)


@pytest.mark.parametrize("method", [GradientInput(), IntegratedGradients(1)], ids=repr)
@pytest.mark.parametrize("points_at_once", [1, 100])
def test_a12_no_sensitivity_in_a_linear_region(method, points_at_once, monkeypatch):
    """A linear function of nearby inputs: the slope of each word does not move, whatever the size of a batch."""
    monkeypatch.setattr("explain_lib.models.family.points_at_once", lambda *_: points_at_once)
    inputs = [20.0, 50.0, 30.0], [20.5, 49.0, 31.0]
    slopes = [explain(question(net_m_out0, x, baseline=15.0), method).scores[:, 0] / moved(x, method) for x in inputs]
    np.testing.assert_allclose(slopes, [[4, 4, 4]] * 2, atol=1e-9)


def moved(x, method):
    """How far each word is from where its method starts."""
    return np.array(x) - (0 if isinstance(method, GradientInput) else 15)


def linear(weights):
    return lambda x: sum(weight * column for weight, column in zip(weights, x.unbind(dim=1), strict=False))


@pytest.mark.parametrize(
    "method", [IntegratedGradients(1), IntegratedGradients(tolerance=1e-9), GradientShap(draws=3)], ids=repr
)  # fmt: skip
def test_a16_a_linear_function_gives_w_times_x_minus_mu(method):
    result = explain(question(linear([2.0, -3.0, 0.0]), [5.0, 1.0, 4.0], baseline=1.5), method)
    np.testing.assert_allclose(result.scores[:, 0], [7, 1.5, 0], atol=1e-12)
    assert result.scores[2, 0] == 0
    np.testing.assert_allclose(result.completeness_gap, 0, atol=1e-9)


def test_a16_the_mean_of_two_baselines():
    """μ is the mean over baselines: here the mask word (1.5) and the zero embedding."""
    method = GradientShap(draws=4000, baselines=(MaskPiece(), ZeroEmbedding()))
    result = explain(question(linear([2.0, -3.0, 0.0]), [5.0, 1.0, 4.0], baseline=1.5), method)
    np.testing.assert_allclose(result.base_value, [-0.75])
    assert (np.abs(result.scores[:, 0] - [8.5, -0.75, 0]) <= 4 * result.std_error[:, 0]).all()


@pytest.mark.parametrize("method", [IntegratedGradients(4), GradientShap(draws=3)], ids=repr)
def test_a17_units_that_do_not_change_score_exactly_zero(method):
    """x (0, 5, 2, 7) against baseline words (0, 1, 2, 3): one word a time takes the baseline's place."""
    numbers, hidden = [0.0, 5.0, 2.0, 7.0], [0.0, 1.0, 2.0, 3.0]
    for scale in (1.0, 2.0):
        found = [explain(question(linear([scale] * 4), numbers, baseline=b), method).scores[i, 0]
                 for i, b in enumerate(hidden)]  # fmt: skip
        assert found[0] == 0 and found[2] == 0
        np.testing.assert_allclose(found, [0, 4 * scale, 0, 4 * scale], atol=1e-12)
