"""What no file may hold: unsafe loading, markup built from text, foreign hosts, paths of one machine."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from source_tree import ROOT, Module, front_end_files, modules, tracked_files

SOURCES = modules("explain_lib", "widgets")
UNSAFE_MODULES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
TELEMETRY = {"requests", "httpx", "aiohttp", "urllib3", "sentry_sdk", "wandb", "mlflow"}
MARKUP = re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|eval\(|new Function)")
HOST = re.compile(r"https?://(?!www\.w3\.org/)[\w.-]+")  # w3.org names XML namespaces and is never asked for anything
MACHINE_PATH = re.compile(r"(?<![\w.:/~$}-])/(?:" + "|".join(["work", "farm", "root", "tmp", "home"]) + r")/\w")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("module", SOURCES, ids=lambda module: module.path)
def test_nothing_unsafe_and_no_network_client_is_imported(module: Module) -> None:
    roots = {one.module.split(".")[0] for one in module.imports()}
    assert roots & (UNSAFE_MODULES | TELEMETRY) == set()
    assert {one.module for one in module.imports()} & {"urllib.request", "http.client", "socket"} == set()


@pytest.mark.parametrize("module", SOURCES, ids=lambda module: module.path)
def test_weights_are_never_unpickled(module: Module) -> None:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            options = {one.arg: ast.unparse(one.value) for one in node.keywords}
            assert options.get("allow_pickle", "False") == "False", f"{module.path}:{node.lineno}"
            if ast.unparse(node.func) == "torch.load":
                assert options.get("weights_only") == "True", f"{module.path}:{node.lineno}"


@pytest.mark.parametrize("path", front_end_files(), ids=lambda path: path.name)
def test_pages_build_no_markup_from_text_and_know_no_host(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    assert MARKUP.findall(script) == []
    assert HOST.findall(script) == []


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    places = []
    for path in tracked_files():
        if path.suffix in {".png", ".safetensors", ".gz", ".parquet", ".npz"} or path.is_relative_to(ROOT / "data"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if MACHINE_PATH.search(line):
                places.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert places == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_carries_no_widget_state_and_names_its_kernel(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"], "strip it: the pre-commit hook does"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3", "else JupyterLab asks for a kernel first"


@pytest.mark.parametrize(
    ("pattern", "caught", "free"),
    [
        (MARKUP, "el.innerHTML = text", "el.textContent = text"),
        (HOST, "import('https://cdn.example.org/x.js')", "createElementNS('http://www.w3.org/2000/svg', 'g')"),
        (MACHINE_PATH, "open('/" + "tmp/x')", "see ../shared/data and {home}/tmp/x"),
    ],
)  # fmt: skip
def test_the_patterns_catch_what_they_should(pattern: re.Pattern[str], caught: str, free: str) -> None:
    assert pattern.search(caught)
    assert not pattern.search(free)
