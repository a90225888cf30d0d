"""The index and its control where the truth is known: context that acts everywhere alike, and a single neighbour."""

from __future__ import annotations

import numpy as np
import pytest
from rule_model import RuleNetwork, UniformNetwork, question, tagger

from explain_lib.analysis.boundary.effects import Effects
from explain_lib.analysis.boundary.entity import SIDES, Edge, Entity
from explain_lib.analysis.boundary.index import Index
from explain_lib.core import Document, Span, Target
from explain_lib.models import toy
from explain_lib.perturbation import Query


def index(query, side, n=20, others=(), noise=0.0):
    effects = Effects.of(Edge.of(Entity(query, others), side))
    return Index.of(Effects(effects.edge, effects.margin, effects.losses, noise), n, np.random.default_rng(0))


@pytest.mark.parametrize("side", SIDES)
def test_context_that_acts_everywhere_alike_gives_exactly_one(side):
    found = index(question("o o y o o o o", 4, 5, UniformNetwork), side)
    assert found.value == 1
    np.testing.assert_allclose(found.controls, 1, rtol=1e-12)
    assert len(found.controls) == 5  # six other places, one of which has no neighbour on this side
    value, control, share = found.measures()
    assert (value.n, control.value, control.interval, share.value) == (6, 1, (1, 1), 1)


def test_a_single_neighbour_holds_all_of_the_index_and_controls_do_not():
    toy_model = toy.planted_tagger()
    text = "De patient heeft een ernstige laesie ."
    query = Query(toy_model.tagger, Document(text), [Target(Span(text.index("laesie"), text.index(" ."), "Disease"))])
    found = index(query, "left")
    assert found.value == pytest.approx(query.n_units - 1)  # the modifier before the head decides, and nothing else
    assert len(found.controls) and (found.controls < found.value).all()
    assert "no unit of the context has any effect" in index(query, "right").because


def test_far_keys_give_an_index_of_nothing():
    found = index(question("k o x y o o", 4, 7), "left")
    assert found.value == 0
    assert "no unit" in index(question("o o y o", 4, 5), "left").because


def test_controls_stay_off_known_entities_and_are_as_long():
    query = question("o o o y o o o o", 6, 7, UniformNetwork)
    assert len(index(query, "left").controls) == 6
    assert len(index(query, "left", others=(Span(10, 15),)).controls) == 3
    assert len(index(query, "left", n=2).controls) == 2 and not len(index(query, "left", n=0).controls)
    long = question("o o o y o o o o", 0, 9, UniformNetwork)
    assert not len(index(long, "right").controls)
    assert "no other place" in list(index(long, "right").measures())[1].note


def test_controls_of_a_long_text_are_read_in_the_same_window():
    model = tagger(UniformNetwork, max_pieces=12)
    words = " ".join(["o"] * 20 + ["y"] + ["o"] * 20)
    query = Query(model, Document(words), [Target(Span(40, 41, "Disease"))])
    found = index(query, "left")
    n_evals = query.n_evals
    assert index(query, "left").value == 1 and 0 < len(found.controls) < 12
    assert n_evals == query.active.sum() + 1  # no row of another window


def test_the_context_arm_asks_for_no_further_rows():
    query = question("o o y y o o o o", 4, 7, UniformNetwork).context()
    Effects.of(Edge.of(Entity(query), "left"))
    before = query.n_evals
    assert len(index(query, "left").controls) == 2 and query.n_evals == before  # one of three is beside the entity


def test_a_neighbour_of_another_entity_is_named():
    query = question("o x y o", 2, 3, UniformNetwork)
    (value, *_) = index(query, "right", others=(Span(4, 5, "Drug"),)).measures()
    assert value.note == "the unit outside belongs to another entity, Drug 4–5"
    assert list(index(query, "left", others=(Span(4, 5, "Drug"),)).measures())[0].note == ""


def test_reduced_precision_leaves_an_interval():
    query = question("o x y o", 2, 3, UniformNetwork)
    (value, *_) = index(query, "left", noise=0.01).measures()
    half = 1.96 * np.sqrt(2) * 0.01 * np.sqrt(1 + 1 / 3)  # every unit moves the margin by 1
    assert value.interval == pytest.approx((1 - half, 1 + half))
    assert list(index(query, "left").measures())[0].interval is None


def test_the_rule_is_followed():
    query = question("k o x y o o", 4, 7, RuleNetwork)
    assert [(s.start, s.end, s.label) for s in query.predict()[0].spans] == [(4, 7, "Disease")]
    keep = np.ones((1, 6), dtype=bool)
    keep[0, 0] = False
    assert [(s.start, s.end) for s in query.predict(keep)[0].spans] == [(6, 7)]
