"""Fused methods with their weights held: what remains when the fusion itself may not move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from explain_lib.attribution.estimate import Method
from explain_lib.core import Attribution, Measure, not_available

from .arm_of_target import ArmOfTarget
from .compared import Compared, Shared
from .crossed import crossed
from .explained import Job, Seeds, run
from .figures import CORRECTED, EDITS

NAME = "stability, weights held"


@runtime_checkable
class Holdable(Protocol):
    """A method that is fitted to each text, and that can keep what it found on one of them."""

    def held(self, attribution: Attribution) -> Method:
        """The method with the weights of this attribution, which it made itself."""
        ...


def held_measures(
    parts: Sequence[ArmOfTarget], abouts: Sequence[Mapping[str, str]], seeds: Seeds, rng: int
) -> Iterator[Measure]:
    """The stability of each target in each arm where every edit keeps the weights of the text, and so does the text.

    The text is explained with its weights held too: a fusion may have averaged its members over edits, which held
    weights do not. The rows are those of the refitted explanations, whose seeds they share. `n_evals` is not counted
    again.
    """
    jobs, places = [], []
    for number, part in enumerate(parts):
        method = part.text.method
        assert isinstance(method, Holdable)
        fixed, whole = method.held(part.text), part.explained.question.query.with_targets(part.text.targets)
        jobs.append(Job(number, -1, whole, fixed, seeds.text[0]))
        places.append((number, -1))
        for k in part.compared.numbers.tolist():
            asked = part.explained.question.of_target(part.drawn.edited[k], part.index)
            jobs.append(Job(number, k, asked, fixed, seeds.edits[k]))
            places.append((number, k))
    found = dict(zip(places, run(jobs, parts[0].explained.question.query.evaluations.report), strict=True))
    for number, (part, about) in enumerate(zip(parts, abouts, strict=True)):
        text, own = found[number, -1], {k: found[number, k] for k in part.compared.numbers.tolist()}
        if isinstance(text, Exception):
            raise text
        yield _measure(part, text, own, {**about, "family": "all families"}, rng)


def _measure(
    part: ArmOfTarget,
    text: Attribution,
    found: Mapping[int, Attribution | Exception],
    about: Mapping[str, str],
    rng: int,
) -> Measure:
    shared = {
        k: Shared.of(text, one, part.drawn.unit_of[k]) for k, one in found.items() if isinstance(one, Attribution)
    }
    if not shared:
        return not_available(NAME, "no edit is compared", about=about)
    compared = Compared.of([text], shared)
    likeness = compared.likeness(rng)
    figure = crossed(likeness.stability, 1, len(compared.numbers), (-1, 1))
    scale, n = f"{CORRECTED}; {EDITS}", len(compared.numbers)
    return Measure(NAME, figure.value, figure.interval, n, scale, True, about, "the headline fits the fusion anew")
