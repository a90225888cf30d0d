"""Methods side by side: each row on its own scale, kept units empty, words escaped, strangers refused."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_results import HOSTILE, attribution_of

import widgets as xw
from explain_lib.core import Document, Provenance, Span, Target
from explain_lib.corpora import default_units
from widgets.chart import comparison_figure
from widgets.views import comparison_view

TEXT = Document("geen hoest , wel dyspneu", "nl")
TARGET = Target(Span(17, 24, "Symptom"))


def test_each_row_is_scaled_by_its_own_largest_score() -> None:
    small = attribution_of(TEXT, [TARGET], [0.1, -0.2, 0.0, 0.05, 0.1])
    large = attribution_of(TEXT, [TARGET], [10, 20, -40, 0, 5])
    rows = comparison_view([small, large])["rows"]
    assert rows[0]["shares"] == [0.5, -1.0, 0.0, 0.25, 0.5]
    assert rows[1]["shares"] == [0.25, 0.5, -1.0, 0.0, 0.125]
    assert rows[1]["heat"]["scores"] == [10, 20, -40, 0, 5]


def test_kept_units_are_empty_and_said_to_be_kept() -> None:
    active = np.array([[True]] * 4 + [[False]])
    one = attribution_of(TEXT, [TARGET], [1, 2, 3, 4, 0], active=active)
    view = comparison_view([one])
    assert view["rows"][0]["shares"] == [0.25, 0.5, 0.75, 1.0, None]
    cells = comparison_figure(view).data[0].hovertext[0]
    assert "always kept" in cells[4]
    assert "+4 ± 0.5" in cells[3]


def test_the_strongest_units_of_any_row_stay_in_text_order() -> None:
    first = attribution_of(TEXT, [TARGET], [0, 0.1, 0, 0, 5])
    other = attribution_of(TEXT, [TARGET], [9, 0, 0.1, 0, 0], provenance=Provenance(arm="all units"))
    view = comparison_view([first, other], top=2)
    assert view["units"] == [0, 4]
    assert view["words"] == ["geen", "dyspneu"]
    assert [row["name"] for row in view["rows"]] == ["Fixed · context", "Fixed · all units"]


def test_scores_that_are_all_zero_divide_nothing() -> None:
    assert comparison_view([attribution_of(TEXT, [TARGET], np.zeros(5))])["rows"][0]["shares"] == [0.0] * 5


def test_markup_in_words_stays_text() -> None:
    document = Document(f"<b>{HOSTILE}</b> koorts", "nl")
    scores = np.arange(1.0, len(default_units(document)) + 1)
    figure = comparison_figure(comparison_view([attribution_of(document, [Target(Span(0, 1, "X"))], scores)]))
    texts = [*figure.layout.xaxis.ticktext, *figure.layout.yaxis.ticktext, figure.layout.title.text]
    texts += [cell.replace("<br>", "") for cell in figure.data[0].hovertext[0]]
    assert not any("<" in text for text in texts)


def test_other_texts_and_other_entities_are_refused() -> None:
    one = attribution_of(TEXT, [TARGET], np.ones(5))
    with pytest.raises(ValueError, match="different documents or units"):
        comparison_view([one, attribution_of(Document("wel hoest , wel dyspneu", "nl"), [TARGET], np.ones(5))])
    with pytest.raises(ValueError, match="attributions of the same entity"):
        comparison_view([one, attribution_of(TEXT, [Target(Span(5, 10, "Symptom"))], np.ones(5))])
    with pytest.raises(ValueError, match="give at least one"):
        comparison_view([])


def test_the_widget_says_what_it_leaves_out() -> None:
    grid = xw.compare([attribution_of(TEXT, [TARGET], [1, 2, 3, 4, 5])], top=3)
    chart, caption = grid.children
    assert len(chart.figure["data"][0]["x"]) == 3
    assert "2 weaker units are left out" in caption.value
