"""Words beside entities: the right units, sides kept apart, margins where the table has them."""

from __future__ import annotations

import numpy as np
import pytest
from planted_table import table

from explain_lib.attribution.global_importance import BoundaryLexicon, explain_global
from explain_lib.core import Span, Target
from explain_lib.core.table import joined

# the severe old lesion of skin now: "old lesion" is the entity, characters 11 to 21
UNITS = ["the", "severe", "old", "lesion", "of", "skin", "now"]
SPAN = Span(11, 21, "Disease")


def rows(target, scores, document="d", arm="context"):
    return table([(document, target, list(zip(UNITS, scores, strict=True)))], arm)


def found(corpus, **settings):
    result = explain_global(corpus, BoundaryLexicon(kappa=0, **settings))
    low = {
        (feature, label): result.scores[i, j]
        for i, feature in enumerate(result.features)
        for j, label in enumerate(result.labels)
        if result.counts[i, j]
    }
    return low, result


def test_neighbours_of_both_ends():
    low, result = found(rows(Target(SPAN), [1, 2, 3, 4, 5, 6, 7]))
    assert low == {("severe", "Disease · left"): 2.0, ("of", "Disease · right"): 5.0}
    assert "the table holds no margins" in result.quantity
    low, _ = found(rows(Target(SPAN), [1, 2, 3, 4, 5, 6, 7]), reach=2)
    assert low == {
        ("the", "Disease · left"): 1.0, ("severe", "Disease · left"): 2.0,
        ("of", "Disease · right"): 5.0, ("skin", "Disease · right"): 6.0,
    }  # fmt: skip


def test_inside_the_ends():
    whole = rows(Target(SPAN), [1, 2, 3, 4, 5, 6, 7], arm="all units")
    low, _ = found(whole, where="own")
    assert low == {("old", "Disease · left"): 3.0, ("lesion", "Disease · right"): 4.0}
    low, _ = found(whole, where="both")
    assert set(low) == {
        ("severe", "Disease · left"), ("old", "Disease · left"),
        ("of", "Disease · right"), ("lesion", "Disease · right"),
    }  # fmt: skip


def test_margins_are_read_at_their_own_end_and_go_before_scores_of_spans():
    corpus = joined([
        rows(Target(SPAN), [9, 9, 9, 9, 9, 9, 9]),
        rows(Target(SPAN, margin="left"), [1, 2, 0, 0, -8, 0, 0]),
        rows(Target(SPAN, margin="right"), [0, -9, 0, 0, 3, 4, 0]),
    ])  # fmt: skip
    low, result = found(corpus)
    assert low == {("severe", "Disease · left"): 2.0, ("of", "Disease · right"): 3.0}
    assert "margin at that end" in result.quantity and result.labels == ("Disease · left", "Disease · right")


def test_an_entity_at_the_start_of_its_text_has_no_left_neighbour():
    first = table([("d", Target(Span(0, 3, "Drug")), [("the", 0.0), ("of", 2.0)])])
    low, _ = found(first)
    assert low == {("of", "Drug · right"): 2.0}
    alone = table([("d", Target(Span(0, 3, "Drug")), [("the", 1.0)])], "all units")
    with pytest.raises(ValueError, match="no unit of the table is left"):
        found(alone)
    far = table([("d", Target(label="Cardiology"), [("the", 1.0)])], "all units")
    with pytest.raises(ValueError, match="no unit of the table stands beside a span"):
        found(far)


def test_only_the_next_unit_counts_where_units_are_not_active():
    """The unit beside the entity lies outside the window: the one behind it is no neighbour."""
    corpus = rows(Target(SPAN), [1, 2, 3, 4, 5, 6, 7])
    active = corpus.column("active") & (corpus.column("unit_text") != "severe")
    low, _ = found(corpus.select(active | np.isin(corpus.column("unit_text"), ["old", "lesion"])))
    assert low == {("of", "Disease · right"): 5.0}


def test_planted_starters_are_found_over_documents():
    rng = np.random.default_rng(0)
    made = []
    for number in range(40):
        word = UNITS[number % 2]  # "the" or "severe" before the entity
        target = Target(Span(len(word) + 1, len(word) + 7, "Disease"), margin="left")
        score = (2.0 if word == "severe" else -1.0) + rng.normal(0, 0.5)
        made.append((f"d{number}", target, [(word, score), ("lesion", 0.0), ("now", rng.normal())]))
    result = explain_global(table(made), BoundaryLexicon(kappa=0))
    assert result.labels == ("Disease · left",)
    assert [entry.feature for entry in result.top("Disease · left")] == ["severe", "the"]
    assert result.top("Disease · left")[0].low > 0 > result.top("Disease · left")[1].high


def test_settings_are_checked():
    with pytest.raises(ValueError, match="kappa is 10.0 and reach 0; they are at least 0 and 1"):
        BoundaryLexicon(reach=0)
    with pytest.raises(ValueError, match="kappa is nan and reach 1"):
        BoundaryLexicon(kappa=float("nan"))
