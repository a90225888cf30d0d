"""States between layers: the library's own, with slopes that finite differences confirm; the model stays as it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from small_bert import query, small_bert

from explain_lib.models.protocols import Layered
from explain_lib.models.toy import LINEAR_WORDS, linear_tagger
from explain_lib.core import Document, Span, Target
from explain_lib.perturbation import Query


@pytest.fixture(scope="module")
def asked():
    return query(small_bert())


def row_and_events(asked):
    (window,) = asked.evaluations.windows
    row = asked.model.row(asked.encoding, window)
    return row, [asked.model.event(target, asked.encoding, window) for target in asked.targets]


def test_states_are_those_of_the_library(asked):
    row, _ = row_and_events(asked)
    module = asked.model.network.module
    with torch.no_grad():
        expected = module(input_ids=torch.as_tensor(row.ids), output_hidden_states=True).hidden_states
    assert asked.model.n_layers == 2 == len(expected) - 1
    for layer, states in enumerate(expected):
        np.testing.assert_allclose(asked.model.hidden_states(row, layer), states.numpy(), atol=1e-12)
    assert not module.config.output_hidden_states


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_gradients_are_finite_differences(asked, layer):
    row, events = row_and_events(asked)
    found = asked.model.hidden_gradients(row, layer, events, "log_odds")
    bert = asked.model.network.module.bert
    part = bert.embeddings if layer == 0 else bert.encoder.layer[layer - 1]
    direction = np.random.default_rng(layer).normal(size=found.shape[1:])

    def moved(step):
        def shift(_, __, output):
            plus = torch.as_tensor(direction[None]) * step
            return (output[0] + plus, *output[1:]) if isinstance(output, tuple) else output + plus

        hook = part.register_forward_hook(shift)
        try:
            return asked.model.score(asked.model.exact_outputs(row), events, "log_odds")[0]
        finally:
            hook.remove()

    slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
    np.testing.assert_allclose((found * direction).sum(axis=(1, 2)), slope, rtol=1e-5, atol=1e-7)
    assert np.abs(slope).min() > 1e-3


def test_a_module_without_layers_shows_its_input():
    toy = linear_tagger(1)
    text = " ".join(LINEAR_WORDS[-8:])
    asked = Query(toy.tagger, Document(text), [Target(Span(0, len(LINEAR_WORDS[-8]), "Disease"))])
    row, events = row_and_events(asked)
    assert isinstance(toy.tagger, Layered) and toy.tagger.n_layers == 0
    np.testing.assert_array_equal(toy.tagger.hidden_states(row, 0), toy.tagger.embeddings(row.ids))
    inputs = toy.tagger.embeddings(row.ids)
    expected = toy.tagger.gradients(row, inputs, inputs, events, "log_odds").products[0]
    found = toy.tagger.hidden_gradients(row, 0, events, "log_odds")
    np.testing.assert_allclose((found * inputs).sum(axis=2), expected, atol=1e-12)
    with pytest.raises(ValueError, match="layer is 1; LinearNetwork has layers 0 \\(its input\\) to 0"):
        toy.tagger.hidden_states(row, 1)


def test_gradients_work_below_no_grad(asked):
    row, events = row_and_events(asked)
    expected = asked.model.hidden_gradients(row, 1, events, "log_odds")
    with torch.inference_mode():
        np.testing.assert_array_equal(asked.model.hidden_gradients(row, 1, events, "log_odds"), expected)
