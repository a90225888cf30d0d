"""Correcting in JupyterLab by keys: other ends, a new entity, undo; a new page and a new kernel find it all again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from lab_driver import NotebookPage
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
BENCH = r"""
import explain_lib as xl, widgets as xw
from explain_lib.models.toy import planted_tagger
bad = "</script><img src=x onerror='window.pwned=1'>\u202e"
documents = [
    xl.Document("An adverse event : severe lesion after the first dose . No fever .", "en",
                (xl.Span(3, 32, "Reaction"), xl.Span(19, 32, "Disease")), id="en-1"),
    xl.Document("用药后出现副反应：重病变，已停药。", "zh", (xl.Span(9, 12, bad),), id="zh-1"),
    xl.Document("The patient has a severe lesion .", "en", (xl.Span(25, 31, "Disease"),), id="en-2"),
]
palette = xw.Palette({"Disease": xw.Paint("Disease", "#1565c0", "#90caf9")})
bench = xw.Workbench(planted_tagger().tagger, documents, store=STORE, methods=(xl.Occlusion(),), palette=palette)
bench
"""
CHOSEN = "words => document.querySelector('.xw-correct-chosen')?.textContent.includes(words)"
ROWS = "n => document.querySelectorAll('.xw-correction').length === n"


def open_bench(notebook: Opener, folder: Path, **looks: object) -> NotebookPage:
    source = folder / "correct.ipynb"
    code = BENCH.replace("STORE", repr(str(folder / "store")))
    nbformat.write(new_notebook(cells=[new_code_cell(code)], metadata=KERNEL), source)
    opened = notebook(source, **looks).run_all()
    opened.page.wait_for_function("() => document.querySelector('.xw-text .xw-ramp')")
    return opened


def open_view(opened: NotebookPage) -> None:
    opened.page.get_by_role("tab", name="Correct", exact=True).click()
    opened.page.locator(".xw-correct").wait_for()


def test_correct_by_keys_and_find_it_again(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    open_view(opened)
    page.wait_for_function(CHOSEN, arg="severe lesion")

    page.locator(".xw-unit[data-i='4']").focus()
    for key in ("[", "[", "]"):  # in quick succession: each counts
        page.keyboard.press(key)
    page.wait_for_function(CHOSEN, arg="event : severe lesion after")
    page.wait_for_function("() => document.querySelector(\".xw-lane[data-corrected='changed']\")")
    page.keyboard.press("z")
    page.wait_for_function("() => document.querySelector('.xw-correct-what')?.textContent === 'changed in 2 steps'")

    page.locator(".xw-unit[data-i='11']").focus()  # “No fever”
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("() => document.querySelector('.xw-correct-picked').textContent === 'Picked: No fever'")
    page.keyboard.press("1")
    page.wait_for_function(CHOSEN, arg="No fever")
    page.wait_for_function(ROWS, arg=2)
    opened.screenshot("correct-light")
    said = opened.kernel("print([(str(c.kind), c.after.start, c.after.end, c.after.label) for c in bench.corrections])")
    assert said == "[('change', 17, 32, 'Reaction'), ('change', 11, 32, 'Reaction'), ('add', 56, 64, 'Disease')]"
    assert (
        opened.kernel("print(oct((bench.desk.store.folder / 'corrections.jsonl').stat().st_mode & 0o777))") == "0o600"
    )
    opened.assert_clean()

    again = open_bench(notebook, tmp_path, theme="JupyterLab Dark", width=900)
    again.page.wait_for_function(CHOSEN, arg="No fever")  # the view, the entity and what was made of it
    again.page.wait_for_function(ROWS, arg=2)
    again.screenshot("correct-dark-900")
    again.page.locator(".xw-unit[data-i='0']").focus()
    again.page.keyboard.press("z")
    again.page.wait_for_function(ROWS, arg=1)
    again.assert_clean()


def test_similar_errors_bulk_and_export(notebook: Opener, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    page = opened.page
    open_view(opened)
    page.get_by_role("button", name="Find similar errors").click()
    page.wait_for_function(
        "() => document.querySelector('.xw-similar-about').textContent.includes('Like “severe lesion”')"
    )
    page.get_by_role("button", name="Export corrected documents").click()
    page.wait_for_function("() => document.body.textContent.includes('3 documents in')")
    opened.screenshot("correct-similar")
    assert opened.kernel("print(len(list((bench.desk.store.folder / 'export').glob('*.jsonl'))))") == "1"

    page.get_by_label("Document", exact=True).select_option(index=1)
    page.wait_for_function("() => document.querySelector('.xw-words').lang === 'zh-Hans'")
    page.wait_for_function(CHOSEN, arg="病变")
    assert page.evaluate("() => window.pwned ?? 'no'") == "no"
    assert page.locator(".xw-correct img").count() == 0
    page.get_by_role("button", name="End later").click()
    page.wait_for_function(ROWS, arg=1)
    opened.screenshot("correct-zh")
    opened.assert_clean()
