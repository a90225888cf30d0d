"""Every widget is a DOMWidget like any other, speaks valid JSON, and holds no way to run a text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import ipywidgets as ipw
import pytest
import traitlets
from drawn_results import HOSTILE, attribution_of

import widgets as xw
from explain_lib.analysis import entity_errors
from explain_lib.core import Document, Prediction, Span, Target
from explain_lib.models.token_classification import Tagger
from widgets.chart import bars_figure
from widgets.chart.widget import plotly_library

FILES = Path(xw.__file__).parent
DOCUMENT = Document("ernstige hoest vandaag", "nl", (Span(9, 14, "Symptom"),), id="nl-1")
RESULT = attribution_of(DOCUMENT, [Target(Span(9, 14, "Symptom"))], [2.0, 0.5, -1.0])


@pytest.fixture(
    params=["Text", "Entities", "Chart", "Status", "ReportPanel", "EntityTable", "show", "compare", "Workbench"]
)
def widget(request: pytest.FixtureRequest, tagger: Tagger) -> Any:
    made = {
        "Text": xw.Text, "Entities": xw.Entities, "Chart": xw.Chart, "Status": xw.Status, "ReportPanel": xw.ReportPanel,
        "EntityTable": lambda: xw.EntityTable(entity_errors([DOCUMENT], [Prediction()])),
        "show": lambda: xw.show(RESULT), "compare": lambda: xw.compare([RESULT]),
        "Workbench": lambda: xw.Workbench(tagger, DOCUMENT),
    }[request.param]()  # fmt: skip
    yield made
    made.close()


def family(widget: ipw.Widget) -> list[ipw.Widget]:
    """A widget and all that it holds."""
    return [widget, *(one for child in getattr(widget, "children", ()) for one in family(child))]


def test_it_nests_and_its_state_is_json(widget: ipw.DOMWidget) -> None:
    assert isinstance(widget, ipw.DOMWidget)
    box = ipw.HBox([ipw.Tab([widget], titles=["one"])])
    assert widget in family(box)
    for one in family(box):
        state = {key: value for key, value in one.get_state().items() if not isinstance(value, bytes)}
        json.dumps(state, allow_nan=False)


def test_it_shows_itself_as_a_widget(widget: ipw.DOMWidget) -> None:
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id


@pytest.mark.parametrize(
    ("kind", "trait", "value"),
    [
        ("Text", "selected", 1),
        ("Text", "cursor", 2),
        ("Entities", "selected", 1),
        ("Chart", "marked", 3),
        ("Status", "done", 4),
    ],
)
def test_traits_link_and_can_be_observed(kind: str, trait: str, value: int) -> None:
    one, slider, seen = getattr(xw, kind)(), ipw.IntSlider(min=-1, max=9), []
    link = ipw.jslink((one, trait), (slider, "value"))
    assert json.loads(json.dumps(link.get_state(["source", "target"])))["source"][1] == trait
    one.observe(lambda change: seen.append(change["new"]), trait)
    one.set_state({trait: value})  # what the page sends
    assert seen == [value]


def test_the_workbench_can_be_observed(tagger: Tagger, english: Document) -> None:
    bench, seen = xw.Workbench(tagger, english), []
    bench.observe(lambda change: seen.append(change["new"]), "result")
    bench.result = RESULT
    assert seen == [RESULT]
    bench.close()


def test_it_works_with_interact() -> None:
    shown: list[Any] = []
    control = ipw.interactive(lambda i: shown.append(xw.show(RESULT.target(i))), i=(0, 0))
    control.update()
    assert isinstance(shown[-1], ipw.DOMWidget)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: xw.Text(selected="first"), "The 'selected' trait of .* expected an int"),
        (lambda: xw.Text(mode="erase"), "The 'mode' trait of .* expected any of \\['target', 'hide'\\]"),
        (lambda: xw.Status(kind="fine"), "The 'kind' trait of .* expected any of \\['idle', 'busy', 'error'\\]"),
    ],
)
def test_wrong_values_are_refused(make: Any, message: str) -> None:
    with pytest.raises(traitlets.TraitError, match=message):
        make()


def test_a_layer_outside_the_list_is_brought_back() -> None:
    text = xw.Text(layers=[{"name": "a", "heats": {"-1": {"vmax": 1}}}], layer=7)
    assert text.layer == 0
    assert text.heat == {"vmax": 1}
    assert xw.Text().heat is None


def test_all_charts_share_one_library() -> None:
    first, second = xw.Chart(), xw.Chart()
    assert first.library is second.library is plotly_library()
    assert len(first.library.source) > 1_000_000
    sizes = [len(json.dumps(chart.get_state())) for chart in (first, second)]
    assert max(sizes) < 50_000


def test_a_closed_library_is_replaced() -> None:
    closed = xw.Chart().library
    closed.close()
    assert xw.Chart().library is not closed


def test_show_draws_bars_of_the_chosen_entity_and_follows_the_choice() -> None:
    other = Target(Span(0, 8, "Feature"))
    result = attribution_of(DOCUMENT, [RESULT.targets[0], other], [[2, 1], [0.5, 4], [-1, 0]])
    shown = xw.show(result)
    assert shown.chart.figure == json.loads(bars_figure_of(result, 1))
    shown.text.set_state({"selected": 1})
    assert shown.chart.figure == json.loads(bars_figure_of(result, 0))


def bars_figure_of(result: Any, target: int) -> str:
    from widgets.views import bars_view, heat_view, text_view

    heat = {**heat_view(result, target), "vmax": 4.0}
    return str(bars_figure(bars_view(text_view(result.units), heat)).to_json())


def test_show_takes_every_kind_of_result() -> None:
    assert [entity["predicted"] for entity in xw.show(Prediction(), DOCUMENT).text.entities] == [False]
    assert [entity["predicted"] for entity in xw.show(DOCUMENT).text.entities] == [None]
    assert [layer["name"] for layer in xw.show([RESULT]).text.layers] == ["Fixed · context"]


def test_show_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="a prediction does not know its text; give it: show\\(pred"):
        xw.show(Prediction())
    with pytest.raises(TypeError, match="cannot show int; give an Attribution, a list of them"):
        xw.show(3)
    elsewhere = attribution_of(Document("geen hoest"), [RESULT.targets[0]], [0, 1])
    with pytest.raises(ValueError, match="the attributions are about different documents"):
        xw.show([RESULT, elsewhere])


def test_the_plain_html_of_a_shown_result_is_escaped_and_without_scripts() -> None:
    document = Document(f"{HOSTILE} hoest", HOSTILE, (Span(0, 9, HOSTILE),), id=HOSTILE)
    html = xw.show(Prediction((Span(0, 4, HOSTILE),), [0.5]), document)._repr_mimebundle_()["text/html"]
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", html)) <= {"div", "b", "p", "span", "small", "ul", "li"}
    assert "<b data" not in html


@pytest.mark.parametrize("path", sorted(FILES.rglob("*.js")), ids=lambda path: path.name)
def test_front_end_files_cannot_turn_text_into_markup_or_reach_the_network(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    assert re.findall(rf"{markup}|fetch\(|XMLHttpRequest|https?://(?!www\.w3\.org/)", text) == []
