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
    `n_tried` counts all edits asked for; it is a light figure: `stability` has the noise arm and the families apart.
    """

    contrasts: Contrasts
    similarities: Floats
    n_tried: int = 0
    n_evals: int = 0

    @classmethod
    def of(cls, contrasts: Contrasts, flips: Flips, n_edits: int, rng: Rng) -> ContrastStability:
        """Explain the contrasts again under up to `n_edits` label-keeping edits, spread over the bank."""
        keeping = flips.drawn.keeping
        chosen = spread(len(keeping), n_edits)
        kept = [i for i in chosen if (fate := flips.fates[i]) is not None and fate.is_kept]
        if contrasts.attribution is None or not kept or not flips.clean.is_kept:
            return cls(contrasts, np.zeros((0, len(contrasts.moves))), len(chosen))
        edited = keeping.on(contrasts.query.with_targets([]))  # their rows are shared with whatever asked before
        pairs = [pair for i in kept if (pair := _edited(contrasts, keeping.edits[i], edited[i])) is not None]
        seed = np.random.default_rng(seed_for(rng, "contrasts of edited texts"))  # a Generator: each text its own draws
        found = dict(answers([explanation(query, contrasts.method, seed) for _, query in pairs]))
        after = {i: one for i, one in sorted(found.items()) if isinstance(one, Attribution)}  # where it fails: left out
        draws = stream(rng, "chance correction")
        rows = [_similarity(contrasts, *pairs[i], one, draws) for i, one in after.items()]
        similarities = np.stack(rows) if rows else np.zeros((0, len(contrasts.moves)))
        return cls(contrasts, similarities, len(chosen), sum(one.n_evals for one in after.values()))

    def measures(self) -> Iterator[Measure]:
        """The mean similarity for each contrast."""
        for at, move in enumerate(self.contrasts.moves):
            about, values = self.contrasts.about(move), self.similarities[:, at]
            values = values[~np.isnan(values)]
            note = f"{len(self.similarities)} of {self.n_tried} edits keep the entity"
            if len(values):
                yield Measure("contrast stability", values.mean(), None, len(values), SCALE, True, about, note)
            else:
                why = note if self.n_tried else "no label-keeping edits were asked for, or there are none"
                yield not_available("contrast stability", why, SCALE, about)


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
