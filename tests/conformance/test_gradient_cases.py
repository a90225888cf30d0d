"""Numeric cases with known answers for gradient methods (A10 of the project's yardstick, and net M)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn, relu

from explain_lib.attribution import GradientInput, IntegratedGradients, explain
from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.models.toy import word_tokenizer
from explain_lib.perturbation import Query

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
