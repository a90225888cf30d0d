"""`explain_many`: the same attributions as one by one, whatever the method, the arm, the precision and the length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from spy_model import SpyModel
from tiny_checkpoints import TEXTS as BERT_TEXTS
from tiny_checkpoints import build

from explain_lib.attribution import (
    Exact, IntegratedGradients, KernelShap, Lime, Occlusion, PermutationShap, PerUnit, explain, explain_many,
)  # fmt: skip
from explain_lib.attribution.black_box import BlackBox, ask
from explain_lib.attribution.black_box.recipe import exact_estimate
from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model, predict
from explain_lib.models.toy import PLANTED, planted_tagger
from explain_lib.perturbation import Query

TEXTS = ("Zij kreeg furosemide.", "Hij had een longontsteking na de operatie.", "患者头痛三天。")
FIELDS = ("scores", "std_error", "dof", "base_value", "full_value", "active")
METHODS = [Exact(), Occlusion(), KernelShap(PerUnit(5)), PermutationShap(PerUnit(5)), Lime(PerUnit(5))]


def questions(model):
    """Both arms of every text."""
    plain = [Query(model, Document(t), targets=[Target(Span(0, 3, "X"))]) for t in TEXTS]
    return [arm for query in plain for arm in (query.context(), query)]


def same(found, expected):
    for one, other in zip(found, expected, strict=True):
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert (one.n_evals, one.targets, one.provenance) == (other.n_evals, other.targets, other.provenance)


@pytest.mark.parametrize("is_exact", [True, False])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_together_as_one_by_one(method, is_exact):
    together, alone = questions(SpyModel(is_exact=is_exact)), questions(SpyModel(is_exact=is_exact))
    same(explain_many(together, method, rng=3), [explain(q, method, rng=3) for q in alone])
    assert [q.n_evals for q in together] == [q.n_evals for q in alone]


def test_a_generator_gives_each_query_its_own_draws_as_repeated_calls_would():
    rngs = [np.random.default_rng(5) for _ in range(2)]
    alone = [explain(q, METHODS[3], rng=rngs[0]) for q in questions(SpyModel())]
    same(explain_many(questions(SpyModel()), METHODS[3], rng=rngs[1]), alone)


@dataclass(frozen=True)
class Greedy(BlackBox):
    """Hides the unit that hurts most, then the next: asks in rounds, and draws between them."""

    def estimate(self, game, rng):
        keep, scores = np.ones(game.n_units, dtype=bool), np.zeros((game.n_units, game.n_targets))
        for _ in range(3):
            rows = keep & ~np.eye(game.n_units, dtype=bool)
            answers = ask(game, rows)
            drops = answers.full - answers.values
            worst = int(np.argmax(drops[:, 0] + 1e-9 * rng.spawn(1)[0].random(game.n_units)))
            scores[worst] += drops[worst]
            keep[worst] = False
        return exact_estimate(scores, answers)


def test_a_method_that_asks_in_rounds_gets_the_same_draws_in_every_replay():
    same(explain_many(questions(SpyModel()), Greedy()), [explain(q, Greedy()) for q in questions(SpyModel())])


def test_gradient_methods_may_stand_in_the_same_queue():
    toy = planted_tagger()
    spans = [("en", 25, 31), ("nl", 30, 36)]
    asked = [
        Query(toy.tagger, Document(PLANTED[lang].texts[0]), targets=[Target(Span(a, b, "Disease"))])
        for lang, a, b in spans
    ]
    for method in (IntegratedGradients(steps=4), PermutationShap(PerUnit(4))):
        same(explain_many(asked, method), [explain(q, method) for q in asked])


def test_an_exact_network_gives_the_same_bytes_together_and_alone():
    tagger = load_model(build("bert"), precision="exact", batch_rows=8)
    documents = [Document(text) for text in BERT_TEXTS]
    pairs = zip(documents, predict(tagger, documents), strict=True)
    plain = [(d, [Target(span) for span in p.spans[:3]]) for d, p in pairs if p.spans]
    together, alone = ([Query(tagger, d, targets=t) for d, t in plain] for _ in range(2))
    assert len(together) >= 3
    method = PermutationShap(PerUnit(4))
    same(explain_many(together, method), [explain(q, method) for q in alone])


def test_the_first_error_is_raised():
    asked = questions(SpyModel())
    with pytest.raises(ValueError, match="the query has no targets"):
        explain_many([asked[0].with_targets([]), *asked], Occlusion())
    with pytest.raises(TypeError, match="the method is the class Occlusion"):
        explain_many(asked, Occlusion)
