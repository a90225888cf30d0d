"""The lexicon without a model: Monroe's formula counted by hand, errors that know documents, places near spans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explain_lib.attribution.global_importance import Lexicon, explain_global
from explain_lib.core import Document, Span
from explain_lib.corpora import default_units

FILLER = ["the", "of", "and", "with", "for", "since", "after", "under", "over", "near"]


def corpus(n=30, seed=0):
    """ "acute" stands before the entity four times in five, "stable" in other places."""
    rng = np.random.default_rng(seed)
    documents = []
    for number in range(n):
        words = list(rng.choice(FILLER, 12))
        words[5] = "lesion"
        words[4] = "acute" if rng.random() < 0.8 else "the"
        words[11] = "stable" if rng.random() < 0.8 else "the"
        start = len(" ".join(words[:5])) + 1
        documents.append(Document(" ".join(words), "en", (Span(start, start + 6, "Disease"),), id=str(number)))
    return documents


def counted(documents, reach):
    """Words near and elsewhere, by document."""
    near, far = [], []
    for document in documents:
        units = default_units(document)
        inside = np.flatnonzero(units.inside(document.spans[0]))
        texts = units.texts
        is_near = [0 < min(abs(i - j) for j in inside) <= reach for i in range(len(texts))]
        near.append([t for t, yes in zip(texts, is_near, strict=True) if yes])
        far.append([t for i, t in enumerate(texts) if not is_near[i] and i not in inside])
    return near, far


def delta(near, far, word, prior):
    """Monroe et al., equation by equation; the prior as given for this word."""
    near, far = [w for of in near for w in of], [w for of in far for w in of]
    total = (near + far).count(word)
    return log_odds(near.count(word), len(near), far.count(word), len(far), prior * total / len(near + far), prior)


def log_odds(y, n, y_far, n_far, alpha, prior):
    odds = (y + alpha) / (n + prior - y - alpha)
    far_odds = (y_far + alpha) / (n_far + prior - y_far - alpha)
    return np.log(odds) - np.log(far_odds), np.sqrt(1 / (y + alpha) + 1 / (y_far + alpha))


def test_it_is_the_plain_formula():
    documents = corpus()
    found = explain_global(documents, Lexicon(reach=2, prior=40))
    near, far = counted(documents, 2)
    for word in set(found.features) - {"lesion"}:
        score, error = delta(near, far, word, 40)
        at = found.features.index(word), 0
        assert found.scores[at] == pytest.approx(score) and found.more["monroe"][at] == pytest.approx(error)
        assert found.more["near"][at] == sum(of.count(word) for of in near)
        assert found.counts[at] == sum(of.count(word) for of in near + far)
    assert np.isnan(found.entry("lesion", "Disease").score)  # it stands inside entities only


def test_the_error_over_documents_is_the_linearised_one():
    documents = corpus(12)
    found = explain_global(documents, Lexicon(reach=2, prior=40))
    near, far = counted(documents, 2)
    n, n_far = sum(map(len, near)), sum(map(len, far))
    for word in set(found.features) - {"lesion"}:
        y, y_far = sum(of.count(word) for of in near), sum(of.count(word) for of in far)
        alpha = 40 * (y + y_far) / (n + n_far)

        def moved(d, step, word=word, y=y, y_far=y_far, alpha=alpha):
            """δ with document d counted 1 + step times; the prior stays."""
            return log_odds(
                y + step * near[d].count(word), n + step * len(near[d]),
                y_far + step * far[d].count(word), n_far + step * len(far[d]), alpha, 40,
            )[0]  # fmt: skip

        influence = np.array([(moved(d, 1e-5) - moved(d, -1e-5)) / 2e-5 for d in range(12)])
        variance = 12 * influence.var(ddof=1)
        _, monroe = delta(near, far, word, 40)
        at = found.features.index(word), 0
        if found.documents[at] > 1:
            assert found.std_error[at] == pytest.approx(np.sqrt(max(variance, monroe**2)), rel=1e-5)


def test_words_near_and_far_are_told_apart():
    found = explain_global(corpus(80), Lexicon(reach=2))
    best = found.top("Disease", 1, by_z=True)[0]
    worst = found.top("Disease", 1, lowest=True, by_z=True)[0]
    assert (best.feature, worst.feature) == ("acute", "stable") and best.low > 0 > worst.high


def test_most_words_without_an_effect_hold_zero():
    hits = []
    for seed in range(20):
        found = explain_global(corpus(40, seed), Lexicon(reach=2))
        low, high = found.interval()
        hits += [low[found.features.index(w), 0] <= 0 <= high[found.features.index(w), 0] for w in FILLER[1:]]
    print(f"{np.mean(hits):.3f} of {len(hits)} intervals of words without an effect hold 0")
    assert 0.93 < np.mean(hits) <= 1


def test_a_document_that_says_one_thing_often_is_one_document():
    loud = Document("foo " * 50 + "lesion", spans=(Span(200, 206, "Disease"),), id="loud")
    found = explain_global([*corpus(20), loud], Lexicon(reach=50))
    assert np.isnan(found.entry("foo", "Disease").std_error) and found.entry("foo", "Disease").documents == 1
    twice = explain_global([*corpus(20), loud, Document("foo is here", id="x")], Lexicon(reach=50))
    at = twice.features.index("foo"), 0
    assert twice.std_error[at] > 2 * twice.more["monroe"][at]


def test_sentences_of_one_note_are_one_document():
    notes = corpus(8)
    parts = [replace(d, id=f"{d.id}.{k}", meta={"document": d.id}) for d in notes for k in range(9)]
    recipe = Lexicon(reach=2)
    whole, apart = explain_global(parts, recipe), explain_global([d for d in notes for _ in range(9)], recipe)
    np.testing.assert_array_equal(whole.scores, apart.scores)
    assert whole.documents.max() == 8 and apart.documents.max() == 72
    assert "8 documents; no model was asked." in whole.notes
    ratio = whole.std_error / apart.std_error
    assert np.nanmax(ratio) > 2 and np.nanmin(ratio) > 1 - 1e-9  # NaN: the word inside the spans


def test_where_to_look():
    text = "acute lesion of skin"
    document = Document(text, "en", (Span(6, 12, "Disease"), Span(16, 20, "Body")), id="a")
    own, near, both = (explain_global([document], Lexicon(where, reach=1)) for where in ("own", "context", "both"))

    def words(found, label):
        column = found.labels.index(label)
        return {f for f, n in zip(found.features, found.more["near"][:, column], strict=True) if n}

    assert own.labels == ("Body", "Disease")
    assert (words(own, "Disease"), words(near, "Disease"), words(both, "Body")) == (
        {"lesion"}, {"acute", "of"}, {"of", "skin"},
    )  # fmt: skip


def test_bad_input_is_refused_in_words():
    with pytest.raises(TypeError, match="Lexicon reads a sequence of Documents, got a str"):
        explain_global("acute lesion", Lexicon())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="none of the 1 documents has a span"):
        explain_global([Document("acute")], Lexicon())
    with pytest.raises(ValueError, match="reach is 0, prior 100.0"):
        Lexicon(reach=0)
