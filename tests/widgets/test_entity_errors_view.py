"""Errors and scores of a corpus on the page: tables, and examples with gold and predicted runs in their text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_results import HOSTILE

import widgets as xw
from explain_lib import Document, EntityErrors, Prediction, Span, entity_errors
from widgets.views import report_view
from widgets.views.excerpts import AROUND, excerpt


def drawn() -> EntityErrors:
    """Three short texts: correct, too short, swallowed with a conjunction, spurious where it is gold elsewhere."""
    documents = [
        Document("lip and oral cancer, flu", "en", (Span(0, 3, "A"), Span(8, 19, "A"), Span(21, 24, "B")), "en-1"),
        Document("特应性皮炎，发热", "zh", (Span(0, 5, "A"), Span(6, 8, "B")), "zh-1"),
        Document("Flu again", "en", (), "en-2"),
    ]
    predictions = [
        Prediction((Span(0, 19, "A"), Span(21, 24, "B")), [0.75, 0.5]),
        Prediction((Span(2, 5, "A"), Span(6, 8, "A")), [0.25, 0.5]),
        Prediction((Span(0, 3, "B"),), [0.5]),
    ]
    return entity_errors(documents, predictions)


def test_errors_are_tables_and_excerpts(golden: Callable[[str, Any], None]) -> None:
    golden("entity_errors", report_view(drawn()))


def test_counts_of_the_page_are_those_of_the_errors() -> None:
    errors = drawn()
    view = report_view(errors)
    assert view is not None
    classes, labels, *_ = view["tables"]
    assert [row[:2] for row in classes["rows"][:-1]] == [[str(error), n] for error, n in errors.counts.items()]
    assert sum(row[-1] for row in labels["rows"]) == len(errors.outcomes)


def test_scores_alone_are_shown_too() -> None:
    view = report_view(drawn().scores)
    assert view is not None and [one["caption"] for one in view["tables"]] == ["Scores", "Strict scores by label"]
    assert view["tables"][0]["rows"][0][:4] == ["strict", 0.2, 0.2, pytest.approx(0.2)]


def test_an_excerpt_is_one_line_cut_around_its_place() -> None:
    document = Document("a" * 60 + "\n\tfever" + "b" * 60, "en")
    runs = excerpt("x", document, (62, 67), [Span(62, 67, "A")], [Span(61, 64, "A")])["runs"]
    assert [(run["text"], run["gold"], run["predicted"], run["own"]) for run in runs] == [
        ("…", False, False, False),
        ("a" * (AROUND - 2) + " ", False, False, False),
        (" ", False, True, False),
        ("fe", True, True, True),
        ("ver", True, False, True),
        ("b" * AROUND, False, False, False),
        ("…", False, False, False),
    ]
    whole = excerpt("x", Document("fever"), (0, 5), [], [Span(0, 5, "A")])["runs"]
    assert [run["text"] for run in whole] == ["fever"]


def test_gaps_of_a_span_carry_no_line() -> None:
    span = Span.from_fragments([(0, 3), (13, 19)], "A")
    runs = excerpt("x", Document("lip and oral cancer"), (0, 19), [span], [])["runs"]
    assert [(run["text"], run["gold"]) for run in runs] == [("lip", True), (" and oral ", False), ("cancer", True)]


def test_plain_tables_show_both_sides_by_brackets_and_escape_every_word() -> None:
    panel = xw.show(drawn())
    html = panel._repr_mimebundle_()[0]["text/html"]
    assert "<td>[⟨lip] and [oral cancer⟩], [⟨flu⟩]</td>" in html
    assert "<td>[特应⟨性皮炎⟩]，[⟨发热⟩]</td>" in html
    hostile = Document(HOSTILE, "en", (Span(0, 3, HOSTILE),), HOSTILE)
    bad = xw.show(entity_errors([hostile], [Prediction((Span(1, 3, "x"),), np.ones(1))]))
    tags = {"div", "b", "p", "table", "caption", "tr", "th", "td"}
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", bad._repr_mimebundle_()[0]["text/html"])) <= tags


def test_errors_are_saved_as_a_page_that_stands_alone(tmp_path: Path) -> None:
    page = xw.to_html(drawn(), tmp_path / "errors.html").read_text(encoding="utf-8")
    assert "excerptsNode" in page and "Entity errors: 5 of 6 entities in 3 texts" in page
    assert not re.search(r"https?://(?!www\.w3\.org/)|@import|url\(", page)


def test_a_corpus_without_errors_has_no_excerpts() -> None:
    view = report_view(entity_errors([Document("nothing")], [Prediction()]))
    assert view is not None and view["excerpts"] == []
