"""What a notebook keeps when it is saved: outputs as plain HTML, no state of widgets, no text in its metadata."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from lab_driver import LabServer, NotebookPage
from test_workbench import BENCH, DRAWN, run_cells

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]


def test_a_saved_notebook_holds_no_widget_state(notebook: Opener, lab: LabServer, tmp_path: Path) -> None:
    opened = run_cells(notebook, tmp_path, BENCH)
    opened.page.wait_for_function(DRAWN)
    opened.command("docmanager:save")
    name = opened.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    saved = nbformat.read(lab.root / name, as_version=4)
    metadata = json.dumps([saved.metadata, *(cell.metadata for cell in saved.cells)], ensure_ascii=False)
    assert set(saved.metadata) <= {"kernelspec", "language_info"}
    assert "severe" not in metadata and "widget" not in metadata
    (output,) = saved.cells[-1].outputs
    assert "<script" not in output.data["text/html"] and "severe" in output.data["text/html"]
    shown = output.data["application/vnd.jupyter.widget-view+json"]
    assert set(shown) == {"model_id", "version_major", "version_minor"}
    opened.assert_clean()
