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
from explain_lib.perturbation.streams import edit_seed, seed_for, stream
from explain_lib.perturbation.together import answers

from .drawn import Drawn
from .questions import Question

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Seeds:
    """One seed for every explanation: of the text, of the text again, and of each edit by its place in the bank.

    The first is that of `explain`, so that what is judged is the explanation that was shown, at no further row; those
    of edits are the ones with which a fusion explains the edits of a bank that it is given. They do not depend on the
    method, so methods with one design of rows share rows on every edit.
    """

    text: tuple[int, ...]
    edits: tuple[int, ...]

    @classmethod
    def of(cls, rng: int, n_noise: int, n_edits: int) -> Seeds:
        """More edits or more explanations leave the others' seeds as they are."""
        again: list[int] = stream(rng, "stability text").integers(2**63, size=n_noise).tolist()
        shown = seed_for(rng, "explain")
        return cls((rng, *again), tuple(edit_seed(shown, k) for k in range(n_edits)))


@dataclass(frozen=True, eq=False)
class Explained:
    """One question's explanations: `text`, of the text (one where nothing is drawn), and `edits`, by place in the bank.

    An edited text holds the targets whose prediction it left alone. `asked` bool[edits]: the edits that were tried;
    `failed` says why some of them have no explanation.
    """

    question: Question
    text: tuple[Attribution, ...]
    edits: Mapping[int, Attribution]
    asked: Bools
    failed: Mapping[int, str]


class Job(NamedTuple):
    """One explanation to make: for which question, of which edit (−1: the text itself)."""

    question: int
    edit: int
    query: Query
    method: Method
    seed: int


@dataclass(frozen=True, eq=False)
class Explanations:
    """Explanations of a text and its edits, made when they are first asked for and then kept."""

    questions: tuple[Question, ...]
    drawn: Drawn
    method: Method
    seeds: Seeds
    _known: dict[tuple[int, int, int], Attribution | Exception] = field(default_factory=dict, repr=False)

    def of(self, asked: Bools) -> list[Explained]:
        """Every question's explanations of the text and of the edits bool[edits] that are asked for.

        The text is explained twice, and, once all edits are asked for, as often as there are seeds, unless the first
        two came out the same. All missing rows of a step are run together. Raises the method's error for the text;
        errors on edits are noted.
        """
        most = len(self.seeds.text) if asked.all() else 2
        self._make([job for q in range(len(self.questions)) for job in self._of_text(q, 2)])
        n_text = [most if self._differ(q) else 1 for q in range(len(self.questions))]
        jobs = [job for q, n in enumerate(n_text) for job in self._of_text(q, n)]
        self._make([*jobs, *(job for q in range(len(self.questions)) for job in self._of_edits(q, asked))])
        return [self._gathered(q, n, asked) for q, n in enumerate(n_text)]

    def _of_text(self, q: int, n: int) -> list[Job]:
        return [Job(q, -1, self.questions[q].query, self.method, seed) for seed in self.seeds.text[:n]]

    def _of_edits(self, q: int, asked: Bools) -> list[Job]:
        queries = {k: self.questions[q].on(self.drawn.edited[k], self.drawn.kept[k]) for k in np.flatnonzero(asked)}
        seeds = self.seeds.edits
        return [Job(q, int(k), one, self.method, seeds[k]) for k, one in queries.items() if one is not None]

    def _make(self, jobs: Sequence[Job]) -> None:
        missing = [job for job in jobs if _key(job) not in self._known]
        found = run(missing, self.questions[0].query.evaluations.report)
        self._known.update((_key(job), one) for job, one in zip(missing, found, strict=True))
        for error in (self._known[_key(job)] for job in jobs if job.edit < 0):
            if isinstance(error, Exception):
                raise error

    def _differ(self, q: int) -> bool:
        first, second = (self._known[_key(job)] for job in self._of_text(q, 2))
        assert isinstance(first, Attribution) and isinstance(second, Attribution)
        return not np.array_equal(first.scores, second.scores)

    def _gathered(self, q: int, n_text: int, asked: Bools) -> Explained:
        of_text = [self._known[_key(job)] for job in self._of_text(q, n_text)]
        found = {job.edit: self._known[_key(job)] for job in self._of_edits(q, asked)}
        text = tuple(one for one in of_text if isinstance(one, Attribution))
        edits = {k: one for k, one in found.items() if isinstance(one, Attribution)}
        failed = {k: f"{type(one).__name__}: {one}" for k, one in found.items() if isinstance(one, Exception)}
        return Explained(self.questions[q], text, edits, asked, failed)


def run(jobs: Sequence[Job], watch: Tick) -> list[Attribution | Exception]:
    """Make explanations, their missing rows together; an error of one leaves the others alone."""
    found: dict[int, Attribution | Exception] = {}
    for index, one in answers([explanation(job.query, job.method, job.seed) for job in jobs], watch):
        found[index] = one
        watch(len(found), len(jobs))  # methods that run no rows can be stopped between texts
    return [found[i] for i in range(len(jobs))]


def _key(job: Job) -> tuple[int, int, int]:
    return job.question, job.edit, job.seed
