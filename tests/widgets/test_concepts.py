"""Concepts on a desk: tested in the worker, kept, and led back to their examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from drawn_results import wait_until

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.models import predict
from explain_lib.models.protocols import Model
from explain_lib.models.token_classification import Tagger
from widgets import Palette, Status
from widgets.jobs import Jobs
from widgets.workbench.desk import Desk
from widgets.workbench.store.store import Store
from widgets.workbench.views.words import WordsView

CONCEPTS = xl.WordConcept("adverse", ("adverse",)), xl.SpanConcept("dose", {"a": [Span(49, 53)], "b": [Span(48, 52)]})


class Bare:
    """A model whose layers nobody sees."""

    name = "bare"


def view_of(model: Model, documents: Sequence[Document], store: Path | None = None) -> WordsView:
    jobs, kept = Jobs(Status(), Status()), None if store is None else Store(store)
    return WordsView(Desk(model, documents, (xl.Occlusion(),), jobs, Palette(), None, kept, CONCEPTS))


def settle(view: WordsView) -> None:
    view.desk.jobs.background("", lambda tick: None).result(timeout=60)


@pytest.fixture
def corpus(english: Document) -> list[Document]:
    texts = [english.text, english.text.replace("first", "last"), "No fever ."]
    return [Document(text, "en", (), name) for text, name in zip(texts, "abc", strict=True)]


def test_concepts_are_tested_beside_random_ones_and_lead_to_their_examples(
    tagger: Tagger, corpus: list[Document]
) -> None:
    view = view_of(tagger, corpus)
    part = view.concepts
    assert part is not None
    assert part.line.value == "2 concepts: 3 passes of the model and one pass forward and back for every entity."
    part.button.click()
    settle(view)
    assert part.line.value == "adverse, dose: tested."
    queries = []
    for document, found in zip(corpus, predict(tagger, corpus), strict=True):
        query = xl.Query(tagger, document)
        each = [query.with_targets([xl.Target(span)]).context() for span in found.spans]
        queries += each or [query]
    wanted = xl.explain_global(queries, xl.ConceptVectors(CONCEPTS), rng=0)
    (shown,) = part.words.panel.view["lists"]
    assert (shown["caption"], shown["kind"], shown["more"]) == ("Reaction: concepts", "concept", list(wanted.more))
    for one in shown["words"]:
        row = wanted.features.index(one["word"])
        assert one["score"] == pytest.approx(wanted.scores[row, 0], rel=1e-3)
        told = [np.nan if value is None else value for value in one["more"]]
        assert told == pytest.approx([values[row, 0] for values in wanted.more.values()], rel=1e-3, nan_ok=True)
    names = [one["word"] for one in shown["words"]]
    assert sorted(names) == ["adverse", "dose"]

    stamp = part.words.panel.view["stamp"]
    part.words.panel.set_state({"clicked": {"list": 0, "word": names.index("dose"), "stamp": stamp}})
    wait_until(lambda: part.words.panel.places)
    own = ["".join(run["text"] for run in one["runs"] if run["own"]) for one in part.words.panel.places["excerpts"]]
    assert own == ["dose", "dose"]
    part.words.panel.set_state({"chosen": {"place": 1, "stamp": 1}})
    assert view.desk.document == 1
    view.desk.jobs.close()


def test_a_test_that_was_stopped_goes_on_and_its_result_is_known_to_the_next_session(
    tagger: Tagger, corpus: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(tagger, corpus, tmp_path / "kept")
    part, calls = view.concepts, []
    assert part is not None
    real = Tagger.hidden_gradients

    def counted(self: Tagger, *asked: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            view.desk.jobs.cancel_background()
        return real(self, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Tagger, "hidden_gradients", counted)
    part.button.click()
    settle(view)
    assert part.result is None and len(calls) == 2
    part.button.click()
    settle(view)
    assert part.result is not None and len(calls) == 2  # the slopes of both were known
    again = view_of(tagger, corpus, tmp_path / "kept")
    again.refresh()
    settle(again)
    assert again.concepts is not None and again.concepts.result is not None
    np.testing.assert_array_equal(again.concepts.result.scores, part.result.scores)
    for one in (view, again):
        one.desk.jobs.close()


def test_a_model_without_layers_and_documents_without_entities_say_so(tagger: Tagger) -> None:
    closed = view_of(Bare(), [Document("No fever .", "en", (), "a")])  # type: ignore[arg-type]
    assert closed.concepts is not None and closed.concepts.button.disabled
    assert closed.concepts.line.value == "This model shows no states between its layers; concepts need them."
    empty = view_of(tagger, [Document("No fever .", "en", (), "a")])
    assert empty.concepts is not None
    empty.concepts.button.click()
    settle(empty)
    assert empty.concepts.line.value.startswith("The model finds no entity in these documents")
    for one in (closed, empty):
        one.desk.jobs.close()
