"""One-to-one matching against all matchings of small cases."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Span
from explain_lib.evaluation.entities import Tier, intersection_over_union, match_spans


@st.composite
def small_spans(draw: st.DrawFn) -> Span:
    """A span of up to two fragments in a text of ten characters, of one of two types."""
    cuts = sorted(draw(st.sets(st.integers(0, 10), min_size=2, max_size=4)))
    return Span.from_fragments(zip(cuts[::2], cuts[1::2], strict=False), draw(st.sampled_from("AB")))


lists = st.lists(small_spans(), max_size=4)


def characters(span: Span) -> set[int]:
    return {at for start, end in span.parts for at in range(start, end)}


def plain_iou(one: Span, other: Span) -> float:
    a, b = characters(one), characters(other)
    return len(a & b) / len(a | b)


def plain_tier(one: Span, other: Span) -> Tier | None:
    if not characters(one) & characters(other):
        return None
    is_exact, same = characters(one) == characters(other), one.label == other.label
    return Tier(2 * (not is_exact) + (not same))


def best(gold: list[Span], predicted: list[Span], tier: Tier) -> tuple[int, float]:
    """The most pairs of a tier, and then the largest sum of overlaps, of all one-to-one choices."""
    found = (0, 0.0)
    for n in range(1, min(len(gold), len(predicted)) + 1):
        for some in combinations(gold, n):
            for others in permutations(predicted, n):
                if all(plain_tier(a, b) == tier for a, b in zip(some, others, strict=True)):
                    total = sum(plain_iou(a, b) for a, b in zip(some, others, strict=True))
                    found = max(found, (n, total))
    return found


@given(lists, lists)
def test_each_tier_makes_most_pairs_and_then_the_largest_overlaps(gold: list[Span], predicted: list[Span]) -> None:
    matching = match_spans(gold, predicted)
    free_gold, free_predicted = list(range(len(gold))), list(range(len(predicted)))
    for tier in Tier:
        n, total = best([gold[i] for i in free_gold], [predicted[j] for j in free_predicted], tier)
        pairs = [match for match in matching.matches if match.tier == tier]
        assert len(pairs) == n and sum(match.iou for match in pairs) == pytest.approx(total)
        assert all(plain_tier(gold[m.gold], predicted[m.predicted]) == tier for m in pairs)
        free_gold = [i for i in free_gold if i not in {m.gold for m in pairs}]
        free_predicted = [j for j in free_predicted if j not in {m.predicted for m in pairs}]
    assert (list(matching.unmatched_gold), list(matching.unmatched_predicted)) == (free_gold, free_predicted)
    together = [(i, j) for i, a in enumerate(gold) for j, b in enumerate(predicted) if characters(a) & characters(b)]
    assert list(matching.touching) == together


@given(lists, lists, st.randoms())
def test_the_order_of_the_lists_does_not_matter(gold: list[Span], predicted: list[Span], random) -> None:
    def pairs(a: list[Span], b: list[Span]) -> list[tuple[Span, Span]]:
        return sorted((a[m.gold], b[m.predicted]) for m in match_spans(a, b).matches)

    before = pairs(gold, predicted)
    random.shuffle(gold)
    random.shuffle(predicted)
    assert pairs(gold, predicted) == before


@given(small_spans(), small_spans())
def test_overlap_is_that_of_character_sets(one: Span, other: Span) -> None:
    assert intersection_over_union(one, other) == plain_iou(one, other)


def test_the_best_pair_does_not_rob_two_others() -> None:
    """Greedy by overlap pairs the first gold with the first prediction, and leaves one missed and one spurious."""
    gold, predicted = [Span(0, 10, "A"), Span(10, 20, "A")], [Span(2, 14, "A"), Span(0, 2, "A")]
    matched = match_spans(gold, predicted)
    assert [(m.gold, m.predicted) for m in matched.matches] == [(0, 1), (1, 0)]


def test_ties_go_to_the_larger_overlap_and_then_to_the_earlier_start() -> None:
    gold = [Span(4, 10, "A")]
    by_overlap = match_spans(gold, [Span(4, 6, "A"), Span(6, 10, "A")]).matches[0]
    by_start = match_spans(gold, [Span(8, 10, "A"), Span(4, 6, "A")]).matches[0]
    assert (by_overlap.predicted, by_start.predicted) == (1, 1)


@given(st.permutations(range(3)), st.permutations(range(3)))
def test_of_equal_overlaps_the_earliest_spans_are_matched(of_gold: list[int], of_predicted: list[int]) -> None:
    """Three against two with overlaps that are all the same, on either side: the last one stays alone."""
    three, two = [Span(0, 1, "A"), Span(2, 3, "A"), Span(4, 5, "A")], [Span(0, 5, "A"), Span(0, 5, "A")]
    gold, predicted = [three[i] for i in of_gold], [three[i] for i in of_predicted]
    assert match_spans(gold, two).unmatched_gold == (of_gold.index(2),)
    assert match_spans(two, predicted).unmatched_predicted == (of_predicted.index(2),)


def test_the_same_type_goes_before_the_larger_overlap() -> None:
    found = match_spans([Span(0, 9, "A")], [Span(0, 8, "B"), Span(8, 9, "A")]).matches[0]
    assert (found.predicted, found.tier) == (1, Tier.OVERLAP_AND_TYPE)


def test_gaps_do_not_overlap() -> None:
    hull = match_spans([Span.from_fragments([(0, 2), (8, 10)], "A")], [Span(3, 7, "A")])
    assert hull.matches == () and hull.touching == ()


def test_a_long_chain_of_spans_is_matched_one_by_one() -> None:
    gold = [Span(3 * i, 3 * i + 4, "A") for i in range(400)]
    predicted = [Span(3 * i + 1, 3 * i + 4, "A") for i in range(400)]
    assert [m.predicted for m in match_spans(gold, predicted).matches] == list(range(400))
