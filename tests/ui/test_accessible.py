"""Our widgets in JupyterLab's themes: no rule of axe broken, and every word readable on its strongest colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage, faint, saturate, violations
from test_workbench import BENCH, run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
WIDGETS = r"""
query = xl.Query(model, documents[0], targets=[xl.Target(s) for s in documents[0].spans])
results = [xl.explain(query, method, rng=0) for method in (xl.Occlusion(), xl.KernelShap())]
one = query.with_targets(query.targets[1:])
predictions = xl.predict(model, documents)
errors = xl.entity_errors(documents, predictions)
palette = xw.Palette({"Disease": xw.Paint("Ziekte", "#1e88e5", "#1e88e5")})
"""
SHOWN = (
    "xw.show(results, prediction=predictions[0], palette=palette)",
    "xw.compare(results)",
    "xw.EntityTable(errors, {'margin': [one.start / 7 for one in errors.outcomes]})",
    "xw.show(errors)",
    "xw.show(xl.stability(one, xl.Occlusion(), rng=0))",
    "xw.show(xl.boundary_sensitivity(one, rng=0))",
    "xw.show(xl.faithfulness(xl.explain(one, xl.Occlusion()), one, rng=0))",
)
PARTS = (".xw-text", ".xw-entities", ".xw-chart", ".xw-sbs", ".xw-table", ".xw-report")


@pytest.mark.parametrize("theme", THEMES)
def test_every_widget_in_every_theme(notebook: Opener, tmp_path: Path, theme: str) -> None:
    opened = run_cells(notebook, tmp_path, WIDGETS, *SHOWN, BENCH, theme=theme)
    page = opened.page
    page.wait_for_function("() => document.querySelectorAll('.xw-chart[data-ready], .xw-sbs[data-ready]').length >= 3")
    page.wait_for_selector(".xw-table[data-ready]")
    name = theme.removeprefix("JupyterLab ").replace(" ", "-").lower()
    for at in range(len(SHOWN) + 1):
        page.locator(".jp-OutputArea-output").nth(at).screenshot(path=f"browser-test-out/all-{name}-{at}.png")
    assert violations(page, *PARTS) == []
    saturate(page)
    assert faint(page) == []
    opened.assert_clean()
