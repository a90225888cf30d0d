"""The numbers of a chart, however its figure holds them."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from widgets import Chart
from widgets.chart.arrays import with_plain_lists
from widgets.chart.numbers import figure_report


def test_arrays_are_plain_lists_of_the_same_numbers() -> None:
    z = np.array([[1.5, np.nan, -2], [0, np.inf, 7]])
    for dtype in ("float64", "float32"):
        figure = Chart(go.Figure(go.Heatmap(z=z.astype(dtype), x=np.arange(3), y=np.array(["a", "b"])))).figure
        trace = figure["data"][0]
        assert trace["z"] == [[1.5, None, -2.0], [0.0, None, 7.0]]
        assert (trace["x"], trace["y"]) == ([0, 1, 2], ["a", "b"])


def test_a_figure_of_arrays_leaves_its_numbers_in_a_table() -> None:
    chart = Chart(go.Figure(go.Bar(x=np.array([0.25, -1.0]), y=["one", "two"], orientation="h", name="bars")))
    assert figure_report(chart.figure)["tables"] == [
        {"caption": "bars", "columns": ["", "value"], "rows": [["one", 0.25], ["two", -1.0]]}
    ]
    assert ">-1<" in chart.sections()[0].plain


def test_figures_without_names_of_their_places_count_them() -> None:
    bars = Chart(go.Figure(go.Bar(x=[3, 4], orientation="h")))
    assert figure_report(bars.figure)["tables"][0]["rows"] == [["0", 3], ["1", 4]]
    heat = Chart(go.Figure(go.Heatmap(z=np.eye(2))))
    assert figure_report(heat.figure)["tables"][0]["columns"] == ["", "0", "1"]
    assert figure_report(Chart(go.Figure(go.Scatter(x=[1], y=[2]))).figure)["tables"] == []


def test_what_holds_no_array_stays_as_it_is() -> None:
    plain = {"data": [{"x": [1, None], "text": "bdata"}], "layout": {"title": {"text": "t"}}}
    assert with_plain_lists(plain) == plain
