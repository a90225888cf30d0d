"""Methods side by side in JupyterLab: compared, fused, by keyboard, narrow, dark, in Chinese, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage
from lab_driver.axe import violations
from test_workbench import SAYS, open_bench, press, run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
METHODS = "methods=(xl.PermutationShap(xl.PerUnit(6)), xl.Occlusion(), xl.KernelShap(xl.PerUnit(8)))"
COMPARED = f"bench = xw.Workbench(model, documents, {METHODS})\nbench"
COLUMNS = "n => document.querySelectorAll('.xw-sbs thead .xw-sbs-method').length === n"
FITS = """() => [...document.querySelectorAll('.xw-sbs')].every(part =>
    part.getBoundingClientRect().right <= part.closest('.jp-OutputArea').getBoundingClientRect().right + 1)"""


@pytest.mark.parametrize(("theme", "width"), [("JupyterLab Light", 1400), ("JupyterLab Dark", 900)])
def test_compare_fuse_and_walk(notebook: Opener, tmp_path: Path, theme: str, width: int) -> None:
    opened = run_cells(notebook, tmp_path, COMPARED, theme=theme, width=width)
    page = opened.page
    if width < 1000:
        opened.command("application:toggle-left-area")
    page.wait_for_function(COLUMNS, arg=1)
    press(opened, "all units")
    page.wait_for_function("() => document.querySelector('.xw-about').textContent.startsWith('All units')")
    page.wait_for_selector(".xw-sbs-unit[scope='row']")
    for name in ("Occlusion", "KernelShap"):
        page.locator(".jupyter-widgets.widget-toggle-button", has_text=name).last.click()
    page.wait_for_function("() => document.body.textContent.includes('new) for 14 units; KernelShap: ')")
    press(opened, "Run")
    page.wait_for_function(COLUMNS, arg=3)
    page.wait_for_function(SAYS, arg="Explained with 2 more methods")
    press(opened, "Fuse")
    page.wait_for_function(COLUMNS, arg=4)
    page.wait_for_function(SAYS, arg="Fused.")
    assert page.locator(".xw-sbs-member").count() == 3
    opened.screenshot(f"side-by-side-{theme.split()[-1].lower()}-{width}")

    page.locator(".xw-sbs-cell[tabindex='0']").focus()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    first = page.locator(".xw-sbs tbody tr").first
    words = first.locator(".xw-sbs-cell").nth(1).get_attribute("aria-label") or ""
    assert page.locator(".xw-sbs-readout").text_content() == words
    assert words.endswith("Occlusion")
    page.keyboard.press("Enter")
    unit = first.get_attribute("data-unit")
    page.wait_for_selector(f".xw-unit[data-i='{unit}'][data-cursor='true']")
    assert first.get_attribute("aria-selected") == "true"
    assert page.evaluate(FITS)
    assert not violations(page, ".xw-sbs")
    opened.assert_clean()


def test_chinese_and_hostile_names_stay_text(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    page.get_by_label("Document", exact=True).select_option(index=1)
    page.wait_for_function("() => document.querySelector('.xw-sbs-table')?.lang.startsWith('zh')")
    opened.screenshot("side-by-side-chinese")
    page.get_by_label("Document", exact=True).select_option(index=2)
    page.wait_for_function("() => document.querySelector('.xw-sbs-title')?.textContent.includes('lesion')")
    press(opened, "as in the text")
    page.wait_for_function("() => document.querySelector('.xw-sbs thead')?.textContent.includes('in the text')")
    assert page.evaluate("() => window.pwned ?? 'no'") == "no"
    assert page.locator(".xw-sbs img, .xw-sbs [data-commandlinker-command]").count() == 0
    opened.assert_clean()
