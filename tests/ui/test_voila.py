"""The workbench as a Voilà app: run without its code, drawn, clickable, offline."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from lab_driver import LabServer, NotebookPage, violations
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SAYS = "words => [...document.querySelectorAll('.xw-line')].some(line => line.textContent.includes(words))"
SECRET = "documents = [xl.Document('用药后出现副反应：重病变，已停药。', 'zh', id='zh-1')]"
CELLS = (
    f"import explain_lib as xl, widgets as xw\nfrom explain_lib.models.toy import planted_tagger\n{SECRET}",
    "xw.Workbench(planted_tagger().tagger, documents, methods=(xl.Occlusion(), xl.Exact()))",
)


class VoilaServer(LabServer):
    """Voilà on the same folder and with the same empty settings."""

    awake = "/"

    def _command(self, port: int) -> list[str]:
        return [sys.executable, "-m", "voila", str(self.root), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]


@pytest.fixture(scope="module")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    server = VoilaServer(tmp_path_factory.mktemp("voila"))
    try:
        yield server.start()
    finally:
        server.stop()


def test_the_workbench_is_an_app(voila: LabServer, chrome: Browser, tmp_path: Path) -> None:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [new_code_cell(cell) for cell in CELLS]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), voila.root / "app.ipynb")
    context = chrome.new_context(viewport={"width": 1200, "height": 900})
    try:
        page = context.new_page()
        opened = NotebookPage(voila, page)  # refuses and notes every request off this machine
        page.goto(f"{voila.url}/voila/render/app.ipynb", timeout=120_000)
        page.wait_for_selector(".xw-sbs[data-ready]", timeout=120_000)
        assert "planted_tagger" not in page.content(), "the code of the cells stays on the server"
        page.locator(".xw-unit[tabindex='0']").focus()
        page.keyboard.press("m")
        page.wait_for_function(SAYS, arg="Hidden: ")
        assert page.locator(".xw-unit[data-hidden='true']").count() == 1
        page.keyboard.press("Escape")
        page.wait_for_function(SAYS, arg="What if")
        page.get_by_role("button", name="Exact", exact=True).first.click()
        page.wait_for_function(SAYS, arg="Exact()")
        opened.screenshot("voila", "body")
        assert not violations(page, ".xw-text", ".xw-sbs")
        elsewhere = [url for url in opened.outside if "fontawesome" not in url]
        assert elsewhere == [], "Voilà itself asks for icons, nothing else may"
    finally:
        context.close()
