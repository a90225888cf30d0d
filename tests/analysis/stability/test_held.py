"""Methods that are fitted to each text: fitted anew at an edit is the headline, held fixed stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from edited_texts import EDITS, TARGETS, bank_of, question

from explain_lib.analysis.stability import stability
from explain_lib.attribution import Occlusion, PermutationShap
from explain_lib.attribution.black_box import BlackBox, ask
from explain_lib.attribution.black_box.recipe import exact_estimate


@dataclass(frozen=True)
class Fitted(BlackBox):
    """One of two rankings, chosen anew for each text by its number of units; `choice` settles it."""

    choice: int | None = None

    def estimate(self, game, rng):
        answers = ask(game, np.zeros((0, game.n_units), dtype=bool))
        choice = game.n_units % 2 if self.choice is None else self.choice
        scores = np.arange(game.n_units) * (1.0 if choice else -1.0)
        return exact_estimate(np.repeat(scores[:, None], game.n_targets, axis=1), answers)

    def held(self, attribution):
        return replace(self, choice=int(attribution.active.sum()) % 2)


def test_what_moves_is_the_fit():
    query, bank = question(TARGETS[:1]), bank_of(EDITS[0], EDITS[1])  # the second has one unit less
    report = stability(query, Fitted(), bank=bank)
    about = {"arm": "context", "family": "all families"}
    assert report.measure("stability, weights held", **about).value > 0.99
    by_edit = report.arrays["by_edit"][1, :, 0]
    assert by_edit[0] == pytest.approx(1) and by_edit[1] < 0
    assert report.measure("stability", **about).value == pytest.approx(by_edit.mean())


@dataclass(frozen=True)
class Averaging(Fitted):
    """The same, but turned round where weights are not held, as a fusion that averages over edits is another there."""

    def estimate(self, game, rng):
        found = super().estimate(game, rng)
        return found if self.choice is not None else replace(found, scores=-found.scores)


def test_the_text_too_is_explained_with_its_weights_held():
    query, bank = question(TARGETS[:1]), bank_of(EDITS[0], EDITS[1])
    report = stability(query, Averaging(), bank=bank)
    about = {"arm": "context", "family": "all families"}
    assert report.measure("stability, weights held", **about).value > 0.99


def test_other_methods_have_no_weights_to_hold():
    for method in (Occlusion(), PermutationShap(60)):
        assert stability(question(), method, bank=bank_of(*EDITS[:2])).select("stability, weights held") == ()
