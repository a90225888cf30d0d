"""Entities as lanes: nothing overlaps in a lane, and the parts cover exactly the span."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Prediction, Span
from explain_lib.corpora import default_units
from widgets.views import entity_spans, entity_views
from widgets.views.entities import entity_parts, lane_numbers, reading_order

TEXT = "ernstige 腹泻 bij diabetes mellitus type 1 en 2 ."
SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 2), st.integers(1, 12), st.sampled_from(["Disease", "Body", "X"])).map(
        lambda s: Span(s[0], min(len(TEXT), s[0] + s[1]), s[2])
    ),
    max_size=12,
)


def test_nested_overlapping_and_discontinuous_spans(golden: Callable[[str, Any], None]) -> None:
    apart = Span.from_fragments([(16, 38), (44, 45)], "Disease")
    gold = (apart, Span(16, 40, "Disease"), Span(9, 11, "Symptom"), Span(16, 20, "Cut"))
    document = Document(TEXT, "nl", gold, id="nl-1")
    prediction = Prediction((Span(16, 40, "Disease"), Span(0, 11, "Symptom")), [0.8765432, 0.5])
    spans = entity_spans(document, prediction)
    golden("entities", entity_views(default_units(document), spans, prediction))


@given(SPANS)
def test_spans_of_one_lane_never_meet(spans: list[Span]) -> None:
    ordered = sorted(set(spans), key=reading_order)
    lanes = lane_numbers(Document(TEXT), ordered)
    for i, first in enumerate(ordered):
        for j, second in enumerate(ordered[:i]):
            if lanes[i] == lanes[j]:
                assert second.end <= first.start or first.end <= second.start
    assert set(lanes) == set(range(len(set(lanes))))


@given(SPANS)
def test_parts_cover_the_characters_of_the_span(spans: list[Span]) -> None:
    units = default_units(Document(TEXT))
    for span in spans:
        parts = entity_parts(units, span)
        covered = sum((to - start) * (units.bounds[i, 1] - units.bounds[i, 0]) for i, start, to, _ in parts)
        solid = sum(not c.isspace() for c in span.text_of(TEXT))
        assert np.isclose(covered, solid, atol=0.02)


def test_without_a_prediction_a_gold_span_is_neither_found_nor_missed() -> None:
    document = Document("hoest", "nl", (Span(0, 5, "Symptom"),))
    assert entity_views(default_units(document), entity_spans(document))[0]["predicted"] is None
    assert entity_views(default_units(document), entity_spans(document), Prediction())[0]["predicted"] is False


def test_a_long_label_pushes_its_neighbour_to_another_lane() -> None:
    spans = [Span(0, 1, "Physiology"), Span(1, 2, "Body")]
    assert lane_numbers(Document("心肺"), spans) == [0, 1]
    assert lane_numbers(Document("心 " * 10), [Span(0, 1, "X"), Span(18, 19, "X")]) == [0, 0]
