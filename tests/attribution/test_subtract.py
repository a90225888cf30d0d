"""One attribution minus another: closed forms of linear toys, errors in quadrature, questions that do not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.models.toy import linear_tagger

DOCUMENT = Document("patient has severe headache after fever .", "en")
TARGET = xl.Target(Span(12, 27, "Disease"), margin="left")


def explained(toy_rng: int, method: xl.Occlusion | xl.PermutationShap, rng: int = 0) -> xl.Attribution:
    query = xl.Query(linear_tagger(toy_rng).tagger, DOCUMENT, targets=[TARGET])
    return xl.explain(query, method, rng=rng)


def test_margins_of_two_linear_models_differ_by_the_difference_of_their_weights() -> None:
    after, before = explained(1, xl.Occlusion()), explained(0, xl.Occlusion())
    found = xl.subtract(after, before)
    truth = linear_tagger(1).left_margin(DOCUMENT.text, 2) - linear_tagger(0).left_margin(DOCUMENT.text, 2)
    assert np.allclose(found.scores[:, 0], truth)
    assert np.allclose(found.completeness_gap, after.completeness_gap - before.completeness_gap)
    assert not found.std_error.any() and np.isinf(found.dof).all()
    assert found.n_evals == after.n_evals + before.n_evals


def test_errors_are_roots_of_sums_of_squares_with_welchs_degrees() -> None:
    after, before = (explained(toy, xl.PermutationShap(), rng) for toy, rng in ((1, 1), (0, 0)))
    noisy = [
        replace(one, std_error=np.full_like(one.scores, error), dof=np.full_like(one.scores, dof))
        for one, error, dof in ((after, 0.3, 4.0), (before, 0.4, 9.0))
    ]
    found = xl.subtract(*noisy)
    assert np.allclose(found.std_error, 0.5)
    assert np.allclose(found.dof, 0.25**2 / (0.3**4 / 4 + 0.4**4 / 9))


def test_an_unknown_error_stays_unknown_and_an_exact_side_adds_nothing() -> None:
    after, before = explained(1, xl.Occlusion()), explained(0, xl.Occlusion())
    unknown = replace(before, std_error=np.full_like(before.scores, np.nan))
    assert np.isnan(xl.subtract(after, unknown).std_error).all()
    drawn = replace(before, std_error=np.ones_like(before.scores), dof=np.full_like(before.scores, 7.0))
    assert np.allclose(xl.subtract(after, drawn).dof, 7)


def test_units_that_one_model_cannot_see_are_not_active() -> None:
    after, before = explained(1, xl.Occlusion()), explained(0, xl.Occlusion())
    active = before.active.copy()
    active[0] = False
    part = replace(before, active=active, scores=np.where(active, before.scores, 0.0))
    found = xl.subtract(after, part)
    assert not found.active[0, 0] and found.scores[0, 0] == 0
    assert found.active[1:].all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"method": xl.Lime()}, r"method is 'Occlusion.*' and 'Lime.*'; subtract attributions that share it"),
        ({"targets": (xl.Target(Span(0, 7, "Disease")),)}, "targets is .*12–27, left margin.*0–7"),
    ],
)
def test_other_questions_are_refused(changed: dict[str, object], message: str) -> None:
    after = explained(1, xl.Occlusion())
    with pytest.raises(ValueError, match=message):
        xl.subtract(after, replace(after, **changed))  # type: ignore[arg-type]


def test_another_arm_and_other_units_are_refused() -> None:
    tagger = linear_tagger(0).tagger
    query = xl.Query(tagger, DOCUMENT, targets=[xl.Target(Span(12, 27, "Disease"))])
    both = [xl.explain(one, xl.Occlusion()) for one in (query, query.context())]
    with pytest.raises(ValueError, match="arm is 'all units' and 'context'"):
        xl.subtract(*both)
    coarse = xl.Query(tagger, DOCUMENT, targets=query.targets, units=xl.sentences(DOCUMENT))
    with pytest.raises(ValueError, match="different texts or units; ask both models a Query on shared_units"):
        xl.subtract(both[0], xl.explain(coarse, xl.Occlusion()))
