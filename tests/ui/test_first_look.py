"""Notebook 01 as a newcomer meets it: run all, choose an entity, hide a word, see the numbers change."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "01_first_look.ipynb"
# The workbench is the last output. Times are taken in the page: what a reader waits for between click and change.
BENCH = "[...document.querySelectorAll('.jp-OutputArea-output')].at(-1)"
EXPLAINED = f"() => {BENCH}.querySelector('.xw-ramp') && {BENCH}.querySelector('.xw-sbs[data-ready]')"
CHANGED = f"([part, old]) => {BENCH}.querySelector(part)?.textContent !== old"
HIDE_ONE = f"""() => new Promise(resolve => {{
    const line = {BENCH}.querySelector('.xw-line');
    const unit = {BENCH}.querySelector('.xw-unit[aria-selected=true]');
    const begun = performance.now();
    new MutationObserver((_, watch) => {{
        if (line.textContent.startsWith('Hidden')) {{ watch.disconnect(); resolve(performance.now() - begun); }}
    }}).observe(line, {{childList: true, characterData: true, subtree: true}});
    unit.focus();
    unit.dispatchEvent(new KeyboardEvent('keydown', {{key: 'm', bubbles: true}}));
}})"""
RUN_LAST_CELL_AGAIN = f"""() => new Promise(resolve => {{
    const old = {BENCH}.querySelector('.xw-text'), begun = performance.now();
    const look = () => {{
        const text = {BENCH}?.querySelector('.xw-text');
        if (text && text !== old && Number(text.dataset.ready) > 0) resolve(performance.now() - begun);
        else requestAnimationFrame(look);
    }};
    window.jupyterapp.commands.execute('notebook:run-cell');
    look();
}})"""
MOST_MILLISECONDS, FIRST_PIXELS_MILLISECONDS = 300, 2000
SLOWER_MACHINE = 5  # a shared machine under load may be so much slower before the test calls it broken


def test_choosing_an_entity_and_hiding_a_word_change_the_numbers(notebook: Opener) -> None:
    look = notebook(NOTEBOOK).run_all()
    page = look.page
    page.wait_for_function(EXPLAINED, timeout=120_000)
    assert page.locator(".xw-text[data-ready]").count() == 5  # three texts, one explanation, the workbench
    look.screenshot("first-look")

    bench = page.locator(".jp-OutputArea-output").last
    scale = bench.locator(".xw-legend").text_content()
    bench.locator(".xw-row[aria-selected='false']", has_text="predicted").first.click()
    page.wait_for_function(CHANGED, arg=[".xw-legend", scale])
    page.wait_for_function(EXPLAINED)

    waited = page.evaluate(HIDE_ONE)
    line = bench.locator(".xw-line").first.text_content() or ""
    print(f"hiding one word to seeing the change: {waited:.0f} ms (aim {MOST_MILLISECONDS} ms)")
    assert re.search(r"log-odds −?\d+\.\d\d → −?\d+\.\d\d \([+−]\d+\.\d\d\)", line)
    assert waited < SLOWER_MACHINE * MOST_MILLISECONDS
    look.screenshot("first-look-hidden")
    look.assert_clean()


def test_the_text_is_seen_within_two_seconds_of_the_cell(notebook: Opener) -> None:
    look = notebook(NOTEBOOK, theme="JupyterLab Dark", width=900).run_all()
    look.page.wait_for_function(EXPLAINED, timeout=120_000)
    waited = look.page.evaluate(RUN_LAST_CELL_AGAIN)
    print(f"from running the workbench's cell to its text: {waited:.0f} ms (aim {FIRST_PIXELS_MILLISECONDS} ms)")
    assert waited < SLOWER_MACHINE * FIRST_PIXELS_MILLISECONDS
    look.screenshot("first-look-dark-900")
    look.assert_clean()
