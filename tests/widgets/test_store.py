"""The store of the workbench: what comes back, who may read it, and what damage does."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

import explain_lib as xl
from explain_lib.core import Attribution, Document, Prediction, Span, Target
from explain_lib.models.token_classification import Tagger
from widgets.workbench.store.store import Store

KEY = ("model", "text", "Reaction 19–32", "context", "Occlusion()")


@pytest.fixture
def result(tagger: Tagger, english: Document) -> Attribution:
    return xl.explain(xl.Query(tagger, english, [Target(Span(19, 32, "Reaction"))]), xl.Occlusion())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "bench")


def entry_of(store: Store) -> Path:
    return next((store.folder / "results").glob("*.json"))


def test_nothing_is_made_before_something_is_kept(store: Store) -> None:
    assert (store.state, store.get("attribution", KEY), list(store.corrections), store.problems) == ({}, None, [], ())
    assert not store.folder.exists()


def test_a_new_store_finds_results_under_their_kind_and_key_alone(store: Store, result: Attribution) -> None:
    store.put("attribution", KEY, result)
    again = Store(store.folder)
    found = again.get("attribution", KEY)
    assert isinstance(found, Attribution)
    np.testing.assert_array_equal(found.scores, result.scores)
    assert (found.units.document, found.targets, repr(found.method)) == (
        result.units.document, result.targets, "Occlusion(window=1)"
    )  # fmt: skip
    assert again.get("stability", KEY) is None
    for at in range(len(KEY)):
        assert again.get("attribution", (*KEY[:at], "another", *KEY[at + 1 :])) is None
    assert again.get("attribution", KEY[:-1]) is None
    assert again.problems == ()


def test_reports_predictions_tuples_and_plain_values(store: Store, result: Attribution, tagger: Tagger) -> None:
    query = xl.Query(tagger, result.units.document, result.targets)
    report = xl.faithfulness(result, query, rng=0)
    prediction = Prediction((Span(0, 9, "疾病", ((0, 2), (5, 9))),), np.array([np.nextafter(0.9, 1)]), {"a": 0.25})
    values = {
        "report": report,
        "prediction": prediction,
        "both": (result, (report,)),
        "plain": {"cost": [1, None, "费"]},
    }
    for kind, value in values.items():
        store.put(kind, KEY, value)
    again = Store(store.folder)
    assert repr(again.get("report", KEY).measures) == repr(report.measures)  # NaN among them
    found = again.get("prediction", KEY)
    assert (found.spans, found.confidence.tolist(), dict(found.labels)) == (
        prediction.spans, prediction.confidence.tolist(), {"a": 0.25}
    )  # fmt: skip
    first, (second,) = again.get("both", KEY)
    assert (first.n_evals, len(second.measures)) == (result.n_evals, len(report.measures))
    assert again.get("plain", KEY) == values["plain"]


def test_the_last_of_several_partial_results_stays_and_leaves_no_other(store: Store, result: Attribution) -> None:
    for n in (3, 2, 1):
        store.put("partial", KEY, n)
    store.put("attribution", KEY, result)
    assert Store(store.folder).get("partial", KEY) == 1
    assert len(list((store.folder / "results").iterdir())) == 4  # two entries, two values


def test_everything_is_for_the_owner_alone(store: Store, result: Attribution, english: Document) -> None:
    store.put("both", KEY, (result, 1))
    store.save_state({"document": "en-1"})
    store.corrections.add(english, Span(3, 10, "Reaction"))
    paths = [store.folder, *store.folder.rglob("*")]
    assert len(paths) >= 8
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_folder_that_others_may_open_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(PermissionError, match=r"holds files and others may open it \(mode 755, wanted 700\)"):
        Store(tmp_path)


@pytest.mark.parametrize(
    "harm", ["entry cut", "entry of others", "npz cut", "json cut", "npz gone", "kind of a later version"]
)
def test_a_damaged_result_is_left_out_reported_and_can_be_made_anew(
    store: Store, result: Attribution, harm: str
) -> None:
    store.put("attribution", KEY, result)
    entry = entry_of(store)
    arrays, described = (next(store.folder.rglob(f"attribution.{end}")) for end in ("npz", "json"))
    match harm:
        case "entry cut":
            entry.write_bytes(entry.read_bytes()[:-20])
        case "entry of others":
            entry.write_text("[]")
        case "npz cut":
            arrays.write_bytes(arrays.read_bytes()[:-80])
        case "json cut":
            described.write_bytes(described.read_bytes()[:-80])
        case "npz gone":
            arrays.unlink()
        case _:
            entry.write_text(entry.read_text().replace('"Attribution"', '"Hologram"'))
    again = Store(store.folder)
    assert again.get("attribution", KEY) is None
    (problem,) = again.problems
    assert problem.file == str(entry)
    assert problem.what.startswith("damaged (")
    again.put("attribution", KEY, result)
    assert again.problems == ()
    assert again.get("attribution", KEY) is not None


def test_what_cannot_be_kept_leaves_nothing_behind_and_the_old_in_place(store: Store) -> None:
    store.put("plain", KEY, 1)
    for value in (object(), float("nan"), (1, object())):
        with pytest.raises(TypeError, match="cannot be saved"):
            store.put("plain", KEY, value)
    assert store.get("plain", KEY) == 1
    assert len(list((store.folder / "results").iterdir())) == 2


def test_the_state_survives_and_is_written_only_when_it_changes(store: Store) -> None:
    state = {"document": "zh-1", "hidden": [3, 4], "span": (9, 12, "Reaction")}
    store.save_state(state)
    file = store.folder / "workbench.json"
    before = file.stat().st_mtime_ns
    store.save_state(state)
    assert file.stat().st_mtime_ns == before
    assert Store(store.folder).state == store.state == {**state, "span": [9, 12, "Reaction"]}
    store.state["document"] = "other"
    assert store.state["document"] == "zh-1"


@pytest.mark.parametrize("contents", [b"", b'{"format": "explain', b"[1]", b'{"format": "my own notes"}', b"\xff"])
def test_a_damaged_state_is_reported_and_kept_aside(store: Store, contents: bytes) -> None:
    store.save_state({"document": "en-1"})
    file = store.folder / "workbench.json"
    file.write_bytes(contents)
    again = Store(store.folder)
    assert again.state == {}
    assert [problem.file for problem in again.problems] == [str(file)]
    again.save_state({"document": "zh-1"})
    assert (store.folder / "workbench.damaged").read_bytes() == contents
    assert (Store(store.folder).state, again.problems) == ({"document": "zh-1"}, ())


def test_two_workbenches_share_results_and_corrections(store: Store, english: Document) -> None:
    other = Store(store.folder)
    first = other.corrections.add(english, Span(3, 10, "Reaction"))
    second = store.corrections.add(english, Span(42, 47, "Reaction"))
    assert list(other.corrections) == list(store.corrections) == [first, second]
    assert other.corrections is other.corrections
    store.put("plain", KEY, 1)
    assert other.get("plain", KEY) == 1
    other.put("plain", KEY, 2)
    assert store.get("plain", KEY) == 2


def test_a_value_that_is_replaced_while_it_is_read_is_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from widgets.workbench.store import store as module

    store.put("plain", KEY, 1)
    read, calls = module.read_value, []

    def slow(kind: str, folder: Path) -> object:
        if not calls:
            calls.append(folder)
            Store(store.folder).put("plain", KEY, 2)
        return read(kind, folder)

    monkeypatch.setattr(module, "read_value", slow)
    assert store.get("plain", KEY) == 2
    assert calls
    assert store.problems == ()


def test_a_torn_correction_is_reported(store: Store, english: Document) -> None:
    store.corrections.add(english, Span(3, 10, "Reaction"))
    with (store.folder / "corrections.jsonl").open("a") as file:
        file.write('{"format": "explain_lib corr')
    again = Store(store.folder)
    assert len(again.corrections) == 1
    assert "it may be torn" in again.problems[0].what
    assert repr(again).endswith("1 corrections)")
