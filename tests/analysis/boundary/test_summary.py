"""Boundary reports summed up: means over entities, shares over edits, intervals over documents."""

from __future__ import annotations

import numpy as np
import pytest
from rule_model import tagger

from explain_lib.analysis.boundary import boundary_sensitivity, boundary_summary
from explain_lib.core import Document, Span, Target
from explain_lib.models import toy
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import ContextMask, bank

MODEL = tagger()


def report(words, *ends, name, n_edits=3):
    query = Query(MODEL, Document(words, id=name), [Target(Span(*pair, "Disease")) for pair in ends])
    return boundary_sensitivity(query, edits=bank(query, [ContextMask(0.4, 0)], n_edits), max_rows=5)


REPORTS = [
    report("k o x y o o o y", (4, 7), (14, 15), name="a"), report("o k x y o", (4, 7), name="b"),
    report("o o o k x y k o k", (8, 11), name="c", n_edits=5), report("k x y", (2, 5), name="a"),
]  # fmt: skip


def named(found):
    return {(m.name, *(m.about.get(k, "") for k in ("side", "region", "family"))): m for m in found}


def test_means_over_entities_and_shares_over_edits():
    found = named(boundary_summary(REPORTS))
    margins = [m.value for one in REPORTS for m in one.select("margin", side="left")]
    margin = found["margin", "left", "", ""]
    assert margin.value == pytest.approx(np.mean(margins)) and margin.n == 3 and len(margins) == 5
    low, high = margin.interval
    assert low <= margin.value <= high and "3 documents, 5 entities" in margin.scale
    moved = [m for one in REPORTS for m in one.select("end moved", side="left", family="context mask")]
    moved = [m for m in moved if m.is_available]
    share = found["end moved", "left", "", "context mask"]
    assert share.value == pytest.approx(sum(m.value * m.n for m in moved) / sum(m.n for m in moved))
    assert share.value > 0


def test_what_was_never_available_says_so():
    found = named(boundary_summary(REPORTS[-1:]))
    assert found["margin", "right", "", ""].note == "it was not available for any entity"
    assert found["margin", "left", "", ""].interval is None and "two documents" in found["margin", "left", "", ""].note


def test_an_entity_without_a_figure_does_not_name_the_scale_of_the_others():
    """`k x y` has nothing right of it: no margin, index or region there."""
    both = named(boundary_summary([REPORTS[-1], REPORTS[0]], documents=["a", "b"]))
    alone = named(boundary_summary([REPORTS[0]]))
    checked = [key for key, measure in alone.items() if measure.is_available]
    assert len(checked) > 20
    for key in checked:
        what, better = (measure.scale.split("; n: ")[0] for measure in (both[key], alone[key])), both[key]
        assert len(set(what)) == 1 and better.higher_is_better == alone[key].higher_is_better, key


def test_the_index_is_set_against_its_control():
    model, text = toy.linear_tagger(0).tagger, "de patient heeft ernstige hoofdpijn na koorts , geen astma ."
    reports = [
        boundary_sensitivity(Query(model, Document(text, id=name), [Target(Span(*ends, "Disease"))]), edits=0)
        for name, ends in (("a", (17, 35)), ("b", (39, 45)), ("c", (0, 2)))
    ]
    found = named(boundary_summary(reports))["index over control", "left", "", ""]
    names = ("index", "control index")
    index, control = ([one.measure(name, side="left").value for one in reports[:2]] for name in names)
    assert found.value == pytest.approx(np.mean(index) - np.mean(control)) and found.n == 2


def test_texts_of_one_document_share_its_name():
    one, two = (named(boundary_summary(REPORTS, names))["margin", "left", "", ""] for names in ("abcd", "aabb"))
    assert (one.n, two.n) == (4, 2) and one.value == two.value


def test_clear_errors():
    with pytest.raises(ValueError, match="there are no boundary reports to sum up"):
        boundary_summary([])
    with pytest.raises(ValueError, match="2 documents are named for 4 reports"):
        boundary_summary(REPORTS, ["a", "b"])
    with pytest.raises(ValueError, match="a text has no document id; give `documents`"):
        boundary_summary([report("o y k o", (2, 3), name="")])
