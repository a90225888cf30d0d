"""Stress edits: where they act is said, and true."""

from __future__ import annotations

import numpy as np
import pytest
from subjects import drawn, subject, texts

from explain_lib.perturbation.edits import (
    BoundaryMask, BoundaryModifier, BoundaryPunctuation, BoundaryReplacement, BoundaryWordElsewhere, Edit, Family,
    KeepEdit, Phrases, TextEdit, stress,
)  # fmt: skip

TEXT = "She says severe chest pain, came again."


def place(edit: Edit) -> tuple[str, str]:
    record = edit.record()
    return record["side"], record["position"]


def test_the_four_units_around_the_ends_are_replaced() -> None:
    of = subject(TEXT, "en", "chest pain", asked=True)
    found = drawn(BoundaryReplacement(Phrases.of({"en": ["thing"]})), of, 20)
    assert {(*place(e), e.document.text) for e in found if isinstance(e, TextEdit)} == {
        ("left", "outside", "She says thing chest pain, came again."),
        ("left", "inside", "She says severe thing pain, came again."),
        ("right", "inside", "She says severe chest thing, came again."),
    }  # the unit behind it is a mark
    assert {e.record()["target"] for e in found} == {"Disease 16–26"}


def test_a_replaced_end_stays_inside_the_target() -> None:
    of = subject(TEXT, "en", "chest pain", asked=True)
    for edit in drawn(BoundaryReplacement(), of, 30):
        span = edit.on(of.query).targets[0].span
        assert span is not None and isinstance(edit, TextEdit)
        assert (span.text_of(edit.document.text) == "chest pain") == (edit.record()["position"] == "outside")


def test_chinese_units_are_replaced_by_characters() -> None:
    of = subject("昨起胸痛明显", "zh", "胸痛", asked=True)
    found = texts(BoundaryReplacement(Phrases.of({"zh": ["某", "abc"]})), of)
    assert found == {"昨某胸痛明显", "昨起某痛明显", "昨起胸某明显", "昨起胸痛某显"}


def test_marks_are_added_and_removed() -> None:
    of = subject(TEXT, "en", "chest pain", asked=True)
    assert texts(BoundaryPunctuation(), of) == {
        "She says severe, chest pain, came again.", "She says severe; chest pain, came again.",
        "She says severe chest pain came again.",
    }  # fmt: skip
    of = subject("头晕，胸痛、乏力", "zh", "胸痛", asked=True)
    assert texts(BoundaryPunctuation(), of) == {"头晕胸痛、乏力", "头晕，胸痛乏力"}
    of = subject("查CRP,TSH也高", "zh", "CRP", asked=True)
    assert "查CRP TSH也高" in texts(BoundaryPunctuation(), of)  # a blank parts Latin words


def test_modifiers_stand_outside() -> None:
    of = subject("Gout was found.", "en", "Gout", asked=True)
    found = texts(BoundaryModifier(), of)
    assert {"Known Gout was found.", "Gout as mentioned was found."} <= found
    of = subject("她的头痛加重", "zh", "头痛", asked=True)
    assert {"她的该头痛加重", "她的头痛之类加重"} <= texts(BoundaryModifier(), of)
    of = subject("Er is mond- en keelpijn.", "nl", "mond", asked=True)
    assert not any("mond " in text for text in texts(BoundaryModifier(), of))  # "mond-" is no whole word


def test_the_boundary_word_is_put_elsewhere() -> None:
    of = subject(TEXT, "en", "chest pain", asked=True)
    assert texts(BoundaryWordElsewhere(), of) == {
        "She chest says severe chest pain, came again.", "She pain says severe chest pain, came again.",
        "She says severe chest pain, chest came again.", "She says severe chest pain, pain came again.",
    }  # fmt: skip
    for edit in drawn(BoundaryWordElsewhere(), of, 3):
        assert edit.record()["place"] not in range(9, 28)


def test_neighbours_are_hidden() -> None:
    of = subject(TEXT, "en", "chest pain", asked=True)
    found = drawn(BoundaryMask(), of)
    assert {(*place(e), *np.flatnonzero(e.hidden).tolist()) for e in found if isinstance(e, KeepEdit)} == {
        ("left", "outside", 2), ("right", "outside", 5),
    }  # fmt: skip
    context = of.query.context()
    assert all((~edit.on(context).full_row).sum() == 1 for edit in found)


@pytest.mark.parametrize("family", stress(), ids=lambda family: family.name)
def test_an_entity_that_is_the_text_has_no_outside(family: Family) -> None:
    of = subject("gout", "en", "gout", asked=True)
    assert all(edit.record()["position"] in {"inside", "between"} for edit in drawn(family, of))
    assert not family.keeps_label
