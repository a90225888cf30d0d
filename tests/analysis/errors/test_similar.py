"""Errors that are like one: by their words, by what stands beside them, by what drives the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib import CorpusTable, Document, EntityErrors, ErrorClass, Prediction, Span, entity_errors, similar_errors
from explain_lib.analysis.errors.likeness import neighbours, neighbours_alike, profiles_alike, rarity, words_alike
from explain_lib.core.table import joined, table_of

MISSED = (  # text and what the gold standard marks in it
    ("geen aanwijzingen voor hartfalen op de foto", "hartfalen"),
    ("wel aanwijzingen voor pneumonie bij opname", "pneumonie"),
    ("patient heeft Hartfalen sinds 2010", "Hartfalen"),
    ("er is koorts", "koorts"),
    ("bekend met hartfalenkliniek", "hartfalenkliniek"),
)


def missed(texts: Sequence[tuple[str, str]] = MISSED, label: str = "Disease") -> EntityErrors:
    """A corpus in which the model finds nothing."""
    documents = []
    for at, (text, entity) in enumerate(texts):
        start = text.index(entity)
        documents.append(Document(text, "nl", (Span(start, start + len(entity), label),), f"d{at}"))
    return entity_errors(documents, [Prediction((), np.zeros(0)) for _ in documents])


def table(
    errors: EntityErrors, words: dict[str, dict[str, float]], arm: str = "context", method: str = "Exact()"
) -> CorpusTable:
    """Scores of words, by document; a unit that is not active would score 9."""
    rows = [
        (name, word, score, active)
        for name, scores in words.items() for word, score, active in
        [*((word, score, True) for word, score in scores.items()), ("own", 9.0, False)]
    ]  # fmt: skip
    spans = {one.document: one.predicted or one.gold for one in errors.outcomes}
    n = len(rows)
    found = [spans[name] for name, *_ in rows]
    return table_of({
        "document": [row[0] for row in rows], "method": [method] * n, "arm": [arm] * n,
        "target": [f"{span.label} {span.start}–{span.end}" for span in found if span],
        "target_start": [span.start for span in found if span], "target_end": [span.end for span in found if span],
        "label": ["Disease"] * n, "gold": [True] * n, "predicted": [False] * n, "unit": range(n),
        "unit_start": range(n), "unit_end": range(1, n + 1), "unit_text": [row[1] for row in rows],
        "active": [row[3] for row in rows], "score": [row[2] for row in rows], "std_error": [0.0] * n, "dof": [1.0] * n,
    })  # fmt: skip


def test_the_same_words_come_first_and_reasons_are_named() -> None:
    errors = missed()
    found = similar_errors(errors, errors.errors[0])
    assert [one.outcome.document for one in found[:3]] == ["d2", "d4", "d1"]
    same, part, beside = found[:3]
    assert (same.words, same.similarity, same.reasons) == (1.0, 1.0, ("the same words “hartfalen”",))
    assert part.reasons == ("words alike: “hartfalen”, “hartfalenkliniek”",)
    assert beside.reasons == ("before it “voor”, “aanwijzingen”",)
    assert all(math.isnan(one.profile) for one in found)
    [first] = similar_errors(errors, errors.errors[0], n=1)
    assert first.outcome == same.outcome
    assert "hartfalen" not in repr(found)


def test_only_errors_of_the_class_and_type_are_compared() -> None:
    gold = Span(0, 4, "A")
    documents = [Document("hart faalt", "nl", (gold,), f"d{at}") for at in range(5)]
    spans = [
        (replace(gold, label="B"),), (replace(gold, label="B"),), (replace(gold, label="C"),), (), (gold,)
    ]  # fmt: skip
    errors = entity_errors(documents, [Prediction(found, np.ones(len(found))) for found in spans])
    first = errors.select(ErrorClass.WRONG_TYPE)[0]
    assert [one.outcome.document for one in similar_errors(errors, first)] == ["d1"]
    assert similar_errors(errors, errors.select(ErrorClass.MISSED)[0]) == ()


def test_what_drives_the_model_counts_where_it_is_known() -> None:
    errors = missed(MISSED[:4])
    about = {"d0": {"geen": 1.0, "foto": 0.5}, "d1": {"wel": 1.0}, "d3": {"Geen": 2.0, "is": -3.0, "foto": 1.0}}
    for arm in ("context", "all units"):
        scored = similar_errors(errors, errors.errors[0], table=table(errors, about, arm))
        found = {one.outcome.document: one for one in scored}
        assert found["d3"].profile == pytest.approx(2.5 / (math.hypot(1, 0.5) * math.hypot(2, 3, 1)))
        assert found["d3"].reasons[0] == "driven by “geen”, “foto”"
        assert found["d1"].profile == 0.0 and math.isnan(found["d2"].profile)
    one = found["d3"]
    assert one.similarity == pytest.approx(1 - (1 - one.words) * (1 - one.neighbours) * (1 - one.profile))


def test_the_context_arm_is_preferred_and_several_methods_are_refused() -> None:
    errors = missed(MISSED[:2])
    context = table(errors, {"d0": {"a": 1.0}, "d1": {"a": 1.0}})
    whole = table(errors, {"d0": {"a": 1.0}, "d1": {"b": 1.0}}, "all units")
    found = similar_errors(errors, errors.errors[0], table=joined([whole, context]))
    assert found[0].profile == pytest.approx(1.0)
    other = joined([context, table(errors, {"d0": {"a": 1.0}}, method="Lime()")])
    with pytest.raises(ValueError, match=r"the table holds scores of 2 methods: Exact\(\); Lime\(\); choose one"):
        similar_errors(errors, errors.errors[0], table=other)


def test_what_is_no_question_is_refused() -> None:
    gold = Span(0, 4, "A")
    right = entity_errors([Document("hart faalt", "nl", (gold,), "d")], [Prediction((gold,), np.ones(1))])
    with pytest.raises(ValueError, match="the outcome is correct, so that there is no error to compare"):
        similar_errors(right, right.outcomes[0])
    with pytest.raises(ValueError, match="the outcome is none of these errors; take it from errors.errors"):
        similar_errors(right, missed().errors[0])
    with pytest.raises(ValueError, match="n is 0; ask for at least one error"):
        similar_errors(missed(), missed().errors[0], n=0)


def test_neighbours_are_units_and_far_ones_are_not_looked_for() -> None:
    document = Document("一二三四五六七，八九", "zh")
    assert neighbours(document, 3, 5) == {
        ("before", "三"): 1, ("before", "二"): 2, ("before", "一"): 3,
        ("behind", "六"): 1, ("behind", "七"): 2, ("behind", "，"): 3,
    }  # fmt: skip
    assert neighbours(document, 3, 5, wanted={"二", "九"}) == {("before", "二"): 2}
    assert neighbours(document, 0, 10) == {}
    long = Document("x" * 70 + " Entity " + "y" * 70, "en")
    assert neighbours(long, 71, 77) == {}  # words that leave the window are cut, and so left out
    assert neighbours(Document("a b a Entity c"), 6, 12) == {("before", "a"): 1, ("before", "b"): 2, ("behind", "c"): 1}


def test_neighbours_weigh_by_rarity_and_distance() -> None:
    documents = [Document("de long"), Document("de hart"), Document("de maag")]
    rare = rarity(["de", "long"], documents)
    assert rare == {"de": pytest.approx(math.log(2)), "long": pytest.approx(math.log(4))}
    one, other = {("before", "de"): 1, ("before", "long"): 2}, {("before", "de"): 3, ("behind", "long"): 1}
    found = neighbours_alike(one, other, rare)
    assert found.value == pytest.approx(math.log(2) / 3 / (math.log(2) + math.log(4) / 2))
    assert found.reason == "before it “de”"
    assert neighbours_alike(one, one, rare).value == pytest.approx(1)
    assert neighbours_alike({}, other, rare).value == 0


PROFILES = st.dictionaries(st.sampled_from("abcd"), st.floats(-1e3, 1e3))
WORDS = st.text("ab 心é\n", max_size=6)


@given(WORDS, WORDS)
def test_words_alike_is_a_likeness(one: str, other: str) -> None:
    found = words_alike(one, other)
    assert 0 <= found.value <= 1
    assert found.value == words_alike(other, one).value
    plain = [" ".join(text.casefold().split()) for text in (one, other)]
    assert (found.value == 1) == (plain[0] == plain[1]) or sorted(plain[0]) == sorted(plain[1])


@given(PROFILES, PROFILES)
def test_profiles_alike_is_a_cosine(one: dict[str, float], other: dict[str, float]) -> None:
    a, b = (np.array([each.get(word, 0.0) for word in "abcd"]) for each in (one, other))
    size = math.hypot(*a) * math.hypot(*b)
    expected = max(0.0, float(a @ b) / size) if size else 0.0
    assert profiles_alike(one, other).value == pytest.approx(expected, abs=1e-9)
    assert math.isnan(profiles_alike(one, None).value)
