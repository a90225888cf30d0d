"""Explanations of a text and of its edits, all with seeds of their own, run together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Method
from explain_lib.attribution.explain import explanation
from explain_lib.core import Attribution
from explain_lib.models.protocols import Tick
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, stream
from explain_lib.perturbation.together import answers

from .questions import Question

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Seeds:
    """One seed for every explanation: of the text, of the text again, and of each edit by its place in the bank.

    They do not depend on the method, so methods with one design of rows share rows on every edit.
    """

    text: tuple[int, ...]
    edits: tuple[int, ...]

    @classmethod
    def of(cls, rng: Rng, n_noise: int, n_edits: int) -> Seeds:
        """Drawn from two streams: more edits or more explanations leave the others' seeds as they are."""
        purposes = ("stability text", n_noise + 1), ("stability edits", n_edits)
        return cls(*(tuple(stream(rng, name).integers(2**63, size=n).tolist()) for name, n in purposes))


@dataclass(frozen=True, eq=False)
class Explained:
    """One question's explanations: `text`, of the text (one where nothing is drawn), and `edits`, by place in the bank.

    An edited text holds the targets whose prediction it left alone. `failed` says why some edits have no explanation.
    """

    question: Question
    text: tuple[Attribution, ...]
    edits: Mapping[int, Attribution]
    failed: Mapping[int, str] = field(default_factory=dict)


class Job(NamedTuple):
    """One explanation to make: for which question, of which edit (−1: the text itself)."""

    question: int
    edit: int
    query: Query
    method: Method
    seed: int


def explain_all(
    questions: Sequence[Question], edited: Sequence[Query], kept: Bools, method: Method, seeds: Seeds
) -> list[Explained]:
    """Explain the text twice, and, unless both came out the same, as often as there are seeds; and every edit.

    `kept` bool[edits, targets]: which targets to explain on which edit. All missing rows of a step are run together.
    Raises the method's error for the text; errors on edits are noted. Watched by the tick of the questions' query.
    """
    watch = questions[0].query.evaluations.report
    of_text = [Job(q, -1, one.query, method, seed) for q, one in enumerate(questions) for seed in seeds.text[:2]]
    first = run(of_text, watch)
    for error in (found for found in first if isinstance(found, Exception)):
        raise error
    again = {q for q, pair in enumerate(_by_question(of_text, first, len(questions))) if _differ(pair)}
    jobs = [Job(q, -1, questions[q].query, method, seed) for q in sorted(again) for seed in seeds.text[2:]]
    for q, question in enumerate(questions):
        on_edits = [(k, question.on(each, kept[k])) for k, each in enumerate(edited)]
        jobs += [Job(q, k, asked, method, seeds.edits[k]) for k, asked in on_edits if asked is not None]
    results = [*zip(of_text, first, strict=True), *zip(jobs, run(jobs, watch), strict=True)]
    return [_gathered(question, q, results, q in again) for q, question in enumerate(questions)]


def run(jobs: Sequence[Job], watch: Tick) -> list[Attribution | Exception]:
    """Make explanations, their missing rows together; an error of one leaves the others alone."""
    found: dict[int, Attribution | Exception] = {}
    for index, one in answers([explanation(job.query, job.method, job.seed) for job in jobs], watch):
        found[index] = one
        watch(len(found), len(jobs))  # methods that run no rows can be stopped between texts
    return [found[i] for i in range(len(jobs))]


def _by_question(jobs: Sequence[Job], found: Sequence[Attribution | Exception], n: int) -> list[list[Attribution]]:
    pairs = list(zip(jobs, found, strict=True))
    return [[one for job, one in pairs if job.question == q and isinstance(one, Attribution)] for q in range(n)]


def _differ(explanations: Sequence[Attribution]) -> bool:
    return any(not np.array_equal(one.scores, explanations[0].scores) for one in explanations[1:])


def _gathered(
    question: Question, number: int, results: Sequence[tuple[Job, Attribution | Exception]], is_drawn: bool
) -> Explained:
    own = [(job, one) for job, one in results if job.question == number]
    text = tuple(one for job, one in own if job.edit < 0 and isinstance(one, Attribution))
    edits = {job.edit: one for job, one in own if job.edit >= 0 and isinstance(one, Attribution)}
    failed = {job.edit: f"{type(one).__name__}: {one}" for job, one in own if isinstance(one, Exception)}
    return Explained(question, text if is_drawn else text[:1], edits, failed)
