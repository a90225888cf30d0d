"""The checks of looks and access can fail: a page with one thing wrong of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lab_driver import faint, saturate, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><title>t</title><body style="background: #fff; color: #000"><main><h1>t</h1>
<style>.xw-unit[data-sign=raises] .xw-word { background: rgb(0 0 0 / calc(var(--xw-strength) * .6)) }</style>
<div class="xw-a"><p style="color: #757575">seen</p><p style="color: #8a8a8a">grey</p>
<button class="xw-b"></button></div>
<span class="xw-unit"><span class="xw-word">first</span></span>
<span class="xw-unit"><span class="xw-word">second</span></span>
</main>"""


def test_the_checks_find_what_is_wrong_and_nothing_else(chrome: Browser) -> None:
    context = chrome.new_context(color_scheme="light")
    page = context.new_page()
    page.set_content(PAGE)
    assert [line.split(":")[0] for line in violations(page, ".xw-a")] == ["button-name", "color-contrast"]
    assert violations(page, "h1") == []
    with pytest.raises(AssertionError, match=r"nothing matches \{'.xw-none'\}"):
        violations(page, "h1", ".xw-none")
    assert faint(page) == ["3.45 P: grey"]
    saturate(page)
    assert [line.split(" ", 1)[1] for line in faint(page)] == ["P: grey", "xw-word: second"]
    context.close()
