"""The table of a corpus's entities: its columns as JSON, its binary traits, what a selection speaks of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn_results import HOSTILE
from table_case import made_up_errors
from test_entity_errors_view import drawn

import widgets as xw
from explain_lib import Document, Prediction, Span, entity_errors
from explain_lib.evaluation.entities import match_spans
from widgets.views import entity_table_report, entity_table_view, find_outcome
from widgets.views.entity_table import SCHEMES

NAN = float("nan")
MARGIN = [1.5, NAN, -2.0, 0.0, NAN, 3.0]


def test_entities_are_columns(golden: Callable[[str, Any], None]) -> None:
    golden("entity_table", entity_table_view(drawn(), {"margin": MARGIN}))


def test_parts_are_told_apart_by_any_entry_of_meta() -> None:
    errors = drawn()
    documents = tuple(replace(d, meta={"ward": name}) for d, name in zip(errors.documents, "bab", strict=True))
    view = entity_table_view(replace(errors, documents=documents), part="ward")
    assert (view["part"], view["words"]["part"], view["codes"]["part"]) == ("ward", ["a", "b"], [1, 1, 1, 0, 0, 1])


def test_tiers_are_those_of_the_matching() -> None:
    errors = made_up_errors()
    codes = entity_table_view(errors)["codes"]
    assert set(codes["tier"]) == {0, 1, 2, 3, 4}
    for text, (gold, predicted) in enumerate(zip(errors.spans.gold, errors.spans.predicted, strict=True)):
        tiers = [tier for tier, at in zip(codes["tier"], codes["document"], strict=True) if at == text and tier < 4]
        assert sorted(tiers) == sorted(match.tier for match in match_spans(gold, predicted).matches)


def test_the_length_of_a_span_leaves_its_gap_out() -> None:
    span = Span.from_fragments([(0, 3), (13, 19)], "A")
    view = entity_table_view(entity_errors([Document("lip and oral cancer", spans=(span,))], [Prediction()]))
    assert view["figures"]["length"] == [9]
    assert view["words"]["text"] == ["lip cancer"]


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="column 'margin' has 2 numbers and there are 6 outcomes; give one for each"):
        entity_table_view(drawn(), {"margin": [1.0, 2.0]})
    with pytest.raises(ValueError, match="the table has a column 'length' of its own; give yours another name"):
        xw.EntityTable(drawn(), {"length": MARGIN})


def test_the_page_gets_the_columns_as_bytes_and_names() -> None:
    table = xw.EntityTable(drawn(), {"margin": MARGIN})
    view, sent = entity_table_view(drawn(), {"margin": MARGIN}), table.table
    codes = np.frombuffer(table.codes, "<i4").reshape(len(sent["codes"]), sent["rows"])
    figures = np.frombuffer(table.figures, "<f8").reshape(len(sent["figures"]), sent["rows"])
    assert dict(zip(sent["codes"], codes.tolist(), strict=True)) == view["codes"]
    assert sent["figures"] == ["confidence", "margin", "length"]
    np.testing.assert_array_equal(figures[1], MARGIN)
    json.dumps(sent, allow_nan=False)


def test_a_selection_is_the_outcome_with_that_span_and_shows_its_words() -> None:
    table = xw.EntityTable(drawn())
    assert (table.outcome, table.around) == (None, {})
    for start, end in ((0, 5), (2, 5)):  # gold, then predicted
        table.set_state({"selected": {"text": 1, "document": "zh-1", "start": start, "end": end, "label": "A"}})
        assert table.outcome is table.errors.outcomes[3]
        assert table.around["caption"] == "Too short"
        assert "".join(run["text"] for run in table.around["excerpts"][0]["runs"]) == "特应性皮炎，发热"
    table.selected = {"text": 1, "document": "zh-1", "start": 0, "end": 4, "label": "A"}
    assert (table.outcome, table.around) == (None, {})


def test_hostile_words_are_marked_found_again_and_never_markup() -> None:
    document = Document(HOSTILE, HOSTILE, (Span(0, 3, HOSTILE),), HOSTILE, {"section": HOSTILE})
    errors = entity_errors([document], [Prediction((Span(1, 3, "x\u202e"),), np.ones(1))])
    table = xw.EntityTable(errors)
    words = {name: said for name, said in table.table["words"].items() if name != "page_language"}  # an attribute
    assert "\u202e" not in json.dumps(words, ensure_ascii=False)
    chosen = {"text": 0, "document": "", "start": 1, "end": 3, "label": "x⟨U+202E⟩"}
    assert find_outcome(errors, chosen) is errors.outcomes[0]
    html = table._repr_mimebundle_()[0]["text/html"]
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", html)) <= {"div", "b", "p", "table", "caption", "tr", "th", "td"}


def test_without_entities_there_is_a_table_all_the_same() -> None:
    table = xw.EntityTable(entity_errors([Document("nothing")], [Prediction()]))
    assert (table.table["rows"], table.codes, table.figures) == (0, b"", b"")


def test_scores_for_readers_without_scripts_are_those_of_the_errors() -> None:
    errors = made_up_errors()
    classes, scores = entity_table_report(errors)["tables"]
    assert sum(n for _, n in classes["rows"]) == len(errors.outcomes)
    for scheme, *found, gold, predicted in scores["rows"]:
        measures = [errors.scores.measure(name, scheme) for name in ("precision", "recall", "F1")]
        assert found == pytest.approx([one.value for one in measures], abs=1e-6)  # as a page needs it
        assert (predicted, gold) == (measures[0].n, measures[1].n)
    assert [row[0] for row in scores["rows"]] == list(SCHEMES)


def test_other_entities_take_the_place_of_the_first_and_rows_that_are_gone_are_not_shown() -> None:
    table, errors = xw.EntityTable(drawn()), made_up_errors()
    table.set_state({"shown": [5, 3]})
    assert table.shown == [5, 3]
    table.show(errors, {"margin": np.zeros(len(errors.outcomes))})
    again = xw.EntityTable(errors, {"margin": np.zeros(len(errors.outcomes))})
    assert (table.table, table.codes, table.figures) == (again.table, again.codes, again.figures)
    assert (table.errors, table.shown) == (errors, [])
