"""The text in JupyterLab: pick, hide, replace and undo, by mouse and by keys alone, Chinese with an input method."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage
from test_workbench import BENCH, SAYS, press, run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
TEXT = "() => document.querySelector('.xw-words').textContent"


def open_text(notebook: Opener, folder: Path) -> NotebookPage:
    """A workbench whose first entity was explained."""
    opened = run_cells(notebook, folder, BENCH)
    opened.page.locator(".xw-ramp").wait_for()
    return opened


def told(opened: NotebookPage, words: str) -> None:
    opened.page.wait_for_function(SAYS, arg=words)


def test_replace_hide_and_undo_by_mouse(notebook: Opener, tmp_path: Path) -> None:
    opened = open_text(notebook, tmp_path)
    page = opened.page
    page.locator(".xw-unit[data-i='1']").dblclick()
    editor = page.locator(".xw-editor")
    assert editor.input_value() == "adverse"
    opened.screenshot("text-editing")
    editor.fill("very mild")
    page.keyboard.press("Enter")
    told(opened, "Replaced: “adverse” → “very mild”. Prediction: lost Reaction “severe lesion”; found Disease")
    assert page.evaluate(TEXT).startswith("An very mild event :")
    assert page.locator(".xw-unit[data-replaced]").count() == 2
    page.locator(".xw-unit[data-i='1']").hover()
    assert page.locator(".xw-tip").text_content() == "very: no score, in place of “adverse”"
    opened.screenshot("text-replaced")

    first, last = page.locator(".xw-unit[data-i='5']"), page.locator(".xw-unit[data-i='6']")
    first.hover()
    page.mouse.down()
    last.hover()
    page.mouse.up()
    page.wait_for_function("() => document.querySelectorAll('.xw-unit[data-picked]').length === 2")
    assert opened.kernel("print(bench.panel.text.picked)") == "[5, 6]"
    press(opened, "Hide picked words")
    told(opened, "Hidden: “severe”, “lesion”")
    opened.screenshot("text-picked")
    press(opened, "Undo")
    page.wait_for_function("() => !document.querySelector('.xw-unit[data-hidden=true]')")
    press(opened, "Undo")
    told(opened, "What if")
    assert page.evaluate(TEXT).startswith("An adverse event :")
    press(opened, "Redo")
    told(opened, "Replaced: “adverse” → “very mild”")
    opened.assert_clean()


def test_chinese_by_keys_alone(notebook: Opener, tmp_path: Path) -> None:
    opened = open_text(notebook, tmp_path)
    page = opened.page
    page.get_by_label("Document", exact=True).select_option(index=1)
    page.wait_for_function("() => document.querySelector('.xw-words').lang === 'zh-Hans'")
    page.locator(".xw-ramp").wait_for()
    page.locator(".xw-unit[data-i='0']").focus()
    for key in ["ArrowRight"] * 5 + ["Shift+ArrowRight"] * 2:
        page.keyboard.press(key)
    page.keyboard.press("e")
    editor = page.locator(".xw-editor")
    assert editor.input_value() == "副反应"
    # An input method composes: its Enter chooses a character and must not send the words.
    editor.evaluate("node => { node.value = '好转'; node.dispatchEvent(new KeyboardEvent('keydown',"
                    " {key: 'Enter', isComposing: true, bubbles: true})); }")  # fmt: skip
    assert editor.count() == 1
    page.keyboard.press("Enter")
    told(opened, "Replaced: “副反应” → “好转”")
    assert page.evaluate(TEXT) == "用药后出现好转：重病变，已停药。"
    assert page.evaluate("() => document.activeElement.classList.contains('xw-unit')")
    page.keyboard.press("m")
    told(opened, "Hidden: “好”")
    for _ in range(2):
        page.keyboard.press("u")
    told(opened, "What if")
    page.keyboard.press("Shift+U")
    told(opened, "Replaced: “副反应” → “好转”")
    opened.screenshot("text-chinese")
    press(opened, "by words")
    page.wait_for_function("() => document.querySelector('.xw-about').textContent.includes('sums over words')")
    opened.screenshot("text-by-words")
    opened.assert_clean()
