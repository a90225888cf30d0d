"""Predictions, attributions and fusion details: shapes checked, arrays read-only, intervals as in the textbook."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from explain_lib.core import Attribution, Document, FusionDetail, Prediction, Provenance, Span, Target, Units

UNITS = Units(Document("a b c"), np.array([[0, 1], [2, 3], [4, 5]]))
TARGETS = (Target(Span(0, 1, "X")), Target(Span(2, 3, "Y")))


def attribution(**changes: Any) -> Attribution:
    fields: dict[str, Any] = {
        "units": UNITS, "targets": TARGETS, "scores": np.array([[1.0, 0.0], [2.0, 0.5], [-0.5, 0.0]]),
        "std_error": np.array([[0.5, 0.0], [0.0, 0.25], [np.nan, 0.0]]),
        "dof": np.array([[4.0, 9], [np.inf, np.inf], [3, 3]]),
        "base_value": np.array([0.5, 1.0]), "full_value": np.array([3.0, 1.75]),
        "active": np.array([[True, False], [True, True], [True, False]]), "method": "recipe", "n_evals": 7,
    }  # fmt: skip
    return Attribution(**fields | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scores": np.zeros((2, 2))}, r"Attribution\.scores has shape \(2, 2\); units × targets needs \(3, 2\)\."),
        ({"std_error": np.zeros(3)}, r"Attribution\.std_error has 1 axes \(shape \(3,\)\); it needs 2\."),
        ({"dof": np.zeros((2, 3))}, r"Attribution\.dof has shape \(2, 3\)"),
        ({"active": np.ones((3, 1))}, r"Attribution\.active has shape \(3, 1\)"),
        ({"base_value": np.zeros(3)}, r"Attribution\.base_value has shape \(3,\); one value per target needs \(2,\)\."),
        ({"full_value": 0.0}, r"Attribution\.full_value has 0 axes"),
        (
            {"scores": np.ones((3, 2))},
            r"units that are not active must have score and std_error exactly 0; clear them first\.",
        ),
        ({"std_error": np.full((3, 2), np.nan)}, "units that are not active must have score and std_error exactly 0"),
    ],
)
def test_what_is_no_attribution(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        attribution(**changes)


def test_arrays_are_read_only_copies() -> None:
    scores = np.array([[1.0, 0.0], [2.0, 0.5], [-0.5, 0.0]])
    result = attribution(scores=scores)
    scores[:] = 9
    assert result.scores[0, 0] == 1
    for name in ("scores", "std_error", "dof", "base_value", "full_value", "active"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(result, name)[0] = 0


def test_the_gap_is_what_the_scores_leave_unexplained() -> None:
    assert attribution().completeness_gap.tolist() == [3.0 - 0.5 - 2.5, 1.75 - 1.0 - 0.5]


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_intervals(level: float) -> None:
    result = attribution()
    low, high = result.interval(level)
    student, normal = stats.t(4).ppf(0.5 + level / 2), stats.norm().ppf(0.5 + level / 2)
    assert low[0, 0] == pytest.approx(1 - student * 0.5)
    assert high[0, 0] == pytest.approx(1 + student * 0.5)
    assert low[1, 1] == pytest.approx(0.5 - normal * 0.25)
    exact = result.std_error == 0
    assert np.array_equal(low[exact], result.scores[exact])
    assert np.array_equal(high[exact], result.scores[exact])
    assert np.isnan([low[2, 0], high[2, 0]]).all()


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_levels_that_are_none(level: float) -> None:
    with pytest.raises(
        ValueError, match=rf"level is {level}; it must lie strictly between 0 and 1, for example 0\.95\."
    ):
        attribution().interval(level)


@pytest.mark.parametrize("index", [0, 1, -1, -2])
def test_one_target_alone(index: int) -> None:
    result = attribution()
    one = result.target(index)
    assert one.targets == (TARGETS[index],)
    assert one.scores[:, 0].tolist() == result.scores[:, index].tolist()
    assert one.full_value.tolist() == [result.full_value[index]]
    assert (one.units, one.method, one.n_evals) == (UNITS, "recipe", 7)


@pytest.mark.parametrize("index", [2, -3])
def test_no_such_target(index: int) -> None:
    with pytest.raises(IndexError, match=rf"target {index} of 2; allowed are 0 to 1\."):
        attribution().target(index)


def test_a_target_alone_keeps_its_share_of_the_fusion() -> None:
    detail = FusionDetail(("a", "b"), np.array([[0.25, 0.5], [0.75, 0.5]]), np.arange(6.0).reshape(3, 2))
    one = attribution(fusion=detail).target(1)
    assert one.fusion is not None
    assert one.fusion.members == ("a", "b")
    assert one.fusion.weights.tolist() == [[0.5], [0.5]]
    assert one.fusion.local_share is not None
    assert one.fusion.local_share.tolist() == [[1.0], [3.0], [5.0]]


def test_fusion_weights_are_read_only_and_one_row_a_member() -> None:
    weights = np.ones((2, 1))
    detail = FusionDetail(("a", "b"), weights)
    weights[0, 0] = 5
    assert detail.weights[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        detail.weights[0, 0] = 2
    with pytest.raises(ValueError, match=r"FusionDetail\.weights has 2 rows for 1 members; it needs one each\."):
        FusionDetail(("a",), np.ones((2, 1)))


def test_reprs_show_sizes_and_no_text() -> None:
    assert repr(attribution()) == "Attribution(3 units × 2 targets by 'recipe', 7 rows)"


def test_versions_cannot_be_changed_afterwards() -> None:
    versions = {"numpy": "2"}
    provenance = Provenance(versions=versions)
    versions["numpy"] = "3"
    assert provenance.versions["numpy"] == "2"
    with pytest.raises(TypeError):
        provenance.versions["numpy"] = "4"  # type: ignore[index]


def test_predictions() -> None:
    labels = {"urgent": 0.75}
    prediction = Prediction([Span(0, 1, "X")], np.array([0.5]), labels)  # type: ignore[arg-type]
    labels["urgent"] = 0
    assert (prediction.spans, prediction.labels["urgent"]) == ((Span(0, 1, "X"),), 0.75)
    with pytest.raises(ValueError, match="read-only"):
        prediction.confidence[0] = 1
    with pytest.raises(
        ValueError, match=r"Prediction\.confidence has shape \(0,\); one number per span needs \(1,\)\."
    ):
        Prediction((Span(0, 1, "X"),))
    assert Prediction().confidence.shape == (0,)
