"""Global attributions: checked shapes, the best features with their errors, ranks that hold together, files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from explain_lib.core import GlobalAttribution, Provenance


@dataclass(frozen=True)
class Fixed:
    """A recipe in name only."""

    kappa: float = 10.0


def made(**changes):
    scores = np.array([[2.0, 0.5], [-1.0, np.nan], [1.0, 3.0]])
    fields = {
        "features": ("fever", "no", "发热"), "labels": ("Disease", "Drug"), "scores": scores,
        "std_error": np.array([[0.5, np.nan], [0.25, np.nan], [0.5, 1.0]]),
        "dof": np.array([[10, np.nan], [4, np.nan], [10, 3]]), "counts": np.array([[9, 1], [5, 0], [4, 6]]),
        "documents": np.array([[5, 1], [3, 0], [3, 4]]), "recipe": Fixed(), "quantity": "mean score",
        "method": "Exact()", "more": {"mean": scores * 2}, "notes": ("30 documents",),
        "provenance": Provenance(arm="context"),
    }  # fmt: skip
    return GlobalAttribution(**{**fields, **changes})


def test_the_best_features_of_a_label_with_their_errors():
    first, second, third = made().top("Disease")
    assert (first.feature, second.feature, third.feature) == ("fever", "发热", "no")
    assert (first.score, first.std_error, first.count, first.documents) == (2.0, 0.5, 9, 5)
    assert first.low == pytest.approx(2 - 2.2281389 * 0.5) and first.high == pytest.approx(2 + 2.2281389 * 0.5)
    assert [entry.feature for entry in made().top("Disease", 1, lowest=True)] == ["no"]
    assert [entry.feature for entry in made().top("Disease", by_z=True)] == ["fever", "发热", "no"]
    assert [entry.feature for entry in made().top("Disease", 2, lowest=True, by_z=True)] == ["no", "发热"]


def test_features_of_one_document_are_left_out_unless_asked_for():
    assert [entry.feature for entry in made().top("Drug")] == ["发热"]
    assert [entry.feature for entry in made().top("Drug", min_documents=1)] == ["发热", "fever"]


def test_a_feature_that_was_never_seen_has_no_score():
    for feature, label in (("no", "Drug"), ("cough", "Disease")):
        entry = made().entry(feature, label)
        assert np.isnan(entry.score) and np.isnan(entry.low) and entry.count == 0
    with pytest.raises(ValueError, match="there is no label 'Test'; allowed are Disease, Drug"):
        made().entry("fever", "Test")


def test_ranks_tell_features_apart_only_where_simultaneous_intervals_do_not_meet():
    best, worst = made().ranks()
    assert (best[:, 0].tolist(), worst[:, 0].tolist()) == ([1, 2, 1], [2, 3, 3])  # -1 ± .25·t and 1 ± .5·t meet
    assert (best[:, 1].tolist(), worst[:, 1].tolist()) == ([1, 0, 1], [2, 0, 2])  # no error: any rank; unseen: none


def test_ranks_are_those_of_all_pairs():
    rng = np.random.default_rng(0)
    n = 40
    scores, error = rng.normal(size=(n, 1)) * 3, rng.uniform(0.05, 0.5, (n, 1))
    counts = np.full((n, 1), 7)
    found = made(
        features=tuple(f"w{i}" for i in range(n)), labels=("A",), scores=scores, std_error=error,
        dof=np.full((n, 1), 6.0), counts=counts, documents=counts, more={},
    )  # fmt: skip
    low, high = found.interval(1 - 0.05 / n)[..., 0]
    best = [1 + sum(low[j] > high[i] for j in range(n)) for i in range(n)]
    worst = [n - sum(high[j] < low[i] for j in range(n)) for i in range(n)]
    np.testing.assert_array_equal(found.ranks()[..., 0], [best, worst])
    assert 1 < np.mean(np.array(worst) - best) < n - 2


def test_it_is_a_table_of_what_was_seen():
    frame = made().to_pandas()
    assert frame["feature"].tolist() == ["fever", "发热", "no", "发热", "fever"]
    assert frame["label"].tolist() == ["Disease"] * 3 + ["Drug"] * 2
    assert frame["mean"].tolist() == [4.0, 2.0, -2.0, 6.0, 1.0] and frame["count"].dtype == np.int64


def test_it_comes_back_from_its_files(tmp_path):
    one = made()
    one.save(tmp_path / "x.npz")
    again = GlobalAttribution.load(tmp_path / "x.npz")
    for name in ("scores", "std_error", "dof", "counts", "documents"):
        np.testing.assert_array_equal(getattr(again, name), getattr(one, name))
    np.testing.assert_array_equal(again.more["mean"], one.more["mean"])
    for name in ("features", "labels", "notes", "quantity", "method", "provenance"):
        assert getattr(again, name) == getattr(one, name)
    assert repr(again) == repr(one)
    (tmp_path / "x.json").write_text('{"format": "another"}')
    with pytest.raises(ValueError, match="is no global attribution of this version"):
        GlobalAttribution.load(tmp_path / "x.npz")


def test_shapes_and_names_are_checked():
    with pytest.raises(ValueError, match="counts has shape \\(1, 2\\); features × labels needs \\(3, 2\\)"):
        made(counts=[[1, 2]])
    with pytest.raises(ValueError, match="more\\['mean'\\] has shape"):
        made(more={"mean": np.zeros((2, 2))})
    with pytest.raises(ValueError, match="features of a GlobalAttribution stand more than once"):
        made(features=("a", "a", "b"))
    with pytest.raises(ValueError, match="read-only"):
        made().scores[0] = 1
