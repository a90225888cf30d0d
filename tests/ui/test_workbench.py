"""The workbench in JupyterLab on a toy tagger: choose, hide, restore, cancel, errors, hostile text, nesting."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from lab_driver import NotebookPage
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
SETUP = r"""
import time
from dataclasses import dataclass

import ipywidgets as ipw
import explain_lib as xl, widgets as xw
from explain_lib.models.toy import planted_tagger

@dataclass(frozen=True)
class Slow:
    def attribute(self, question, rng):
        for _ in range(3000):
            time.sleep(0.02)
            question.value((rng.random((1, question.n_units)) < 0.5) | ~question.active)

@dataclass(frozen=True)
class Broken:
    def attribute(self, question, rng):
        raise ValueError("the method's own words")

model = planted_tagger().tagger
bad = "</script><img src=x onerror='window.pwned=1'><button data-commandlinker-command='x'>go</button>\u202e"
documents = [
    xl.Document("An adverse event : severe lesion after the first dose . No fever .", "en",
                (xl.Span(3, 32, "Reaction"), xl.Span(19, 32, "Disease")), id="en-1"),
    xl.Document("用药后出现副反应：重病变，已停药。", "zh", (xl.Span(9, 12, "Reaction"),), id="zh-1"),
    xl.Document("The patient has a lesion . " + bad, "en", (xl.Span(18, 24, bad),), id=bad),
]
"""
METHODS = "methods=(xl.PermutationShap(), xl.Occlusion(), Slow(), Broken())"
BENCH = f"bench = xw.Workbench(model, documents, {METHODS})\nbench"
LINES = "() => [...document.querySelectorAll('.xw-line')].map(line => line.textContent)"
SAYS = "words => [...document.querySelectorAll('.xw-line')].some(line => line.textContent.includes(words))"
DRAWN = "() => document.querySelector('.xw-sbs[data-ready]') && document.querySelector('.xw-ramp')"


def run_cells(notebook: Opener, folder: Path, *cells: str, **looks: object) -> NotebookPage:
    source = folder / "bench.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in (SETUP, *cells)], metadata=KERNEL), source)
    return notebook(source, **looks).run_all()


def open_bench(notebook: Opener, folder: Path, **looks: object) -> NotebookPage:
    """A workbench that has explained its first entity."""
    opened = run_cells(notebook, folder, BENCH, **looks)
    opened.page.wait_for_function(DRAWN)
    return opened


def press(opened: NotebookPage, name: str) -> None:
    opened.page.get_by_role("button", name=name, exact=True).first.click()  # the attribution view names methods too


def test_choose_hide_and_restore(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    assert page.locator(".xw-row[aria-selected='true']").text_content().startswith("Reactionsevere lesion")
    page.locator(".xw-unit[data-i='1']").hover()
    assert page.locator(".xw-tip").text_content() == "adverse: +9.84 ± 0.00"
    opened.screenshot("bench-chosen")

    press(opened, "Hide words by clicking")
    page.locator(".xw-unit[data-i='1']").click()
    page.wait_for_function(SAYS, arg="lost Reaction “severe lesion”; found Disease “severe lesion”")
    assert "log-odds 1.79 → −8.04 (−9.84)" in " ".join(page.evaluate(LINES))
    assert page.locator(".xw-row[data-state='lost']").text_content().endswith("no longer predicted")
    assert opened.kernel("print(bench.panel.text.hidden)") == "[1]"
    opened.screenshot("bench-hidden")

    press(opened, "Show all words")
    page.wait_for_function(SAYS, arg="What if a word were not there?")
    assert page.locator(".xw-row[data-state='lost']").count() == 0
    opened.assert_clean()


def test_keys_choose_and_hide_and_bars_and_text_are_linked(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    page.locator(".xw-unit[data-i='0']").focus()
    page.keyboard.press("n")
    page.wait_for_function("() => document.querySelector('.xw-row[aria-selected=true]').dataset.entity === '0'")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    page.wait_for_function(SAYS, arg="Hidden: “adverse”")
    page.keyboard.press("Escape")
    page.wait_for_function(SAYS, arg="What if")
    press(opened, "all units")
    page.wait_for_function("() => document.querySelector('.xw-about').textContent.startsWith('All units')")
    unit = int(opened.kernel("print(bench.views['Attribution'].bars.view['rows'][0]['unit'])"))
    page.locator(".xw-sbs-cell").first.click()
    page.wait_for_selector(f".xw-unit[data-i='{unit}'][data-cursor='true']")
    opened.assert_clean()


def test_cancel_and_errors_are_seen(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    press(opened, "Slow")
    page.locator(".xw-status[data-kind='busy'] .xw-tool").wait_for()
    begun = time.monotonic()
    press(opened, "Cancel")
    page.wait_for_function(SAYS, arg="Cancelled")
    assert time.monotonic() - begun < 1
    press(opened, "Broken")
    page.wait_for_function(SAYS, arg="ValueError: the method's own words")
    assert page.locator(".xw-status[data-kind='error'] [role='alert']").count() == 1
    opened.assert_clean()


def test_hostile_text_stays_text(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    page.get_by_label("Document", exact=True).select_option(index=2)
    page.wait_for_function("() => document.querySelector('.xw-words').textContent.includes('onerror')")
    page.wait_for_function(DRAWN)
    page.locator(".xw-row").first.hover()
    assert page.evaluate("() => window.pwned ?? 'no'") == "no"
    assert page.locator(".jp-OutputArea img, .jp-OutputArea [data-commandlinker-command]").count() == 0
    assert "⟨U+202E⟩" in page.locator(".xw-words").text_content()
    opened.assert_clean()


def test_widgets_nest_link_and_interact(notebook: Opener, tmp_path: Path) -> None:
    opened = run_cells(
        notebook, tmp_path,
        "query = xl.Query(model, documents[0])\nprediction = query.predict()[0]\n"
        "result = xl.explain(query.with_targets([xl.Target(s) for s in documents[0].spans]), xl.Occlusion())",
        "shown, slider = xw.show(result, prediction=prediction), ipw.IntSlider(value=0, min=-1, max=2)\n"
        "ipw.jslink((shown.text, 'selected'), (slider, 'value'))\n"
        "ipw.Tab([ipw.HBox([shown, slider]), xw.show(documents[1])], titles=['one', 'two'])",
        "ipw.interact(lambda i: xw.show(result.target(i)), i=(0, 1));",
    )  # fmt: skip
    page = opened.page
    page.locator(".widget-tab .xw-text[data-ready='14']").wait_for()
    page.locator(".widget-tab .xw-row").nth(1).click()
    page.wait_for_function("() => document.querySelector('.widget-readout').textContent === '1'")
    assert opened.kernel("print(slider.value)") == "1"
    assert page.locator(".widget-interact .xw-text[data-ready='14']").count() == 1
    opened.assert_clean()
