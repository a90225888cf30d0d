"""Word lists and the places of a word: plain values, against a table made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from drawn_results import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from test_global_view import made

from explain_lib import Document, Span
from explain_lib.attribution import Lexicon, WordImportance, explain_global
from explain_lib.core import CorpusTable
from explain_lib.core.table import COLUMNS, table_of
from explain_lib.corpora import default_units
from widgets.views.occurrences import Place, Scored, occurrences, places_view
from widgets.views.words import found_features, word_list, words_view

FEVER, COUGH = Span(10, 15, "Disease"), Span(21, 26, "Disease")
DOCUMENTS = (
    Document("No active fever , no cough .", "en", (FEVER,), "a"),
    Document("无发热。Ｎo 发热", "zh", (), "b"),
)


def table_by_hand() -> CorpusTable:
    """Two entities of one text; every unit outside an entity scores its number, doubled for the second entity."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    units = default_units(DOCUMENTS[0])
    for factor, span in ((1.0, FEVER), (-2.0, COUGH)):
        for i, ((start, end), text) in enumerate(zip(units.bounds.tolist(), units.texts, strict=True)):
            row = {
                "document": "a", "method": "m", "arm": "context", "target": f"Disease {span.start}–{span.end}",
                "target_start": span.start, "target_end": span.end, "label": "Disease", "gold": span == FEVER,
                "predicted": True, "unit": i, "unit_start": start, "unit_end": end, "unit_text": text,
                "active": not (span.start <= start < span.end), "score": factor * i, "std_error": 0.25, "dof": 5.0,
            }  # fmt: skip
            for name, value in row.items():
                columns[name].append(value)
    return table_of(columns)


def test_the_view(golden: Callable[[str, Any], None]) -> None:
    lists = [word_list(made(), "Disease", "Disease", top=2), word_list(made(recipe=Lexicon()), "Drug", "gold", top=1)]
    golden("words", words_view(lists, ("30 documents",), 3))


def test_a_search_finds_any_word_that_was_seen_whatever_its_case() -> None:
    result = made(features=("Fever", "no", "发热", "once", "feverish"))
    assert found_features(result, "Disease", "FEVER") == ["Fever", "feverish"]
    assert found_features(result, "Drug", "no") == []  # never seen under Drug
    assert word_list(result, "Disease", "x", "nothing")["words"] == []


def test_places_of_a_score_are_those_that_it_is_the_mean_of() -> None:
    table = table_by_hand()
    scored, lexicon = Scored(table, DOCUMENTS), explain_global(table, WordImportance(kappa=0))
    for word in lexicon.features:
        places = scored.places(word, "Disease")
        assert len(places) == lexicon.entry(word, "Disease").count
        np.testing.assert_allclose(np.mean([one.score for one in places]), lexicon.entry(word, "Disease").score)
        assert [abs(one.score) for one in places] == sorted((abs(one.score) for one in places), reverse=True)
    assert {DOCUMENTS[0].text[one.start : one.end] for one in scored.places("no", "Disease")} == {"No", "no"}
    assert scored.places("absent", "Disease") == scored.places("no", "Drug") == []


def test_places_beside_an_end_touch_that_end() -> None:
    scored = Scored(table_by_hand(), DOCUMENTS)
    assert [(one.start, one.span) for one in scored.places("no", "Disease", "left")] == [(18, COUGH)]
    assert [(one.start, one.span) for one in scored.places("active", "Disease", "left")] == [(3, FEVER)]
    assert [(one.start, one.span) for one in scored.places(",", "Disease", "right")] == [(16, FEVER)]
    assert scored.places("active", "Disease", "right") == []


def test_words_are_found_in_every_text_as_units_whatever_case_and_width() -> None:
    found = [(one.text, one.start, one.end) for one in occurrences(DOCUMENTS, "no")]
    assert found == [(0, 0, 2), (0, 18, 20), (1, 4, 6)]
    assert [(one.text, one.start) for one in occurrences(DOCUMENTS, "热")] == [(1, 2), (1, 8)]
    assert list(occurrences(DOCUMENTS, "act")) == []


PARTS = st.lists(st.sampled_from(["fever", "No", "热", " ", ".", "ﬁ"]), min_size=1, max_size=12)


@given(PARTS, st.sampled_from(["no", "热", "fi"]))
def test_occurrences_are_the_units_that_fold_to_the_word(parts: list[str], word: str) -> None:
    document = Document("".join(parts))
    units = default_units(document)
    wanted = [i for i, text in enumerate(units.texts) if text.casefold().replace("ﬁ", "fi") == word]
    assert [one.start for one in occurrences([document], word)] == [int(units.bounds[i, 0]) for i in wanted]


def test_places_are_excerpts_with_the_word_marked() -> None:
    view = places_view("no: 2", [Place(0, 18, 20, COUGH, -1.5, 0.25), Place(0, 0, 2)], DOCUMENTS, {})
    runs, note = view["excerpts"][0]["runs"], view["excerpts"][0]["note"]
    assert [run["text"] for run in runs if run["own"]] == ["no"]
    assert [run["text"] for run in runs if run["gold"]] == ["fever"]
    assert [run["text"] for run in runs if run["predicted"]] == ["cough"]
    assert note == "Disease · −1.50 ± 0.25"
    known = places_view("", [Place(0, 18, 20, COUGH)], DOCUMENTS, {0: (FEVER,)})["excerpts"][0]["runs"]
    assert [run["text"] for run in known if run["predicted"]] == ["fever"]


def test_hostile_words_are_marked_and_json() -> None:
    result = made(features=(HOSTILE, "no", "发热", "once", "the"))
    view = words_view([word_list(result, "Disease", HOSTILE)], (HOSTILE,))
    assert "\u202e" not in json.dumps(view, ensure_ascii=False, allow_nan=False)
