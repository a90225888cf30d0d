"""Entity scores: the six scenarios of SemEval-2013, tag sequences counted by hand, seqeval, labels and intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from explain_lib.core import Document, Prediction, Span, TagScheme
from explain_lib.evaluation.entities import SchemeCounts, entity_scores
from explain_lib.models.tag_spelling import decode_tags

TEXT = "x" * 60


def document(*spans: Span, name: str = "", **meta: str) -> Document:
    return Document(TEXT, "en", spans, name, meta)


def prediction(*spans: Span) -> Prediction:
    return Prediction(spans, np.full(len(spans), 0.5))


GOLD = document(Span(0, 5, "A"), Span(20, 25, "A"), Span(30, 35, "A"), Span(40, 45, "A"), Span(50, 55, "A"))
FOUND = prediction(Span(0, 5, "A"), Span(10, 15, "A"), Span(30, 35, "B"), Span(40, 43, "A"), Span(50, 53, "B"))


def test_case_a25_six_scenarios() -> None:
    """Correct, spurious, missed, type error, boundary error, and both."""
    scores = entity_scores([GOLD], [FOUND])
    assert scores.counts == {
        "strict": SchemeCounts(correct=1, incorrect=3, partial=0, missed=1, spurious=1),
        "exact": SchemeCounts(correct=2, incorrect=2, partial=0, missed=1, spurious=1),
        "partial": SchemeCounts(correct=2, incorrect=0, partial=2, missed=1, spurious=1),
        "type": SchemeCounts(correct=2, incorrect=2, partial=0, missed=1, spurious=1),
    }
    assert {(c.possible, c.actual) for c in scores.counts.values()} == {(5, 5)}
    for scheme, value in {"type": 2 / 5, "partial": 0.6, "exact": 2 / 5, "strict": 1 / 5}.items():
        for figure in ("precision", "recall", "F1"):
            assert scores.measure(figure, scheme).value == pytest.approx(value)


def test_boundaries_by_side() -> None:
    """Four pairs start alike; two of them end alike too."""
    scores = entity_scores([GOLD], [FOUND])
    assert scores.measure("F1", "left boundary").value == pytest.approx(4 / 5)
    assert scores.measure("F1", "right boundary").value == pytest.approx(2 / 5)


def test_under_a_label_gold_counts_for_recall_and_predictions_for_precision() -> None:
    scores = entity_scores([GOLD], [FOUND])
    assert scores.measure("recall", "exact", "A").value == pytest.approx(2 / 5)
    assert scores.measure("precision", "exact", "A").value == pytest.approx(1 / 3)
    assert scores.measure("precision", "exact", "B").value == pytest.approx(1 / 2)
    missing = scores.measure("recall", "strict", "B")
    assert not missing.is_available and missing.note == "there are no gold spans"
    assert scores.measure("F1", "strict", "B").value == 0
    assert [scores.measure(f, "strict", "A").n for f in ("precision", "recall", "F1")] == [3, 5, 8]


def test_only_the_labels_that_were_named_count() -> None:
    scores = entity_scores([GOLD], [FOUND], labels=["A"])
    assert scores.counts["strict"] == SchemeCounts(1, 1, 0, missed=3, spurious=1)


TAGS = ["O", "B-D", "I-D", "B-B", "I-B"]
SCHEME = TagScheme.from_tags(TAGS)
SIX = [  # gold tags, predicted tags, strict (gold, predicted, correct), lenient (gold, predicted, correct)
    ("B-D I-D O", "B-D I-D O", (1, 1, 1), (1, 1, 1)),
    ("B-D O O", "I-D O O", (1, 0, 0), (1, 1, 1)),  # an I opens a span
    ("B-D I-D O", "B-D I-B O", (1, 1, 0), (1, 2, 0)),  # the type changes inside the prediction
    ("B-D I-B I-B", "O I-B I-B", (1, 0, 0), (2, 1, 1)),  # and inside the gold
    ("O O O", "O B-D O", (0, 1, 0), (0, 1, 0)),
    ("B-D B-D I-D", "B-D I-D I-D", (2, 1, 0), (2, 1, 0)),  # two gold spans side by side
]


def spans(tags: list[str], is_lenient: bool) -> tuple[Span, ...]:
    found = decode_tags([TAGS.index(tag) for tag in tags], SCHEME, is_lenient)
    return tuple(Span(2 * first, 2 * last + 1, kind) for first, last, kind in found)


def tag_counts(gold: list[str], found: list[str], is_lenient: bool) -> tuple[int, int, int]:
    scores = entity_scores([document(*spans(gold, is_lenient))], [prediction(*spans(found, is_lenient))])
    counts = scores.counts["strict"]
    return counts.possible, counts.actual, counts.correct


@pytest.mark.parametrize(("gold", "found", "strict", "lenient"), SIX)
def test_case_a26_by_hand(gold: str, found: str, strict: tuple[int, ...], lenient: tuple[int, ...]) -> None:
    """Spans read strictly (B opens) give strict entity scores, read leniently (I opens too) those of conlleval."""
    assert tag_counts(gold.split(), found.split(), is_lenient=False) == strict
    assert tag_counts(gold.split(), found.split(), is_lenient=True) == lenient


sequences = st.lists(st.sampled_from(TAGS), min_size=6, max_size=6)
corpora = st.lists(st.tuples(sequences, sequences), min_size=1, max_size=4)


@settings(max_examples=40)
@given(corpora, st.booleans())
@pytest.mark.filterwarnings("ignore")
def test_strict_scores_are_those_of_seqeval(pairs: list[tuple[list[str], list[str]]], is_lenient: bool) -> None:
    """Lenient reading is seqeval's default (conlleval), strict reading its strict mode; by label too."""
    golds, found = [gold for gold, _ in pairs], [tags for _, tags in pairs]
    how = {} if is_lenient else {"mode": "strict", "scheme": IOB2}
    scores = entity_scores(
        [document(*spans(tags, is_lenient)) for tags in golds], [prediction(*spans(tags, is_lenient)) for tags in found]
    )
    try:
        report = classification_report(golds, found, output_dict=True, zero_division=0, **how)
    except ValueError:  # seqeval has no report without an entity
        return
    rows = {"all labels": report["micro avg"], **{label: report[label] for label in ("D", "B") if label in report}}
    for label, row in rows.items():
        for ours, theirs in (("precision", "precision"), ("recall", "recall"), ("F1", "f1-score")):
            value = scores.measure(ours, "strict", label).value
            assert np.nan_to_num(value) == pytest.approx(float(row[theirs]))


def test_sentences_of_one_document_are_drawn_together() -> None:
    documents = [document(Span(0, 5, "A"), name=str(i)) for i in range(40)]
    found = [prediction(Span(0, 5 - i % 2, "A")) for i in range(40)]
    apart = entity_scores(documents, found).measure("F1").interval
    together = entity_scores(documents, found, group=lambda one: str(int(one.id) // 2 % 2))
    assert together.n_documents == 2 and together.measure("F1").interval == (0.5, 0.5)
    assert apart is not None and apart[0] < 0.4 < 0.6 < apart[1]
    kept = [document(Span(0, 5, "A"), name=str(i), document="d") for i in range(40)]
    assert entity_scores(kept, found).measure("F1").interval is None


def test_the_interval_is_that_of_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    documents = [document(*[Span(5 * k, 5 * k + 3, "A") for k in range(1 + i % 5)]) for i in range(15)]
    found = [prediction(*[s for s in d.spans if rng.random() < 0.6], Span(30, 31, "A")) for d in documents]
    drawn = []
    for _ in range(1000):
        rows = rng.integers(15, size=15)
        correct = sum(len({*documents[i].spans} & {*found[i].spans}) for i in rows)
        drawn.append(2 * correct / sum(len(documents[i].spans) + len(found[i].spans) for i in rows))
    assert entity_scores(documents, found).measure("F1").interval == pytest.approx(
        np.percentile(drawn, [2.5, 97.5]), abs=0.03
    )


def test_nothing_to_score() -> None:
    scores = entity_scores([document()], [prediction()])
    assert scores.measure("F1").note == "there are no gold and predicted spans"
    assert not entity_scores([], []).measure("recall").is_available
    assert "1 documents" in repr(scores)


def test_a_table_has_a_row_for_every_figure() -> None:
    frame = entity_scores([GOLD, GOLD], [FOUND, FOUND]).to_pandas()
    assert len(frame) == 3 * 6 * 3 and set(frame["label"]) == {"all labels", "A", "B"}
    assert frame.query("scheme == 'partial' and label == 'all labels' and figure == 'recall'")["value"].item() == 0.6


def test_lists_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="2 documents and 1 predictions"):
        entity_scores([GOLD, GOLD], [FOUND])
    with pytest.raises(ValueError, match="ends at 80, and its document 'a' has 60 characters"):
        entity_scores([document(name="a")], [prediction(Span(70, 80, "A"))])
    with pytest.raises(TypeError, match="entry 0 is a Document and list"):
        entity_scores([GOLD], [[]])
    with pytest.raises(TypeError, match="also for a single one"):
        entity_scores(GOLD, FOUND)
    with pytest.raises(KeyError, match="no 'f1'"):
        entity_scores([GOLD], [FOUND]).measure("f1")
