"""The project's own documents are found from any folder, and nowhere else."""

from importlib import import_module
from pathlib import Path

import pytest

from explain_lib.core import Document, data_folder
from explain_lib.corpora import demo_documents, write_corpus

MODULE = import_module("explain_lib.core.data_folder")  # the package's attribute of this name is the function


def test_the_folder_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_CHECKOUT", tmp_path / "elsewhere")
    monkeypatch.setenv("EXPLAIN_LIB_DATA", str(tmp_path))
    write_corpus([Document("koorts", "nl"), Document("头痛", "zh")], tmp_path / "documents" / "x.jsonl")
    assert [document.text for document in demo_documents()] == ["koorts", "头痛"]
    assert [document.text for document in demo_documents(lang="zh")] == ["头痛"]
    with pytest.raises(ValueError, match="there are no demo documents in 'fr'; there are some in nl, zh."):
        demo_documents("fr")


def test_the_checkout_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_CHECKOUT", tmp_path)
    monkeypatch.setenv("EXPLAIN_LIB_DATA", str(tmp_path / "other"))
    for folder in (tmp_path / "data" / "x", tmp_path / "other" / "x", tmp_path / "other" / "y"):
        folder.mkdir(parents=True)
    assert data_folder("x") == tmp_path / "other" / "x"  # a data folder beside an installed package is somebody else's
    (tmp_path / "pyproject.toml").touch()
    assert data_folder("x") == tmp_path / "data" / "x"
    assert data_folder("y") == tmp_path / "other" / "y"


def test_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_CHECKOUT", tmp_path)
    monkeypatch.delenv("EXPLAIN_LIB_DATA", raising=False)
    with pytest.raises(
        FileNotFoundError, match=r"no data/documents here.*EXPLAIN_LIB_DATA \(not set\).*Nothing is downloaded"
    ):
        demo_documents()
