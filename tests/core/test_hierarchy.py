"""Hierarchies: nested groups over units, from levels of text or written down."""

from __future__ import annotations

import numpy as np
import pytest

from explain_lib.core import Document, Hierarchy, Span, Units, entity_units, hierarchy
from explain_lib.corpora import characters, clauses, default_units, sentences, words

ZH = Document(
    "患者否认发热，无咳嗽。予阿司匹林。", lang="zh", spans=(Span(4, 6, "S"), Span(8, 10, "S"), Span(12, 16, "D"))
)


def units_of(document: Document, *bounds: tuple[int, int]) -> Units:
    return Units(document, np.array(bounds))


def test_chinese_characters_words_clauses_and_sentences_nest() -> None:
    units = default_units(ZH)
    tree = hierarchy(units, [words, clauses, sentences]).tree
    assert tree == (
        (((0, 1), (2, 3), (4, 5), 6), (7, (8, 9), 10)),
        (11, (12, 13, 14, 15), 16),
    )  # fmt: skip
    assert hierarchy(units, [sentences]).groups == (tuple(range(11)), tuple(range(11, 17)))


def test_entities_are_groups_and_the_rest_stands_alone() -> None:
    tree = hierarchy(default_units(ZH), [entity_units]).tree
    assert tree == (0, 1, 2, 3, (4, 5), 6, 7, (8, 9), 10, 11, (12, 13, 14, 15), 16)
    predicted = entity_units(ZH, [Span(2, 5, "A"), Span(4, 6, "B")])
    np.testing.assert_array_equal(predicted.bounds, [[2, 6]])
    inner = hierarchy(default_units(ZH), [predicted, sentences]).tree
    assert inner[0] == (0, 1, (2, 3, 4, 5), 6, 7, 8, 9, 10)


def test_no_group_cuts_what_lies_below() -> None:
    document = Document("aa bb cc dd ee")
    units = units_of(document, (0, 2), (3, 8), (9, 11), (12, 14))
    halves = units_of(document, (0, 5), (6, 14))  # the border runs through the unit "bb cc"
    assert hierarchy(units, [halves]).tree == ((0, 1, 2, 3),)
    crossing = units_of(document, (3, 11))
    sides = units_of(document, (0, 8), (9, 14))
    assert hierarchy(units, [crossing, sides]).tree == ((0, (1, 2), 3),)
    assert hierarchy(units, [sides, units_of(document, (0, 14))]).tree == (((0, 1), (2, 3)),)


def test_a_text_without_any_group_is_flat() -> None:
    document = Document("aa bb cc")
    units = default_units(document)
    assert hierarchy(units, [entity_units]).tree == (0, 1, 2)
    assert hierarchy(units, [words, sentences]).tree == ((0, 1, 2),)  # one sentence: a single group
    assert hierarchy(units, []).tree == (0, 1, 2)


def test_levels_from_coarse_to_fine_are_refused() -> None:
    with pytest.raises(ValueError, match="a level of 17 groups cuts the groups of the level before it, 2 are left"):
        hierarchy(default_units(ZH), [sentences, characters])


def test_a_level_of_another_document_is_refused() -> None:
    other = default_units(Document("other"))
    with pytest.raises(ValueError, match="a level belongs to another document"):
        hierarchy(default_units(ZH), [other])


def test_inactive_units_drop_out_and_the_rest_is_counted_anew() -> None:
    whole = Hierarchy(((0, 1), (2, (3, 4)), 5))
    active = np.array([True, False, False, True, True, True])
    assert whole.restricted(active) == Hierarchy((0, (1, 2), 3))
    assert whole.restricted(np.zeros(6, dtype=bool)) == Hierarchy(())
    only = np.arange(6) == 4
    assert whole.restricted(only) == Hierarchy((0,))
    with pytest.raises(ValueError, match="the hierarchy holds 6 units, the question 2. Build it from the same units"):
        whole.restricted(np.ones(2, dtype=bool))


def test_groups_of_one_group_are_that_group() -> None:
    assert Hierarchy((((0, 1), (2,)),)) == Hierarchy((((0, 1), 2),))
    assert Hierarchy(((((0,),),),)).tree == (0,) and Hierarchy((((0, 1),),)).groups == ((0, 1),)
    assert Hierarchy(((0, 1), 2)).n_units == 3


@pytest.mark.parametrize("tree", [(0, 2), (0, 0), ((1, 2), 3)])
def test_each_unit_stands_in_it_once(tree: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a hierarchy names each unit from 0 on exactly once; this one names"):
        Hierarchy(tree)


def test_halves_of_neighbours() -> None:
    assert Hierarchy((0, 1, 2, 3, 4)).halved().tree == (((0, 1), 2), (3, 4))
    assert Hierarchy(((0, 1, 2), (3, 4), 5)).halved().tree == ((((0, 1), 2), (3, 4)), 5)
    assert Hierarchy((0,)).halved() == Hierarchy((0,)) and Hierarchy(()).halved() == Hierarchy(())
    assert eval(repr(Hierarchy(((0, 1), 2)))) == Hierarchy(((0, 1), 2))  # noqa: S307
