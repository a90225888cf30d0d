"""Which spans count, and under which spelling of their labels."""

from __future__ import annotations

import pytest

from explain_lib.core import Document, Prediction, Span
from explain_lib.evaluation.entities import counted_spans, entity_scores

DOCUMENT = Document("x" * 20, "en", (Span(0, 5, "disease"), Span(0, 5, "modifier"), Span(6, 9, "drug")))
FOUND = Prediction((Span(0, 5, "Disease"), Span(6, 9, "Chemical"), Span(12, 15, "Body")), [0.1, 0.2, 0.3])
WRITTEN = {"disease": "Disease", "modifier": "Disease", "drug": "Chemical"}


def test_a_mapping_writes_labels_of_both_sides_alike() -> None:
    spans = counted_spans([DOCUMENT], [FOUND], WRITTEN)
    assert spans.gold == ((Span(0, 5, "Disease"), Span(6, 9, "Chemical")),)  # what becomes equal counts once
    assert spans.predicted == ((Span(0, 5, "Disease"), Span(6, 9, "Chemical")),)
    assert spans.confidence[0].tolist() == [0.1, 0.2] and spans.note == ""
    assert entity_scores([DOCUMENT], [FOUND], labels=WRITTEN).measure("F1").value == 1


@pytest.mark.parametrize("labels", [None, ["disease", "modifier", "drug"], ["Disease"]])
def test_labels_that_have_nothing_in_common_are_said(labels: list[str] | None) -> None:
    scores = entity_scores([DOCUMENT], [FOUND], labels=labels)
    assert "gold has disease, drug, modifier; predictions have Body, Chemical, Disease" in scores.note
    assert scores.note in repr(scores)


def test_without_labels_everything_counts_as_it_is() -> None:
    spans = counted_spans([DOCUMENT, DOCUMENT], [FOUND, Prediction()])
    assert spans.gold == (DOCUMENT.spans, DOCUMENT.spans) and spans.predicted == (FOUND.spans, ())
    part = spans.part([1])
    assert (part.gold, part.predicted, part.confidence[0].size) == ((DOCUMENT.spans,), ((),), 0)


def test_a_string_is_no_list_of_labels() -> None:
    with pytest.raises(TypeError, match=r"for example \['Disease'\]"):
        counted_spans([DOCUMENT], [FOUND], "Disease")
