"""A page with everything on it, opened from the disk: no request, no rule of axe broken, every word readable."""

from __future__ import annotations

from collections.abc import Iterator
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
HOSTILE = "</script><img src=x onerror='window.pwned=1'><!--<script>"
ENGLISH = xl.Document(
    f"An adverse event : severe lesion after the first dose . No fever . {HOSTILE}", "en",
    (xl.Span(3, 32, "Reaction"), xl.Span(19, 32, "Disease")), id="en-1", meta={"section": HOSTILE},
)  # fmt: skip
CHINESE = xl.Document("用药后出现副反应：重病变，已停药。", "zh", (xl.Span(9, 12, "Reaction"),), id="zh-1")
PALETTE = xw.Palette({"Disease": xw.Paint("Ziekte", "#1e88e5", "#1e88e5")})


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The page without and with plotly."""
    model, folder = planted_tagger().tagger, tmp_path_factory.mktemp("pages")
    predictions = xl.predict(model, [ENGLISH, CHINESE])
    query = xl.Query(model, ENGLISH, targets=[xl.Target(ENGLISH.spans[1])]).context()
    results = [xl.explain(query, method, rng=0) for method in (xl.Occlusion(), xl.KernelShap(), xl.GradientInput())]
    fused = xl.fuse(results, query, xl.MeanFusion(), rng=0)
    chinese = xl.explain(xl.Query(model, CHINESE, targets=[xl.Target(s) for s in predictions[1].spans]), xl.Occlusion())
    errors = xl.entity_errors([ENGLISH, CHINESE], predictions)
    table = xw.EntityTable(errors, {"margin": [0.5] * len(errors.outcomes)})
    everything = [
        *results, fused, fused.fusion, xw.compare(results), xl.agreement(results), errors, table,
        xl.stability(query, xl.Occlusion(), rng=0), xl.boundary_sensitivity(query, rng=0),
        xl.faithfulness(results[0], query, rng=0), xw.show(chinese, prediction=predictions[1]),
    ]  # fmt: skip
    about = {"prediction": predictions[0], "palette": PALETTE}
    return {more: xw.to_html(everything, folder / f"{more}.html", **about, interactive=more) for more in (False, True)}


class Opened:
    """A page from the disk, and what it asked for and complained about."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")

    def assert_alone(self) -> None:
        outside = [url for url in self.asked if not url.startswith(("blob:", "data:"))]
        assert (outside, self.said) == ([self.path.as_uri()], [])


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chrome: Browser, scheme: str) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1100, "height": 900}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def test_nothing_breaks_a_rule_and_every_word_can_be_read(page: Page, pages: dict[bool, Path], scheme: str) -> None:
    opened = Opened(page, pages[False])
    assert page.evaluate("() => window.pwned ?? 'no'") == "no" and page.locator("img").count() == 0
    page.screenshot(path=SCREENSHOTS / f"saved-everything-{scheme}.png", full_page=True)
    assert violations(page) == []
    saturate(page)
    assert faint(page) == []
    opened.assert_alone()


def test_an_interactive_page_draws_every_chart_and_links_it(page: Page, pages: dict[bool, Path], scheme: str) -> None:
    opened = Opened(page, pages[True])
    page.wait_for_function("() => document.querySelectorAll('.xw-chart[data-ready]').length === 3")
    assert page.locator(".xw-problem").all_text_contents() == [""] * 3
    page.locator(".xw-chart").first.scroll_into_view_if_needed()
    bars = page.locator(".xw-chart").first.locator(".bars .point path")
    assert bars.count() >= 1
    bars.first.click(force=True)  # plotly's drag layer lies on top and takes the click
    page.wait_for_selector(".xw-unit[data-cursor='true']")
    page.screenshot(path=SCREENSHOTS / f"saved-interactive-{scheme}.png", full_page=True)
    opened.assert_alone()


def test_without_scripts_the_words_and_numbers_are_there(chrome: Browser, pages: dict[bool, Path]) -> None:
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages[False].as_uri())
    shown = page.locator("main").inner_text()
    assert "severe lesion" in shown and "用药后出现副反应" in shown and "Boundar" in shown
    assert page.locator("main table").count() > 10
    context.close()
