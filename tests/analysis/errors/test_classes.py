"""Error classes by example, against a slow re-implementation, and what must hold for any spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.analysis.errors import EntityErrors, ErrorClass, entity_errors
from explain_lib.analysis.errors.tangle import Tangle
from explain_lib.core import Document, Prediction, Span
from explain_lib.evaluation.entities import match_spans

C = ErrorClass
TEXT = "breast and ovarian cancer, flu"


def errors(gold: list[Span], predicted: list[Span], text: str = TEXT, lang: str = "en") -> EntityErrors:
    document = Document(text, lang, tuple(gold), "d")
    return entity_errors([document], [Prediction(tuple(predicted), np.full(len(predicted), 0.5))])


def found(gold: list[Span], predicted: list[Span]) -> list[str]:
    return [str(one.error) for one in errors(gold, predicted).outcomes]


def spans(*ends: tuple[int, int] | tuple[int, int, str]) -> list[Span]:
    return [Span(*one) if len(one) == 3 else Span(*one, "A") for one in ends]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        (spans((0, 6)), spans((0, 6)), ["correct"]),
        (spans((0, 6)), spans((0, 6, "B")), ["wrong type"]),
        (spans((0, 6)), spans((0, 5, "B")), ["wrong type and boundary"]),
        (spans((0, 6)), spans((1, 5)), ["too short"]),
        (spans((1, 5)), spans((0, 6)), ["too long"]),
        (spans((0, 6)), spans((3, 9)), ["shifted"]),
        (spans((0, 6)), [], ["missed"]),
        ([], spans((0, 6)), ["spurious"]),
        (spans((0, 9)), spans((0, 3), (5, 9)), ["split", "split"]),
        (spans((0, 9)), spans((0, 3, "B"), (5, 9)), ["split", "split"]),
        (spans((0, 3), (5, 9)), spans((0, 9)), ["swallowed", "swallowed"]),
        # equal spans are taken out first: the inner gold is missed, the inner prediction spurious
        (spans((0, 9), (0, 3)), spans((0, 9)), ["missed", "correct"]),
        (spans((0, 9)), spans((0, 9), (0, 3)), ["spurious", "correct"]),
        # a chain: the first gold meets both predictions, the second only one that meets two
        (spans((0, 5), (6, 10)), spans((0, 3), (4, 8)), ["split", "swallowed"]),
        # gaps belong to nobody
        ([Span.from_fragments([(0, 3), (6, 9)], "A")], spans((3, 6)), ["missed", "spurious"]),
        ([Span.from_fragments([(0, 3), (6, 9)], "A")], spans((0, 9)), ["too long"]),
        ([Span.from_fragments([(0, 3), (6, 9)], "A")], spans((0, 3)), ["too short"]),
        ([], [], []),
    ],
)  # fmt: skip
def test_classes_by_example(gold: list[Span], predicted: list[Span], expected: list[str]) -> None:
    assert found(gold, predicted) == expected


def test_shifts_and_overlap_are_in_characters() -> None:
    one = errors(spans((4, 10)), spans((2, 7))).outcomes[0]
    assert (one.shift_left, one.shift_right, one.iou, one.confidence) == (-2, -3, 3 / 8, 0.5)
    missed, spurious = errors(spans((0, 3)), spans((5, 9))).outcomes
    assert (missed.shift_left, missed.shift_right, missed.iou) == (None, None, 0) and np.isnan(missed.confidence)
    assert (spurious.gold, spurious.confidence, spurious.label) == (None, 0.5, "A")


@pytest.mark.parametrize(
    ("text", "lang", "gold", "flag"),
    [
        ("breast and ovarian cancer", "en", spans((0, 6), (11, 25)), "conjunction"),
        ("borst of eierstok", "nl", spans((0, 5), (9, 17)), "conjunction"),
        ("cancer of breast", "en", spans((0, 6), (10, 16)), ""),  # "of" is "or" in Dutch only
        ("发热、咳嗽", "zh", spans((0, 2), (3, 5)), "conjunction"),
        ("发热和咳嗽", "", spans((0, 2), (3, 5)), "conjunction"),
        ("fever with cough", "en", spans((0, 5), (11, 16)), ""),
        ("band sand hand", "en", spans((0, 4), (10, 14)), ""),  # inside a word
        # the second gold has a gap in which the conjunction stands, in nobody's characters
        ("lip and oral cancer", "en", [Span.from_fragments([(0, 3), (13, 19)], "A"), Span(8, 19, "A")], "conjunction"),
    ],
)  # fmt: skip
def test_a_conjunction_between_swallowed_entities_is_flagged(text: str, lang: str, gold: list[Span], flag: str) -> None:
    outcomes = errors(gold, [Span(0, len(text), "A")], text, lang).outcomes
    assert [(one.error, one.flag) for one in outcomes] == [(C.SWALLOWED, flag)] * 2


def test_gold_is_probably_missing_where_the_same_words_are_gold_elsewhere_or_the_model_is_sure() -> None:
    documents = [Document("Flu today", "en", tuple(spans((0, 3))), "a"), Document("no flu", "en", (), "b")]

    def flags(*predicted: Prediction) -> list[tuple[str, str]]:
        return [(one.document, one.flag) for one in entity_errors(documents, predicted).outcomes]

    gone, flu, no = Prediction(), spans((3, 6)), spans((0, 2))
    assert flags(gone, Prediction(tuple(flu), [0.2])) == [("a", ""), ("b", "gold probably missing")]
    assert flags(gone, Prediction(tuple(no), [0.94])) == [("a", ""), ("b", "")]
    assert flags(gone, Prediction(tuple(no), [0.95])) == [("a", ""), ("b", "gold probably missing")]
    other_type = Prediction((Span(3, 6, "B"),), [0.2])
    assert flags(gone, other_type) == [("a", ""), ("b", "")]
    twice = Prediction(tuple(spans((0, 3), (0, 3))), [0.2, 0.2])  # gold where it stands is not elsewhere
    assert flags(twice, gone) == [("a", ""), ("a", "")]


@st.composite
def small_spans(draw: st.DrawFn) -> Span:
    cuts = sorted(draw(st.sets(st.integers(0, 9), min_size=2, max_size=4)))
    return Span.from_fragments(zip(cuts[::2], cuts[1::2], strict=False), draw(st.sampled_from("AB")))


lists = st.lists(small_spans(), max_size=3)


def owned(span: Span) -> frozenset[int]:
    return frozenset(at for start, end in span.parts for at in range(start, end))


def best_pairs(gold: set[int], predicted: set[int], fits, weight) -> Iterator[frozenset[tuple[int, int]]]:
    """Every one-to-one choice of fitting pairs with the most pairs and then the largest weight."""
    choices: dict[tuple[int, float], list[frozenset[tuple[int, int]]]] = {(0, 0.0): [frozenset()]}
    for n in range(1, min(len(gold), len(predicted)) + 1):
        for some in combinations(sorted(gold), n):
            for others in permutations(sorted(predicted), n):
                pairs = frozenset(zip(some, others, strict=True))
                if all(fits(*pair) for pair in pairs):
                    total = round(sum(weight(*pair) for pair in pairs), 6)
                    choices.setdefault((n, total), []).append(pairs)
    yield from choices[max(choices)]


def plain_counts(gold: list[Span], predicted: list[Span]) -> list[Counter[str]]:
    """The counts of classes, for every matching that the rules leave open (ties)."""
    g, p = [owned(span) for span in gold], [owned(span) for span in predicted]
    same = lambda i, j: gold[i].label == predicted[j].label  # noqa: E731
    exact = lambda i, j: g[i] == p[j]  # noqa: E731
    meets = lambda i, j: bool(g[i] & p[j])  # noqa: E731
    steps = [lambda i, j: exact(i, j) and same(i, j), exact, lambda i, j: meets(i, j) and same(i, j), meets]
    weight = lambda i, j: len(g[i] & p[j]) / len(g[i] | p[j])  # noqa: E731
    matchings = [frozenset[tuple[int, int]]()]
    for fits in steps:
        matchings = [
            before | more
            for before in matchings
            for more in best_pairs(
                set(range(len(g))) - {i for i, _ in before}, set(range(len(p))) - {j for _, j in before}, fits, weight
            )
        ]

    def count(pairs: frozenset[tuple[int, int]]) -> Counter[str]:
        of_gold, of_predicted = dict(pairs), {j: i for i, j in pairs}
        left_gold = [i for i in range(len(g)) if not (i in of_gold and exact(i, of_gold[i]))]
        left_predicted = [j for j in range(len(p)) if not (j in of_predicted and exact(of_predicted[j], j))]
        n_predicted = {i: sum(meets(i, j) for j in left_predicted) for i in left_gold}
        n_gold = {j: sum(meets(i, j) for i in left_gold) for j in left_predicted}

        def class_of(i: int | None, j: int | None) -> str:
            if i is not None and j is not None and exact(i, j):
                return "correct" if same(i, j) else "wrong type"
            golds = [i] if i is not None else [k for k in left_gold if meets(k, j)]
            predictions = [j] if j is not None else [k for k in left_predicted if meets(i, k)]
            if any(n_predicted[k] >= 2 for k in golds):
                return "split"
            if any(n_gold[k] >= 2 for k in predictions):
                return "swallowed"
            if i is None or j is None:
                return "missed" if j is None else "spurious"
            if not same(i, j):
                return "wrong type and boundary"
            return "too short" if p[j] < g[i] else "too long" if p[j] > g[i] else "shifted"

        alone = [(None, j) for j in range(len(p)) if j not in of_predicted]
        return Counter(class_of(i, j) for i, j in [*((i, of_gold.get(i)) for i in range(len(g))), *alone])

    return [count(pairs) for pairs in set(matchings)]


@given(lists, lists)
def test_counts_are_those_of_a_slow_reimplementation(gold: list[Span], predicted: list[Span]) -> None:
    assert Counter(found(gold, predicted)) in plain_counts(gold, predicted)


@given(lists, lists)
def test_classes_sum_to_gold_and_unmatched_predictions(gold: list[Span], predicted: list[Span]) -> None:
    outcomes = errors(gold, predicted).outcomes
    assert sorted(one.gold for one in outcomes if one.gold) == sorted(gold)
    assert sorted(one.predicted for one in outcomes if one.predicted) == sorted(predicted)
    unmatched = sum(one.gold is None for one in outcomes)
    assert len(outcomes) == len(gold) + unmatched == sum(errors(gold, predicted).counts.values())


@given(lists, lists, st.randoms())
def test_the_order_of_spans_does_not_matter(gold: list[Span], predicted: list[Span], random) -> None:
    before = errors(gold, predicted).outcomes
    random.shuffle(gold)
    random.shuffle(predicted)
    assert Counter(map(str, errors(gold, predicted).outcomes)) == Counter(map(str, before))


MIRROR = {C.TOO_SHORT: C.TOO_LONG, C.MISSED: C.SPURIOUS, C.SPLIT: C.SWALLOWED}
MIRROR |= {value: key for key, value in MIRROR.items()}


@given(lists, lists)
def test_swapping_the_sides_mirrors_the_classes(gold: list[Span], predicted: list[Span]) -> None:
    """Where both a split and a swallowing apply to one span, the order of the classes decides: those are summed."""
    if len(plain_counts(gold, predicted)) > 1:
        return  # a tie may be settled either way
    one, other = errors(gold, predicted).counts, errors(predicted, gold).counts
    groups = {C.SPLIT, C.SWALLOWED}
    for error in set(C) - groups:
        assert one[error] == other[MIRROR.get(error, error)]
    assert sum(one[error] for error in groups) == sum(other[error] for error in groups)
    tangle = Tangle.of(match_spans(gold, predicted))
    if not any(len(p) > 1 and any(len(tangle.golds_of(j)) > 1 for j in p) for p in tangle.predicted_at.values()):
        assert (one[C.SPLIT], one[C.SWALLOWED]) == (other[C.SWALLOWED], other[C.SPLIT])
