"""A fusion whose weights are settled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from explain_lib.attribution.estimate import Estimate, Method
from explain_lib.core import Attribution, FusionDetail
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.query import Query

from .blend import Blend, Fusion, blended
from .calibration import NOTHING
from .evidence import Evidence, Floats
from .fused import Fused, checked, estimate_of, seed_of
from .gather import Gathering
from .mixture import mixed, without_corpus


@dataclass(frozen=True, eq=False)
class Held:
    """Members combined with the weights, scales and local shares that were found on another text.

    A local share goes with the word: units whose word stood in that text keep it, others stay as local as the weights
    make them. Columns are matched to targets by their order. Members are taken as they are, never averaged over edits,
    so that even on the first text the scores are those of the fusion only where it averaged nothing. Cost: the members
    alone.
    """

    methods: tuple[Method, ...]
    fusion: Fusion
    detail: FusionDetail = field(repr=False)
    words: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, fused: Fused, attribution: Attribution) -> Held:
        """The weights of one attribution; ValueError where it was not fused from the same methods."""
        detail = attribution.fusion
        ours = [repr(method) for method in fused.methods]
        if detail is None or [repr(member) for member in detail.members[: len(ours)]] != ours:
            raise ValueError("this attribution was not fused from these methods; explain a text with this Fused first.")
        return cls(tuple(fused.methods), fused.fusion, detail, attribution.units.texts)

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query with as many targets as there are weights for, or with one column for all."""
        query = checked(question)
        n_known = self.detail.weights.shape[1]
        if n_known not in (1, query.n_targets):
            raise ValueError(
                f"weights are held for {n_known} targets and the query has {query.n_targets}; ask for the same targets."
            )
        gathered = Gathering(query, self.methods, NOTHING, seed_of(rng)).gathered()
        columns = range(query.n_targets) if n_known > 1 else [0] * query.n_targets
        blends = [self._blend(one, column) for one, column in zip(gathered.evidence, columns, strict=True)]
        return estimate_of(gathered, blends)

    def _blend(self, evidence: Evidence, column: int) -> Blend:
        """One column of the held weights, on another text."""
        detail, n = self.detail, len(self.methods)
        if detail.scales is None or np.isnan(detail.scales[:n, column]).all():  # ranks have nothing to hold
            return self.fusion.blend(evidence)
        weights, scales = detail.weights[:, column], detail.scales[:, column]
        scaled, local = evidence.scaled(scales[:n]), None
        if len(weights) > n:
            scaled, local = self._with_corpus(scaled, weights, scales[n:], column)
        used = slice(scaled.n_members)
        return blended(scaled, weights[used], scales[used], "weights held fixed", local=local)

    def _with_corpus(self, scaled: Evidence, weights: Floats, scales: Floats, column: int) -> tuple[Evidence, Floats]:
        """The mixture and the corpus score, with the shares that the words had."""
        prior = getattr(self.fusion, "prior", None)
        corpus = None if prior is None else prior.arms.get(scaled.arm)
        of = None if corpus is None else corpus.reference_among(scaled.members)
        share = self._shares(scaled.words, weights, column)
        found = None if corpus is None or of is None else mixed(scaled, of, corpus.scores, share)
        if found is None:
            more = [member.times(scale) for member, scale in zip(without_corpus(scaled, of or 0), scales, strict=True)]
            return scaled.with_members(more), np.ones(len(scaled.words))
        more = [member.times(scale) for member, scale in zip(found.members, scales, strict=True)]
        return scaled.with_members(more), 1 - weights[-2] * found.share - weights[-1]

    def _shares(self, words: tuple[str, ...], weights: Floats, column: int) -> Floats:
        """float64[units]: the corpus share g of each word in the first text, 0 for words it did not have."""
        if self.detail.local_share is None or not weights[-2]:
            return np.zeros(len(words))
        g = (1 - self.detail.local_share[:, column] - weights[-1]) / weights[-2]
        known = {word.casefold(): max(0.0, float(share)) for word, share in zip(self.words, g, strict=True)}
        return np.array([known.get(word.casefold(), 0.0) for word in words])
