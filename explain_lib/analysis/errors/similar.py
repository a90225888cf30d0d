"""`similar_errors`: the errors of a corpus that look like one error, the most alike first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from explain_lib.core import CorpusTable, Span

from .errors import EntityErrors
from .likeness import Likeness, neighbours, neighbours_alike, profiles_alike, rarity, words_alike
from .outcome import ErrorClass, Outcome
from .profiles import profiles

NAMED = 0.2  # likenesses below are no reason
_WITH_BOTH_LABELS = (ErrorClass.WRONG_TYPE, ErrorClass.WRONG_TYPE_AND_BOUNDARY)


@dataclass(frozen=True)
class SimilarError:
    """An error that is like another one: how much (0 to 1), and why.

    `words`, `neighbours` and `profile` are the likenesses (0 to 1) of the entity's own words, of the words beside it
    and of the words that drive the model; `profile` is NaN where one of both was not explained. `reasons` name what is
    shared, the strongest first. They quote the text, so that `repr` leaves them out.
    """

    outcome: Outcome
    similarity: float
    words: float
    neighbours: float
    profile: float
    reasons: tuple[str, ...] = field(repr=False)


def similar_errors(
    errors: EntityErrors, one: Outcome, n: int = 20, table: CorpusTable | None = None
) -> tuple[SimilarError, ...]:
    """Up to `n` other errors of the class and type of `one` that are like it, the most alike first.

    Type: the label; of errors of the type both labels, gold and predicted. Alike: a likeness of own words (Dice of
    pairs of characters), of up to three units on each side (the share of those of `one`, near and rare ones weighing
    more), and with a `table` of `explain_corpus` of scores by word (cosine; context arm where it is there). Each may
    do alone, so they are joined as 1 − (1 − a)(1 − b)(1 − c). Errors that share nothing are left out. Ties stand in the
    order of the corpus.

    A way to find candidates to look at, no test: likeness of a few characters says little by itself. Cost: the texts of
    the errors of that class near their entities, and a search for six words in all texts. Raises ValueError where `one`
    is correct or is not in `errors`, where `n` < 1, and for a table of several methods.
    """
    _check(errors, one, n)
    others = [other for other in errors.errors if _kind(other) == _kind(one) and _place(other) != _place(one)]
    scored = profiles(table, [one, *others]) if table is not None else [None] * (1 + len(others))
    beside = neighbours(errors.documents[one.text], one.start, one.end)
    rare = rarity((word for _, word in beside), errors.documents)
    found = []
    for other, profile in zip(others, scored[1:], strict=True):
        there = neighbours(errors.documents[other.text], other.start, other.end, rare) if rare else {}
        found.append(_similar(other, [
            words_alike(_words(errors, one), _words(errors, other)), neighbours_alike(beside, there, rare),
            profiles_alike(scored[0], profile),
        ]))  # fmt: skip
    alike = [similar for similar in found if similar.similarity > 0]
    return tuple(sorted(alike, key=lambda similar: -similar.similarity)[:n])


def _similar(other: Outcome, likenesses: Sequence[Likeness]) -> SimilarError:
    known = [one for one in likenesses if not math.isnan(one.value)]
    most = max(one.value for one in known)
    named = [one for one in known if one.value > 0 and (one.value >= NAMED or one.value == most)]
    reasons = tuple(one.reason for one in sorted(named, key=lambda one: -one.value))
    words, beside, profile = (one.value for one in likenesses)
    return SimilarError(other, 1 - math.prod(1 - one.value for one in known), words, beside, profile, reasons)


def _check(errors: EntityErrors, one: Outcome, n: int) -> None:
    if n < 1:
        raise ValueError(f"n is {n}; ask for at least one error.")
    if all(_place(other) != _place(one) for other in errors.outcomes):
        raise ValueError("the outcome is none of these errors; take it from errors.errors or errors.select(…).")
    if one.error is ErrorClass.CORRECT:
        raise ValueError("the outcome is correct, so that there is no error to compare; choose one of errors.errors.")


def _kind(one: Outcome) -> tuple[ErrorClass, str, str]:
    """Class and type; errors of the type are of one kind only where both labels are the same."""
    other = one.predicted.label if one.predicted and one.error in _WITH_BOTH_LABELS else ""
    return one.error, one.label, other


def _place(one: Outcome) -> tuple[int, Span | None, Span | None, ErrorClass]:
    return one.text, one.gold, one.predicted, one.error  # not the confidence, which may be NaN


def _words(errors: EntityErrors, one: Outcome) -> str:
    span = one.gold or one.predicted
    return span.text_of(errors.documents[one.text].text) if span else ""
