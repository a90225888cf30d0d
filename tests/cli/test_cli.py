"""The command line: real input in, one page out; bad input ends in status 2, one line, and nothing lost."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification, BertForTokenClassification

from explain_lib.attribution import KernelShap, PermutationShap, PerUnit
from explain_lib.cli import BadInput, chosen_method, main
from explain_lib.models.toy import word_tokenizer

TEXTS = {"zh": "患者头痛三天。", "nl": "De patiënt heeft hoest .", "en": "The patient has a cough ."}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny tagger with random weights, as Hugging Face saves it; it finds an entity at nearly every piece."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tokenizer = word_tokenizer([*"患者头痛三天。", *TEXTS["nl"].split(), *TEXTS["en"].split()])
    labels = {0: "O", 1: "B-Symptom", 2: "I-Symptom"}
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label=labels, label2id={name: i for i, name in labels.items()}, initializer_range=0.5,
    )  # fmt: skip
    model = BertForTokenClassification(config)
    with torch.no_grad():
        model.classifier.bias[1] = 4.0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def run(*args: object) -> int:
    return main(["explain", *map(str, args)])


def state_of(path: Path) -> dict[str, object]:
    found = re.search(r'id="state"[^>]*>(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_a_file_becomes_a_report_of_every_predicted_entity(
    checkpoint: Path, tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "note.txt", tmp_path / "report.html"
    source.write_text(TEXTS[lang], encoding="utf-8")
    assert run("--model", checkpoint, "--input", source, "--out", out, "--lang", lang, "--budget", "4/unit") == 0
    (section,) = state_of(out)["sections"]  # type: ignore[misc]
    picture = section["state"]
    predicted = [i for i, entity in enumerate(picture["entities"]) if entity["predicted"]]
    (layer,) = picture["layers"]
    assert predicted
    assert sorted(map(int, layer["heats"])) == predicted
    assert {heat["method"] for heat in layer["heats"].values()} == {repr(PermutationShap(budget=PerUnit(4)))}
    assert {heat["arm"] for heat in layer["heats"].values()} == {"context"}
    printed = capsys.readouterr()
    assert len(predicted) > 1
    assert f"{len(predicted)} entities in 1 document explained" in printed.out
    assert "explaining: 100%" in printed.err


def test_standard_input_and_both_arms(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXTS["zh"].encode()), encoding="utf-8"))
    out = tmp_path / "report.html"
    assert run("--model", checkpoint, "--input", "-", "--out", out, "--method", "Occlusion", "--arm", "both") == 0
    (section,) = state_of(out)["sections"]  # type: ignore[misc]
    picture = section["state"]
    assert [layer["name"] for layer in picture["layers"]] == ["Occlusion · context", "Occlusion · all units"]
    assert section["title"] == "stdin"


def test_a_folder_with_a_broken_file_keeps_the_rest_and_says_so(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "notes", tmp_path / "report.html"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXTS["nl"], encoding="utf-8")
    (folder / "b.txt").write_text(" \n", encoding="utf-8")
    assert run("--model", checkpoint, "--input", folder, "--out", out, "--method", "Occlusion") == 0
    assert re.search(r"noticed: .*b\.txt", capsys.readouterr().err)
    assert "1 problem was reported" in json.dumps(state_of(out)["notes"])


def test_a_text_that_the_budget_does_not_suit_leaves_the_others(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "notes", tmp_path / "report.html"
    folder.mkdir()
    (folder / "long.txt").write_text(" ".join([TEXTS["nl"]] * 4), encoding="utf-8")
    asked = ["--model", checkpoint, "--input", folder, "--out", out, "--method", "Exact"]
    assert run(*asked) == 2
    printed = capsys.readouterr().err
    assert re.search(r"left out: document .*Exact got 19 active units", printed)
    assert "error: no document could be explained; no report was written" in printed and not out.exists()
    (folder / "short.txt").write_text(TEXTS["nl"], encoding="utf-8")
    assert run(*asked) == 0
    assert "in 1 document explained" in capsys.readouterr().out
    assert len(state_of(out)["sections"]) == 1 and "1 problem was reported" in json.dumps(state_of(out)["notes"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["--input", "nowhere"], "error: there is no file or folder nowhere"),
        (["--model", "nowhere"], "error: --model nowhere: there is no such folder; give the folder of a checkpoint"),
        (["--model", "."], "error: .*config.json"),
        (["--out", "."], "error: --out . cannot be written: it is a folder; name a file in it"),
        (["--out", "no/report.html"], "error: --out no/report.html cannot be written: there is no folder no"),
        (["--method", "Guess"], "error: argument --method: invalid choice: 'Guess'"),
        (["--budget", "many"], "error: --budget is 'many'; give a number of rows such as 512, or rows per unit"),
        (["--budget", "0/unit"], r"error: --budget is '0/unit', which is too few; give 2 rows or more"),
        (["--budget", "1"], r"error: --budget is '1', which is too few; give 2 rows or more, or 1/unit or more"),
        (["--method", "Occlusion", "--budget", "9"], "error: --budget: Occlusion has no budget; leave --budget out"),
        (["--limit", "0"], "error: --limit is 0; it must be 1 or more"),
        (["--colour"], "error: unrecognized arguments: --colour"),
    ],
)
def test_bad_input_ends_in_status_2_and_one_line(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    args: list[str], line: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text(TEXTS["en"], encoding="utf-8")
    (tmp_path / "report.html").write_text("old", encoding="utf-8")
    assert run("--input", "note.txt", "--out", "report.html", "--model", checkpoint, *args) == 2
    printed = capsys.readouterr()
    assert re.match(line, printed.err)
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(("given", "line"), [(b"", "the text is empty"), (b"caf\xe9", "the text is not UTF-8")])
def test_bad_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: bytes, line: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    assert run("--input", "-", "--out", tmp_path / "report.html") == 2
    assert capsys.readouterr().err.startswith(f"error: --input -: {line}")


def test_an_interrupt_writes_nothing(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("explain_lib.cli.Report.predict", interrupted)
    (tmp_path / "note.txt").write_text(TEXTS["en"], encoding="utf-8")
    assert run("--model", checkpoint, "--input", tmp_path / "note.txt", "--out", tmp_path / "report.html") == 130
    assert capsys.readouterr().err == "interrupted; nothing was written\n"
    assert not (tmp_path / "report.html").exists()


def test_weights_that_give_nan_end_in_status_2_and_one_line(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors") | {"classifier.bias": torch.full((3,), torch.nan)}
    save_file(weights, broken / "model.safetensors", {"format": "pt"})
    (tmp_path / "note.txt").write_text(TEXTS["en"], encoding="utf-8")
    assert run("--model", broken, "--input", tmp_path / "note.txt", "--out", tmp_path / "report.html") == 2
    assert "error: the model returned NaN logits" in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "report.html").exists()


def test_a_bug_has_a_status_of_its_own_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*args: object) -> None:
        raise KeyError("gone")

    monkeypatch.setattr("explain_lib.cli.chosen_method", broken)
    assert run("--input", "-", "--out", tmp_path / "report.html") == 1
    assert capsys.readouterr().err == "unexpected KeyError: 'gone'\n"


def test_methods_and_budgets_by_name() -> None:
    assert chosen_method("PermutationShap", None) == PermutationShap(PerUnit(20))
    assert chosen_method("KernelShap", "512") == KernelShap(512)
    with pytest.raises(BadInput, match="--budget is '٣'"):
        chosen_method("KernelShap", "٣")


def test_the_module_runs_and_help_names_the_options() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "explain_lib", "explain", "--help"], capture_output=True, text=True, check=True
    )
    assert all(option in done.stdout for option in ("--model", "--input", "--out", "--method", "--budget", "--lang"))


def test_a_classifier_becomes_a_report_of_its_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, source, out = tmp_path / "model", tmp_path / "note.txt", tmp_path / "report.html"
    tokenizer = word_tokenizer(TEXTS["en"].split())
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label={0: "urgent", 1: "calm"}, label2id={"urgent": 0, "calm": 1}, initializer_range=0.5,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    source.write_text(TEXTS["en"], encoding="utf-8")
    assert run("--model", folder, "--input", source, "--out", out, "--budget", "4/unit", "--arm", "both") == 0
    assert "1 class in 1 document explained" in capsys.readouterr().out
    (section,) = state_of(out)["sections"]
    picture = section["state"]
    assert {row["label"] for row in picture["entities"]} == {"urgent", "calm"}
    (layer,) = picture["layers"]
    assert list(layer["heats"]) == ["0"] and "all units" in layer["name"]
