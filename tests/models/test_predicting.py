"""predict: order, batches across documents, white space, progress, and what it refuses."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_checkpoints import TEXTS, build

from explain_lib.core import Document, Target
from explain_lib.models import load_model, predict, predicting, toy

POOL = [*TEXTS, "   ", *(text for words in toy.PLANTED.values() for text in words.texts), TEXTS[2] * 8]


@pytest.fixture(scope="module")
def tagger():
    return load_model(build("bert"), dtype="float64")


@settings(max_examples=20)
@given(texts=st.lists(st.sampled_from(POOL), max_size=12))
def test_a_list_gives_what_its_documents_give_alone_in_the_same_order(tagger, texts):
    documents = [Document(text) for text in texts]
    together = predict(tagger, documents)
    assert len(together) == len(documents)
    for document, prediction in zip(documents, together, strict=True):
        alone = predict(tagger, document)
        assert prediction.spans == alone.spans
        np.testing.assert_allclose(prediction.confidence, alone.confidence, atol=1e-9)


def test_chunks_do_not_show(tagger, monkeypatch):
    documents = [Document(text) for text in POOL]
    whole = predict(tagger, documents)
    monkeypatch.setattr(predicting, "CHUNK", 3)
    assert [p.spans for p in predict(tagger, documents)] == [p.spans for p in whole]


def test_a_text_is_decoded_as_soon_as_its_windows_are_there(monkeypatch):
    """So that the logits of a corpus are not all held until the end; documents come back in order all the same."""
    long = " ".join(["Als bijwerking ontstond een ernstige laesie ."] * 9)
    model = toy.planted_tagger(max_pieces=20).tagger
    documents = [Document(long), *(Document(text) for text in POOL[-8:-1])]
    expected = [predict(model, document).spans for document in documents]
    events, decode, run = [], type(model).decode, type(model).iter_outputs
    monkeypatch.setattr(predicting, "CHUNK", 2)
    monkeypatch.setattr(type(model), "decode", lambda self, *a: events.append("decode") or decode(self, *a))
    monkeypatch.setattr(type(model), "iter_outputs", lambda self, rows: events.append("run") or run(self, rows))
    assert [prediction.spans for prediction in predict(model, documents)] == expected
    assert events[:3] == ["run", "decode", "decode"] and events.count("decode") == len(documents)


def test_documents_share_batches(tagger, monkeypatch):
    batches = []
    original = type(tagger.network).outputs
    monkeypatch.setattr(
        type(tagger.network), "outputs",
        lambda self, rows, names=None: batches.append(len(rows)) or original(self, rows, names),
    )  # fmt: skip
    predict(tagger, [Document(text) for text in TEXTS])
    assert batches == [len(TEXTS)]


def test_white_space_predicts_nothing_and_runs_nothing(tagger, monkeypatch):
    monkeypatch.setattr(type(tagger.network), "outputs", lambda *_: pytest.fail("ran the model"))
    assert predict(tagger, Document(" \n\t")).spans == ()


def test_confidence_is_the_probability_that_the_decoder_returns_the_span(tagger):
    prediction = predict(tagger, Document(TEXTS[1]))
    encoding = tagger.encode(TEXTS[1])
    window = tagger.windows(encoding)[0]
    ((_, outputs),) = tagger.iter_outputs(tagger.row(encoding, window))
    events = [tagger.event(Target(span), encoding, window) for span in prediction.spans]
    np.testing.assert_allclose(prediction.confidence, tagger.score(outputs, events, "probability")[0])
    assert len(prediction.spans) > 1


def test_progress_is_shown_when_asked_for(tagger):
    shown, silent = io.StringIO(), io.StringIO()
    with redirect_stderr(shown):
        predict(tagger, [Document(text) for text in TEXTS], progress=True)
    with redirect_stderr(silent):
        predict(tagger, [Document(text) for text in TEXTS], progress=False)
    assert "5/5" in shown.getvalue() and silent.getvalue() == ""


def test_texts_are_wrapped_in_documents_first(tagger):
    with pytest.raises(TypeError, match=r"predict takes Documents, got a str. Wrap a text: Document\(text\)"):
        predict(tagger, ["a text"])
    with pytest.raises(TypeError, match="predict takes Documents, got a str"):
        predict(tagger, "a text")
