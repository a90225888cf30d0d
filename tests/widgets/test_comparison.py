"""Methods side by side: each row on its own scale, kept units empty, words escaped, strangers refused."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from drawn_results import HOSTILE, Fixed, attribution_of

import explain_lib as xl
import widgets as xw
from explain_lib.core import Document, Provenance, Span, Target, Units
from explain_lib.corpora import default_units
from widgets.chart import comparison_figure
from widgets.views import comparison_view

TEXT = Document("geen hoest , wel dyspneu", "nl")
TARGET = Target(Span(17, 24, "Symptom"))


def test_scores_in_one_unit_share_a_scale() -> None:
    small = attribution_of(TEXT, [TARGET], [4, -2, 0, 1, 2])
    large = attribution_of(TEXT, [TARGET], [10, 20, -40, 0, 5])
    view = comparison_view([small, large])
    assert view["is_shared"] and [row["shares"][2] for row in view["rows"]] == [0.0, -1.0]
    assert view["rows"][0]["shares"] == [0.1, -0.05, 0.0, 0.025, 0.05]
    assert "one scale for all rows" in xw.compare([small, large]).status.message  # type: ignore[attr-defined]


@pytest.mark.parametrize("other", [{"arm": "all units"}, {"score": "log_prob"}])
def test_each_row_is_scaled_by_its_own_largest_score_where_they_ask_differently(other: dict[str, str]) -> None:
    small = attribution_of(TEXT, [TARGET], [0.1, -0.2, 0.0, 0.05, 0.1])
    large = attribution_of(TEXT, [TARGET], [10, 20, -40, 0, 5])
    large = replace(large, provenance=replace(large.provenance, **other))
    assert not comparison_view([small, large])["is_shared"]
    assert not comparison_view([small, replace(small, method=xl.AttentionRollout())])["is_shared"]
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
    urgent, calm = (attribution_of(TEXT, [Target(label=label)], np.ones(5)) for label in ("urgent", "calm"))
    with pytest.raises(ValueError, match="target 0 is urgent in one attribution and calm in another"):
        comparison_view([urgent, calm])
    with pytest.raises(ValueError, match="give at least one"):
        comparison_view([])


def test_the_widget_says_what_it_leaves_out() -> None:
    grid = xw.compare([attribution_of(TEXT, [TARGET], [1, 2, 3, 4, 5])], top=3)
    assert grid.chart.figure["data"][0]["customdata"] == [[2, 3, 4]]  # units by their own numbers: clicks tell those
    assert grid.status.message.endswith("one scale for all rows. 2 weaker units are left out.")
    some_kept = attribution_of(TEXT, [TARGET], [1, 1, 1, 1, 0], active=np.array([[True]] * 4 + [[False]]))
    assert xw.compare([some_kept]).status.message.endswith("Empty cells: always kept.")


def test_units_that_lower_carry_a_mark_besides_their_colour() -> None:
    figure = comparison_figure(comparison_view([attribution_of(TEXT, [TARGET], [-1, -0.1, 0, 0.5, 1])]))
    assert figure.data[0].text[0] == ["−", "", "", "", ""]


def test_two_settings_of_a_method_have_two_names() -> None:
    few, many = (attribution_of(TEXT, [TARGET], np.ones(5), method=Fixed(budget)) for budget in (8, 16))
    names = [row["name"] for row in comparison_view([few, many])["rows"]]
    assert names == ["Fixed(budget=8) · context", "Fixed(budget=16) · context"]


def test_a_unit_as_long_as_a_sentence_has_a_short_label() -> None:
    long = Document("geen hoest , wel dyspneu , en ook geen koorts", "nl")
    sentence = Units(long, np.array([[0, len(long.text)]]))
    scores = {"scores": np.ones((1, 1)), "std_error": np.zeros((1, 1)), "dof": np.ones((1, 1))}
    one = replace(attribution_of(TEXT, [TARGET], np.ones(5)), units=sentence, active=np.ones((1, 1), bool), **scores)
    figure = comparison_figure(comparison_view([one]))
    assert figure.layout.xaxis.ticktext == ("geen hoest , wel dyspne…",)


def test_readers_without_scripts_get_a_table() -> None:
    active = np.array([[True]] * 4 + [[False]])
    document = Document(f"{HOSTILE} koorts", "nl")
    plain = xw.compare([attribution_of(TEXT, [TARGET], [1, -2, 3, 4, 0], active=active)])._repr_mimebundle_()
    assert plain["text/html"].count("<tr>") == 6
    assert "<tr><th>dyspneu</th><td></td></tr>" in plain["text/html"]
    scores = np.arange(1.0, len(default_units(document)) + 1)
    grid = xw.compare([attribution_of(document, [Target(Span(0, 1, HOSTILE))], scores)])
    html = grid._repr_mimebundle_()["text/html"]
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", html)) <= {"div", "b", "p", "small", "table", "tr", "th", "td"}
