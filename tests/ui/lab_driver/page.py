"""One notebook in one browser page: open it, run it, ask its kernel, take its picture."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from .server import LabServer

SCREENSHOTS = Path(os.environ.get("BROWSER_TEST_OUT", "browser-test-out"))
KERNEL_SECONDS = 60
CALM_MS = 250

# Names for the scripts below. A command's own result may be something that cannot leave the page, so it is dropped.
PRELUDE = """
    const lab = window.jupyterapp;
    const panel = lab?.shell.currentWidget;
    const session = panel?.sessionContext;
    const cells = () => [...panel.content.model.cells].filter(c => c.type === 'code' && c.sharedModel.source.trim());
    const failures = () => cells().flatMap((cell, i) => cell.sharedModel.outputs
        .filter(output => output.output_type === 'error')
        .map(output => `code cell ${i}: ${output.ename}: ${output.evalue}`));
"""
COMMAND = "await lab.commands.execute(arg.name, arg.args); return null;"
COMMAND_BEGUN = "lab.commands.execute(arg.name, arg.args); return null;"
READY = "return Boolean(session?.isReady && session.session?.kernel?.status === 'idle');"
DONE = """
    const idle = session.session?.kernel?.status === 'idle';
    return idle && (failures().length > 0 || cells().every(cell => cell.executionCount !== null));
"""
ASK_KERNEL = """
    let printed = '', error = null;
    const future = session.session.kernel.requestExecute({code: arg, store_history: false});
    future.onIOPub = ({header, content}) => {
        if (header.msg_type === 'stream') printed += content.text;
        if (header.msg_type === 'error') error = `${content.ename}: ${content.evalue}`;
    };
    await future.done;
    return {printed, error};
"""
IS_CALM = """
    const box = document.querySelector(arg.selector)?.getBoundingClientRect();
    if (!box) return false;
    const place = [box.x, box.y, box.width, box.height].join(), seen = window.__seen ??= {};
    if (seen[arg.selector]?.place !== place) seen[arg.selector] = {place, since: performance.now()};
    return performance.now() - seen[arg.selector].since > arg.calm;
"""


class NotebookPage:
    """A notebook open in JupyterLab; `page` is Playwright's, for everything that this class does not wrap.

    `outside` lists the requests that wanted to leave the machine (all were refused), `errors` what the page logged.
    """

    def __init__(self, server: LabServer, page: Page) -> None:
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        self._server = server
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.context.route("**/*", self._keep_inside)

    def open(self, source: Path, theme: str) -> NotebookPage:
        """Open a copy of a notebook, in a workspace of its own (no layout is restored), and wait for its kernel."""
        tag = uuid.uuid4().hex[:8]
        name = f"{source.stem}-{tag}.ipynb"
        shutil.copy(source, self._server.root / name)
        self.page.goto(f"{self._server.url}/lab/workspaces/test-{tag}/tree/{name}?reset")
        self.page.wait_for_function("() => window.jupyterapp")
        self._run("await lab.restored; return null;")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=theme)
        self._wait(READY, seconds=KERNEL_SECONDS)
        return self

    def command(self, name: str, **args: object) -> None:
        """Run one of JupyterLab's commands and wait for its end."""
        self._run(COMMAND, {"name": name, "args": args})

    def run_all(self, seconds: float = 180) -> NotebookPage:
        """Run all cells and wait; a cell that raises fails the test with its error."""
        self.command("notebook:clear-all-cell-outputs")  # stored execution counts would look like a finished run
        self._run(COMMAND_BEGUN, {"name": "notebook:run-all-cells", "args": {}})
        self._wait(DONE, seconds=seconds)
        failures = self._run("return failures();")
        assert not failures, failures
        return self

    def kernel(self, code: str) -> str:
        """Run code in the notebook's kernel: what it prints; what it raises fails the test."""
        answer = self._run(ASK_KERNEL, code)
        assert answer["error"] is None, answer["error"]
        return str(answer["printed"]).strip()

    def screenshot(self, name: str, selector: str = ".jp-OutputArea-output") -> Path:
        """A picture of the last element that matches, taken once fonts are there and the first one holds still."""
        self.page.evaluate("() => document.fonts.ready.then(() => null)")
        self._wait(IS_CALM, {"selector": selector, "calm": CALM_MS}, polling=50)
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.locator(selector).last.screenshot(path=path, animations="disabled", caret="hide")
        return path

    def assert_clean(self) -> None:
        """No request wanted to leave the machine, and the page logged no error."""
        assert not self.outside, f"requests off this machine: {self.outside}"
        assert not self.errors, f"errors in the page: {self.errors}"

    def shut_down_kernel(self) -> None:
        """End the kernel, so that a long test session does not gather them."""
        self._run("await session?.shutdown(); return null;")

    def report(self, name: str) -> str:
        """For a failed test: a picture of the whole page, and what page and server said."""
        path = SCREENSHOTS / f"FAILED-{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
        return f"picture: {path}\npage errors: {json.dumps(self.errors, indent=1)}\nserver: {self._server.log_tail()}"

    def _keep_inside(self, route: Route) -> None:
        if route.request.url.startswith((f"{self._server.url}/", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _run(self, script: str, arg: object = None) -> Any:
        return self.page.evaluate(f"async arg => {{ {PRELUDE} {script} }}", arg)

    def _wait(self, condition: str, arg: object = None, seconds: float = 30, polling: int = 100) -> None:
        script = f"arg => {{ {PRELUDE} {condition} }}"
        self.page.wait_for_function(script, arg=arg, timeout=seconds * 1000, polling=polling)
