"""How long a reader waits: the workbench in JupyterLab, driven in a real browser, and the sizes of saved pages.

Times are taken in the page, from the click (or the start of the cell) to the second animation frame after the change is
in the document, which is when it has been painted. Each is the median of several runs, the longest in brackets. Floors
are the same thing with nothing of ours in it, in the same page: what the notebook, the browser and a busy machine take
by themselves. The server sends messages as `make lab` does. Needs Chromium, as the browser tests do. `--only` runs some
parts; `--write` puts the table into RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, cycle
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, sync_playwright
from results import command, machine, table, write_section

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "ui"))

from lab_driver import LabServer, NotebookPage, find_chromium  # noqa: E402  # lies among the tests

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
SETUP = r'''
import numpy as np
import explain_lib as xl, widgets as xw
from plotly.graph_objects import Bar, Figure
from explain_lib.models.toy import planted_tagger

model = planted_tagger().tagger
WORDS = "An adverse event : severe lesion after the first dose . No fever .".split()

def text_of(n_units):
    words = (WORDS * (n_units // len(WORDS) + 1))[:n_units]
    text = " ".join(words)
    return xl.Document(text, "en", (xl.Span(3, 32, "Reaction"), xl.Span(19, 32, "Disease")), id=f"{n_units} units")

long = text_of(5000)
query = xl.Query(model, long, targets=[xl.Target(span) for span in long.spans])
why = xl.explain(query, xl.GradientInput())
one = text_of(500)
few = [xl.Document(one.text, one.lang, one.spans, f"d{k}", {"section": "abc"[k % 3]}) for k in range(1390)]
found = xl.predict(model, few[0])
errors = xl.entity_errors(few, [found] * len(few))
n_entities = len(errors.outcomes)
figures = [Figure(Bar(x=list(range(12)), y=[f"unit {i}" for i in range(12)], orientation="h")) for _ in range(12)]
demo, texts = xl.demo_model(), xl.demo_documents(lang="en")
'''
OPEN_SPANS = """from IPython.display import HTML
HTML("<p class=bare>" + "".join(f"<span>{word} </span>" for word in why.units) + "</p>")"""
OPEN_TEXT = "shown = xw.show(why)\nshown"
OPEN_TABLE = "xw.EntityTable(errors)"
OPEN_CHARTS = "for figure in figures: display(xw.Chart(figure))"
OPEN_BENCH = (
    "slow = xl.PermutationShap(xl.PerUnit(20000))\n"
    "bench = xw.Workbench(demo, texts[:3], methods=(xl.Occlusion(), slow))\nbench"
)
PAINTED = """
    const frame = () => new Promise(requestAnimationFrame);
    const until = async (test, begun) => {
        while (!test()) {
            if (performance.now() - begun > 60000) throw new Error('a minute: ' + test);
            await frame();
        }
        await frame();
        return await frame() - begun;
    };
    const says = words => [...document.querySelectorAll('.xw-line')].some(line => line.textContent.includes(words));
    const last = selector => [...document.querySelectorAll(selector)].at(-1);
"""
RUN_CELL = """
    const cells = window.jupyterapp.shell.currentWidget.content, begun = performance.now();
    window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs');
    await until(() => !document.querySelector('.jp-OutputArea-output'), begun);
    cells.activeCellIndex = arg.cell;
    const started = performance.now();
    window.jupyterapp.commands.execute('notebook:run-cell');
    return await until(() => document.querySelectorAll(arg.ready).length >= (arg.count ?? 1), started);
"""
CHOOSE = """
    const row = document.querySelectorAll('.xw-row[aria-selected="false"]')[0], legend = last('.xw-legend');
    const old = legend.textContent, begun = performance.now();
    row.click();
    return await until(() => legend.textContent !== old, begun);
"""
CHART = """
    const row = document.querySelectorAll('.xw-row[aria-selected="false"]')[0], chart = last('.xw-chart');
    const old = chart.dataset.ready, begun = performance.now();
    row.click();
    return await until(() => chart.dataset.ready !== old, begun);
"""
SCROLL = """
    const box = [...document.querySelectorAll('.jp-WindowedPanel-outer')].find(one => one.offsetParent);
    let longest = 0, before = await frame();
    for (let at = 0; at < 90; at++) {
        box.scrollTop += at < 45 ? 300 : -300;
        const now = await frame();
        longest = Math.max(longest, now - before);
        before = now;
    }
    if (box.scrollHeight < 3 * box.clientHeight) throw new Error('there is nothing to scroll');
    return longest;
"""
IDLE = """
    let longest = 0, before = await frame();
    for (let at = 0; at < 90; at++) {
        const now = await frame();
        longest = Math.max(longest, now - before);
        before = now;
    }
    return longest;
"""
FILTER = """
    const field = document.querySelector('.xw-search'), line = last('.xw-table-line'), old = line.textContent;
    const begun = performance.now();
    field.value = arg.text;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    return await until(() => line.textContent !== old, begun);
"""
HIDE = """
    const unit = document.querySelectorAll('.xw-unit')[arg.unit], begun = performance.now();
    unit.focus();
    unit.dispatchEvent(new KeyboardEvent('keydown', {key: 'm', bubbles: true}));
    return await until(() => says('Hidden: '), begun);
"""
SHOW = """
    [...document.querySelectorAll('.xw-tool')].find(one => one.textContent === 'Show all words').click();
    return await until(() => !says('Hidden: '), performance.now());
"""
CANCEL = """
    const press = name => [...document.querySelectorAll('button')]
        .find(one => one.textContent.trim() === name && one.checkVisibility());
    press(arg.slow).click();
    await until(() => press('Cancel'), performance.now());
    await new Promise(done => setTimeout(done, 700));
    const begun = performance.now();
    press('Cancel').click();
    const waited = await until(() => says('Cancelled'), begun);
    press(arg.quick).click();
    await until(() => says(`${arg.quick}(`) && !press('Cancel'), performance.now());
    return waited;
"""
SIZES = r'''
import tempfile, pathlib
def sizes():
    document = text_of(500)
    spans = xl.predict(model, document)
    about = xl.Query(model, document, targets=[xl.Target(document.spans[1])]).context()
    one, two = xl.explain(about, xl.Occlusion()), xl.explain(about, xl.GradientInput())
    fused = xl.fuse([one, two], about, xl.MeanFusion(), rng=0)
    views = [fused, one, two, fused.fusion, xw.compare([one, two]), xl.agreement([one, two]),
             xl.stability(about, xl.Occlusion(), rng=0), xl.boundary_sensitivity(about, rng=0),
             xl.faithfulness(one, about, rng=0)]
    with tempfile.TemporaryDirectory() as folder:
        pages = [xw.to_html(views, pathlib.Path(folder) / f"{more}.html", prediction=spans, interactive=more)
                 for more in (False, True)]
        charts = [xw.Chart(figure) for figure in figures * 4]
        pages.append(xw.to_html(charts, pathlib.Path(folder) / "charts.html", interactive=True))
        print(*[p.stat().st_size for p in pages])
'''


class Clock:
    """Runs scripts in the page of a notebook and keeps what each took, in milliseconds."""

    def __init__(self, opened: NotebookPage, runs: int) -> None:
        self.opened, self.runs = opened, runs

    def measure(self, script: str, before: Callable[[int], None] | None = None, **arg: object) -> list[float]:
        """Milliseconds of each run."""
        taken = []
        for k in range(self.runs):
            if before:
                before(k)
            taken.append(float(self.run(script, **arg)))
        return taken

    def run(self, script: str, **arg: object) -> float:
        """One run of a script."""
        return float(self.opened.page.evaluate(f"async arg => {{ {PAINTED} {script} }}", arg))

    def cell(self, at: int, ready: str, count: int = 1) -> list[float]:
        """From running a cell to having painted what matches `ready`."""
        return self.measure(RUN_CELL, cell=at, ready=ready, count=count)


Figure = tuple[str, list[float], float]  # what was measured, in milliseconds, and the aim; infinity for a floor
FLOOR = float("inf")


def text_figures(clock: Clock) -> Iterator[Figure]:
    """A long text: shown, asked about another entity, scrolled."""
    page = clock.opened.page
    yield "floor: 5,000 bare spans, cell to paint", clock.cell(1, ".bare"), FLOOR
    yield "text of 5,000 units: cell to paint", clock.cell(2, ".xw-text[data-ready='5000']"), 300
    page.wait_for_selector(".xw-chart[data-ready]")
    page.wait_for_timeout(1000)
    yield "5,000 units: selection to updated heat", clock.measure(CHOOSE), 60
    page.wait_for_timeout(1000)
    yield "click to redrawn chart", clock.measure(CHART), 60
    page.wait_for_timeout(1000)
    yield "floor: longest of 90 frames, nothing happens", clock.measure(IDLE), FLOOR
    yield "5,000 units: longest frame while scrolling", clock.measure(SCROLL), 100


def table_figures(clock: Clock) -> Iterator[Figure]:
    """A long table: shown, filtered."""
    n = int(clock.opened.kernel("print(n_entities)"))
    yield f"table of {n:,} entities: first show", clock.cell(3, ".xw-table[data-ready] .xw-entity-row"), 1000
    typed = cycle(["adverse", "severe"])  # some, and all
    yield "table: filter", [clock.run(FILTER, text=next(typed)) for _ in range(clock.runs)], 100


def chart_figures(clock: Clock) -> Iterator[Figure]:
    """Many charts."""
    yield "twelve charts on one page", clock.cell(4, ".xw-chart[data-ready]", 12), 3000


def asked_figures(clock: Clock) -> Iterator[Figure]:
    """The workbench on the demo model: what if, and Cancel."""
    clock.run(RUN_CELL, cell=5, ready=".xw-ramp")
    clock.opened.page.wait_for_timeout(2000)
    hidden = []
    for k in range(clock.runs):
        hidden.append(clock.run(HIDE, unit=k + 1))
        clock.run(SHOW)
    yield "hide one unit to the changed prediction, demo model", hidden, 300
    yield "cancel to stopped", clock.measure(CANCEL, slow="PermutationShap", quick="Occlusion"), 1000


PARTS: dict[str, Callable[[Clock], Iterator[Figure]]] = {
    "text": text_figures, "table": table_figures, "charts": chart_figures, "asked": asked_figures,
}  # fmt: skip
PAGES = "pages"


def timed(clock: Clock, parts: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Rows of what takes time."""
    for part in parts:
        for name, taken, aim in PARTS[part](clock):
            middle = statistics.median(taken)
            met = ("", "") if aim == FLOOR else (f"{aim:.0f} ms", "yes" if middle < aim else "no")
            yield name, f"{middle:.0f} ms ({max(taken):.0f})", *met


def weighed(clock: Clock) -> Iterator[tuple[str, str, str, str]]:
    """Rows of what takes space."""
    clock.opened.kernel(SIZES)
    static, interactive, charts = map(int, clock.opened.kernel("sizes()").split())
    for name, size, aim in (
        ("saved page of 500 units, all views", static, 1e6), ("the same, interactive", interactive, 6e6),
        ("48 interactive charts", charts, 6e6),
    ):  # fmt: skip
        yield name, f"{size / 1e6:.2f} MB", f"{aim / 1e6:.0f} MB", "yes" if size < aim else "no"


def report(clock: Clock, parts: Sequence[str]) -> str:
    """The table of all figures."""
    rows = []
    for row in chain(timed(clock, [part for part in parts if part != PAGES]), weighed(clock) if PAGES in parts else ()):
        rows.append(row)
        print(*row, sep=" | ", flush=True)
    return table(("what", "median (longest)", "aim", "met"), rows)


@contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = find_chromium()
    if path is None:
        raise SystemExit("no Chromium on the PATH, and CHROMIUM names none.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, headless=True, args=["--no-sandbox", "--disable-gpu"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=[*PARTS, PAGES], default=[*PARTS, PAGES])
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    asked = parser.parse_args()
    os.environ["JUPYTER_CONFIG_PATH"] = str(ROOT / "lab_config")
    with tempfile.TemporaryDirectory() as folder, browser() as chrome:
        cells = [new_code_cell(cell) for cell in (SETUP, OPEN_SPANS, OPEN_TEXT, OPEN_TABLE, OPEN_CHARTS, OPEN_BENCH)]
        source = Path(folder) / "bench.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=KERNEL), source)
        server = LabServer(Path(folder)).start()
        try:
            page = chrome.new_context(viewport={"width": 1400, "height": 1000}).new_page()
            opened = NotebookPage(server, page).open(source, "JupyterLab Light")
            opened.kernel(SETUP)
            text = report(Clock(opened, asked.runs), asked.only)
        finally:
            server.stop()
        version = chrome.version
    if asked.write:
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        head = f"{machine()}; load average before the end {load}; Chromium {version}, headless, "
        head += f"1400 × 1000; {asked.runs} runs.\n\n"
        write_section("workbench.py", f"`{command()}`\n\n{head}{text}")


if __name__ == "__main__":
    main()
