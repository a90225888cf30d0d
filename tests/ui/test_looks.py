"""How the workbench looks: light and dark, narrow and wide, Chinese; every word can be read on its colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lab_driver import NotebookPage
from test_workbench import DRAWN, open_bench

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
LEAST_CONTRAST = 4.5  # WCAG AA for normal text

# Every heat saturated: the darkest colours that can occur. Then composite all backgrounds down to the page.
CONTRAST = r"""() => {
    for (const [i, unit] of document.querySelectorAll('.xw-unit').entries()) {
        unit.style.setProperty('--xw-strength', '1');
        unit.dataset.sign = i % 2 ? 'raises' : 'lowers';
        unit.dataset.active = String(i % 5 !== 4);
        unit.dataset.hidden = String(i % 7 === 6);
    }
    const parse = colour => {
        const probe = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
        probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
    const ground = node => {
        const stack = [];
        for (let at = node; at; at = at.parentElement) stack.push(parse(getComputedStyle(at).backgroundColor));
        return stack.reverse().reduce((below, colour) => over(colour, below), [255, 255, 255]);
    };
    const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = node => {
        const below = ground(node), ink = over(parse(getComputedStyle(node).color), below);
        const [high, low] = [light(ink), light(below)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    };
    const words = [...document.querySelectorAll('.xw-word, .xw-line, .xw-fact, .xw-name, .xw-key, .xw-tool:enabled')];
    return Math.min(...words.filter(word => word.textContent.trim()).map(ratio));
}"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize("width", [900, 1400])
def test_looks(notebook: Opener, tmp_path: Path, theme: str, width: int) -> None:
    opened = open_bench(notebook, tmp_path, theme=theme, width=width)
    page = opened.page
    if width < 1000:
        opened.command("application:toggle-left-area")
    page.get_by_label("Document", exact=True).select_option(index=1)
    page.wait_for_function("() => document.querySelector('.xw-words').lang === 'zh-Hans'")
    page.wait_for_function(DRAWN)
    assert page.locator(".xw-words").text_content() == "用药后出现副反应：重病变，已停药。"
    name = f"bench-{theme.split()[-1].lower()}-{width}"
    opened.screenshot(name)
    text = "document.querySelector('.xw-text')"
    assert page.evaluate(f"() => {text}.scrollWidth <= {text}.clientWidth")
    assert page.evaluate(CONTRAST) >= LEAST_CONTRAST
    opened.assert_clean()


def test_the_saved_page_opens_from_a_file_and_answers(notebook: Opener, chrome: object, tmp_path: Path) -> None:
    opened = open_bench(notebook, tmp_path)
    saved = tmp_path / "saved.html"
    opened.kernel(f"xw.to_html(bench.result, {str(saved)!r}, prediction=bench.prediction) and None")
    context = chrome.new_context(viewport={"width": 900, "height": 800}, color_scheme="dark")  # type: ignore[attr-defined]
    page, asked, errors = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(saved.as_uri())
    page.wait_for_selector("body[data-ready='1']")
    page.locator(".xw-unit[data-i='1']").hover()
    assert page.locator(".xw-tip").text_content() == "adverse: +9.84 ± 0.00"
    page.locator(".xw-row").first.click()
    assert page.locator(".xw-unit[aria-selected='true']").count() == 5
    page.keyboard.press("Tab")
    page.locator(".xw-unit[data-i='0']").focus()
    page.keyboard.press("p")
    assert page.locator(".xw-bar-row").count() >= 1
    page.screenshot(path=opened.screenshot("saved-page-source").with_name("saved-page.png"), full_page=True)
    context.close()
    assert asked == [saved.as_uri()]
    assert errors == []
