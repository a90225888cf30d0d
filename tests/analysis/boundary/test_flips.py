"""Flips under edits whose outcome the rule decides: counted by family, stress edits apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from rule_model import question

from explain_lib.analysis.boundary.drawn_edits import DrawnEdits
from explain_lib.analysis.boundary.entity import Entity
from explain_lib.analysis.boundary.flips import ALL, Flips
from explain_lib.perturbation.edits import Bank, Change, KeepEdit, TextEdit


@dataclass(frozen=True)
class Named:
    """A family of edits that were made by hand."""

    name: str
    keeps_label: bool = True
    languages = None
    cost = 0


HIDE, WRITE, STRESS = Named("hide"), Named("write"), Named("stress", False)


def bank(query, edits, **unavailable):
    drawn = {edit.family.name: 1 for edit in edits}
    return Bank(tuple(edits), drawn, {}, unavailable)


def hide(query, *units):
    hidden = np.zeros(query.n_units, dtype=bool)
    hidden[list(units)] = True
    return KeepEdit(HIDE, hidden)


def write(query, start, end, text, family=WRITE):
    return TextEdit(family, query.document, (Change(start, end, text),))


def flips(query, edits, **unavailable):
    drawn = DrawnEdits.of(query, bank(query, edits, **unavailable), 0)
    found, n_rows = drawn.predictions(query)
    assert n_rows == len(edits)
    return Flips.of(Entity(query), drawn, query.predict()[0], found)


def counted(result):
    return {(m.name, m.about["family"], m.about.get("side")): (m.value, m.n) for m in result.measures()}


QUERY = question("k o x y o o", 4, 7)


def test_shares_by_family_and_over_all_that_keep_labels():
    edits = [hide(QUERY, 0), hide(QUERY, 1), hide(QUERY, 4, 5), write(QUERY, 0, 1, "o"), write(QUERY, 0, 0, "o k "),
             write(QUERY, 8, 9, "d"), write(QUERY, 8, 9, "k", STRESS)]  # fmt: skip
    found = counted(flips(QUERY, edits, numbers="the text gives no occasion"))
    assert found["kept", "hide", None] == (pytest.approx(2 / 3), 3)
    assert found["end moved", "hide", "left"] == (pytest.approx(1 / 3), 3)
    assert found["end moved", "write", "left"] == (pytest.approx(1 / 3), 3)
    assert found["type changed or lost", "write", None] == (pytest.approx(1 / 3), 3)
    assert found["kept", "stress", None] == (1, 1)
    assert found["kept", ALL, None] == (0.5, 6) and found["end moved", ALL, "right"] == (0, 6)
    assert np.isnan(found["kept", "numbers", None][0])


def test_no_interval_is_given_for_one_text():
    assert all(m.interval is None for m in flips(QUERY, [hide(QUERY, 0), hide(QUERY, 1)]).measures())


def test_the_nearest_text_edit_changes_the_fewest_characters():
    edits = [write(QUERY, 0, 3, "o o"), write(QUERY, 0, 1, "o", STRESS), hide(QUERY, 0)]
    (nearest,) = flips(QUERY, edits).nearest()
    assert (nearest["side"], nearest["characters"], nearest["family"]) == ("left", 1, "stress")
    assert nearest["changes"] == [{"start": 0, "end": 1, "text": "o"}] and nearest["then"] == "left end moved"


def test_an_edit_that_cuts_the_entity_is_left_out():
    found = flips(QUERY, [write(QUERY, 3, 5, "y", STRESS), write(QUERY, 8, 9, "k", STRESS)])
    assert counted(found)["kept", "stress", None] == (1, 1)
    alone = flips(QUERY, [write(QUERY, 3, 5, "y", STRESS)])
    notes = {m.note for m in alone.measures()}
    assert notes == {"no edit is about this entity and leaves it whole", "no label-keeping edit was drawn"}


def test_a_family_of_which_nothing_was_drawn_says_so():
    drawn, refused = {"hide": 1, "write": 2, "refused": 3}, {"write": {"why": 1}, "refused": {"why": 3}}
    few = Bank((hide(QUERY, 5),), drawn, refused, {"seldom": "the text gives no occasion"})
    both = DrawnEdits.of(QUERY, few, 0)
    measures = Flips.of(Entity(QUERY), both, QUERY.predict()[0], both.predictions(QUERY)[0]).measures()
    notes = {m.about["family"]: m.note for m in measures if not m.is_available}
    assert notes == {
        "write": "no edit of it is among those asked for; ask for more edits", "seldom": "the text gives no occasion",
        "refused": "the gate refused every edit of it; ask for more edits",
    }  # fmt: skip


def test_stress_on_an_end_of_another_entity_is_not_counted():
    about = [write(QUERY, 8, 9, "k", STRESS), write(QUERY, 8, 9, "d", STRESS), write(QUERY, 8, 9, "y", STRESS)]
    names = ["Disease 4–7, left margin", "Disease 4–70", "Disease 4–7"]
    edits = [replace(edit, about={"target": name}) for edit, name in zip(about, names, strict=True)]
    fates = flips(QUERY, edits).fates
    assert [fate is None for fate in fates] == [False, True, False]


def test_an_entity_that_the_model_does_not_return_cannot_flip():
    missed = question("o o x y o o", 4, 7)
    found = flips(missed, [hide(missed, 0)])
    assert all("does not return this entity" in m.note for m in found.measures()) and not found.nearest()


def test_a_bank_is_taken_apart_and_none_is_drawn_for_zero():
    drawn = DrawnEdits.of(QUERY, bank(QUERY, [hide(QUERY, 0), write(QUERY, 8, 9, "k", STRESS)]), 0)
    assert (drawn.keeping.families, drawn.stress.families) == (("hide",), ("stress",))
    nothing = DrawnEdits.of(QUERY, 0, 0)
    assert nothing.edits == () and nothing.predictions(QUERY) == ([], 0)
    notes = {m.note for m in Flips.of(Entity(QUERY), nothing, QUERY.predict()[0], []).measures()}
    assert notes == {"no label-keeping edit was drawn"}


def test_every_fate_says_where_the_entity_stood_and_what_stands_there_now():
    edits = [hide(QUERY, 0), write(QUERY, 0, 0, "o "), write(QUERY, 5, 9, ""), hide(QUERY, 2, 3)]
    assert flips(QUERY, edits).records() == [
        {"edit": 0, "was": [4, 7], "now": [6, 7, "Disease"]},
        {"edit": 1, "was": [6, 9], "now": [6, 9, "Disease"]},
        {"edit": 3, "was": [4, 7], "now": None},
    ]  # an edit that cuts the entity is left out
