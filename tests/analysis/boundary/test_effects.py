"""What single units do to margins: closed forms of the linear tagger, shared rows, regions, curve, mirror symmetry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.analysis.boundary.curve import Curve, distances
from explain_lib.analysis.boundary.effects import Effects, rows_asked, single_losses
from explain_lib.analysis.boundary.entity import SIDES, Edge, Entity
from explain_lib.analysis.boundary.index import Index, index_of
from explain_lib.analysis.boundary.regions import REGIONS, region_measures, regions
from explain_lib.attribution import Occlusion, explain
from explain_lib.core import Document, Span, Target
from explain_lib.models import toy
from explain_lib.perturbation import Delete, Query

TEXT = "de patient heeft ernstige hoofdpijn na koorts , geen astma ."
SPAN = Span(17, 35, "Disease")  # words 3 and 4
LINEAR = toy.linear_tagger(0)


def entity(text=TEXT, span=SPAN, tagger=LINEAR.tagger, **settings):
    return Entity(Query(tagger, Document(text), [Target(span)], **settings))


def found(text=TEXT, span=SPAN, **settings):
    return [Effects.of(Edge.of(entity(text, span, **settings), side)) for side in SIDES]


def test_losses_of_a_linear_margin_are_its_contributions():
    left, right = found()
    np.testing.assert_allclose(left.losses, LINEAR.left_margin(TEXT, 3), atol=1e-12)
    after = LINEAR.contributions(TEXT, 5)
    np.testing.assert_allclose(right.losses, after[:, 0] - after[:, 1], atol=1e-12)
    bias = LINEAR.network.bias.detach().numpy()
    assert left.margin == pytest.approx(left.losses.sum() + bias[1] - bias[0])
    assert left.noise == 0


def test_rows_are_those_of_occlusion():
    query = Query(LINEAR.tagger, Document(TEXT), [Target(SPAN)])
    explain(query, Occlusion())
    before = query.n_evals
    both = [Effects.of(Edge.of(Entity(query), side)) for side in SIDES]
    assert query.n_evals == before
    assert rows_asked(both) == query.n_units + 1
    assert rows_asked([None]) == 0


def test_several_targets_at_once_are_one_target_at_a_time():
    query = Query(LINEAR.tagger, Document(TEXT), [Target(SPAN, margin="left"), Target(Span(53, 58, "Disease"))])
    for asked in (query, Query(LINEAR.tagger, Document(TEXT), query.targets, hiding=Delete())):
        values, losses = single_losses(asked, np.arange(query.n_units) != 1)
        for at, target in enumerate(query.targets):
            one_value, one = single_losses(asked.with_targets([target]), np.arange(query.n_units) != 1)
            np.testing.assert_array_equal(losses[at], one[0])
            assert values[at] == one_value[0]
        assert np.isnan(losses[:, 1]).all()


def test_regions_by_hand():
    left, right = (regions(Edge.of(entity(), side)) for side in SIDES)
    named = ["near context", "near context", "next to this end", "this end", "other end", "next to the other end"]
    assert [REGIONS[i] for i in left] == [*named, *["near context"] * 4, "far context"]
    assert [REGIONS[i] for i in right[2:6]] == ["next to the other end", "other end", "this end", "next to this end"]
    whole = regions(Edge.of(entity(span=Span(0, len(TEXT), "Disease")), "left"))
    assert [REGIONS[i] for i in whole] == ["this end", *["interior"] * 9, "other end"]


def test_region_measures_are_means_over_units():
    left, _ = found()
    edge, sizes = left.edge, np.abs(LINEAR.left_margin(TEXT, 3))
    measures = {(m.name, m.about["region"]): m for m in region_measures(edge, left)}
    near = measures["region effect", "near context"]
    assert (near.value, near.n) == (pytest.approx(sizes[[0, 1, 6, 7, 8, 9]].mean()), 6)
    error = sizes[[0, 1, 6, 7, 8, 9]].std(ddof=1) / np.sqrt(6)
    assert near.interval[1] - near.value == pytest.approx(2.5706 * error, rel=1e-4)
    one = measures["region effect", "next to this end"]
    assert (one.value, one.n, one.interval) == (pytest.approx(sizes[2]), 1, None)
    assert measures["region loss", "this end"].value == pytest.approx(LINEAR.left_margin(TEXT, 3)[3])
    assert "no units between its two ends" in measures["region effect", "interior"].note


def test_a_one_unit_entity_has_one_end_unit_and_no_interior():
    left, _ = found(span=Span(39, 45, "Disease"))
    notes = {m.about["region"]: m.note for m in region_measures(left.edge, left) if not m.is_available}
    assert "both its ends are the same unit" in notes["other end"] and "no units between" in notes["interior"]


def test_units_that_are_never_hidden_say_why():
    span = Query(LINEAR.tagger, Document(TEXT), [Target(SPAN)])
    in_context = Effects.of(Edge.of(Entity(span.context()), "left"))
    deleted = Effects.of(Edge.of(entity(hiding=Delete()), "left"))
    for effects, why in ((in_context, "the context arm keeps"), (deleted, "cannot remove units")):
        assert np.isnan(effects.losses[3:5]).all() and not np.isnan(np.delete(effects.losses, [3, 4])).any()
        notes = {m.about["region"]: m.note for m in region_measures(effects.edge, effects) if not m.is_available}
        assert why in notes["this end"]


def test_the_curve_is_the_mean_over_entities_by_distance():
    other = Span(39, 45, "Disease")
    all_effects = [one for span in (SPAN, other) for one in found(span=span)]
    curve = Curve.of(all_effects)
    at = {int(d): i for i, d in enumerate(curve.distances)}
    left = np.abs(LINEAR.left_margin(TEXT, 3)), np.abs(LINEAR.left_margin(TEXT, 6))
    assert curve.effects[0, at[1]] == pytest.approx((left[0][2] + left[1][5]) / 2)
    assert curve.effects[0, at[-1]] == pytest.approx(left[0][4])  # only one of them has a second unit
    assert (curve.counts[0, at[1]], curve.counts[0, at[-1]]) == (2, 1)
    assert curve.counts[0].sum() == 3 + 2 + 6 + 1  # outside to the left, and inside, of either
    assert np.isnan(curve.effects[curve.counts == 0]).all()
    assert len(Curve.of([None]).distances) == 0


@given(data=st.data(), n=st.integers(3, 11))
def test_mirrored_texts_have_mirrored_boundaries(data, n):
    """Sides change names when a text is read backwards, and nothing else does."""
    words = TEXT.split()[:n]
    first = data.draw(st.integers(0, n - 1))
    last = data.draw(st.integers(first, min(n - 1, first + 4)))
    losses = np.array(data.draw(st.lists(st.sampled_from([np.nan, -2.0, 0.0, 0.5, 3.0]), min_size=n, max_size=n)))
    forth, back = _at(words, first, last), _at(words[::-1], n - 1 - last, n - 1 - first)
    for side, opposite in zip(SIDES, SIDES[::-1], strict=True):
        one, other = (Effects(Edge(e, s, None), 0.0, row, 0.0) for e, s, row in
                      ((forth, side, losses), (back, opposite, losses[::-1])))  # fmt: skip
        np.testing.assert_array_equal(regions(one.edge), regions(other.edge)[::-1])
        np.testing.assert_array_equal(distances(one), distances(other)[::-1])
        inside = one.edge.entity.inside
        mirrored = index_of(other.sizes, ~inside[::-1], other.edge.neighbour)
        np.testing.assert_allclose(index_of(one.sizes, ~inside, one.edge.neighbour), mirrored)
        for name in ("effects", "counts"):
            a, b = (getattr(Curve.of([two]), name) for two in (one, other))
            np.testing.assert_array_equal(a, b[::-1])


def _at(words, first, last):
    start = len(" ".join([*words[:first], ""]))
    return entity(" ".join(words), Span(start, start + len(" ".join(words[first : last + 1])), "Disease"))


def test_an_index_is_between_nothing_and_the_number_of_context_units():
    sizes = np.array([0.0, 4.0, 1.0, 1.0, 0.0])
    context = np.array([True, True, False, True, True])
    assert index_of(sizes, context, 1) == pytest.approx(4 / 1.25)
    assert index_of(np.array([0, 4, 9, 0, 0.0]), context, 1) == 4  # all of the effect
    assert np.isnan(index_of(sizes, context, None)) and np.isnan(index_of(np.zeros(5), context, 1))


def test_an_index_that_cannot_be_says_why():
    first = found(span=Span(0, 10, "Disease"))[0]
    assert "there is no unit outside" in Index.of(first, 3, np.random.default_rng(0)).because
    flat = Effects(first.edge, 0.0, np.zeros_like(first.losses), 0.0)
    flat = Effects(found()[0].edge, 0.0, flat.losses, 0.0)
    assert "no unit of the context has any effect" in Index.of(flat, 3, np.random.default_rng(0)).because
    two = found("de patient heeft", Span(0, 10, "Disease"))[1]
    assert "all the context there is" in Index.of(two, 3, np.random.default_rng(0)).because
    assert not len(Index.of(two, 3, np.random.default_rng(0)).controls)
