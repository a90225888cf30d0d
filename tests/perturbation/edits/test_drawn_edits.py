"""What every family promises, on hundreds of drawn edits of the project's own documents."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import regex
from subjects import LANGS, demo_subjects, drawn, subject, tagger

from explain_lib.corpora import sentences
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import (
    ContextMask, EntitySwap, Family, KeepEdit, Subject, TextEdit, bank, consistency, label_keeping, stress,
)  # fmt: skip

OWN = [
    family
    for family in (*label_keeping(), *consistency(), *stress())
    if not isinstance(family, ContextMask) and not hasattr(family, "view")
]  # noise of the forward pass has tests of its own

TEXT = [f for f in OWN if f.name not in {"boundary mask"}]
UNTIDY = regex.compile(
    r"[ \t]{2,}|[，。；：、]{2,}|[,;:] ?[,;:.]|[ \t][,;:.!?](?!\d)|[(（][\s,，]*[)）]|^[,;，；]|[ \t]$", regex.M
)
HOSTILE = (
    "🙂", "a", "痛", ".", "  \t x", "a\r\nb\r\n\r\nc d e f g\r\n", "😀 头痛 😀 headache 👩‍⚕️ koorts", "１２ｍｇ　头痛",
    "CRP 52, 52, 52", "12-12-2024 31-02-2024 2024-13-01 2024年2月30日", "((()))", ",;:.,;:.",
    "e\u0301e\u0301 n\u0303 pain", "no\u202fbreak\u00a0blank CRP 5", "x" * 99, "العربية 头痛 עברית pain",
    "Plan:\r\nPlan:",
)  # fmt: skip


def by_name(family: Family) -> str:
    return family.name


@cache
def edits_of(family: Family, lang: str, n: int = 6) -> list[tuple[Subject, TextEdit]]:
    pairs = [(of, edit) for of in demo_subjects(lang) for edit in drawn(family, of, n)]
    return [(of, edit) for of, edit in pairs if isinstance(edit, TextEdit)]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("family", TEXT, ids=by_name)
def test_edits_of_a_text_differ_and_leave_it_tidy(family: Family, lang: str) -> None:
    pairs = edits_of(family, lang)
    least = {"truncation": 2, "synonym": 5, "jitter": 15}.get(family.name, 40)  # of 16 texts
    assert len(pairs) >= least
    for of, edit in pairs:
        before, after = of.document.text, edit.document.text
        assert after != before
        assert len(UNTIDY.findall(after)) <= len(UNTIDY.findall(before)), edit.record()
        assert edit.record()["family"] == family.name
    seen = [(of.document.text, edit.document.text) for of, edit in pairs]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("family", [f for f in TEXT if f.keeps_label], ids=by_name)
def test_entities_are_left_alone(family: Family, lang: str) -> None:
    is_near = family.name in {"jitter", "concatenation", "entity swap"}  # may act right beside an entity
    for of, edit in edits_of(family, lang):
        before, after = of.document.text, edit.document.text
        for span in of.protected:
            moved = edit.moved(span)
            assert moved is not None and moved.label == span.label
            assert isinstance(family, EntitySwap) or moved.text_of(after) == span.text_of(before)
        for change in [] if is_near else edit.changes:
            reached = (of.query.units.bounds[:, 0] < change.end) & (change.start < of.query.units.bounds[:, 1])
            assert of.free_units(1)[reached].all(), edit.record()


@pytest.mark.parametrize("family", OWN, ids=by_name)
def test_the_seed_fixes_what_is_drawn(family: Family) -> None:
    some = [of for lang in LANGS for of in (*demo_subjects(lang)[:3], demo_subjects(lang)[-1])]
    found = [[[e.record() for e in drawn(family, of, 1, seed)] for of in some] for seed in (0, 0, 1, 2, 3, 4)]
    assert found[0] == found[1] and any(other != found[0] for other in found[2:])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("family", [*label_keeping(), *consistency(), *stress()], ids=by_name)
def test_asked_for_more_a_family_gives_the_same_edits_first(family: Family, lang: str) -> None:
    for of in demo_subjects(lang)[:4]:
        few, many = ([edit.record() for edit in drawn(family, of, n)] for n in (3, 13))
        assert many[: len(few)] == few and len(few) == min(3, len(many))


@pytest.mark.parametrize("family", OWN, ids=by_name)
def test_edited_questions_can_be_asked(family: Family) -> None:
    for lang in LANGS:
        of = demo_subjects(lang)[2]
        asked = of.query.with_targets([])
        for edit in drawn(family, of, 2):
            edited = edit.on(asked)
            at = edit.unit_of(asked, edited)
            texts, new = asked.units.texts, edited.units.texts
            assert all(new[j] == texts[i] for i, j in enumerate(at) if j >= 0)
            assert isinstance(edit, KeepEdit) or (at >= 0).any()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_break_nothing(text: str) -> None:
    for lang in LANGS:
        of = subject(text, lang)
        for family in OWN:
            for edit in drawn(family, of, 2):
                assert not isinstance(edit, TextEdit) or edit.document.text != text


def test_units_that_are_sentences_give_few_occasions_and_no_error() -> None:
    document = demo_subjects("en")[5].document
    of = Subject(Query(tagger(), document, targets=[], units=sentences(document)), ())
    assert {family.name for family in OWN if drawn(family, of)} >= {"concatenation", "truncation"}


def test_protected_spans_of_a_target_come_first() -> None:
    """What is asked for is stressed; gold entities where nothing is asked for."""
    asked = subject("She had asthma and gout last year.", "en", "gout", asked=True)
    sides = {(e.record()["target"], e.record()["side"]) for f in stress() for e in drawn(f, asked, 20)}
    assert sides == {("Disease 19–23", "left"), ("Disease 19–23", "right")}
    assert {e.record()["position"] for f in stress() for e in drawn(f, asked, 20)} == {"inside", "outside", "between"}


def test_the_default_bank_holds_small_label_keeping_edits_only() -> None:
    of = demo_subjects("en")[-1]
    found = bank(of.query, n_edits=20)
    assert len(found.label_keeping) == len(found) == 20
    assert set(found.families) <= {f.name for f in label_keeping()}
    assert not any(getattr(e.family, "changes_entities", False) for e in found.edits)
    np.testing.assert_array_equal(np.isnan(list(found.rejection_rate.values())), False)
