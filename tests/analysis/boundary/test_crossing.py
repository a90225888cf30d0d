"""The distance to the decision boundary where margins are linear, so that it is exact."""

from __future__ import annotations

import numpy as np
import pytest
from rule_model import question
from spy_model import SpyModel

from explain_lib.analysis.boundary.crossing import CHECK, Crossing
from explain_lib.analysis.boundary.entity import Edge, Entity
from explain_lib.core import Document, Span, Target
from explain_lib.models import toy
from explain_lib.perturbation import Query

TEXT = "de patient heeft ernstige hoofdpijn na koorts , geen astma ."
LINEAR = toy.linear_tagger(0)


def edge(side, start=17, end=35, arm="all units"):
    query = Query(LINEAR.tagger, Document(TEXT), [Target(Span(start, end, "Disease"))])
    return Edge.of(Entity(query.context() if arm == "context" else query), side)


def by_hand(side, moving=None):
    """Margin, norm of its gradient over the pieces that may move, and the mean length of their embeddings."""
    weight = LINEAR.network.weight.detach().numpy()
    bias = LINEAR.network.bias.detach().numpy()
    at, sign = (3, 1) if side == "left" else (5, -1)
    slopes = {at + o - 2: sign * (weight[o, 1] - weight[o, 0]) for o in range(5)}
    table = LINEAR.network.embedding.weight.detach().numpy()[LINEAR.tagger.encode(TEXT).ids]
    margin = sign * (bias[1] - bias[0]) + sum(table[piece] @ slope for piece, slope in slopes.items())
    moves = range(len(table)) if moving is None else moving
    steepness = np.sqrt(sum((slope**2).sum() for piece, slope in slopes.items() if piece in moves))
    return abs(margin) / steepness / np.linalg.norm(table[list(moves)], axis=1).mean()


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_distance_of_a_linear_margin_is_exact(side):
    found = Crossing.of(edge(side))
    assert found.distance == pytest.approx(by_hand(side), rel=1e-9)
    assert found.crossed in (1.0, 1.25)  # at 1 the margin is 0 but for rounding
    assert [m.value for m in found.measures(edge(side))] == [found.distance, found.crossed]
    assert found.n_passes == 10


def test_in_the_context_arm_only_context_moves():
    context = [i for i in range(11) if i not in (3, 4)]
    found = Crossing.of(edge("left", arm="context"))
    assert found.distance == pytest.approx(by_hand("left", context), rel=1e-9)


def test_a_margin_that_stays_is_said_to_stay():
    kept = Crossing(distance=0.3)
    (_, crossed) = kept.measures(edge("left"))
    assert crossed.note == "the margin keeps its sign up to 8 times the linearised distance" and crossed.scale == CHECK


def test_where_there_is_no_distance_it_says_why():
    spy = Query(SpyModel(), Document("abc def ghi."), [Target(Span(4, 7, "X"))])
    black_box = Edge.of(Entity(spy), "left")
    assert Crossing.of(black_box).because == "the model offers no gradients at its input embeddings"
    assert [m.is_available for m in Crossing.of(black_box).measures(black_box)] == [False, False]
    at_end = edge("right", 53, len(TEXT))
    assert "ends where the text ends" in Crossing.of(at_end).because
    hidden = Edge.of(Entity(black_box.entity.query.without(np.array([True, False, True, False]))), "left")
    assert Crossing.of(hidden).because


def test_a_flat_margin_has_no_distance():
    query = question("d d o y o", 6, 7, label="Drug")  # two d are one more than it takes
    assert Crossing.of(Edge.of(Entity(query.context()), "left")).because == "the margin has no slope at this text"
    one = question("o d o y o", 6, 7, label="Drug")
    assert not Crossing.of(Edge.of(Entity(one.context()), "left")).because


def test_embeddings_that_are_all_0_measure_nothing():
    planted = toy.planted_tagger()
    query = Query(planted.tagger, Document("患者有重病变，无发热。", "zh"), [Target(Span(3, 6, "Disease"))])
    found = Crossing.of(Edge.of(Entity(query.context()), "left"))
    assert "embeddings of the units that may change are all 0" in found.because and found.n_passes == 2
