"""`xw.compare` in JupyterLab: drawn and readable, clicks tell units, nests, links, hostile text stays text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage
from test_workbench import run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "02_methods_compared.ipynb"
EXPLAINED = (
    "target = xl.Target(documents[0].spans[0])\n"
    "query = xl.Query(model, documents[0], targets=[target])\n"
    "methods = [xl.Occlusion(), xl.KernelShap(xl.PerUnit(10)), xl.KernelShap(xl.PerUnit(20))]\n"
    "results = [xl.explain(query.context(), method, rng=0) for method in methods]"
)
NESTED = (
    "grid, slider = xw.compare(results), ipw.IntSlider(value=-1, min=-1, max=20)\n"
    "ipw.jslink((grid.chart, 'clicked'), (slider, 'value'))\n"
    "ipw.Tab([ipw.{box}([grid, slider]), xw.compare(results[:1])], titles=['one', 'two'])"
)
HOSTILE = (
    "strange = documents[2]\n"
    "asked = xl.Query(model, strange, targets=[xl.Target(xl.Span(18, 24, 'Disease'))])\n"
    "from dataclasses import replace\n"
    "said = xl.explain(asked, xl.Occlusion())\n"
    "said = replace(said, targets=(xl.Target(xl.Span(18, 24, bad)),))\n"
    "xw.compare([said], top=100)"
)
GRIDS = "n => document.querySelectorAll('.xw-chart[data-ready]').length >= n"
SEEN = "[...document.querySelectorAll('.xw-chart')].filter(chart => chart.checkVisibility())"  # not those of other tabs
LABELS_OF = f"g => {SEEN}.flatMap(c => [...c.querySelectorAll(`.${{g}}tick text`)].map(t => t.textContent))"
WHOLE = f"""() => {SEEN}.every(chart => {{
    const frame = chart.getBoundingClientRect();
    const labels = [...chart.querySelectorAll('.xtick text, .ytick text')].map(text => text.getBoundingClientRect());
    return labels.length > 0 && labels.every(box => box.left >= frame.left - 1 && box.right <= frame.right + 1
        && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1);
}})"""


@pytest.mark.parametrize(
    ("theme", "width", "box"), [("JupyterLab Light", 1400, "HBox"), ("JupyterLab Dark", 700, "VBox")]
)
def test_a_grid_nests_links_and_shows_every_label(
    notebook: Opener, tmp_path: Path, theme: str, width: int, box: str
) -> None:
    nested = NESTED.replace("{box}", box)
    opened = run_cells(notebook, tmp_path, EXPLAINED, nested, theme=theme, width=width)
    page = opened.page
    if width < 1000:
        opened.command("application:toggle-left-area")
    page.wait_for_function(GRIDS, arg=1)
    assert page.evaluate(LABELS_OF, "y") == [
        "Occlusion · context",
        "KernelShap(budget=PerUnit(rows=10)) · context",
        "KernelShap(budget=PerUnit(rows=20)) · context",
    ]
    page.wait_for_function(WHOLE)
    page.locator(".xw-chart").first.scroll_into_view_if_needed()
    place = page.locator(".xw-chart .xtick").nth(1).bounding_box()
    rows = page.locator(".xw-chart .ytick").first.bounding_box()
    assert place and rows
    page.mouse.click(place["x"] + place["width"] / 2, rows["y"] + rows["height"] / 2)
    page.wait_for_function("() => document.querySelector('.widget-readout').textContent === '1'")
    assert opened.kernel("print(slider.value)") == "1"
    opened.screenshot(f"compare-{theme.split()[-1].lower()}-{width}")
    opened.assert_clean()


def test_hostile_words_and_labels_stay_text(notebook: Opener, tmp_path: Path) -> None:
    opened = run_cells(notebook, tmp_path, HOSTILE)
    page = opened.page
    page.wait_for_function(GRIDS, arg=1)
    assert "img" in page.evaluate(LABELS_OF, "x")
    assert "<img src=x onerror=" in (page.locator(".xw-chart .gtitle").text_content() or "")
    page.locator(".xw-chart .nsewdrag").first.hover(position={"x": 20, "y": 20})
    assert page.evaluate("() => window.pwned ?? 'no'") == "no"
    assert page.locator(".jp-OutputArea img, .jp-OutputArea [data-commandlinker-command]").count() == 0
    opened.screenshot("compare-hostile")
    opened.assert_clean()


def test_notebook_two_shows_both_arms(notebook: Opener) -> None:
    opened = notebook(NOTEBOOK, width=1000).run_all(seconds=400)
    page = opened.page
    page.wait_for_function(GRIDS, arg=3)  # two grids, and the bars of the contrasts
    names = page.evaluate(LABELS_OF, "y")
    assert sum(name.endswith(" · all units") for name in names) == 10
    assert sum(name.endswith(" · context") for name in names) == 10
    page.wait_for_function(WHOLE)
    opened.screenshot("methods-compared", ".xw-chart")
    opened.assert_clean()
