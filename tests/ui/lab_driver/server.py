"""A JupyterLab of the tests' own: fresh settings, a free port on the loopback, no account of the user touched."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 60
APPUTILS = "@jupyterlab/apputils-extension"
LAB_SETTINGS: dict[str, dict[str, object]] = {
    f"{APPUTILS}:notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    # Callbacks run in the same order whatever the ipykernel does about subshells.
    f"{APPUTILS}:kernels-settings": {"commsOverSubshells": "disabled"},
    # Cells outside the window stay in the page, so that a test can find them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
OWN_FOLDERS = {
    "HOME": "home", "IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "user-settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}  # fmt: skip


class LabServer:
    """A running JupyterLab that serves `root` at `url`; `stop` ends it with its kernels."""

    awake = "/api/status"  # answers once the server does

    def __init__(self, home: Path) -> None:
        self.root = home / "root"
        self.url = ""
        self._home = home
        self._log = home / "lab.log"
        self.root.mkdir()
        settings = home / "app-settings"
        settings.mkdir()
        (settings / "overrides.json").write_text(json.dumps(LAB_SETTINGS), encoding="utf-8")
        for folder in OWN_FOLDERS.values():
            (home / folder).mkdir()

    def start(self) -> LabServer:
        """Start the server; a second try serves when another process took the port between choice and use."""
        for _ in range(3):
            port = _free_port()
            self.url = f"http://127.0.0.1:{port}"
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command(port), stdout=log, stderr=subprocess.STDOUT, env=self._environment(),
                    start_new_session=True,
                )  # fmt: skip
            if self._answers():
                return self
            self.stop()
        raise RuntimeError(f"the server did not start; its log ends with:\n{self.log_tail()}")

    def stop(self) -> None:
        """End the server and its kernels: they share a process group that nothing else is in."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(self._process.pid, sign)
                self._process.wait(timeout=15)

    def log_tail(self, characters: int = 3000) -> str:
        """The end of what the server wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-characters:]

    def _command(self, port: int) -> list[str]:
        return [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
            "--ServerApp.port_retries=0", "--ServerApp.password=", "--IdentityProvider.token=",
            f"--ServerApp.root_dir={self.root}", f"--LabApp.app_settings_dir={self._home / 'app-settings'}",
            "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly", "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            *shlex.split(os.environ.get("LAB_ARGS", "")),
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        own = {name: str(self._home / folder) for name, folder in OWN_FOLDERS.items()}
        # The kernel must find the installed package by itself, as a user's kernel does.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return inherited | own

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}{self.awake}", timeout=2).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return True
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
