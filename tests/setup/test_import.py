"""`import explain_lib` is light: NumPy at most, and well under half a second."""

from __future__ import annotations

import json
import subprocess
import sys

SECONDS = 0.5
ALLOWED = {"explain_lib", "numpy"}


def fresh(statement: str) -> tuple[set[str], float]:
    """The packages in a fresh interpreter after a statement, and the seconds that the statement took."""
    script = (
        f"import json, sys, time\nstart = time.perf_counter()\n{statement}\nseconds = time.perf_counter() - start\n"
        "print(json.dumps([sorted({name.split('.')[0] for name in sys.modules}), seconds]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    packages, seconds = json.loads(done.stdout)
    return set(packages), seconds


def loaded_by(statement: str) -> set[str]:
    """The packages beyond the standard library and beyond what a bare interpreter of this environment loads."""
    return fresh(statement)[0] - fresh("pass")[0] - sys.stdlib_module_names


def test_the_import_loads_numpy_at_most() -> None:
    assert loaded_by("import explain_lib") <= ALLOWED


def test_a_noun_needs_numpy_only() -> None:
    assert loaded_by("import explain_lib; explain_lib.Document('koorts')") == ALLOWED


def test_the_import_is_quick() -> None:
    seconds = min(fresh("import explain_lib")[1] for _ in range(3))
    print(f"import explain_lib: {seconds * 1000:.0f} ms")
    assert seconds < SECONDS
