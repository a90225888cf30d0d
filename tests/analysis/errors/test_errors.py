"""The errors of a corpus: counts by label and text, shares with intervals, slices, and a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import explain_lib as xl
from explain_lib import Document, EntityErrors, ErrorClass, Prediction, Span, entity_errors

LABELS = ("A", "B")


def corpus(n: int = 30, seed: int = 0) -> tuple[list[Document], list[Prediction]]:
    """Documents with entities at every tenth character, and predictions that go wrong in all ways."""
    rng = np.random.default_rng(seed)
    documents, predictions = [], []
    for i in range(n):
        gold = [Span(10 * k, 10 * k + 5, LABELS[(i + k) % 2]) for k in range(i % 5)]
        moved = [replace(s, end=s.end - int(rng.integers(2)), label=LABELS[rng.integers(2)]) for s in gold]
        found = [s for s in moved if rng.random() < 0.8] + [Span(55, 58, "A")] * (i % 3 == 0)
        meta = {"section": ("plan", "history")[i % 2]} if i else {}
        documents.append(Document("secret " * 9, "en", tuple(gold), f"d{i}", meta))
        predictions.append(Prediction(tuple(found), rng.random(len(found))))
    return documents, predictions


@pytest.fixture
def errors() -> EntityErrors:
    return entity_errors(*corpus())


def test_counts_by_label_and_by_document_add_up(errors: EntityErrors) -> None:
    total = errors.counts
    assert list(total) == list(ErrorClass) and sum(total.values()) == len(errors.outcomes)
    for parts in (errors.counts_by_label, errors.counts_by_document):
        assert {error: sum(part[error] for part in parts.values()) for error in ErrorClass} == total
    documents, _ = corpus()
    for document in documents:
        gold = [one for one in errors.select(document=document.id) if one.gold]
        assert len(gold) == len(document.spans)
    assert set(errors.counts_by_label) == set(LABELS)
    assert len(errors.errors) == len(errors.outcomes) - total[ErrorClass.CORRECT]


def test_selecting_by_several_things_at_once(errors: EntityErrors) -> None:
    chosen = errors.select(ErrorClass.SPURIOUS, "A", "d3")
    assert [(one.predicted, one.gold) for one in chosen] == [(Span(55, 58, "A"), None)]
    assert errors.select() == errors.outcomes


def test_counts_agree_with_the_scores(errors: EntityErrors) -> None:
    strict, kind = errors.scores.counts["strict"], errors.scores.counts["type"]
    assert strict.correct == errors.counts[ErrorClass.CORRECT]
    assert strict.missed == sum(one.predicted is None for one in errors.outcomes)
    assert strict.spurious == sum(one.gold is None for one in errors.outcomes)
    assert kind.correct == sum(
        bool(one.gold and one.predicted and one.gold.label == one.predicted.label) for one in errors.outcomes
    )


def test_shares_have_intervals_over_documents(errors: EntityErrors) -> None:
    shares = {one.name: one for one in errors.shares()}
    assert sum(shares[error].value for error in ErrorClass) == pytest.approx(1)
    share = shares["too short"]
    assert share.value == errors.counts[ErrorClass.TOO_SHORT] / len(errors.outcomes)
    rng, found = np.random.default_rng(1), []
    rows = np.array([[c[ErrorClass.TOO_SHORT], sum(c.values())] for c in errors.counts_by_document.values()])
    rows = np.concatenate([rows, np.zeros((len(errors.documents) - len(rows), 2), int)])  # texts without an entity
    for _ in range(2000):
        hits, n = rows[rng.integers(len(rows), size=len(rows))].sum(axis=0)
        found.append(hits / n)
    assert share.interval == pytest.approx(np.percentile(found, [2.5, 97.5]), abs=0.02)
    boundary = shares["errors of the boundary only"]
    assert boundary.value == pytest.approx(errors.counts[ErrorClass.TOO_SHORT] / len(errors.errors))
    assert boundary.n == len(errors.errors)


def test_a_class_that_was_never_seen_is_bounded_and_not_excluded(errors: EntityErrors) -> None:
    share = {one.name: one for one in errors.shares()}["swallowed"]
    assert (share.value, share.interval) == (0, None)
    assert share.note == "none seen: with 95 % confidence in at most 9.5% of such documents"  # 1 − 0.05^(1/30)


def test_slices_are_corpora_of_their_own(errors: EntityErrors) -> None:
    slices = errors.slices("section")
    assert list(slices) == ["", "history", "plan"]
    assert sum(len(part.outcomes) for part in slices.values()) == len(errors.outcomes)
    documents, predictions = corpus()
    chosen = [i for i, document in enumerate(documents) if document.meta.get("section") == "plan"]
    alone = entity_errors([documents[i] for i in chosen], [predictions[i] for i in chosen])
    part = slices["plan"]
    assert part.counts == alone.counts and part.wholes == alone.wholes
    assert part.scores.to_pandas().equals(alone.scores.to_pandas())
    assert [part.documents[one.text].id for one in part.outcomes] == [one.document for one in part.outcomes]
    by_label = errors.slices(lambda document: len(document.spans))
    assert list(by_label) == ["0", "1", "2", "3", "4"]


def test_a_table_of_outcomes(errors: EntityErrors) -> None:
    frame = errors.to_pandas()
    assert len(frame) == len(errors.outcomes)
    assert list(frame.columns) == [
        "document", "class", "label", "gold_start", "gold_end", "gold_label", "predicted_start", "predicted_end",
        "predicted_label", "gold_text", "predicted_text", "iou", "shift_left", "shift_right", "confidence", "flag",
    ]  # fmt: skip
    short = frame[frame["class"] == "too short"].iloc[0]
    assert (short["shift_left"], short["shift_right"], len(short["predicted_text"])) == (0, -1, 4)


def test_only_the_labels_that_were_named_count() -> None:
    documents, predictions = corpus()
    some = entity_errors(documents, predictions, labels=["A"])
    assert {span.label for one in some.outcomes for span in (one.gold, one.predicted) if span} == {"A"}
    only_a = [replace(d, spans=tuple(s for s in d.spans if s.label == "A")) for d in documents]
    kept = [Prediction(s := tuple(x for x in p.spans if x.label == "A"), np.zeros(len(s))) for p in predictions]
    assert some.counts == entity_errors(only_a, kept).counts


def test_the_same_seed_gives_the_same_intervals_and_texts_stay_out_of_the_repr(errors: EntityErrors) -> None:
    again = entity_errors(*corpus())
    assert again.scores.to_pandas().equals(errors.scores.to_pandas()) and again.shares() == errors.shares()
    assert "secret" not in repr(errors) and f"{len(errors.outcomes)} entities of 30 texts" in repr(errors)


def test_a_corpus_without_entities_says_so() -> None:
    empty = entity_errors([Document("nothing here")], [Prediction()])
    assert empty.outcomes == () and set(empty.counts.values()) == {0}
    assert [one.note for one in empty.shares()] == ["there are no such spans"] * 11
    assert empty.to_pandas().empty and empty.slices("section")[""].outcomes == ()


def test_predictions_in_another_order_are_refused() -> None:
    documents, predictions = corpus(4)
    with pytest.raises(ValueError, match="4 documents and 3 predictions"):
        entity_errors(documents, predictions[:3])
    with pytest.raises(ValueError, match="give the predictions in the order of the documents"):
        entity_errors([Document("short"), *documents[1:]], predictions)


def test_the_demo_model_is_classed_end_to_end() -> None:
    documents = list(xl.demo_documents(lang="nl"))[:2]
    found = xl.entity_errors(documents, xl.predict(xl.demo_model(), documents, progress=False))
    gold = sum(len(document.spans) for document in documents)
    assert len(found.outcomes) == gold + sum(one.gold is None for one in found.outcomes)
