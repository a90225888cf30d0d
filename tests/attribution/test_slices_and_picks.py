"""Parts of a corpus summed up by themselves, and entities that show the most: brute force decides."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_table import planted_table, table

from explain_lib.attribution.global_importance import (
    BoundaryLexicon, Slices, WordImportance, by_meta, explain_global, pick,
)  # fmt: skip
from explain_lib.core import Document, Span, Target

X = Span(0, 1, "Disease")


def test_a_slice_is_the_recipe_on_its_part():
    corpus = planted_table(4, n_documents=12)
    part_of = {f"d{i}": "letter" if i % 3 else "note" for i in range(11)}
    result = explain_global(corpus, Slices(part_of, WordImportance(kappa=5)))
    assert result.labels == ("Disease · letter", "Drug · letter", "Disease · note", "Drug · note")
    for part in ("letter", "note"):
        chosen = np.array([part_of.get(d) == part for d in corpus.column("document")])
        alone = explain_global(corpus.select(chosen), WordImportance(kappa=5))
        for label in alone.labels:
            for feature in result.features:
                a, b = alone.entry(feature, label), result.entry(feature, f"{label} · {part}")
                np.testing.assert_equal(
                    (a.score, a.std_error, a.count, a.documents), (b.score, b.std_error, b.count, b.documents)
                )
    assert (
        f"{int((corpus.column('document') == 'd11').sum())} of {len(corpus)} rows belong to no part" in result.notes[0]
    )
    assert repr(result.recipe).startswith("Slices(11 entries in letter, note; WordImportance(")


def test_entities_have_parts_of_their_own():
    made = [("a", Target(X), [("X", 0), ("of", 1.0)]), ("a", Target(Span(0, 1, "Drug")), [("X", 0), ("of", 5.0)])]
    made.append(("b", Target(X), [("X", 0), ("of", 3.0)]))
    part_of = {("a", X): "missed", "a": "correct", "b": "correct"}
    result = explain_global(table(made), Slices(part_of, WordImportance(kappa=0)))
    assert result.entry("of", "Disease · missed").score == 1.0
    assert result.entry("of", "Drug · correct").score == 5.0 and result.entry("of", "Disease · correct").score == 3.0
    nested = Slices({"a": "x", "b": "y"}, BoundaryLexicon(kappa=0))
    assert explain_global(table(made), nested).entry("of", "Disease · right · y").score == 3.0


def test_a_part_without_anything_is_left_out_and_named():
    made = [("a", Target(X), [("X", 0), ("of", 1.0)]), ("b", Target(X), [("X", 0)])]
    recipe = WordImportance(kappa=0)
    both = table(made)
    result = explain_global(both, Slices({"a": "x", "b": "y"}, recipe))
    assert result.labels == ("Disease · x",)
    assert any(note.startswith("y: not available, because no unit of the table is left") for note in result.notes)
    with pytest.raises(ValueError, match="no part gave anything; y: no unit of the table is left"):
        explain_global(both, Slices({"b": "y"}, recipe))


def test_parts_come_from_meta():
    documents = [Document("a", id="1", meta={"section": "plan"}), Document("b", id="2", meta={"year": 3})]
    assert by_meta(documents, "section") == {"1": "plan"} and by_meta(documents, "year") == {"2": "3"}
    with pytest.raises(ValueError, match="no document has 'ward' in its meta; there is section, year"):
        by_meta(documents, "ward")


def test_parts_of_other_documents_are_refused():
    with pytest.raises(ValueError, match="none of the 1 entries of part_of is about a document or an entity"):
        explain_global(planted_table(0), Slices({"another": "x"}))
    with pytest.raises(TypeError, match="Slices reads a CorpusTable, got a list"):
        explain_global([], Slices({"d0": "x"}))


def explained(scores):
    """A table of one target for each row of scores [items, words]; 0 = the word is not there."""
    return table([
        (f"d{i}", Target(X), [("X", 0), *((f"w{j}", s) for j, s in enumerate(row) if s)])
        for i, row in enumerate(scores)
    ])  # fmt: skip


def coverage(scores, chosen):
    """The share of importance that a set of rows covers, from the definition."""
    importance = np.sqrt(np.abs(scores).sum(axis=0))
    covered = (np.abs(scores[list(chosen)]) > 0).any(axis=0)
    return importance[covered].sum() / importance.sum()


matrices = st.integers(0, 10**6).map(
    lambda seed: (lambda rng: np.where(rng.random((5, 6)) < 0.5, rng.normal(size=(5, 6)), 0.0) + np.eye(5, 6) * 0.1)(
        np.random.default_rng(seed)
    )
)


@settings(max_examples=40)
@given(matrices, st.integers(1, 4))
def test_picks_cover_nearly_as_much_as_the_best_set(scores, n):
    picks = pick(explained(scores), n)
    chosen = [int(one.document[1:]) for one in picks]
    assert [one.coverage for one in picks] == pytest.approx(
        [coverage(scores, chosen[: k + 1]) for k in range(len(picks))]
    )
    best = max(coverage(scores, some) for some in combinations(range(5), n))
    assert (1 - 1 / np.e) * best <= coverage(scores, chosen) + 1e-12 <= best + 2e-12
    gains = np.diff([0, *(one.coverage for one in picks)])
    assert (gains[:-1] >= gains[1:] - 1e-12).all()
    assert coverage(scores, chosen[:1]) == pytest.approx(max(coverage(scores, [i]) for i in range(5)))


def test_an_entity_shows_its_strongest_words_only():
    scores = np.array([[3.0, 2.0, 1.0, 0.5], [0.0, 0.0, 4.0, 0.0]])
    first, second = pick(explained(scores), 5, strongest=1)
    assert (first.document, second.document, second.coverage) == ("d1", "d0", 1.0)
    assert first.coverage == pytest.approx(2 / (2 + np.sqrt(3)))
    assert (first.target, first.start, first.end) == ("Disease 0–1", 0, 1)


def test_documents_are_picked_whole():
    made = [("a", Target(X), [("X", 0), ("of", 1.0)]), ("a", Target(Span(0, 1, "Drug")), [("X", 0), ("of", 5.0)])]
    made.append(("b", Target(X), [("X", 0), ("of", 7.0)]))
    (only,) = pick(table(made), of_documents=True)
    assert only == ("a", "", -1, -1, 1.0)  # two features: the word under each label
    assert [one.document for one in pick(table(made))] == ["a", "a"]
    with pytest.raises(ValueError, match="n is 0 and strongest is 10; both must be at least 1"):
        pick(table(made), 0)


def test_nothing_to_cover_gives_no_pick():
    assert pick(table([("a", Target(X), [("X", 0), ("of", 0.0)])])) == ()
