"""The store: the one folder, named by the user, under which a workbench writes what shall outlive it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from explain_lib.core import Document, Problem
from explain_lib.core.json_file import read_json, write_json
from explain_lib.core.private_file import private_folder
from explain_lib.core.table import whole_or_absent
from explain_lib.corpora import Corrections, write_corpus

from .stored import read_value, write_value

STATE_FORMAT = "explain_lib workbench state 1"
RESULT_FORMAT = "explain_lib workbench result 1"


class Store:
    """Results, the state of the screen and corrections under `folder`, for its owner alone (0700, files 0600).

    `workbench.json` holds the state, `results/` what was computed, `corrections.jsonl` the corrections, `export/`
    corrected corpora. Results quote the texts. Everything is written beside its place and then takes it, so that a kill
    leaves the old or the new whole; what is damaged all the same is left out and stands in `problems`. Nothing is read
    but the state and the corrections until it is asked for, and nothing is made before the first write.

    Two workbenches may share a store: they share results and corrections, and the last state stays.
    Raises PermissionError for a folder that others may open, ValueError for corrections of another kind.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if self.folder.is_dir():
            private_folder(self.folder)
        self._results, self._state_file = self.folder / "results", self.folder / "workbench.json"
        self._problems: dict[Path, Problem] = {}
        self._corrections = Corrections(self.folder)
        self._state: dict[str, Any] = self._read_state()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was damaged when it was asked for, and lines of the corrections that could not be read."""
        return (*self._problems.values(), *self._corrections.problems)

    @property
    def state(self) -> dict[str, Any]:
        """The state as it was last saved, {} for none."""
        return dict(self._state)

    def save_state(self, state: Mapping[str, Any]) -> None:
        """Keep the state: plain values and no text. Costs nothing where nothing changed."""
        plain = json.loads(json.dumps(dict(state)))  # as it will be read: a tuple is a list then
        if plain == self._state:
            return
        private_folder(self.folder)
        if self._problems.pop(self._state_file, None):  # whatever it is, it may be of use to its owner
            self._state_file.replace(self._state_file.with_suffix(".damaged"))
        _write_private(self._state_file, {"format": STATE_FORMAT, "state": plain}, "the state")
        self._state = plain

    @property
    def corrections(self) -> Corrections:
        """The corrections of this folder, read again where another workbench wrote some."""
        if not self._corrections.is_current:
            self._corrections = Corrections(self.folder)
        return self._corrections

    def get(self, kind: str, key: tuple[str, ...]) -> Any | None:
        """What was put under that kind and key; None for nothing, and for what is damaged."""
        entry = self._entry(kind, key)
        if not entry.is_file():
            return None
        try:
            return self._read(entry)
        except Exception as error:  # a damaged file can fail in any way, and none may stop the workbench
            self._problems[entry] = Problem(str(entry), 0, f"damaged ({type(error).__name__}); it is left out")
            return None

    def put(self, kind: str, key: tuple[str, ...], value: Any) -> None:
        """Keep a value in the place of an earlier one; TypeError for what cannot be kept (`write_value`)."""
        private_folder(self.folder)
        private_folder(self._results)
        entry = self._entry(kind, key)
        place = self._results / f"{entry.stem}-{uuid4().hex[:12]}"
        place.mkdir(mode=0o700)
        try:
            name = write_value(value, place)
            _close_to_others(place)
            old = _place_of(entry)
            _write_private(
                entry, {"format": RESULT_FORMAT, "kind": kind, "key": list(key), "type": name, "place": place.name},
                "the key",
            )  # fmt: skip
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        self._problems.pop(entry, None)
        if old:
            shutil.rmtree(self._results / old, ignore_errors=True)

    def export(self, documents: Sequence[Document], name: str) -> tuple[Problem, ...]:
        """Write documents to export/`name`, in the format of its suffix; gives what that cannot hold."""
        private_folder(self.folder)
        folder = private_folder(self.folder / "export")
        problems = write_corpus(documents, folder / name, strict=False)
        _close_to_others(folder)
        return problems

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r}, {len(self._corrections)} corrections)"

    def _entry(self, kind: str, key: tuple[str, ...]) -> Path:
        told = json.dumps([kind, *key]).encode()
        return self._results / f"{sha256(told).hexdigest()[:32]}.json"

    def _read(self, entry: Path) -> Any:
        place = _place_of(entry)
        try:
            record = read_json(entry, RESULT_FORMAT, "is no result of a workbench")
            return read_value(record["type"], self._results / Path(record["place"]).name)
        except OSError:
            if _place_of(entry) in (place, None):
                raise
            return self._read(entry)  # another workbench has put a newer value there since

    def _read_state(self) -> dict[str, Any]:
        if not self._state_file.is_file():
            return {}
        try:
            return dict(read_json(self._state_file, STATE_FORMAT, "is no state of a workbench")["state"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = f"damaged ({type(error).__name__}); the workbench begins anew"
            self._problems[self._state_file] = Problem(str(self._state_file), 0, what)
            return {}


def _place_of(entry: Path) -> str | None:
    """The folder of the value that an entry names, None where there is no readable entry."""
    try:
        return Path(read_json(entry, RESULT_FORMAT, "is no result of a workbench")["place"]).name
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_private(file: Path, record: Mapping[str, Any], culprit: str) -> None:
    with whole_or_absent(file) as unfinished:
        write_json(unfinished, record, culprit)
        unfinished.chmod(0o600)


def _close_to_others(folder: Path) -> None:
    """Files that were written with the rights of the process; the folder around them was closed before."""
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
