"""The views of the corpus on a desk: entities and words of all documents, read and explained beside the notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from drawn_results import wait_until

import explain_lib as xl
from explain_lib.attribution import Lexicon, Slices, WordImportance, explain_global
from explain_lib.core import Document, Prediction, Span
from explain_lib.models import predict
from explain_lib.models.token_classification import Tagger
from widgets import Palette, Status
from widgets.jobs import Jobs
from widgets.workbench.case import read_case
from widgets.workbench.desk import Desk, as_documents
from widgets.workbench.corpus.entity_figures import MARGIN, entity_of, margins
from widgets.workbench.corpus.reading import Reading
from widgets.workbench.store.store import Store
from widgets.workbench.corpus.sweeping import named_apart, sweep
from widgets.workbench.views.errors import ErrorsView
from widgets.workbench.views.stability import StabilityView
from widgets.workbench.views.words import ENDS, WordsView

METHODS = (xl.PermutationShap(), xl.Occlusion())
Maker = Callable[..., Desk]


def no_tick(done: int, in_all: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def make(tagger: Tagger) -> Iterator[Maker]:
    made: list[Desk] = []

    def desk(documents: Sequence[Document], store: Path | None = None) -> Desk:
        jobs = Jobs(Status(), Status())
        kept = None if store is None else Store(store)
        made.append(Desk(tagger, as_documents(documents), METHODS, jobs, Palette(), None, kept))
        return made[-1]

    yield desk
    for one in made:
        one.jobs.close()


@pytest.fixture
def corpus(english: Document, chinese: Document) -> list[Document]:
    """Copies of both texts, the Chinese ones of another section; two share an id."""
    names = ["a", "b", "c", "a"]
    parts = [{"section": "history"}, {"section": "plan"}] * 2
    texts = [english, chinese, english, chinese]
    return [
        Document(one.text, one.lang, one.spans, name, part) for one, name, part in zip(texts, names, parts, strict=True)
    ]


def told(predictions: Sequence[Prediction]) -> list[tuple[object, list[float]]]:
    return [(one.spans, one.confidence.round(6).tolist()) for one in predictions]


def settle(desk: Desk) -> None:
    desk.jobs.background("", lambda tick: None).result(timeout=60)


def read_all(view: ErrorsView) -> None:
    view.button.click()
    settle(view.desk)


def test_reading_is_predicting_and_goes_on_where_it_was_stopped(make: Maker, corpus: list[Document]) -> None:
    desk, asked = make(corpus * 30), []
    reading = Reading(desk)

    def stop(at: int, _: int) -> None:
        asked.append(at)
        if at > 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(reading.ahead(stop))
    assert 20 < len(reading.predictions) < 120
    again = list(reading.ahead(no_tick))
    assert reading.is_complete and again[-1] == 120
    assert told(reading.predictions) == told(predict(desk.model, desk.documents, progress=False))


def test_a_new_desk_reads_what_the_store_knows_and_asks_no_model(
    make: Maker, corpus: list[Document], tmp_path: Path
) -> None:
    store = tmp_path / "kept"
    first, second = Reading(make(corpus, store)), make(corpus, store)
    assert list(Reading(second).ahead(no_tick, only_known=True)) == []
    list(first.ahead(no_tick))
    again = Reading(second)
    list(again.ahead(no_tick, only_known=True))
    assert told(again.predictions) == told(first.predictions)


def test_the_table_is_that_of_the_errors_of_the_corpus(make: Maker, corpus: list[Document]) -> None:
    view = ErrorsView(make(corpus))
    assert view.line.value == "4 documents, one pass of the model each."
    assert view.found.layout.display == "none"
    read_all(view)
    wanted = xl.entity_errors(corpus, predict(view.desk.model, corpus, progress=False))
    assert view.table.errors.counts == wanted.counts
    assert view.table.errors.outcomes == wanted.outcomes
    assert (view.found.layout.display, view.button.disabled) == (None, True)
    assert view.line.value == "4 documents were read."


def test_a_row_opens_its_text_and_a_selection_marks_its_row(make: Maker, corpus: list[Document]) -> None:
    desk = make(corpus)
    view = ErrorsView(desk)
    read_all(view)
    row = {"text": 3, "document": "a", "start": 9, "end": 12, "label": "Reaction"}
    view.table.set_state({"selected": row})
    assert desk.document == 3
    desk.case = read_case(desk.model, desk.documents[3])
    desk.entity = desk.first(desk.case)
    assert desk.case.spans[desk.entity] == Span(9, 12, "Reaction")
    view.refresh()
    assert view.table.selected == row  # unchanged: nothing goes round in circles
    desk.document = 0
    desk.case = read_case(desk.model, desk.documents[0])
    desk.entity = desk.case.spans.index(Span(19, 32, "Disease"))
    view.refresh()
    assert view.table.selected == {"text": 0, "document": "a", "start": 19, "end": 32, "label": "Disease"}
    assert view.table.outcome is not None and view.table.outcome.gold == Span(19, 32, "Disease")
    assert desk.entity == desk.case.spans.index(Span(19, 32, "Disease"))
    desk.case, desk.entity = None, -1
    view.refresh()
    assert view.table.selected["text"] == 0  # while a text is read, the mark stays


def test_margins_are_those_of_the_queries_and_only_of_the_rows_shown(make: Maker, corpus: list[Document]) -> None:
    desk = make(corpus)
    view = ErrorsView(desk)
    read_all(view)
    rows = [i for i, one in enumerate(view.table.errors.outcomes) if one.text < 2]
    view.table.set_state({"shown": rows})
    assert view.margin_cost.value == f"{len(rows)} more, in 2 texts, one pass of the model each."
    view.margins.click()
    settle(desk)
    assert view.table.table["figures"] == ["confidence", MARGIN, "length"]
    figures = np.frombuffer(view.table.figures).reshape(3, -1)[1]
    for row, one in enumerate(view.table.errors.outcomes):
        if row not in rows:
            assert np.isnan(figures[row])
            continue
        at, span = entity_of(one)
        query = xl.Query(desk.model, corpus[at])
        sides = [query.with_targets([xl.Target(span, margin=side)]) for side in ("left", "right")]
        values = [one.value(one.full_row[None])[0, 0] for one in sides]
        np.testing.assert_allclose(figures[row], min(values), atol=1e-5)
    assert (view.margin_cost.value, view.margins.disabled) == ("All are known.", True)


def test_stability_is_that_of_the_reports_and_the_selection_finds_it(make: Maker, corpus: list[Document]) -> None:
    desk = make(corpus)
    view, known = ErrorsView(desk), StabilityView(desk)
    read_all(view)
    desk.method = xl.Occlusion()
    row = next(i for i, one in enumerate(view.table.errors.outcomes) if one.predicted and one.text == 1)
    view.table.set_state({"shown": [row]})
    assert view.stable_cost.value == "1 more, context, each at most 26 explanations by Occlusion."
    view.stable.click()
    settle(desk)
    assert view.table.table["figures"] == ["confidence", "stability", "length"]
    span = view.table.errors.outcomes[row].predicted
    wanted = xl.stability(xl.Query(desk.model, corpus[1], targets=[xl.Target(span)]).context(), xl.Occlusion())
    (value,) = [m.value for m in wanted.measures if m.name == "stability" and m.about["family"] == "all families"]
    figures = np.frombuffer(view.table.figures).reshape(3, -1)[1]
    np.testing.assert_allclose(figures[row], value, atol=1e-6)
    assert np.isnan(np.delete(figures, row)).all() and view.stable.disabled
    desk.document, desk.case = 1, read_case(desk.model, corpus[1])
    desk.entity = desk.case.spans.index(span)
    known.refresh()
    assert known.panel.report and known.button.description == "Run again"
    desk.method = xl.PermutationShap()
    view.refresh()
    assert view.table.table["figures"] == ["confidence", "length"]
    assert not view.stable.disabled  # another method, another stability


def test_an_entity_that_the_model_cannot_have_has_no_margin(make: Maker) -> None:
    desk = make([Document("severe lesion", "en", (Span(0, 3, "Reaction"), Span(0, 6, "no such label")))])
    found = dict(margins(desk, [(0, span) for span in desk.documents[0].spans], no_tick))
    assert np.isnan(list(found.values())).tolist() == [True, True]


def test_an_end_that_cannot_move_leaves_the_margin_to_the_other(make: Maker) -> None:
    span = Span(0, 6, "Disease")
    desk = make([Document("lesion", "en", (span,))])
    query = xl.Query(desk.model, desk.documents[0], targets=[xl.Target(span, margin="left")])
    left = query.value(query.full_row[None])[0, 0]
    assert dict(margins(desk, [(0, span)], no_tick)) == {(0, span): pytest.approx(left)}


def test_without_gold_entities_are_predicted_and_neither_right_nor_wrong(make: Maker, corpus: list[Document]) -> None:
    view = ErrorsView(make([Document(one.text, one.lang) for one in corpus]))
    read_all(view)
    table = view.table.table
    assert table["credits"] == {} and set(table["words"]["class"]) == {"predicted"}
    assert table["words"]["flag"] == [""]
    assert [name for name, _ in view.driving.kind.options] == [f"predicted ({table['rows']})"]
    codes = np.frombuffer(view.table.codes, "<i4").reshape(len(table["codes"]), -1)
    # texts that are the same have rows of their own
    assert {*codes[table["codes"].index("document")].tolist()} == {0, 1, 2, 3}


def test_words_of_a_class_are_means_over_its_entities(make: Maker, corpus: list[Document]) -> None:
    desk = make(corpus)
    view = ErrorsView(desk)
    read_all(view)
    driving, missed = view.driving, xl.ErrorClass.MISSED
    driving.kind.value = missed
    assert "Occlusion" in driving.line.value and not driving.button.disabled
    driving.button.click()
    settle(desk)
    texts, chosen = named_apart(desk.documents), view.table.errors.select(missed)
    asked: dict[int, list[xl.Target]] = {}
    for one in chosen:
        asked.setdefault(one.text, []).append(xl.Target(one.gold))
    tables = list(sweep(desk, texts, asked, xl.Occlusion(), ("context",), no_tick))
    parts = {(texts[one.text].id, one.gold): "missed" for one in chosen}
    wanted = explain_global(tables[0], Slices(parts))
    (shown,) = driving.words._lists
    assert shown.label == wanted.labels[0] == "Reaction · missed"
    np.testing.assert_allclose(shown.result.scores, wanted.scores)
    assert driving.line.value == f"{len(chosen)} of {len(chosen)} explained." and driving.button.disabled

    words = driving.words
    first = words.panel.view["lists"][0]["words"][0]
    words.panel.set_state({"clicked": {"list": 0, "word": 0, "stamp": words.panel.view["stamp"]}})
    wait_until(lambda: words.panel.places)
    assert len(words.panel.places["excerpts"]) == first["seen"]
    own = {"".join(run["text"] for run in one["runs"] if run["own"]) for one in words.panel.places["excerpts"]}
    assert {word.casefold() for word in own} == {first["word"]}
    words.panel.set_state({"chosen": {"place": 1, "stamp": 1}})
    assert desk.document == words._places[1].text
    words.panel.set_state({"clicked": {"list": 0, "word": 1, "stamp": 0}})  # a click on lists that are gone
    assert len(words._places) == first["seen"]


def test_ids_that_repeat_are_told_apart(corpus: list[Document]) -> None:
    assert [one.id for one in named_apart(corpus)] == ["a #1", "b", "c", "a #4"]
    assert [one.text for one in named_apart(corpus)] == [one.text for one in corpus]


def test_a_sweep_is_resumed_from_the_tables_that_are_known(make: Maker, corpus: list[Document]) -> None:
    desk = make(corpus * 5)
    texts = named_apart(desk.documents)
    asked = {at: [xl.Target(one.spans[0])] for at, one in enumerate(texts)}
    whole = list(sweep(desk, texts, asked, xl.Occlusion(), ("context",), no_tick))
    known = list(sweep(desk, texts, asked, xl.Occlusion(), ("context",), no_tick, only_known=True))
    assert len(whole) > 1 and [id(one) for one in known] == [id(one) for one in whole]
    other = list(sweep(desk, texts, asked, xl.PermutationShap(), ("context",), no_tick, only_known=True))
    assert other == []
    documents = [name for table in whole for name in table.documents]
    assert documents == [one.id for one in texts]


@pytest.fixture
def words(make: Maker, corpus: list[Document]) -> WordsView:
    view = WordsView(make(corpus))
    view.refresh()
    settle(view.desk)
    return view


def test_words_of_the_annotation_are_there_before_any_model_was_asked(words: WordsView) -> None:
    assert words.label.options == ("Disease", "Reaction")
    (shown,) = words.words._lists
    wanted = explain_global(named_apart(words.desk.documents), Lexicon())
    np.testing.assert_allclose(shown.result.scores, wanted.scores)
    assert words.words.panel.view["lists"][0]["caption"] == "Disease: near gold entities, no explanation asked"
    assert words.reading.predictions == []
    words.words.panel.set_state({"clicked": {"list": 0, "word": 0, "stamp": words.words.panel.view["stamp"]}})
    wait_until(lambda: words.words.panel.places)
    assert words.words.panel.places["excerpts"]


def test_words_of_the_model_stand_beside_them_and_those_beside_the_ends_read_margins(words: WordsView) -> None:
    desk = words.desk
    words.button.click()
    settle(desk)
    words.label.value = "Reaction"
    model, control = words.words._lists
    scored = words._tables[repr(xl.Occlusion())]
    np.testing.assert_allclose(model.result.scores, explain_global(scored.table, WordImportance()).scores)
    assert control.result.method == ""
    assert words.line.value == "All entities of 4 documents are explained."
    best = words.words.panel.view["lists"][0]["words"][0]
    assert len(list(model.places(best["word"]))) == best["seen"]
    words.what.value = ENDS
    captions = [one["caption"] for one in words.words.panel.view["lists"]]
    assert captions == ["Reaction: beside the left end", "Reaction: beside the right end"]
    for shown in words.words._lists:
        assert "margin" in shown.result.quantity
        for word in shown.result.features:
            count = shown.result.entry(word, shown.label).count
            assert len(list(shown.places(word))) == count
    words.words.panel.set_state({"search": "no such word"})
    assert [one["words"] for one in words.words.panel.view["lists"]] == [[], []]


def test_without_gold_the_words_are_near_what_the_model_finds(make: Maker, corpus: list[Document]) -> None:
    view = WordsView(make([Document(one.text, one.lang, (), one.id) for one in corpus]))
    view.refresh()
    settle(view.desk)
    assert view.words._lists == ()
    view.button.click()
    settle(view.desk)
    assert view.label.options == ("Reaction",)
    assert [one.caption for one in view.words._lists] == [
        "Reaction: what the model reads", "Reaction: near predicted entities, no explanation asked",
    ]  # fmt: skip


def test_what_was_explained_comes_back_from_the_store(make: Maker, corpus: list[Document], tmp_path: Path) -> None:
    first = WordsView(make(corpus, tmp_path / "kept"))
    first.button.click()
    settle(first.desk)
    again = WordsView(make(corpus, tmp_path / "kept"))
    again.refresh()
    settle(again.desk)
    name = repr(xl.Occlusion())
    both = [view._found[name, "words"] for view in (first, again)]
    np.testing.assert_array_equal(both[0].scores, both[1].scores)
