"""Errors and scores come back from their files as they were, whatever is in the texts."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain_lib import Document, EntityErrors, EntityScores, Prediction, Span, entity_errors, entity_scores

HOSTILE = 'a"\\\n\r\x00\x7f\u2028\u202e</script>\ud800 {} 患者 e\u0301 😀'
TEXTS = st.text(st.characters(exclude_categories=()), min_size=8, max_size=20).filter(
    lambda text: text == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
)


def made(text: str, label: str = "A", rng: int | np.random.Generator = 3) -> EntityErrors:
    """One text of all sorts: discontinuous gold, a wrong type, a spurious span, a class under a hostile label."""
    gold = (Span(0, 2, label), Span.from_fragments([(2, 3), (4, 5)], "B"), Span(7, 8, "A"))
    found = (Span(0, 2, "B"), Span(2, 5, "B"), Span(5, 6, label))
    meta = {"section": text, "source": {"page": [1, None]}}
    documents = [Document(text, "nl", gold, text, meta), Document(text, "", gold[:1], "")]
    predictions = [Prediction(found, np.array([0.1, 1 / 3, 0.97])), Prediction()]
    return entity_errors(documents, predictions, rng=rng, group=lambda document: document.id)


def assert_same(again: EntityErrors, errors: EntityErrors) -> None:
    def certain(one: EntityErrors) -> list[object]:
        return [replace(each, confidence=-1.0) if math.isnan(each.confidence) else each for each in one.outcomes]

    assert certain(again) == certain(errors)
    assert (again.documents, again.wholes, again.rng) == (errors.documents, errors.wholes, errors.rng)
    assert [dict(document.meta) for document in again.documents] == [dict(d.meta) for d in errors.documents]
    assert (again.spans.gold, again.spans.predicted, again.spans.note) == (
        errors.spans.gold, errors.spans.predicted, errors.spans.note,
    )  # fmt: skip
    for one, other in zip(again.spans.confidence, errors.spans.confidence, strict=True):
        np.testing.assert_array_equal(one, other)
    assert_same_scores(again.scores, errors.scores)


def assert_same_scores(again: EntityScores, scores: EntityScores) -> None:
    assert (again.counts, again.n_documents, again.note) == (scores.counts, scores.n_documents, scores.note)
    assert repr(again.measures) == repr(scores.measures)  # repr, as NaN is not NaN


@pytest.mark.parametrize("where", ["", "kept.json"])
def test_errors_come_back(tmp_path: Path, where: str) -> None:
    errors = made(HOSTILE, HOSTILE)
    errors.save(tmp_path / "new" / where)
    again = EntityErrors.load(tmp_path / "new" / where)
    assert_same(again, errors)
    assert repr(again.shares()) == repr(errors.shares())
    assert {name: part.counts for name, part in again.slices("section").items()} == {
        name: part.counts for name, part in errors.slices("section").items()
    }
    assert [file.suffix for file in (tmp_path / "new").iterdir()] == [".json"]


@settings(max_examples=30, deadline=None)
@given(text=TEXTS, label=st.text(max_size=5))
def test_any_text_comes_back(text: str, label: str) -> None:
    with TemporaryDirectory() as folder:
        errors = made(text, label)
        errors.save(folder)
        assert_same(EntityErrors.load(folder), errors)


def test_errors_of_a_generator_come_back_with_their_intervals(tmp_path: Path) -> None:
    errors = made(HOSTILE, rng=np.random.default_rng(7))
    errors.save(tmp_path)
    assert repr(EntityErrors.load(tmp_path).shares()) == repr(errors.shares()) == repr(errors.shares())


def test_scores_come_back(tmp_path: Path) -> None:
    scores = entity_scores(*strangers())
    assert scores.note
    scores.save(tmp_path / "scores.json")
    assert_same_scores(EntityScores.load(tmp_path / "scores.json"), scores)
    scores.save(tmp_path)
    assert_same_scores(EntityScores.load(tmp_path), scores)


def strangers() -> tuple[list[Document], list[Prediction]]:
    """Labels that have nothing in common, so that figures are missing and a note says why."""
    return [Document(HOSTILE, "", (Span(0, 1, "A"),))], [Prediction((Span(0, 1, "B"),), np.array([1.0]))]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    made(HOSTILE).scores.save(tmp_path / "x.json")
    with pytest.raises(ValueError, match="holds no EntityErrors of this version; its first entry must be"):
        EntityErrors.load(tmp_path / "x.json")
    with pytest.raises(FileNotFoundError):
        EntityScores.load(tmp_path)


def test_meta_that_is_no_plain_value_is_refused_before_a_file_is_touched(tmp_path: Path) -> None:
    document = Document("text", meta={"when": {1, 2}})
    with pytest.raises(TypeError, match="a document's meta cannot be saved: Object of type set"):
        entity_errors([document], [Prediction()]).save(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_file_is_standard_json(tmp_path: Path) -> None:
    made(HOSTILE).save(tmp_path)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads((tmp_path / "errors.json").read_bytes().decode("utf-8", "strict"), parse_constant=refuse)
