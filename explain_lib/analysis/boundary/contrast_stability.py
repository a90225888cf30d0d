"""Do the reasons for a boundary stay the same when the text is edited?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.explain import explanation
from explain_lib.core import Attribution, Measure, not_available
from explain_lib.perturbation.edits import Edit
from explain_lib.perturbation.edits.family import moved_targets
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, seed_for, stream
from explain_lib.perturbation.together import answers
from explain_lib.statistics import corrected_similarity

from .contrasts import Contrasts
from .flips import Flips

Floats = npt.NDArray[np.float64]
SCALE = "chance-corrected similarity, −1 to 1, mean over edits; n: edits that keep the entity"


@dataclass(frozen=True, eq=False)
class ContrastStability:
    """Chance-corrected similarity of contrastive attributions of a text and of its edits.

    `similarities` float64[edits, moves] over the edits after which the model still returns the entity and on which the
    method does not fail; units that an edit left as they were are compared, and an edited text has a seed of its own.
    `n_tried` counts all edits asked for, `n_kept` those that keep the entity; `failed` is the first error of the
    method, `is_found` whether the model returns the entity on the text itself. It is a light figure: `stability` has
    the noise arm and the families apart.
    """

    contrasts: Contrasts
    similarities: Floats
    n_tried: int = 0
    n_evals: int = 0
    n_kept: int = 0
    failed: str = ""
    is_found: bool = True

    @classmethod
    def of(cls, contrasts: Contrasts, flips: Flips, n_edits: int, rng: Rng) -> ContrastStability:
        """Explain the contrasts again under up to `n_edits` label-keeping edits, spread over the bank."""
        keeping = flips.drawn.keeping
        chosen = spread(len(keeping), n_edits)
        kept = [i for i in chosen if (fate := flips.fates[i]) is not None and fate.is_kept]
        nothing = np.zeros((0, len(contrasts.moves)))
        if contrasts.attribution is None or not kept or not flips.clean.is_kept:
            return cls(contrasts, nothing, len(chosen), is_found=flips.clean.is_kept)
        edited = keeping.on(contrasts.query.with_targets([]))  # their rows are shared with whatever asked before
        pairs = [pair for i in kept if (pair := _edited(contrasts, keeping.edits[i], edited[i])) is not None]
        seed = np.random.default_rng(seed_for(rng, "contrasts of edited texts"))  # a Generator: each text its own draws
        asked = [explanation(query, contrasts.method, seed) for _, query in pairs]
        found = dict(answers(asked, contrasts.query.evaluations.report))
        after = {i: one for i, one in sorted(found.items()) if isinstance(one, Attribution)}  # where it fails: left out
        draws = stream(rng, "chance correction")
        rows = [_similarity(contrasts, *pairs[i], one, draws) for i, one in after.items()]
        similarities = np.stack(rows) if rows else nothing
        failed = next((f"{type(e).__name__}: {e}" for _, e in sorted(found.items()) if isinstance(e, Exception)), "")
        return cls(contrasts, similarities, len(chosen), sum(one.n_evals for one in after.values()), len(kept), failed)

    def measures(self) -> Iterator[Measure]:
        """The mean similarity for each contrast."""
        for at, move in enumerate(self.contrasts.moves):
            about, values = self.contrasts.about(move), self.similarities[:, at]
            values = values[~np.isnan(values)]
            if len(values):
                yield Measure("contrast stability", values.mean(), None, len(values), SCALE, True, about, self._note)
            else:
                yield not_available("contrast stability", self._why_none(), SCALE, about)

    @property
    def _note(self) -> str:
        kept = f"{self.n_kept} of {self.n_tried} edits keep the entity"
        return f"{kept}; on some of them the method failed ({self.failed})" if self.failed else kept

    def _why_none(self) -> str:
        if not self.n_tried:
            return "no label-keeping edits were asked for, or there are none"
        if not self.is_found:
            return "the model does not return this entity on the text itself"
        if not self.n_kept or self.failed:
            return self._note
        return f"{self._note}, and none of these leaves two units that may be hidden, or the neighbour of the entity"


def _edited(contrasts: Contrasts, edit: Edit, edited: Query) -> tuple[Edit, Query] | None:
    """The same contrasts after an edit; None where the edited text has no such neighbours of the entity."""
    try:
        return edit, edited.with_targets(moved_targets(contrasts.query.targets, edit))
    except ValueError:
        return None


def _similarity(
    contrasts: Contrasts, edit: Edit, edited: Query, after: Attribution, rng: np.random.Generator
) -> Floats:
    """float64[moves]: over the units that the edit left as they were, and that both sides may hide."""
    before = contrasts.attribution
    assert before is not None
    unit = edit.unit_of(contrasts.query, edited)
    there = (unit >= 0) & before.active.T & after.active[unit].T
    return corrected_similarity(before.scores.T, np.where(there, after.scores[unit].T, 0.0), there, rng)


def spread(n: int, most: int) -> list[int]:
    """Up to `most` of the numbers 0 … n − 1, evenly spread."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int)).tolist() if n else []
