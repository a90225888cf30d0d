"""axe-core on a page: what it finds wrong for readers who use a screen reader, the keyboard or their own colours."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async selectors => {
    const found = await axe.run(selectors.length ? {include: selectors.map(one => [one])} : document,
                                {resultTypes: ['violations']});
    return found.violations.flatMap(({id, help, nodes}) =>
        nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 200)}: ${node.failureSummary}`));
}"""


def violations(page: Page, *selectors: str) -> list[str]:
    """One line for each element that breaks a rule, among what the selectors find, or on the whole page."""
    if not page.evaluate("() => Boolean(window.axe?.run)"):
        page.evaluate(_source())
    present = [one for one in selectors if page.locator(one).count()]
    assert len(present) == len(selectors), f"nothing matches {set(selectors) - set(present)}"
    return list(page.evaluate(RUN, list(selectors)))


@cache
def _source() -> str:
    if not SOURCE.exists():
        pytest.skip("axe-core is not there; run: npm ci --prefix tests/ui --ignore-scripts")
    return SOURCE.read_text(encoding="utf-8")
