"""Bars: the strongest units, told apart, with their errors; figures that hold just that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
from drawn_results import HOSTILE, attribution_of

from explain_lib.core import Document, Span, Target
from explain_lib.corpora import default_units
from widgets.chart import bars_figure
from widgets.views import bars_view, heat_view, text_view

TEXT = Document("geen hoest , geen koorts , wel dyspneu", "nl")
TARGET = Target(Span(31, 38, "Symptom"))
SCORES = [-1.0, 0.25, 0.0, -3.0, 2.0, 0.5, 1.5, 0.0]


def view(document: Document = TEXT, scores: Any = SCORES, **changes: Any) -> dict[str, Any]:
    heat = heat_view(attribution_of(document, [TARGET], scores, **changes), 0)
    return bars_view(text_view(default_units(document)), heat)


def test_strongest_first_and_repeated_words_apart(golden: Callable[[str, Any], None]) -> None:
    active = np.array([[True]] * 7 + [[False]])
    golden("bars", view(active=active))


def test_scores_of_exactly_zero_have_no_bar() -> None:
    assert [bar["unit"] for bar in view()["bars"]] == [3, 4, 6, 0, 5, 1]


def test_the_figure_shows_the_view() -> None:
    figure = bars_figure(view())
    assert isinstance(figure, go.Figure)
    (bars,) = figure.data
    assert list(bars.x) == [-3.0, 2.0, 1.5, -1.0, 0.5, 0.25]
    assert list(bars.customdata) == [3, 4, 6, 0, 5, 1]
    assert list(figure.layout.yaxis.ticktext) == ["geen (4)", "koorts", "wel", "geen (1)", ", (6)", "hoest"]
    high = [bar["high"] - bar["score"] for bar in view()["bars"]]
    assert np.allclose(bars.error_x.array, high)
    assert bars.error_x.visible


def test_exact_scores_have_no_error_bars() -> None:
    assert not bars_figure(view(std_error=np.zeros((8, 1)))).data[0].error_x.visible


def test_markup_in_words_and_labels_stays_text() -> None:
    document = Document(f"<b>{HOSTILE}</b> koorts", "nl")
    n = len(default_units(document))
    figure = bars_figure(view(document, np.arange(1.0, n + 1)))
    texts = [*figure.layout.yaxis.ticktext, *figure.data[0].hovertext, figure.layout.title.text]
    assert not any("<" in text for text in texts)


def test_no_bars_still_make_a_figure() -> None:
    assert len(bars_figure(view(scores=np.zeros(8))).data[0].x) == 0
