"""Amended documents: what each correction does to gold and to predicted spans, through every format."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from drawn_documents import flat_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from explain_lib.core import Document, Prediction, Span
from explain_lib.corpora import (
    Brat, Conll, Correction, CorrectionKind, Corrections, JsonLines, Writer, corrected, read_corpus, write_corpus,
)  # fmt: skip
from explain_lib.corpora.corrections import amended, text_digest

GOLD, OTHER = Span(21, 30, "Disease"), Span(0, 7, "Person")
FOUND, DRUG = Span(15, 30, "Disease"), Span(8, 14, "Drug")
DOCUMENT = Document("Patient nemen  acuut hartfalen.", "nl", (OTHER, GOLD), id="nl-1")


def correction(kind: str, before: Span | None, after: Span | None, document: Document = DOCUMENT) -> Correction:
    return Correction(document.id, text_digest(document), CorrectionKind(kind), before, after)


def prediction(*spans: Span) -> Prediction:
    return Prediction(spans, np.full(len(spans), 0.9))


@pytest.mark.parametrize(
    ("corrections", "gold", "predicted"),
    [
        ([], (OTHER, GOLD), (DRUG, FOUND)),
        ([("accept", FOUND, FOUND)], (OTHER, GOLD, FOUND), (DRUG, FOUND)),
        ([("accept", GOLD, GOLD)], (OTHER, GOLD), (DRUG, FOUND, GOLD)),
        ([("change", GOLD, FOUND)], (OTHER, FOUND), (DRUG, FOUND)),
        ([("change", OTHER, DRUG)], (DRUG, GOLD), (DRUG, FOUND)),
        ([("delete", DRUG, None)], (OTHER, GOLD), (FOUND,)),
        ([("delete", OTHER, None), ("add", None, OTHER)], (GOLD, OTHER), (DRUG, FOUND, OTHER)),
        ([("change", DRUG, OTHER), ("change", OTHER, GOLD)], (GOLD,), (GOLD, FOUND)),
    ],
)  # fmt: skip
def test_each_kind_on_gold_and_on_predicted_spans(
    corrections: Sequence[tuple[str, Span | None, Span | None]], gold: Sequence[Span], predicted: Sequence[Span]
) -> None:
    made = [correction(*one) for one in corrections]
    [on_gold] = corrected([DOCUMENT], made)
    [on_predicted] = corrected([DOCUMENT], made, [prediction(DRUG, FOUND)])
    assert on_gold == replace(DOCUMENT, spans=tuple(gold))
    assert on_predicted == replace(DOCUMENT, spans=tuple(predicted))


def test_documents_without_corrections_keep_their_spans_and_others_are_left_alone() -> None:
    elsewhere = correction("delete", OTHER, None, replace(DOCUMENT, id="elsewhere"))
    assert corrected([DOCUMENT], [elsewhere]) == (DOCUMENT,)
    same_text = replace(DOCUMENT, id="copy")
    made = corrected([DOCUMENT, same_text], [correction("delete", OTHER, None, same_text)])
    assert [document.spans for document in made] == [(OTHER, GOLD), (GOLD,)]


def test_a_changed_text_and_lists_that_do_not_fit_are_refused() -> None:
    changed = replace(DOCUMENT, text=DOCUMENT.text.replace("  ", " zo "))
    with pytest.raises(ValueError, match="the text of document 'nl-1' is not the one that was corrected, so that"):
        corrected([changed], [correction("delete", OTHER, None)])
    with pytest.raises(ValueError, match="there are 1 documents and 0 predictions; give one prediction for each"):
        corrected([DOCUMENT], [], [])


@settings(max_examples=60, deadline=None)
@given(
    start=st.lists(st.sampled_from([GOLD, OTHER, FOUND, DRUG]), unique=True),
    steps=st.lists(st.tuples(*[st.sampled_from([None, GOLD, OTHER, FOUND, DRUG])] * 2), max_size=6),
)
def test_amending_is_what_sets_say(start: list[Span], steps: list[tuple[Span | None, Span | None]]) -> None:
    made, expected = [], set(start)
    for before, after in steps:
        if before is None and after is None:
            continue
        kind = "add" if before is None else "delete" if after is None else "accept" if before == after else "change"
        made.append(correction(kind, before, after))
        expected = (expected - {before}) | ({after} - {None})
    found = amended(start, made)
    assert set(found) == expected
    assert len(found) == len(expected)


@settings(max_examples=15, deadline=None)
@given(document=flat_documents(), data=st.data())
@pytest.mark.parametrize(("name", "writer"), [("x.jsonl", JsonLines()), ("x.conll", Conll()), ("brat", Brat())])
def test_corrections_go_through_every_format(
    tmp_path_factory: pytest.TempPathFactory, name: str, writer: Writer, document: Document, data: st.DataObject
) -> None:
    """Correct in a store, open it again, amend, write, read: the amended spans are there."""
    folder = tmp_path_factory.mktemp("round")
    store = Corrections(folder / "store")
    document = replace(document, id=document.id or "d")
    for span in document.spans:
        what = data.draw(st.sampled_from(["accept", "rename", "delete", "leave"]))
        if what == "accept":
            store.accept(document, span)
        elif what == "rename":
            store.change(document, span, replace(span, label=span.label + "x"))
        elif what == "delete":
            store.delete(document, span)
    [amended_document] = corrected([document], Corrections(folder / "store"))
    assert write_corpus([amended_document], folder / name) == ()
    back = list(read_corpus(folder / name, reader=writer))
    assert sorted(span for one in back for span in one.spans) == sorted(amended_document.spans)
    assert back[0].text == document.text
    assert {span.label for one in back for span in one.spans} == {span.label for span in amended_document.spans}
