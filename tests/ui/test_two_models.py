"""Two models in JupyterLab: compare the selection, choose what only the second one found, compare all documents."""

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
import torch
from dataclasses import replace

import explain_lib as xl, widgets as xw
from explain_lib.models.toy import planted_tagger

toy = planted_tagger()
with torch.no_grad():
    words = toy.tagger.network.module.get_input_embeddings().weight
    words[toy.tokenizer.convert_tokens_to_ids(["severe", "副"])] = 0
documents = [
    xl.Document("An adverse event : severe lesion after the first dose . No fever .", "en",
                (xl.Span(19, 32, "Reaction"),), id="en-1"),
    xl.Document("用药后出现副反应：重病变，已停药。", "zh", (xl.Span(9, 12, "Reaction"),), id="zh-1"),
]
bench = xw.Workbench(planted_tagger().tagger, documents, methods=(xl.PermutationShap(), xl.Occlusion()),
                     other=replace(toy.tagger, name="forgetful"))
bench
"""
SAYS = "words => [...document.querySelectorAll('.xw-report')].some(part => part.textContent.includes(words))"


@pytest.mark.parametrize(("theme", "width"), [("JupyterLab Light", 1400), ("JupyterLab Dark", 900)])
def test_compare_the_selection_and_the_corpus(notebook: Opener, tmp_path: Path, theme: str, width: int) -> None:
    source = tmp_path / "two.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(BENCH)], metadata=KERNEL), source)
    opened = notebook(source, theme=theme, width=width, height=1800).run_all()
    page = opened.page
    page.wait_for_selector(".xw-row[aria-selected='true']")
    page.get_by_role("tab", name="Two models").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_function(SAYS, arg="Words that score otherwise")
    page.wait_for_function(SAYS, arg="Reaction “lesion”")

    page.get_by_role("button", name="Compare all documents").click()
    page.wait_for_function(SAYS, arg="Errors of two models")
    opened.screenshot(f"two-models-{width}")
    assert not opened.errors
    opened.assert_clean()
