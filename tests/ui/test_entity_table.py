"""The table of entities in JupyterLab: sort, search and choose by mouse and keys; dark, narrow, hostile, linked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage
from test_workbench import run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
TABLE = """
sections = [{"section": "history"}, {"section": "plan"}, {"section": bad}]
documents = [xl.Document(d.text, d.lang, d.spans, d.id, s) for d, s in zip(documents, sections)] * 40
errors = xl.entity_errors(documents, xl.predict(model, documents))
table = xw.EntityTable(errors, {"margin": [one.start / 7 for one in errors.outcomes]})
table
"""
LINE = "words => document.querySelector('.xw-table-line').textContent.startsWith(words)"
FITS = "() => [...document.querySelectorAll('.xw-table')].every(t => t.scrollWidth <= t.clientWidth)"
AT = "at => document.querySelector('.xw-entity-row[data-active=true]')?.dataset.at === at"


@pytest.mark.parametrize(("theme", "width"), [("JupyterLab Light", 1400), ("JupyterLab Dark", 900)])
def test_sort_search_and_choose(notebook: Opener, tmp_path: Path, theme: str, width: int) -> None:
    opened = run_cells(notebook, tmp_path, TABLE, theme=theme, width=width)
    page = opened.page
    if width < 1000:
        opened.command("application:toggle-left-area")
    page.locator(".xw-table[data-ready]").wait_for()
    n = int(opened.kernel("print(len(errors.outcomes))"))
    drawn = page.locator(".xw-entity-row").count()
    assert drawn < n, "only the rows that can be seen are in the page"
    page.locator(".xw-sort", has_text="length").click()
    assert page.locator("th[aria-sort='ascending']").text_content().startswith("length")
    page.locator(".xw-sort", has_text="length").click()
    longest = page.locator(".xw-entity-row td:first-child").first
    assert longest.text_content() == "adverse event : severe lesion"

    page.locator(".xw-search").first.click()
    page.keyboard.type("重病变")
    page.wait_for_function(LINE, arg=f"40 of {n}")
    page.locator(".xw-grid").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function(AT, arg="1")
    page.keyboard.press("Enter")
    page.locator(".xw-table-around .xw-excerpt").wait_for()
    assert page.locator(".xw-table-around .xw-excerpt").text_content() == "用药后出现副反应：重病变，已停药。"
    assert opened.kernel("print(table.selected['start'], table.outcome.document)").startswith("9 zh-1")
    assert page.locator(".jp-Notebook.jp-mod-editMode").count() == 0
    assert page.evaluate(FITS)
    opened.screenshot(f"entity-table-{theme.split()[-1].lower()}-{width}", ".xw-table")

    page.locator(".xw-clear").click()
    page.locator("summary", has_text="section").click()
    page.locator(".xw-fold[open] .xw-ticked", has_text="onerror").locator("input").check()
    page.wait_for_function("() => document.querySelector('.xw-entity-row').textContent.includes('onerror')")
    box, bar = (page.locator(one).bounding_box() for one in (".xw-fold[open] .xw-fold-body", ".xw-filters"))
    assert box and bar and box["x"] + box["width"] <= bar["x"] + bar["width"] + 1
    assert page.evaluate("() => window.pwned ?? 'no'") == "no"
    assert page.locator(".jp-OutputArea img, .jp-OutputArea [data-commandlinker-command]").count() == 0
    opened.screenshot(f"entity-table-open-{width}", ".jp-OutputArea-output")
    page.keyboard.press("Escape")
    assert page.locator(".xw-fold[open]").count() == 0
    opened.assert_clean()
