"""The front-end modules in plain node: each as the page gets it, on a page small enough to read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from table_case import table_case

from widgets import Chart, Entities, EntityTable, ReportPanel, Status, Text
from widgets.correct import Correct, SimilarErrors
from widgets.front_end import module
from widgets.side_by_side import SideBySide
from widgets.text.widget import TEXT_FILES
from widgets.section import defaults
from widgets.strip import Strip
from widgets.words import Words

pytestmark = pytest.mark.node
TESTS = Path(__file__).parent
MODULES = {
    **{kind.__name__: kind._esm for kind in (Text, Entities, EntityTable, Status, Chart, ReportPanel, Strip, Words)},
    **{kind.__name__: kind._esm for kind in (Correct, SideBySide, SimilarErrors)},
    "Bars": module("export/bars.js"),
    "TextParts": module(*TEXT_FILES).removesuffix("export default { render };\n")
    + "\nexport default { blockStarts, groupedHeat, groupsOf, lanesOf, lineEnd };\n",
    "TableParts": module("table/data.js", "table/scores.js", "table/rows.js")
    + "\nexport default { cellText, columnsOf, figuresOf, filtered, noFilters, ordered, placeAfter, rowOf, scoresBy, "
    + "selectionOf, tally, unpack };\n",
    "Host": module("export/host.js") + "\nexport default { openPage };\n",
}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    for name, text in MODULES.items():
        (folder / f"{name}.mjs").write_text(str(text), encoding="utf-8")
    (folder / "text_defaults.json").write_text(json.dumps(defaults(Text)), encoding="utf-8")
    (folder / "correct_defaults.json").write_text(json.dumps(defaults(Correct)), encoding="utf-8")
    (folder / "entity_table.json").write_text(json.dumps(table_case(), allow_nan=False), encoding="utf-8")
    return folder


def node(*args: object, **more: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node")
    if program is None:
        pytest.skip("no node on the PATH")
    return subprocess.run(
        [program, *map(str, args)], capture_output=True, text=True, env={**os.environ, **more}, timeout=120, check=False
    )


@pytest.mark.parametrize("name", MODULES)
def test_the_module_is_valid(modules: Path, name: str) -> None:
    done = node("--check", modules / f"{name}.mjs")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.mjs")), ids=lambda path: path.name)
def test_in_node(modules: Path, path: Path) -> None:
    done = node("--test", "--test-reporter=tap", path, XW_MODULES=modules.as_uri())
    assert done.returncode == 0, done.stdout + done.stderr
