"""Where attention methods read a classifier: at the pieces that its head reads, whatever the pooling."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
import transformers as hf
from small_bert import TEXT
from torch import nn

import explain_lib as xl
from explain_lib.attribution.attention.gradient_attention import relevancy
from explain_lib.attribution.attention.rollout import rollout
from explain_lib.models import load_model
from explain_lib.models.toy import word_tokenizer

WORDS = ["no", "fever", "but", "severe", "headache", "头", "痛", "."]
TARGETS = [xl.Target(label="A"), xl.Target(label="B", versus="C")]


def first(mask):
    return nn.functional.one_hot(torch.zeros(len(mask), dtype=torch.long), mask.shape[1]).float()


def last(mask):
    return nn.functional.one_hot(mask.sum(dim=1).long() - 1, mask.shape[1]).float()


def mean(mask):
    return mask / mask.sum(dim=1, keepdim=True)


def middle(mask):
    return mean(mask * (1 - first(mask)) * (1 - last(mask)))


def nothing(mask):
    return 0 * mask


class Pooled(nn.Module):
    """A BERT under a linear layer that reads its states in the shares of `pool`."""

    def __init__(self, pool):
        super().__init__()
        torch.manual_seed(0)
        size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
        config = hf.BertConfig(vocab_size=5 + len(WORDS), initializer_range=0.6, max_position_embeddings=32, **size)
        self.bert, self.out, self.pool = hf.BertModel(config, add_pooling_layer=False), nn.Linear(16, 3), pool
        self.config = SimpleNamespace(id2label={0: "A", 1: "B", 2: "C"})

    def get_input_embeddings(self):
        return self.bert.get_input_embeddings()

    def forward(self, input_ids=None, attention_mask=None, inputs_embeds=None):
        states = self.bert(input_ids, attention_mask, inputs_embeds=inputs_embeds).last_hidden_state
        return SimpleNamespace(logits=self.out((states * self.pool(attention_mask.float())[..., None]).sum(dim=1)))


def query(pool, targets=TARGETS):
    model = load_model((Pooled(pool), word_tokenizer(WORDS)), dtype="float32", device="cpu")
    return xl.Query(model, xl.Document(TEXT), targets)


def attention(q):
    (window,) = q.evaluations.windows
    events = [q.model.event(target, q.encoding, window) for target in q.targets]
    return q.model.attention(q.model.row(q.encoding, window), events, q.score)


@pytest.mark.parametrize("pool", [first, last, mean, middle], ids=lambda pool: pool.__name__)
def test_a_classifier_is_read_where_it_pools(pool):
    q = query(pool)
    found, shares = attention(q), pool(torch.ones(1, 10))[0].numpy()
    np.testing.assert_allclose(found.places(), shares, atol=1e-6)
    flow = rollout(found.weights)
    rolled = xl.explain(q, xl.AttentionRollout()).scores
    np.testing.assert_allclose(rolled, np.repeat((shares @ flow)[1:-1, None], 2, axis=1), atol=1e-7)
    weighted = xl.explain(q, xl.GradientAttention()).scores
    for target, slopes in enumerate(found.slopes):
        expected = (shares @ relevancy(found.weights, slopes))[1:-1]
        np.testing.assert_allclose(weighted[:, target], expected, atol=1e-6)
        assert np.ptp(expected) > 1e-3


def test_pooling_matters():
    rolled = [xl.explain(query(pool), xl.AttentionRollout()).scores[:, 0] for pool in (first, last, mean)]
    assert min(np.abs(rolled[i] - rolled[i - 1]).max() for i in range(3)) > 1e-3


def test_a_head_that_reads_nothing_is_refused():
    for method in (xl.AttentionRollout(), xl.GradientAttention()):
        with pytest.raises(ValueError, match="cannot be told where Pooled reads its Transformer"):
            xl.explain(query(nothing), method)


def test_a_class_costs_what_was_announced():
    q = query(mean)
    for method, passes in ((xl.AttentionRollout(), (1, 0)), (xl.GradientAttention(), (1, 2))):
        cost = q.cost(method, is_timed=False)
        assert (cost.forward, cost.backward) == passes
