"""Reports as pictures in a real page: read with the keyboard, no rule of axe broken, nothing wider than the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lab_driver import faint, saturate, violations
from lab_driver.page import SCREENSHOTS

import explain_lib as xl
import widgets as xw
from explain_lib.models.toy import planted_tagger

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
Open = Callable[[str], "Page"]
TEXTS = {
    "en": xl.Document("An adverse event : severe lesion after the first dose . No fever .", "en"),
    "zh": xl.Document("用药后出现副反应：重病变，已停药。", "zh"),
}
OPEN_ALL = "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
LOOKS = [("light", 1200), ("dark", 900), ("light", 480)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page for every report and language, on a model of known rules."""
    made, model = tmp_path_factory.mktemp("reports"), planted_tagger().tagger
    for lang, document in TEXTS.items():
        query = xl.Query(model, document, targets=[xl.Target(xl.predict(model, document).spans[0])])
        shown = xl.explain(query.context(), xl.KernelShap(), rng=0)
        xw.to_html(xl.stability(query, xl.KernelShap(), rng=0), made / f"stability-{lang}.html")
        xw.to_html(xl.boundary_sensitivity(query, rng=0), made / f"boundary-{lang}.html")
        xw.to_html(xl.faithfulness(shown, query.context(), rng=0), made / f"faithfulness-{lang}.html")
    return made


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def opened(chrome: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a saved report in one theme and width; fails when the page complained."""
    scheme, width = request.param
    context = chrome.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said: list[str] = []

    def open_page(name: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto((folder / f"{name}.html").as_uri())
        page.wait_for_selector("body[data-ready]")
        page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}-{width}.png", full_page=True)
        return page

    yield open_page
    context.close()
    assert said == []


@pytest.mark.parametrize("name", ["stability-en", "boundary-en", "faithfulness-en", "stability-zh", "boundary-zh"])
def test_every_report_can_be_read(opened: Open, name: str) -> None:
    page = opened(name)
    page.evaluate(OPEN_ALL)
    page.wait_for_function("() => [...document.querySelectorAll('.xw-pictures')].every(one => one.children.length)")
    assert violations(page) == []
    saturate(page)
    assert faint(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("opened", LOOKS[:1], indirect=True)
def test_stability_is_read_with_the_keyboard(opened: Open) -> None:
    page = opened("stability-en")
    part = page.locator(".xw-picture:has(.xw-dots)").first
    worst = part.get_attribute("data-edit")
    part.locator(".xw-dot[tabindex='0']").focus()
    page.keyboard.press("End")
    last = part.locator(".xw-dot").last
    assert last.evaluate("node => node === document.activeElement")
    assert part.locator(".xw-reading").inner_text().startswith(str(last.get_attribute("aria-label")))
    page.keyboard.press("Enter")
    assert last.get_attribute("aria-selected") == "true" and part.get_attribute("data-edit") != worst
    part.get_by_role("button", name="Worst edit").click()
    assert part.get_attribute("data-edit") == worst
    part.locator("summary", has_text="worst first").click()
    part.locator(".xw-edit-line:has(ins)").first.focus()
    page.keyboard.press(" ")
    assert part.locator(".xw-chosen-edit .xw-heat-text").count() == 2
    chosen, listed = part.locator(".xw-chosen-edit ins"), part.locator(".xw-edit-line[aria-pressed=true] ins")
    assert chosen.all_inner_texts() == listed.all_inner_texts() != []


@pytest.mark.parametrize("opened", LOOKS[:1], indirect=True)
def test_the_map_of_spans_and_the_curves_are_read_with_the_keyboard(opened: Open) -> None:
    page = opened("boundary-en")
    entity = page.locator(".xw-landscape td[data-marked]")
    entity.focus()
    said = page.locator(".xw-picture:has(.xw-landscape) .xw-reading")
    assert "the entity itself" in said.inner_text()
    page.keyboard.press("ArrowRight")
    assert "the entity itself" not in said.inner_text()
    curve = page.locator(".xw-curve").first
    curve.focus()
    first = curve.get_attribute("aria-valuetext")
    page.keyboard.press("End")
    assert curve.get_attribute("aria-valuetext") != first
    assert page.locator(".xw-picture:has(.xw-curve) .xw-reading").first.inner_text() == curve.get_attribute(
        "aria-valuetext"
    )
