"""Fixtures of the browser tests: one JupyterLab and one Chromium a session, one fresh page a notebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lab_driver import LabServer, NotebookPage, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

CHROMIUM_FLAGS = [
    # Containers often have no user namespaces; the pages are our own and come from the loopback.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
Opener = Callable[..., NotebookPage]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A JupyterLab server on the loopback."""
    server = LabServer(tmp_path_factory.mktemp("lab"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Headless Chromium with a fresh profile (not `browser`: a known pytest plugin owns that name)."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on the PATH, and CHROMIUM names none")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def notebook(
    lab: LabServer, chrome: Browser, request: pytest.FixtureRequest, has_failed: Callable[[], bool]
) -> Iterator[Opener]:
    """`notebook(path, theme=, width=, height=, scale=)` opens a copy of a notebook and gives its page."""
    opened: list[NotebookPage] = []

    def open_notebook(
        path: Path, *, theme: str = "JupyterLab Light", width: int = 1400, height: int = 1000, scale: float = 1
    ) -> NotebookPage:
        page = _context(chrome, "Dark" in theme, width, height, scale).new_page()
        page.set_default_timeout(30_000)
        opened.append(NotebookPage(lab, page))
        return opened[-1].open(path, theme)

    yield open_notebook
    for i, one in enumerate(opened):
        try:
            if has_failed():
                print(one.report(f"{i}-{re.sub(r'[^0-9A-Za-z]+', '_', request.node.name)[:60]}"))
            one.shut_down_kernel()
        finally:
            one.page.context.close()


def _context(chrome: Browser, is_dark: bool, width: int, height: int, scale: float) -> BrowserContext:
    return chrome.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="dark" if is_dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
