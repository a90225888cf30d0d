"""The driver itself: a tiny notebook opens in JupyterLab, runs, answers, and stays on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from lab_driver import NotebookPage
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.browser
Opener = Callable[..., NotebookPage]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}  # else Lab asks for one


def write_notebook(path: Path, *sources: str) -> Path:
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources], metadata=KERNEL), path)
    return path


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_notebook_opens_runs_and_stays_on_this_machine(notebook: Opener, tmp_path: Path, theme: str) -> None:
    source = write_notebook(tmp_path / "tiny.ipynb", "import explain_lib", "text = '患者 dyspnoe'\nprint(text)")
    tiny = notebook(source, theme=theme, width=900, scale=2).run_all()
    assert "患者 dyspnoe" in tiny.page.locator(".jp-OutputArea-output").last.inner_text()
    assert tiny.kernel("print(len(text))") == "10"
    assert tiny.screenshot(f"tiny-{theme.split()[-1].lower()}").stat().st_size > 500
    tiny.assert_clean()


def test_an_error_in_a_cell_is_reported(notebook: Opener, tmp_path: Path) -> None:
    tiny = notebook(write_notebook(tmp_path / "broken.ipynb", "1 / 0", "print('after')"))
    with pytest.raises(AssertionError, match="code cell 0: ZeroDivisionError"):
        tiny.run_all()
    with pytest.raises(AssertionError, match="NameError: name 'nothing' is not defined"):
        tiny.kernel("nothing")


def test_a_request_off_this_machine_is_refused_and_noted(notebook: Opener, tmp_path: Path) -> None:
    tiny = notebook(write_notebook(tmp_path / "tiny.ipynb", "1"))
    tiny.page.evaluate("() => fetch('http://example.invalid/pixel').catch(() => null)")
    assert tiny.outside == ["http://example.invalid/pixel"]
    with pytest.raises(AssertionError, match="requests off this machine"):
        tiny.assert_clean()
