"""Two models on one corpus: moves of gold entities, paired intervals, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explain_lib import Document, ErrorClass, ErrorComparison, Prediction, Span, compare_errors, entity_errors

GOLD = (Span(0, 4, "A"), Span(10, 14, "B"), Span(20, 24, "A"))


def corpus(n: int = 25) -> list[Document]:
    return [Document("some text " * 3, "en", GOLD[: 1 + i % 3], f"d{i}") for i in range(n)]


def found(documents: list[Document], share: float, seed: int) -> list[Prediction]:
    """Each gold span with this chance, sometimes cut short, and sometimes one that nobody marked."""
    rng = np.random.default_rng(seed)
    spans = []
    for document in documents:
        kept = [span for span in document.spans if rng.random() < share]
        cut = [replace(span, end=span.end - int(rng.random() < 0.3)) for span in kept]
        spans.append((*cut, *([Span(26, 29, "B")] if rng.random() < 0.3 else [])))
    return [Prediction(one, np.full(len(one), 0.5)) for one in spans]


@pytest.fixture
def compared() -> ErrorComparison:
    documents = corpus()
    return compare_errors(*(entity_errors(documents, found(documents, share, share > 0.5)) for share in (0.4, 0.9)))


def test_differences_are_those_of_the_counts_and_scores(compared: ErrorComparison) -> None:
    before, after = compared.before, compared.after
    for error in ErrorClass:
        assert compared.measure(error).value == pytest.approx(after.counts[error] - before.counts[error])
    assert compared.measure("all errors").value == pytest.approx(len(after.errors) - len(before.errors))
    for name in ("precision", "recall", "F1"):
        gain = after.scores.measure(name).value - before.scores.measure(name).value
        assert compared.measure(name).value == pytest.approx(gain)
    with pytest.raises(KeyError, match="no 'f1'; there are correct, wrong type"):
        compared.measure("f1")


def test_intervals_draw_the_same_documents_for_both(compared: ErrorComparison) -> None:
    rng, drawn = np.random.default_rng(5), []
    counts = [
        np.array([one.counts_by_document.get(d.id, {}).get(ErrorClass.MISSED, 0) for d in one.documents])
        for one in (compared.before, compared.after)
    ]
    for _ in range(4000):
        rows = rng.integers(25, size=25)
        drawn.append((counts[1] - counts[0])[rows].sum())
    assert compared.measure("missed").interval == pytest.approx(np.percentile(drawn, [2.5, 97.5]), abs=1.6)
    low, high = compared.measure("F1").interval or (np.nan, np.nan)
    assert low < compared.measure("F1").value < high


def test_every_gold_entity_has_one_move(compared: ErrorComparison) -> None:
    assert sum(compared.moves.values()) == len(compared.pairs) == sum(len(d.spans) for d in compared.before.documents)
    assert all(one.gold == other.gold and one.text == other.text for one, other in compared.pairs)
    for error in set(ErrorClass) - {ErrorClass.SPURIOUS}:
        assert sum(n for (was, _), n in compared.moves.items() if was is error) == sum(
            one.gold is not None for one in compared.before.select(error)
        )
    mended = compared.select(ErrorClass.MISSED, ErrorClass.CORRECT)
    assert len(mended) == compared.moves[ErrorClass.MISSED, ErrorClass.CORRECT] > 0
    assert all(one.predicted == one.gold for one in mended)


def test_gold_spans_that_are_given_twice_are_told_apart() -> None:
    document = Document("some text", "en", (GOLD[0], GOLD[0]), "d")
    twice = [entity_errors([document], [Prediction(spans, np.ones(len(spans)))]) for spans in ((), (GOLD[0],))]
    assert sum(compare_errors(*twice).moves.values()) == 2


def test_tests_are_made_from_twenty_documents_on_and_corrected(compared: ErrorComparison) -> None:
    assert compared.note == ""
    assert compared.p_value("missed") < 0.05 < 1 == compared.p_value("shifted")
    documents = corpus(19)
    few = compare_errors(*(entity_errors(documents, found(documents, s, 0)) for s in (0.4, 0.9)))
    assert np.isnan(few.p_value("missed"))
    assert few.note == "No test: it needs at least 20 documents and there are 19."


def test_the_same_model_twice_differs_in_nothing(compared: ErrorComparison) -> None:
    same = compare_errors(compared.after, compared.after)
    assert {one.value for one in same.measures} == {0.0}
    assert {(one.interval, one.note) for one in same.measures} == {(None, "no document differs")}
    assert all(one is other for one, other in zip(*zip(*same.moves, strict=True), strict=True))


def test_one_document_and_no_entities_have_no_interval() -> None:
    nothing = entity_errors([Document("nothing")], [Prediction()])
    compared = compare_errors(nothing, nothing)
    assert compared.measure("missed").note == "an interval needs at least two documents and there is one"
    assert not compared.measure("F1").is_available


def test_other_documents_and_other_gold_are_refused() -> None:
    one, other = (entity_errors([Document(text, "", ())], [Prediction()]) for text in ("a", "b"))
    with pytest.raises(ValueError, match=r"about other documents \(1 and 1 texts\)"):
        compare_errors(one, other)
    marked = entity_errors([Document("a", "", (Span(0, 1, "A"),))], [Prediction()])
    with pytest.raises(ValueError, match="the gold spans differ"):
        compare_errors(one, marked)
