"""The view of a global attribution: plain values, the strongest features of each label, nothing that is unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from drawn_results import HOSTILE, Fixed

from explain_lib.attribution import Lexicon
from explain_lib.core import GlobalAttribution
from widgets import show, to_html
from widgets.report import ReportPanel
from widgets.views import report_view
from widgets.views.global_attribution import global_view


def made(**changes: Any) -> GlobalAttribution:
    scores = np.array([[2.0, 0.5], [-1.0, np.nan], [1.0, 3.0], [9.0, 9.0], [0.25, -2.0]])
    counts = np.array([[9, 2], [5, 0], [4, 6], [1, 1], [7, 7]])
    documents = np.minimum(counts, 4)
    error = np.where(documents > 1, 0.5, np.nan)
    fields: dict[str, Any] = {
        "features": ("fever", "no", "发热", "once", "the"), "labels": ("Disease", "Drug"), "scores": scores,
        "std_error": error, "dof": np.where(documents > 1, documents - 1, np.nan), "counts": counts,
        "documents": documents, "recipe": Fixed(), "quantity": "mean score", "method": "Exact()",
        "more": {"mean": scores * 2}, "notes": ("30 documents",),
    }  # fmt: skip
    return GlobalAttribution(**{**fields, **changes})


def test_the_view(golden: Callable[[str, Any], None]) -> None:
    golden("global", global_view(made(), top=2))


def test_features_of_one_document_are_shown_only_where_there_are_no_others() -> None:
    assert "once" not in json.dumps(global_view(made()))
    lonely = global_view(made(documents=np.minimum(made().counts, 1), std_error=np.full((5, 2), np.nan)))
    assert lonely["tables"][0]["rows"][0][0] == "once"


def test_a_lexicon_is_sorted_by_what_is_sure() -> None:
    error = np.array([[4.0, 1], [1, np.nan], [0.1, 1], [np.nan, np.nan], [1, 1]])
    table = global_view(made(recipe=Lexicon(), std_error=error), top=1)["tables"][0]
    assert table["columns"][:3] == ["feature", "z", "score"]
    assert table["rows"][0][:3] == ["发热", 10.0, 1.0]


def test_it_is_shown_like_any_report_and_words_stay_text(tmp_path: Path) -> None:
    hostile = made(features=(HOSTILE, "no", "发热", "once", "the"))
    assert report_view(hostile) == global_view(hostile)
    assert isinstance(show(hostile), ReportPanel)
    page = to_html(hostile, tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page and "mean score" in page


def test_one_label_has_no_matrix_and_many_labels_are_cut() -> None:
    one = made(**{name: getattr(made(), name)[:, :1] for name in ("scores", "std_error", "dof", "counts", "documents")},
               labels=("Disease",), more={})  # fmt: skip
    assert global_view(one)["matrices"] == []
    arrays = {name: np.repeat(getattr(made(), name)[:, :1], 15, axis=1)
              for name in ("scores", "std_error", "dof", "counts", "documents")}  # fmt: skip
    many = global_view(made(labels=tuple(f"L{i}" for i in range(15)), more={}, **arrays))
    assert len(many["tables"]) == 12 and any("3 labels with fewer" in note for note in many["notes"])
