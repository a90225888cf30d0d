"""The corpus side: sums by document, shrinkage, and the mixture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_evidence import evidence
from hypothesis import given, strategies as st

from explain_lib.fusion.corpus_scores import KAPPA, CorpusScores, Known, gathered
from explain_lib.fusion.global_view import as_global
from explain_lib.fusion.mixture import MOST_CORPUS, Mixture, mixed, occurrences, own_kind, shrinkage


def corpus(values: dict[str, dict[str, list[float]]], noise: float = 0.0) -> CorpusScores:
    """From {document: {word: scores}}, for the kind "Disease"."""
    entries = []
    for document, words in values.items():
        sums = {
            ("Disease", word): np.array([len(x), sum(x), sum(v * v for v in x), noise * len(x)], dtype=float)
            for word, x in words.items()
        }
        entries.append((document, sums))
    return gathered(entries)


VALUES = {
    "a": {"severe": [1.0, 1.4], "the": [0.1]},
    "b": {"severe": [0.8], "the": [0.0, -0.1], "rare": [2.0]},
    "c": {"severe": [1.2], "the": [0.05]},
}


@pytest.mark.parametrize("without", ["", "b", "not there"])
def test_what_a_corpus_knows_against_a_loop(without: str) -> None:
    noise = 0.01
    scores = corpus(VALUES, noise)
    kept = {d: w for d, w in VALUES.items() if d != without}
    every = {}
    for words in kept.values():
        for word, x in words.items():
            every.setdefault(word, []).extend(x)
    all_scores = np.concatenate(list(every.values()))
    of_kind = all_scores.mean()
    repeated = [np.array(x) for x in every.values() if len(x) > 1]
    pooled = sum(((x - x.mean()) ** 2).sum() for x in repeated) / sum(len(x) - 1 for x in repeated)
    tau_of_kind = max(0.0, pooled - noise)
    between_words = np.mean([(np.mean(x) - of_kind) ** 2 for x in every.values()])

    words = ("Severe", "the", "rare", "new")
    found = scores.about(words, "Disease", without)
    for i, word in enumerate(words):
        x = np.array(every.get(word.lower(), []))
        n = len(x)
        assert found.n[i] == n
        if not n:
            assert found.score[i] == pytest.approx(of_kind)
            assert found.variance[i] == pytest.approx(between_words)
            continue
        own = max(0.0, x.var(ddof=1) - noise) if n > 1 else tau_of_kind
        tau = (n * own + KAPPA * tau_of_kind) / (n + KAPPA)
        in_documents = sum(word.lower() in w for w in kept.values())
        share = n / (n + KAPPA)
        assert found.between[i] == pytest.approx(tau)
        assert found.score[i] == pytest.approx((n * x.mean() + KAPPA * of_kind) / (n + KAPPA))
        variance = share**2 * (tau + noise) / in_documents + (1 - share) ** 2 * between_words
        assert found.variance[i] == pytest.approx(variance)


def test_an_unknown_kind_is_no_knowledge() -> None:
    assert not corpus(VALUES).about(("severe",), "Drug").n.any()


def test_a_document_alone_is_left_with_nothing() -> None:
    one = corpus({"a": VALUES["a"]})
    assert one.about(("severe", "the"), "Disease", "a").n.tolist() == [0, 0]


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))
def test_shrinkage_is_a_share_and_has_its_limits(noise: float, between: float, variance: float) -> None:
    known = Known(*(np.array([x]) for x in (5.0, 1.0, variance, between)))
    g = shrinkage(np.array([noise]), known)[0]
    assert 0 <= g <= MOST_CORPUS
    if noise == 0:
        assert g == 0
    if noise > 0 and between == variance == 0:
        assert g == MOST_CORPUS


def test_shrinkage_lowers_the_error_where_its_model_holds() -> None:
    """Words with a true mean and contexts about it; noisy local scores: the mixture is closer to the truth."""
    rng = np.random.default_rng(0)
    n_words, between, noise = 60, 0.2, 1.0
    means = rng.normal(size=n_words) * 2
    words = [f"w{i}" for i in range(n_words)]

    def seen() -> np.ndarray:
        truth = means + rng.normal(size=n_words) * np.sqrt(between)
        return np.stack([truth, truth + rng.normal(size=n_words) * np.sqrt(noise)])

    texts = [seen()[1] for _ in range(30)]
    scores = corpus({f"d{i}": {w: [v] for w, v in zip(words, x, strict=True)} for i, x in enumerate(texts)}, noise)
    known = scores.about(words, "Disease")
    assert np.mean(known.between) == pytest.approx(between, abs=0.15)
    g = shrinkage(np.full(n_words, noise), known)
    lost = []
    for _ in range(40):
        truth, local = seen()
        lost.append([np.mean((local - truth) ** 2), np.mean(((1 - g) * local + g * known.score - truth) ** 2)])
    alone, both = np.mean(lost, axis=0)
    assert both < 0.5 * alone


def test_the_mixture_as_a_member() -> None:
    one = evidence((0.3, 0.8), 1, se=0.3)
    others = [evidence((0.3, 0.8), seed, se=0.3) for seed in range(2, 12)]
    scores = gathered([(e.document, occurrences(e.scaled(e.scales()), 1)) for e in (one, *others)])
    scaled = one.scaled(one.scales())
    found = mixed(scaled, 1, scores)
    assert found is not None
    mixture, alone = found.members
    known = scores.about(one.words, "Disease", one.document)
    assert known.n.tolist() == [10] * 20  # its own document is left out
    assert np.allclose(mixture.scores, (1 - found.share) * scaled.scores[1] + found.share * known.score)
    assert np.allclose(alone.scores, known.score)
    assert np.allclose(mixture.edited, (1 - found.share) * scaled.edited[:, 1] + found.share * known.score)
    assert mixture.method == Mixture(one.members[1])
    whole = scaled.with_members(found.fitted(scaled.rows)[0])
    assert whole.scores.shape == (4, 20)
    changes = whole.changes()
    assert not changes[:, :, 3].any()  # the corpus does not change with an edit
    local = np.linalg.norm(scaled.edited[:, 1] - scaled.scores[1])
    assert np.linalg.norm(mixture.edited - mixture.scores) < local


def test_a_given_share_is_taken_and_unknown_words_stay_local() -> None:
    one = evidence((0.3, 0.8), 1)
    scores = gathered([("other", {("Disease", "w3"): np.array([2.0, 1.0, 0.6, 0.0])})])
    found = mixed(one, 0, scores, np.full(20, 0.5))
    assert found is not None
    assert np.flatnonzero(found.share).tolist() == [3]
    assert mixed(replace(one, kind="Drug"), 0, scores) is None


def test_own_units_are_counted_apart() -> None:
    one = replace(evidence((0.3,), 1), own=np.arange(20) < 2)
    keys = occurrences(one, 0)
    assert ("Disease", "w0") not in keys
    assert (own_kind("Disease"), "w0") in keys
    assert ("Disease, left margin", "w5") in keys


def test_the_scores_of_a_corpus_can_be_read() -> None:
    table = as_global(corpus(VALUES, 0.01), "KernelShap()")
    assert table.labels == ("Disease",)
    best = table.top("Disease", 1, min_documents=2)[0]
    assert (best.feature, best.count, best.documents) == ("severe", 4, 3)
    assert np.isnan(table.entry("rare", "Disease").std_error)
