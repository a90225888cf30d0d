"""The views of the corpus in JupyterLab: read, choose a row, explain a class, choose a word and a place; keys too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage
from test_workbench import press, run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
BENCH = """
from widgets.workbench.views.errors import ErrorsView
from widgets.workbench.views.words import WordsView

texts = [xl.Document(d.text, d.lang, d.spans) for d in documents * 12]
bench = xw.Workbench(model, texts, methods=(xl.Occlusion(), Slow()), views=(ErrorsView, WordsView))
bench
"""
SHOWS = "words => document.querySelector('.xw-table-line')?.textContent === words"
CHOSEN = "words => document.querySelector('.xw-entity-row[aria-selected=true]')?.textContent.includes(words)"
TEXT = "words => document.querySelector('.xw-words').textContent.includes(words)"
HEAT = "() => document.querySelector('.xw-ramp')"
SOME = "words => [...document.querySelectorAll('.xw-report-caption')].some(p => p.textContent.startsWith(words))"
ALL = "() => [...document.querySelectorAll('.xw-word-button')].every(b => !b.offsetParent || b.textContent === '副')"
FITS = "() => [...document.querySelectorAll('.xw-table, .xw-lexicon')].every(t => t.scrollWidth <= t.clientWidth + 1)"


@pytest.mark.parametrize(("theme", "width"), [("JupyterLab Light", 1400), ("JupyterLab Dark", 900)])
def test_from_the_table_to_the_cause(notebook: Opener, tmp_path: Path, theme: str, width: int) -> None:
    opened = run_cells(notebook, tmp_path, BENCH, theme=theme, width=width)
    page = opened.page
    if width < 1000:
        opened.command("application:toggle-left-area")
    page.wait_for_function(HEAT)
    press(opened, "Read all documents")
    n = 12 * int(opened.kernel("print(len(xl.entity_errors(texts[:3], xl.predict(model, texts[:3])).outcomes))"))
    page.wait_for_function(SHOWS, arg=f"{n} of {n} entities")

    page.locator(".xw-search:visible").first.fill("重病变")
    page.wait_for_function(SHOWS, arg=f"12 of {n} entities")
    page.locator(".xw-entity-row").nth(5).click()
    page.wait_for_function(TEXT, arg="用药后出现副反应")
    assert opened.kernel("print(bench.desk.document)") == "16"
    page.wait_for_function(HEAT)
    page.locator(".xw-clear").click()
    page.get_by_label("Document", exact=True).select_option(index=3)  # the other way: the text marks its row
    page.wait_for_function(CHOSEN, arg="severe lesion")
    assert opened.kernel("print(bench.views['Errors'].table.selected['text'])") == "3"

    press(opened, "Explain")
    page.locator(".widget-label", has_text="24 of 24 explained.").wait_for()
    page.locator(".xw-word-button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".xw-place").first.wait_for()
    assert page.locator(".jp-Notebook.jp-mod-editMode").count() == 0
    page.locator(".xw-place").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.xw-place:focus') !== null")
    place = "bench.views['Errors'].driving.words._places[-1].text"
    page.wait_for_timeout(500)
    assert opened.kernel(f"print(bench.desk.document == {place})") == "True"
    assert page.evaluate(FITS)
    assert page.evaluate("() => window.pwned ?? 'no'") == "no"
    opened.screenshot(f"errors-{theme.split()[-1].lower()}-{width}")
    opened.assert_clean()


def test_words_of_the_annotation_and_of_the_model(notebook: Opener, tmp_path: Path) -> None:
    opened = run_cells(notebook, tmp_path, BENCH)
    page = opened.page
    page.wait_for_function(HEAT)
    page.get_by_role("tab", name="Words").click()
    caption = page.locator(".xw-word-list caption:visible")
    caption.first.wait_for()
    assert "no explanation asked" in caption.first.text_content()
    page.locator("button:visible", has_text="Explain all entities").click()
    page.wait_for_function("() => document.body.textContent.includes('All entities of 36 documents are explained.')")
    page.get_by_label("Label", exact=True).select_option("Reaction")
    page.locator(".xw-word-list caption", has_text="what the model reads").wait_for(timeout=60_000)
    page.locator(".xw-word-button:visible", has_text="adverse").first.click()
    page.wait_for_function(SOME, arg="“adverse”")
    page.locator(".xw-place:visible").nth(2).click()
    page.locator(".xw-search:visible").fill("副")
    page.wait_for_function(ALL)
    opened.screenshot("words-light")
    press(opened, "beside the ends")
    page.locator(".xw-word-list caption", has_text="beside the right end").wait_for()
    opened.assert_clean()
