"""A lexicon without a model: the words that stand in or near entities of a type more often than elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.explain import versions
from explain_lib.core import Document, GlobalAttribution, Provenance
from explain_lib.corpora import default_units
from explain_lib.statistics import document_names

from .rows import Where, folded

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lexicon:
    """Log-odds of a word near spans of a label against elsewhere, with an informative Dirichlet prior.

    "Near" is within `reach` units outside a gold span ("context": the words inside are then left out), inside one
    ("own"), or both. With y_v occurrences of n near, α_v = prior · (share of v in near and elsewhere together):
    δ = log (y_v + α_v)/(n + prior − y_v − α_v) − log of the same elsewhere; var = 1/(y_v + α_v) + 1/(the same
    elsewhere). Source: Monroe, Colaresi & Quinn (2008), who rank by `z`. Their variance takes words for independent;
    the larger one of it and of the linearised variance over documents is used (texts whose `meta` names one "document"
    are parts of it). `counts` are occurrences anywhere, since
    a word that never stands near a span says something too; `more`: "near", occurrences near; "monroe", their error.

    The control beside WordImportance: it says what the annotation holds, not what a model reads. Cost: no model rows.
    """

    where: Where = "context"
    reach: int = 5
    prior: float = 100.0
    folds_case: bool = True

    def __post_init__(self) -> None:
        if self.reach < 1 or not 0 < self.prior < np.inf or self.where not in ("context", "own", "both"):
            raise ValueError(
                f"reach is {self.reach}, prior {self.prior} and where {self.where!r}; allowed are whole numbers from "
                "1, numbers above 0, and context, own or both."
            )

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read Documents with gold spans; `rng` is not used."""
        places = self._places(_checked(source))
        columns = [
            _log_odds(places, near, used & ~near, self.prior)
            for near, used in zip(places.near.T, places.used.T, strict=True)
        ]
        scores, monroe, std_error, near, counts, documents = (
            np.stack(parts, axis=1) for parts in zip(*columns, strict=True)
        )
        lonely, n = documents < 2, places.n_documents
        return GlobalAttribution(
            places.words, places.labels, np.where(counts > 0, scores, np.nan), np.where(lonely, np.nan, std_error),
            np.where(lonely, np.nan, places.n_documents - 1), counts, documents, self,
            "log-odds near spans against elsewhere", "", {"near": near, "monroe": monroe},
            (f"{n} document{'s' * (n != 1)}; no model was asked.",), Provenance(versions=versions()),
        )  # fmt: skip

    def _places(self, documents: Sequence[Document]) -> Places:
        labels = tuple(sorted({span.label for document in documents for span in document.spans}))
        words: dict[str, int] = {}
        word, document, near, used = [], [], [], []
        names = document_names(documents)  # sentences of one document are no documents of their own
        wholes = {name: number for number, name in enumerate(dict.fromkeys(names))}
        for one, name in zip(documents, names, strict=True):
            units = default_units(one)
            texts = [folded(text) for text in units.texts] if self.folds_case else units.texts
            word += [words.setdefault(text, len(words)) for text in texts]
            document += [wholes[name]] * len(units)
            inside, around = (np.zeros((len(units), len(labels)), dtype=bool) for _ in range(2))
            for span in one.spans:
                own, column = units.inside(span), labels.index(span.label)
                inside[:, column] |= own
                around[:, column] |= _widened(own, self.reach)
            around &= ~inside
            near.append({"own": inside, "context": around, "both": inside | around}[self.where])
            used.append(~inside if self.where == "context" else np.ones_like(inside))
        return Places(
            tuple(words), labels, len(wholes), np.array(word, np.int64), np.array(document, np.int64),
            np.concatenate(near), np.concatenate(used),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Places:
    """Units of all documents: `word`, `document` int64[units], `near` and `used` bool[units, labels]."""

    words: tuple[str, ...]
    labels: tuple[str, ...]
    n_documents: int
    word: Ints
    document: Ints
    near: Bools
    used: Bools


def _log_odds(places: Places, near: Bools, far: Bools, prior: float) -> tuple[npt.NDArray[Any], ...]:
    """[words] each: δ, Monroe's error, the larger one with that over documents, occurrences near, all, documents."""
    n_words, n_documents = len(places.words), places.n_documents
    counts = [np.bincount(places.word[chosen], minlength=n_words) for chosen in (near, far)]
    total = counts[0] + counts[1]
    alpha = prior * np.where(total > 0, total, 1) / total.sum()  # unseen words are dropped later
    delta, variance = np.zeros(n_words), np.zeros(n_words)
    influence = _Influence(places)
    for sign, count, chosen in zip((1.0, -1.0), counts, (near, far), strict=True):
        yes = count + alpha
        no = chosen.sum() + prior - yes
        delta += sign * np.log(yes / no)
        variance += 1 / yes
        influence.add(chosen, sign * (1 / yes + 1 / no), -sign / no)
    held = np.unique((places.word * n_documents + places.document)[near | far]) // n_documents
    error = np.sqrt(np.maximum(variance, influence.variance()))
    return delta, np.sqrt(variance), error, counts[0], total, np.bincount(held, minlength=n_words)


class _Influence:
    """What each document adds to δ of each word, to first order: its variance without a words × documents table."""

    def __init__(self, places: Places) -> None:
        self.places, n = places, places.n_documents
        self.cells, self.inside = np.unique(places.word * n + places.document, return_inverse=True)
        self.word, self.document = self.cells // n, self.cells % n
        self.at_cells = np.zeros(len(self.cells))
        self.sizes: list[Floats] = []
        self.slopes: list[Floats] = []

    def add(self, chosen: Bools, per_hit: Floats, per_unit: Floats) -> None:
        """A sum of hits of the word times `per_hit` and of all chosen units times `per_unit`, both float64[words]."""
        hits = np.bincount(self.inside.ravel()[chosen], minlength=len(self.cells))
        self.at_cells += hits * per_hit[self.word]
        self.sizes.append(np.bincount(self.places.document[chosen], minlength=self.places.n_documents).astype(float))
        self.slopes.append(per_unit)

    def variance(self) -> Floats:
        """float64[words]: D / (D − 1) · Σ (a_d − mean)², or 0 for a single document."""
        n, n_words = self.places.n_documents, len(self.places.words)
        if n < 2:
            return np.zeros(n_words)
        sizes, slopes = np.stack(self.sizes), np.stack(self.slopes)  # [2, documents], [2, words]
        elsewhere = np.einsum("kc,kc->c", slopes[:, self.word], sizes[:, self.document])
        crossed = np.bincount(self.word, self.at_cells * (self.at_cells + 2 * elsewhere), n_words)
        squares = crossed + np.einsum("kw,lw,kl->w", slopes, slopes, sizes @ sizes.T)
        totals = np.bincount(self.word, self.at_cells, n_words) + slopes.T @ sizes.sum(axis=1)
        return np.asarray(np.maximum(squares - totals**2 / n, 0) * n / (n - 1))


def _widened(inside: Bools, reach: int) -> Bools:
    """bool[units]: within `reach` units of one that is inside."""
    at = np.flatnonzero(inside)
    wide = np.zeros_like(inside)
    if len(at):
        wide[max(0, at[0] - reach) : at[-1] + reach + 1] = True
    return wide


def _checked(source: object) -> Sequence[Document]:
    if isinstance(source, str) or not isinstance(source, Sequence) or not all(isinstance(d, Document) for d in source):
        raise TypeError(f"Lexicon reads a sequence of Documents, got a {type(source).__name__}.")
    if not any(document.spans for document in source):
        raise ValueError(
            f"none of the {len(source)} documents has a span; a lexicon needs gold spans (or predicted ones)."
        )
    return source
