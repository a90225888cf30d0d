"""Concept vectors: does a score rise when the states of a text move towards an idea?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.explain import provenance_of
from explain_lib.core import GlobalAttribution
from explain_lib.perturbation.query import Query
from explain_lib.statistics import holm

from .concept_evidence import Evidence, layers_of
from .concepts import Concept
from .document_means import document_means
from .probe import Probe, random_examples
from .result import result_of
from .rows import Rows

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ConceptVectors:
    """The share of targets of a label whose score rises along the direction of a concept (TCAV).

    A linear probe (ridge, closed form) tells states of example units from states of other units behind `layer` (0 is
    the input, None the middle one); its unit normal v is the concept vector, drawn anew `n_random` times with other
    units, other examples (at most `max_examples`) and other documents held back. Moving every active unit along v
    changes the score of a target by ∇·v to first order; the TCAV score is the share of targets with ∇·v > 0.
    Source: Kim et al. (2018).

    Beside it stand `n_random` random concepts with as many examples each: the occurrences of random words for a lexical
    concept, random places for any other; units of the concept take no part in them. A concept is tested as one more
    draw of those: t = (mean − m) / (s·√(1 + 1/n_random)), two-sided (Crawford & Howell, 1998), with Holm's correction
    over concepts and labels. (The t-test of the paper compares means over redraws of the other units: of 60 fixed sets
    of random words it called 86 % significant at .05 in the toy of the tests, this one 6 %.)

    `more`: "accuracy" of the probe on documents held back (.5 is chance: then v means nothing), "derivative" (mean ∇·v,
    score per unit length), "random share", "random derivative", and the adjusted "p share" and "p derivative". Shares
    of random concepts lie near 0 and 1 where slopes of all targets are alike, so "p derivative" has the power there.
    `std_error` is the jackknife over documents for the vectors drawn. Counts are targets.

    Cost: one forward pass a text, and one forward and backward pass a target; `query.watched(tick)` on every query
    reports progress and cancels, and what was read is remembered with the rows of its text. A first-order picture:
    not for saturated scores. Words tell words apart by themselves, so accuracy near 1 is no sign that the model knows
    the idea.
    """

    concepts: tuple[Concept, ...]
    layer: int | None = None
    n_random: int = 30
    max_examples: int = 200
    ridge: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "concepts", tuple(self.concepts))
        names = [concept.name for concept in self.concepts]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"the concepts are named {names}; give at least one, each with a name of its own.")
        if self.n_random < 3 or self.max_examples < 2 or not self.ridge > 0:
            raise ValueError(
                f"n_random is {self.n_random}, max_examples {self.max_examples} and ridge {self.ridge}; they are at "
                "least 3, at least 2, and above 0."
            )

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read Queries on one model; several may share a text (one per entity in the context arm).

        Those without targets add their text's units to the examples and the others.
        """
        queries = _checked(source)
        layer = layers_of(queries[0]).n_layers // 2 if self.layer is None else self.layer
        found = Evidence.of(queries, self.concepts, layer)
        self._check_examples(found)
        report = queries[0].evaluations.report
        tests = [self._tested(found, number, rng, report) for number in range(len(self.concepts))]
        asked = next(query for query in queries if query.targets)
        rows = replace(self._rows(found, [test.rises for test in tests]), arm=asked.arm)
        means = document_means(rows)
        more = {name: np.stack([test.more[name] for test in tests]) for name in tests[0].more}
        for name in ("p share", "p derivative"):
            more[name] = holm(more[name].ravel()).reshape(more[name].shape)
        notes = (f"Layer {layer}; {len(found.slopes)} targets, {len(found.states)} units.",)
        result = result_of(
            self, rows, means, means.mean, np.sqrt(means.variance), "share of targets that rise along the concept",
            more, notes,
        )  # fmt: skip
        return replace(result, provenance=provenance_of(asked, ""))

    def _check_examples(self, found: Evidence) -> None:
        for concept, marks in zip(self.concepts, found.is_example, strict=True):
            n = int(marks.sum())
            if n < 2 or n == len(marks):
                raise ValueError(
                    f"concept {concept.name!r} has {n} examples among {len(marks)} units; it needs at least 2, and "
                    "units that are none."
                )

    def _tested(
        self, found: Evidence, number: int, rng: np.random.Generator, report: Callable[[int, int], None]
    ) -> _Test:
        """A concept against its random ones: signs of every target, and the numbers of `more` by label."""
        concept, marks = self.concepts[number], found.is_example[number]
        probe = Probe(found.states, found.document, self.max_examples, self.ridge)
        first, in_all = 2 * number * self.n_random, 2 * len(self.concepts) * self.n_random
        draws = _reported(range(first, first + 2 * self.n_random), in_all, report)
        own = [probe.fit(marks, rng) for _ in islice(draws, self.n_random)]
        n = min(int(marks.sum()), self.max_examples)
        words = found.word if concept.is_lexical else np.arange(len(found.word))
        others = [probe.fit(random_examples(words, marks, n, rng), rng, marks) for _ in draws]
        along, beside = (found.slopes @ np.stack([v.direction for v in fits], axis=1) for fits in (own, others))
        accuracy = np.array([vector.accuracy for vector in own])
        known = accuracy[~np.isnan(accuracy)]
        share, random_share = _by_label(found, along > 0), _by_label(found, beside > 0)
        slope, random_slope = _by_label(found, along), _by_label(found, beside)
        more = {
            "accuracy": np.full(len(found.labels), known.mean() if len(known) else np.nan),
            "derivative": slope.mean(axis=1), "random share": random_share.mean(axis=1),
            "random derivative": random_slope.mean(axis=1),
            "p share": _single_case(share, random_share), "p derivative": _single_case(slope, random_slope),
        }  # fmt: skip
        return _Test((along > 0).mean(axis=1), more)

    def _rows(self, found: Evidence, rises: Sequence[Floats]) -> Rows:
        n, n_concepts = len(found.slopes), len(self.concepts)
        of_target = np.tile(np.arange(n), n_concepts)
        return Rows(
            tuple(concept.name for concept in self.concepts), found.labels, found.documents,
            np.repeat(np.arange(n_concepts), n), found.label[of_target], found.target_document[of_target], of_target,
            np.concatenate(rises), np.zeros(n * n_concepts), of_target, "", "",
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Test:
    """`rises` float64[targets], the share of vectors along which each target rises; `more` float64[labels] each."""

    rises: Floats
    more: dict[str, Floats]


def _reported(draws: Iterable[int], in_all: int, report: Callable[[int, int], None]) -> Iterator[int]:
    for at in draws:
        report(at, in_all)
        yield at


def _by_label(found: Evidence, values: npt.NDArray[np.generic]) -> Floats:
    """float64[labels, vectors]: means over the targets of each label."""
    return np.stack([values[found.label == label].mean(axis=0) for label in range(len(found.labels))])


def _single_case(own: Floats, others: Floats) -> Floats:
    """float64[labels]: two-sided p of the mean of `own` as one more draw of `others`, both [labels, draws]."""
    from scipy.stats import t

    n = others.shape[1]
    spread = others.std(axis=1, ddof=1) * np.sqrt(1 + 1 / n)
    distance = np.abs(own.mean(axis=1) - others.mean(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * t.sf(distance / spread, n - 1)
    return np.where(distance == 0, 1.0, p)


def _checked(source: object) -> Sequence[Query]:
    if not isinstance(source, Sequence) or not all(isinstance(query, Query) for query in source):
        raise TypeError(f"ConceptVectors reads a sequence of Queries, got a {type(source).__name__}.")
    asked = [query for query in source if query.targets]
    if not asked:
        raise ValueError(f"none of the {len(source)} queries has a target; give what is to be explained.")
    if len({id(query.model) for query in source}) > 1 or len({(query.arm, query.score) for query in asked}) > 1:
        raise ValueError("the queries are about several models, arms or scores; concept vectors compare one of each.")
    return source
