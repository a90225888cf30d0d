"""What corrections make of a document's spans, and the case with what they made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explain_lib.core import Document, Span
from explain_lib.corpora import Corrections
from explain_lib.models.token_classification import Tagger
from widgets.workbench.case import Case, read_case
from widgets.workbench.correction.fates import corrections_of, fates, with_fates

LESION, LONGER, DOSE = Span(19, 32, "Reaction"), Span(3, 32, "Disease"), Span(49, 53, "Drug")


@pytest.fixture
def case(tagger: Tagger, english: Document) -> Case:
    return read_case(tagger, english)


def test_the_last_word_counts(english: Document) -> None:
    known = Corrections(None)
    known.accept(english, LESION)
    known.change(english, LESION, LONGER)
    known.add(english, DOSE)
    known.delete(english, DOSE)
    assert fates(known) == {LESION: "replaced", LONGER: "changed", DOSE: "deleted"}
    known.add(english, LESION)
    assert fates(known)[LESION] == "added"


def test_a_case_gets_the_spans_that_were_made_and_asks_the_model_nothing(case: Case) -> None:
    rows = case.query.n_evals, case.probe.n_evals
    made = with_fates(case, {LESION: "replaced", LONGER: "changed", DOSE: "added"})
    assert (made.query, made.probe) == (case.query, case.probe)
    assert (made.query.n_evals, made.probe.n_evals) == rows
    assert set(made.spans) == {*case.spans, LONGER, DOSE}
    views = {(view["label"], view["start"]): view for view in made.entities()}
    assert views["Reaction", 19]["corrected"] == "replaced"
    assert views["Disease", 3]["corrected"] == "changed"
    assert views["Disease", 19]["corrected"] == ""
    assert made.targets[made.spans.index(LONGER)] is not None
    assert "Drug" in views["Drug", 49]["problem"]  # the model knows no such label
    assert with_fates(made, made.fates) is made


def test_what_only_corrections_made_goes_with_them(case: Case) -> None:
    made = with_fates(case, {DOSE: "added"})
    assert DOSE in made.spans
    gone = with_fates(made, {DOSE: "deleted", LESION: "deleted"})
    assert gone.spans == case.spans
    assert gone.fates == {LESION: "deleted"}
    assert with_fates(gone, {}).targets == case.targets


def test_corrections_of_another_text_say_nothing(english: Document) -> None:
    known = Corrections(None)
    known.accept(english, LESION)
    other = replace(english, text=english.text + " More .")
    assert len(corrections_of(english, known)) == 1
    assert corrections_of(other, known) == corrections_of(replace(english, id="x"), known) == ()
