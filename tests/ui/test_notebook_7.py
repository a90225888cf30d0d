"""The workbench in Notebook 7, which shares JupyterLab's server: drawn, clickable, offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from lab_driver import LabServer, NotebookPage
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SAYS = "words => [...document.querySelectorAll('.xw-line')].some(line => line.textContent.includes(words))"
CELL = """
import explain_lib as xl, widgets as xw
from explain_lib.models.toy import planted_tagger
document = xl.Document("用药后出现副反应：重病变，已停药。", "zh")
xw.Workbench(planted_tagger().tagger, document, methods=(xl.Occlusion(),))
"""


def test_the_workbench_draws_and_answers_in_notebook_7(lab: LabServer, chrome: Browser, tmp_path: Path) -> None:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=[new_code_cell(CELL)], metadata=kernel), lab.root / "seven.ipynb")
    context = chrome.new_context(viewport={"width": 1200, "height": 900})
    try:
        page = context.new_page()
        opened = NotebookPage(lab, page)  # refuses and notes every request off this machine
        page.goto(f"{lab.url}/notebooks/seven.ipynb")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.wait_for_selector(".xw-sbs[data-ready]", timeout=120_000)
        page.locator(".xw-unit[tabindex='0']").focus()
        page.keyboard.press("m")
        page.wait_for_function(SAYS, arg="Hidden: ")
        assert page.locator(".xw-problem").all_text_contents().count("") == page.locator(".xw-problem").count()
        opened.screenshot("notebook-7")
        assert not opened.outside
    finally:
        context.close()
