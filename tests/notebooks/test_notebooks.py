"""Every notebook runs from top to bottom, shows widgets that are whole, and is stored clean."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
REFERENCE = re.compile(r"(?:IPY_MODEL_|anywidget:)([0-9a-f]+)")
MOST_CELLS = 15
MOST_SECONDS = 180

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def executed(path: Path) -> Any:
    """The notebook after a run in a fresh kernel, with the state of its widgets; a cell that raises fails the test."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=MOST_SECONDS, resources={"metadata": {"path": str(path.parent)}})
    return client.execute()


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def models(notebook: Any) -> dict[str, Any]:
    return dict(notebook.metadata.widgets[STATE]["state"])


def test_it_is_short_and_stored_without_results(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert len(notebook.cells) <= MOST_CELLS
    assert outputs(notebook) == []
    assert {cell.execution_count for cell in notebook.cells if cell.cell_type == "code"} == {None}
    assert "widgets" not in notebook.metadata


def test_it_runs_and_no_thread_failed_behind_its_back(path: Path) -> None:
    printed = "".join(output.text for output in outputs(executed(path)) if output.output_type == "stream")
    assert "Traceback" not in printed  # an exception in a worker thread is seen on stderr only


def test_what_it_shows_is_there_and_whole(path: Path) -> None:
    state = models(executed(path))
    shown = [output.data[VIEW]["model_id"] for output in outputs(executed(path)) if VIEW in output.get("data", {})]
    assert shown
    assert set(shown) <= set(state)
    assert set(REFERENCE.findall(json.dumps(state))) <= set(state)
    assert not [one for one in state.values() if one["model_name"] == "ErrorWidget"]


def test_each_widget_of_ours_has_a_module(path: Path) -> None:
    ours = [one["state"] for one in models(executed(path)).values() if one["model_name"] == "AnyModel"]
    assert ours
    assert all(re.search(r"export default", one["_esm"]) for one in ours)
