"""Words over a corpus: the plain formula, planted effects, honest errors, and rows that are never mixed."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from planted_table import EFFECTS, WORDS, planted_table, table

from explain_lib.attribution.global_importance import GlobalShap, HomogeneityWeighted, WordImportance, explain_global
from explain_lib.core import NO_ENTITY, Span, Target
from explain_lib.core.table import CorpusTable, Failure, joined, table_of

DISEASE = Target(Span(0, 1, "Disease"))


def plain(corpus, kappa):
    """{(word, label): (score, std_error)} row by row, documents left out one by one."""
    frame = corpus.to_pandas()
    frame = frame[frame["active"]]
    found = {}
    for label, of_label in frame.groupby("label", observed=True):
        for word, rows in of_label.groupby("unit_text"):
            n, mean = len(rows), rows["score"].mean()
            documents = rows["document"].unique()
            d = len(documents)
            without = [rows[rows["document"] != one]["score"].mean() for one in documents]
            variance = (d - 1) / d * sum((one - mean) ** 2 for one in without) if d > 1 else np.nan
            noise = sum(of_one["std_error"].sum() ** 2 for _, of_one in rows.groupby("document", observed=True)) / n**2
            own = n / (n + kappa)
            pull = (1 - own) * (mean - of_label["score"].mean())
            error = np.sqrt(own**2 * np.fmax(variance, noise) + pull**2) if d > 1 else np.nan
            found[word, label] = own * mean + (1 - own) * of_label["score"].mean(), error
    return found


@pytest.mark.parametrize("std_error", [0.0, 0.7])
@pytest.mark.parametrize("kappa", [0.0, 10.0])
def test_it_is_the_plain_formula(kappa, std_error):
    corpus = planted_table(3, n_documents=6, words=5, std_error=std_error)
    found = explain_global(corpus, WordImportance(kappa=kappa))
    expected = plain(corpus, kappa)
    assert len(expected) == int((found.counts > 0).sum()) and np.isnan(found.scores).sum() == (found.counts == 0).sum()
    for (word, label), (score, error) in expected.items():
        entry = found.entry(word, label)
        assert entry.score == pytest.approx(score) and entry.std_error == pytest.approx(error, nan_ok=True)


@pytest.mark.parametrize("settings", [{}, {"n_documents": 8}, {"n_documents": 12, "words": 4}])
@pytest.mark.parametrize("kappa", [0.0, 10.0])
def test_intervals_hold_the_planted_effects(settings, kappa):
    hits = []
    for seed in range(40):
        found = explain_global(planted_table(seed, **settings), WordImportance(kappa=kappa))
        truth = np.array([[EFFECTS[label][WORDS.index(word)] for label in found.labels] for word in found.features])
        low, high = found.interval()
        known = ~np.isnan(low)
        hits.extend(((low <= truth) & (truth <= high))[known])
    print(f"{settings} kappa={kappa}: {np.mean(hits):.3f} of {len(hits)} intervals hold the effect")
    assert 0.92 < np.mean(hits) < 0.98


def test_planted_words_stand_on_top():
    found = explain_global(planted_table(0))
    assert [entry.feature for entry in found.top("Disease", 3)] == ["fever", "severe", "acute"]
    assert [entry.feature for entry in found.top("Drug", 2)] == ["drug", "after"]
    assert found.top("Disease", 1, lowest=True)[0].feature == "no"
    sure = explain_global(planted_table(0, n_documents=60), WordImportance(kappa=0))
    at = [sure.features.index(word) for word in ("drug", "after", "the")]
    assert sure.ranks()[:, at, sure.labels.index("Drug")].T.tolist()[:2] == [[1, 1], [2, 2]]


def test_kappa_goes_from_the_words_own_mean_to_that_of_the_label():
    corpus = planted_table(1)
    own, drawn, flat = (explain_global(corpus, WordImportance(kappa=kappa)) for kappa in (0.0, 10.0, np.inf))
    np.testing.assert_allclose(own.scores, own.more["mean"])
    of_label = np.nansum(own.counts * own.more["mean"], axis=0) / own.counts.sum(axis=0)
    np.testing.assert_allclose(flat.scores, np.broadcast_to(of_label, flat.scores.shape))
    np.testing.assert_allclose(drawn.scores, (own.counts * own.scores + 10 * of_label) / (own.counts + 10))
    with pytest.raises(ValueError, match="kappa is -1; it counts occurrences"):
        WordImportance(kappa=-1)


def test_one_document_tells_no_error_and_says_so():
    found = explain_global(table([("d", DISEASE, [("X", 0), ("fever", 1.0), ("fever", 3.0)])]), WordImportance(kappa=0))
    entry = found.entry("fever", "Disease")
    assert (entry.score, entry.count, entry.documents) == (2.0, 2, 1) and np.isnan(entry.std_error)
    assert "1 of 1 scores come from one document each, which tells no error (NaN)." in found.notes


def test_attributions_own_errors_are_the_floor():
    units = [("X", 0), ("fever", 1.0), ("fever", 1.0)]
    corpus = table([(f"d{i}", DISEASE, units) for i in range(4)], std_error=0.3)
    entry = explain_global(corpus, WordImportance(kappa=0)).entry("fever", "Disease")
    assert entry.std_error == pytest.approx(0.3 / 2)  # wholly correlated within each of four documents
    unknown = table([(f"d{i}", DISEASE, [("X", 0), ("fever", float(i))]) for i in range(4)], std_error=np.nan)
    found = explain_global(unknown, WordImportance(kappa=0))
    assert np.isnan(found.more["noise"]).all()
    assert found.entry("fever", "Disease").std_error == pytest.approx(np.std(range(4), ddof=1) / 2)


def test_a_document_that_repeats_a_word_counts_once_for_the_error():
    alike = [("d0", DISEASE, [("X", 0), *[("fever", 5.0)] * 50]), ("d1", DISEASE, [("X", 0), ("fever", 0.0)])]
    entry = explain_global(table(alike), WordImportance(kappa=0)).entry("fever", "Disease")
    assert entry.high > 20 and entry.low < 0


def test_words_of_one_spelling_are_one_and_labels_keep_them_apart():
    """Homographs: 白 of 白细胞 and of 白发 are one word within a label, and two numbers under two labels."""
    made = [
        (f"d{i}", Target(Span(0, 1, label)), [("癣", 0), ("白", score), ("Ａ", 1.0), ("a", 3.0)])
        for i in range(3)
        for label, score in (("Disease", 2.0), ("Test", -1.0))
    ]
    found = explain_global(table(made), WordImportance(kappa=0))
    assert [found.entry("白", label).score for label in ("Disease", "Test")] == [2.0, -1.0]
    assert found.entry("a", "Test").score == 2.0 and "Ａ" not in found.features
    apart = explain_global(table(made), WordImportance(kappa=0, folds_case=False))
    assert [apart.entry(word, "Test").score for word in ("Ａ", "a")] == [1.0, 3.0]


def test_arms_are_not_mixed():
    units = [("X", 9.0), ("fever", 1.0)]
    context, whole = table([("d", DISEASE, units)]), table([("d", DISEASE, [("X", 7.0), ("fever", 2.0)])], "all units")
    both = joined([context, whole])
    for corpus, where, features, score in (
        (both, "context", ["fever"], 1.0), (whole, "context", ["fever"], 2.0), (both, "own", ["x"], 7.0),
    ):  # fmt: skip
        found = explain_global(corpus, WordImportance(0, where))
        assert (list(found.features), found.scores[0, 0]) == (features, score)
    assert sorted(explain_global(both, WordImportance(0, "both")).features) == ["fever", "x"]
    with pytest.raises(ValueError, match="no unit of the table is left: it has 2 rows, and where='own' reads"):
        explain_global(context, WordImportance(where="own"))
    with pytest.raises(ValueError, match="where is 'outside'; allowed are context, own, both"):
        explain_global(both, WordImportance(where="outside"))  # type: ignore[arg-type]


def test_questions_are_not_mixed():
    span = Span(0, 1, "Disease")
    asked = (Target(span), Target(span, versus=NO_ENTITY), Target(span, margin="left"), Target(label="Cardiology"))
    made = table([("d", target, [("X", 0.0), ("fever", float(i))]) for i, target in enumerate(asked)], "all units")
    found = explain_global(made, WordImportance(kappa=0))
    names = ("Cardiology", "Disease", "Disease versus no entity", "Disease, left margin")
    assert found.labels == names and [found.entry("fever", name).score for name in names] == [3.0, 0.0, 1.0, 2.0]
    assert found.entry("x", "Cardiology").count == 1 and found.entry("x", "Disease").count == 0


def test_methods_are_not_mixed():
    both = joined([table([("d", DISEASE, [("fever", 1.0)])], method=method) for method in ("A()", "B()")])
    with pytest.raises(ValueError, match="scores of 2 methods: A\\(\\); B\\(\\)"):
        explain_global(both)
    chosen = both.select(both.column("method") == "B()")
    assert len(chosen) == 1 and chosen.failures == both.failures
    with pytest.raises(ValueError, match="rows has dtype int64 and shape \\(1,\\); it needs bool and \\(2,\\)"):
        both.select([0])


def test_shares_give_every_entity_the_same_weight():
    made = [("a", DISEASE, [("X", 0), ("fever", 1.0), ("no", -3.0)]), ("b", DISEASE, [("X", 0), ("fever", 10.0)])]
    found = explain_global(table(made), WordImportance(0, is_share=True))
    assert found.entry("fever", "Disease").score == pytest.approx((0.25 + 1) / 2)
    assert found.entry("no", "Disease").score == pytest.approx(-0.75)


def test_runs_of_adjacent_units_are_features_too():
    made = [("a", Target(Span(4, 6, "Disease")), [("No", 1), ("a", 2), ("fl", 0), ("of", 4), ("the", 8), ("of", 16)])]
    corpus = table(made, std_error=0.5)
    found = explain_global(corpus, WordImportance(kappa=0, run=2))
    assert {f: float(s) for f, s in zip(found.features, found.scores[:, 0], strict=True)} == {
        "no a": 3.0, "of the": 12.0, "the of": 24.0,
    }  # fmt: skip
    assert (found.more["noise"] == 1.0).all()  # wholly correlated
    three = explain_global(corpus, WordImportance(kappa=0, run=3))
    assert three.features == ("of the of",) and three.scores[0, 0] == 28.0
    with pytest.raises(ValueError, match="no target of the table has 4 adjacent units"):
        explain_global(corpus, WordImportance(run=4))
    with pytest.raises(ValueError, match="run is 0; it counts adjacent units"):
        WordImportance(run=0)


def test_runs_of_han_characters_are_words_without_blanks():
    close = CorpusTable(table([("a", DISEASE, [("癣", 0), ("糖", 1), ("尿", 2), ("病", 4)])]).arrow)
    columns = {name: close.column(name).tolist() for name in close.arrow.column_names}
    columns |= {"unit_start": [0, 1, 2, 3], "unit_end": [1, 2, 3, 4]}
    found = explain_global(table_of(columns), WordImportance(kappa=0, run=2))
    assert dict(zip(found.features, found.scores[:, 0], strict=True)) == {"糖尿": 3.0, "尿病": 6.0}


def test_bad_input_is_refused_in_words():
    empty = table_of({name: [] for name in table([]).arrow.column_names}, [Failure("d", "", "ValueError", "")])
    with pytest.raises(ValueError, match="the table has no rows; 1 questions failed, see table.failures"):
        explain_global(empty)
    with pytest.raises(TypeError, match="this recipe reads a CorpusTable, got a list"):
        explain_global([], WordImportance())
    with pytest.raises(TypeError, match="the recipe is the class WordImportance; give a recipe with its settings"):
        explain_global(empty, WordImportance)  # type: ignore[arg-type]
    lost = table([("d", DISEASE, [("X", 0), ("fever", np.nan), ("no", 1.0)])])
    assert "1 scores are no numbers and are left out." in explain_global(lost).notes
    with pytest.raises(ValueError, match="no unit of the table is left"):
        explain_global(table([("d", DISEASE, [("X", 0), ("fever", np.nan)])]))


def test_the_table_is_not_changed_and_chunks_do_not_matter():
    parts = [planted_table(seed, n_documents=3) for seed in (1, 2)]
    renamed = [
        CorpusTable(part.arrow.set_column(0, "document", [[f"{k} {d}" for d in part.column("document")]]))
        for k, part in enumerate(parts)
    ]
    whole = CorpusTable(joined([CorpusTable(part.arrow.cast(parts[0].arrow.schema)) for part in renamed]).arrow)
    once = explain_global(CorpusTable(whole.arrow.combine_chunks()))
    again = explain_global(whole)
    order = [once.features.index(feature) for feature in again.features]
    np.testing.assert_allclose(once.scores[order], again.scores, rtol=1e-12)


def test_global_shap_is_the_mean_size():
    corpus = planted_table(2, n_documents=5, words=6)
    found = explain_global(corpus, GlobalShap())
    frame = corpus.to_pandas()
    frame = frame[frame["active"]].assign(size=lambda f: f["score"].abs())
    for (label, word), rows in frame.groupby(["label", "unit_text"], observed=True):
        entry = found.entry(word, label)
        assert entry.score == pytest.approx(rows["size"].mean())
        at = found.features.index(word), found.labels.index(label)
        assert found.more["total"][at] == pytest.approx(rows["size"].sum())


def test_homogeneity_weighs_by_the_entropy_over_labels():
    corpus = planted_table(2, n_documents=5, words=6)
    found = explain_global(corpus, HomogeneityWeighted())
    sums: dict[str, dict[str, float]] = defaultdict(dict)
    frame = corpus.to_pandas()
    for (label, word), rows in frame[frame["active"]].groupby(["label", "unit_text"], observed=True):
        sums[word][label] = np.sqrt(rows["score"].abs().sum())
    shares = {word: np.array(list(of.values())) / sum(of.values()) for word, of in sums.items()}
    entropy = {word: -(p * np.log(p)).sum() for word, p in shares.items()}
    low, high = min(entropy.values()), max(entropy.values())
    for word, of in sums.items():
        for label, importance in of.items():
            expected = (1 - (entropy[word] - low) / (high - low)) * importance
            assert found.entry(word, label).score == pytest.approx(expected, abs=1e-12)
    one = explain_global(corpus.select(corpus.column("label") == "Drug"), HomogeneityWeighted())
    np.testing.assert_allclose(one.scores, one.more["unweighted"])
    assert "There is one label" in " ".join(one.notes)
