"""The first of the two commands: `make lab` serves JupyterLab, and its address opens the first notebook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lab_driver import LabServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


class MadeLab(LabServer):
    """The server as the Makefile starts it, in the environment of this run."""

    def _command(self, port: int) -> list[str]:
        venv = f"VENV={sys.prefix}"
        installed = f"--assume-old={sys.prefix}/.installed"
        return [
            "make", f"--directory={ROOT}", installed, "lab", venv,
            f"LAB_ARGS=--no-browser --port={port} --ServerApp.port_retries=0 --IdentityProvider.token=",
        ]  # fmt: skip


def test_make_lab_opens_the_first_notebook(chrome: Browser, tmp_path: Path) -> None:
    server, context = MadeLab(tmp_path).start(), chrome.new_context()
    try:
        page = context.new_page()
        page.goto(server.url)
        page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell", timeout=60_000)
        assert page.url == f"{server.url}/lab/tree/notebooks/01_first_look.ipynb"
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=60_000)
        assert "lab_config" in server.log_tail(100_000), "the server says which settings it read"
    finally:
        context.close()
        server.stop()
