"""Two models at one desk: a second planted tagger that lacks “severe” and “副”, and one with other labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from drawn_results import wait_until

import explain_lib as xl
from explain_lib.core import Document, Prediction, Span, Units, not_available
from explain_lib.models.token_classification import Tagger
from explain_lib.models.toy import bag_classifier, linear_tagger, planted_tagger
import widgets as xw
from widgets import Workbench
from widgets.views.class_changes import class_changes_view
from widgets.views.error_changes import error_changes_view, moves_view
from widgets.views.two_models import CHANGES, Readings, entity_changes, readings_view, two_layers, units_view
from widgets.views.two_reports import reports_view
from widgets.workbench.case import read_case
from widgets.workbench.pair import Pair, explain_both
from widgets.workbench.views.models import ModelsView
from widgets.workbench.views.models_corpus import CorpusUnderBoth
from widgets.workbench.views.models_figures import FiguresOfBoth
from widgets.workbench.views.models_selection import SelectionUnderBoth

LESION, SEVERE = Span(26, 32, "Reaction"), Span(19, 32, "Reaction")
NAMES = ("old", "new")


@pytest.fixture(scope="module")
def other() -> Tagger:
    """The planted tagger after a training that made it forget a modifier and a trigger."""
    toy = planted_tagger()
    with torch.no_grad():
        words = toy.tagger.network.module.get_input_embeddings().weight
        words[toy.tokenizer.convert_tokens_to_ids(["severe", "副"])] = 0
    return replace(toy.tagger, name="forgetful")


@pytest.fixture
def bench(tagger: Tagger, other: Tagger, english: Document, chinese: Document) -> Iterator[Workbench]:
    made = Workbench(tagger, [english, chinese], methods=(xl.Occlusion(), xl.PermutationShap()), other=other)
    wait_until(lambda: made.result is not None)
    yield made
    made.close()


def parts_of(bench: Workbench) -> tuple[SelectionUnderBoth, FiguresOfBoth, CorpusUnderBoth]:
    view = bench.views["Two models"]
    assert isinstance(view, ModelsView) and view.parts is not None
    bench.panel.strip.index = list(bench.views).index("Two models")
    return view.parts


def selection_of(bench: Workbench) -> SelectionUnderBoth:
    return parts_of(bench)[0]


# ---- pure views


def test_every_kind_of_change_has_its_word() -> None:
    before = tuple(Span(start, start + 4, "A") for start in range(0, 30, 5))
    after = (before[0], Span(5, 9, "B"), Span(10, 13, "A"), Span(15, 20, "A"), Span(26, 30, "A"), Span(31, 34, "B"))
    document = Document("x" * 40)
    readings = Readings(document, NAMES, (Prediction(before, np.ones(6)), Prediction(after, np.ones(6))))
    assert entity_changes(readings) == [
        ("the same", before[0], after[0]), ("another type", before[1], after[1]), ("shorter", before[2], after[2]),
        ("longer", before[3], after[3]), ("lost", before[4], None), ("moved", before[5], after[4]),
        ("gained", None, after[5]),
    ]  # fmt: skip
    back = replace(readings, predictions=readings.predictions[::-1])
    assert [change for change, *_ in entity_changes(back)][2:5] == ["longer", "shorter", "gained"]
    assert set(CHANGES) == set(xl.ErrorClass)


def test_readings_are_a_table(
    tagger: Tagger, other: Tagger, english: Document, golden: Callable[[str, Any], None]
) -> None:
    golden("two_models", readings_view(Pair.of(read_case(tagger, english), other).read()))


def test_differences_of_scores_are_a_table(tagger: Tagger, other: Tagger, english: Document) -> None:
    pair = Pair.of(read_case(tagger, english), other)
    (before, after), *more = explain_both(pair.asked(xl.Target(SEVERE), "context"), xl.Occlusion())
    assert not more
    difference = xl.subtract(after, before)
    view = units_view(before, after, difference, NAMES)
    (table,) = view["tables"]
    assert all(row[4] == pytest.approx(row[3] - row[2]) for row in table["rows"])
    sizes = [abs(row[4]) for row in table["rows"]]
    assert sizes == sorted(sizes, reverse=True) and min(sizes) > 0
    assert {row[6] for row in table["rows"]} == {"yes"}  # exact scores: any difference is one
    names = [layer["name"] for layer in two_layers(before, after, difference, 3)]
    assert names == ["first model", "second model", "second − first"]
    heats = [layer["heats"]["3"] for layer in two_layers(before, after, difference, 3)]
    assert len({heat["vmax"] for heat in heats}) == 1
    assert heats[2]["quantity"] == "log-odds, second − first"


def test_errors_of_two_models_are_tables_a_matrix_and_examples(
    tagger: Tagger, other: Tagger, english: Document, chinese: Document, golden: Callable[[str, Any], None]
) -> None:
    documents = [english, chinese]
    sides = [xl.entity_errors(documents, xl.predict(model, documents)) for model in (tagger, other)]
    view = error_changes_view(xl.compare_errors(*sides), NAMES)
    golden("error_changes", view)
    assert view["excerpts"][0]["caption"] == "Broken: correct under the first model only: 1 of 1"


def test_without_gold_the_first_models_entities_are_followed(other: Tagger, tagger: Tagger, english: Document) -> None:
    plain = replace(english, spans=())
    view = moves_view([plain], xl.predict(tagger, [plain]), xl.predict(other, [plain]), NAMES)
    assert {row[0]: row[1] for row in view["tables"][0]["rows"] if row[1]} == {"shorter": 1}


def test_classes_of_two_classifiers() -> None:
    documents = [Document(f"text {i}", id=str(i)) for i in range(3)]
    before = [Prediction(labels={"a": p, "b": 1 - p}) for p in (0.9, 0.6, 0.2)]
    after = [Prediction(labels={"a": p, "b": 1 - p}) for p in (0.8, 0.3, 0.9)]
    view = class_changes_view(documents, before, after, NAMES)
    assert view["matrices"][0]["values"] == [[1, 1], [1, 0]]
    assert [row[:5] for row in view["tables"][0]["rows"]] == [
        ["2", "b", "a", pytest.approx(0.8), pytest.approx(0.1)], ["1", "a", "b", 0.6, 0.3],
    ]  # fmt: skip
    foreign = class_changes_view(documents[:1], before[:1], [Prediction(labels={"c": 1.0})], NAMES)
    assert foreign["tables"][0]["rows"][0][1:5] == ["a", "c", 0.9, None]  # no such class is no probability of 0


# ---- queries to both


def test_scores_are_those_of_each_model_alone(tagger: Tagger, other: Tagger, english: Document) -> None:
    readings = Pair.of(read_case(tagger, english), other).read()
    assert set(readings.scores) == {SEVERE, LESION} and not readings.problems
    for span, both in readings.scores.items():
        for model, score in zip((tagger, other), both, strict=True):
            query = xl.Query(model, english, targets=[xl.Target(span)])
            assert score == pytest.approx(query.value(query.full_row[None])[0, 0])


def test_what_was_kept_gives_the_same_readings(tagger: Tagger, english: Document) -> None:
    pair = Pair.of(read_case(tagger, english), linear_tagger(0).tagger)
    readings = pair.read()
    assert readings.problems
    again = pair.readings(pair.kept(readings))
    assert (again.scores, again.problems, again.names) == (readings.scores, readings.problems, readings.names)
    assert readings_view(again) == readings_view(readings)


def test_a_model_that_cannot_have_an_entity_says_why(tagger: Tagger, english: Document) -> None:
    pair = Pair.of(read_case(tagger, english), linear_tagger(0).tagger)
    assert pair.problem(xl.Target(SEVERE)).startswith("The second model cannot have this, because ")
    assert "Reaction" in pair.problem(xl.Target(SEVERE))
    with pytest.raises(ValueError, match="The second model cannot have this, because .*Reaction"):
        pair.asked(xl.Target(SEVERE), "context")
    row = readings_view(pair.read())["tables"][0]["rows"][0]
    assert row[3] is not None and row[4] is None and row[6] is None


def test_both_are_drawn_with_seeds_of_their_own(tagger: Tagger, english: Document) -> None:
    pair = Pair.of(read_case(tagger, english), tagger)
    *_, (before, after) = explain_both(pair.asked(xl.Target(SEVERE), "all units"), xl.PermutationShap())
    assert (before.provenance.rng, after.provenance.rng) == ("0", "1")
    assert before.units.bounds.tolist() == after.units.bounds.tolist()


# ---- at the desk


def test_the_selection_is_compared_and_followed(bench: Workbench) -> None:
    view = selection_of(bench)
    assert view.line.value.startswith("First: Occlusion: ") and "Second: Occlusion: " in view.line.value
    assert view.entities.report == {}
    view.button.click()
    wait_until(lambda: view.words.report)
    row = view.entities.report["tables"][0]["rows"][0]
    assert row[:3] == ["shorter", "Reaction “severe lesion”", "Reaction “lesion”"]
    assert [entity["state"] for entity in view.text.entities if entity["state"]] == ["lost", "new"]
    assert view.text.layer == 2 and view.text.heat is not None
    assert view.chart.figure["data"]
    wait_until(lambda: bench.panel.status.message == "Two models: done.")
    bench.panel.arm.value = "all units"
    wait_until(lambda: view.words.report == {} and view.entities.report)
    bench.panel.arm.value = "context"
    wait_until(lambda: view.words.report)


def test_an_entity_of_the_second_model_alone_is_compared_too(bench: Workbench) -> None:
    view = selection_of(bench)
    view.button.click()
    wait_until(lambda: bench.panel.status.message == "Two models: done.")
    row = next(i for i, entity in enumerate(view.text.entities) if entity["text"] == "lesion")
    assert view.text.entities[row]["state"] == "new"
    view.text.set_state({"selected": row})
    wait_until(lambda: view.words.report == {})
    view.button.click()
    wait_until(lambda: view.words.report)
    assert "Reaction “lesion”" in view.words.report["notes"][0]
    first = next(i for i, entity in enumerate(view.text.entities) if entity["text"] == "severe lesion")
    view.text.set_state({"selected": bench.desk.entity})
    wait_until(lambda: "Reaction “severe lesion”" in view.words.report["notes"][0])
    view.text.set_state({"selected": first})
    wait_until(lambda: bench.desk.entity == first)


def test_another_document_begins_anew(bench: Workbench) -> None:
    view = selection_of(bench)
    view.button.click()
    wait_until(lambda: bench.panel.status.message == "Two models: done.")
    bench.panel.document.index = 1
    wait_until(lambda: bench.result and bench.result.units.document.lang == "zh" and view.entities.report == {})
    view.button.click()
    wait_until(lambda: view.entities.report)
    assert view.entities.report["tables"][0]["rows"][0][0] == "another type"


def test_all_documents_are_compared_in_the_background(bench: Workbench) -> None:
    view = parts_of(bench)[2]
    assert view.line.value == "2 documents, one pass of each model."
    view.button.click()
    wait_until(lambda: view.panel.report)
    assert view.panel.report["title"] == "Errors of two models"
    assert view.line.value == "2 documents."
    view.button.click()  # nothing is left to read
    wait_until(lambda: not bench.panel.aside.message)
    assert view.line.value == "2 documents."


def test_figures_that_are_known_of_the_first_model_are_asked_of_the_second(bench: Workbench) -> None:
    figures = parts_of(bench)[1]
    assert figures.button.disabled and figures.line.value.startswith("Run Stability, Boundaries or Faithfulness")
    query = bench.desk.query()
    assert query is not None
    bench.desk.keep("Faithfulness", xl.faithfulness(xl.explain(query, xl.Occlusion()), query), repr(xl.Occlusion()))
    figures.refresh()
    assert not figures.button.disabled and "Faithfulness, at most " in figures.line.value
    figures.button.click()
    wait_until(lambda: figures.panel.report)
    (table,) = figures.panel.report["tables"]
    assert table["caption"] == "Faithfulness"
    names = [row[0] for row in table["rows"]]
    assert "NAOPC comprehensiveness" in names and not any(name.startswith("AOPC") for name in names)
    other = xl.Query(bench.desk.other, query.document, targets=query.targets).context()  # type: ignore[arg-type]
    report = xl.faithfulness(xl.explain(other, xl.Occlusion()), other)
    (alone,) = report.select(name="NAOPC comprehensiveness", arm="context")
    row = table["rows"][names.index("NAOPC comprehensiveness")]
    assert row[4] == pytest.approx(alone.value, abs=1e-6) and row[7] == ""


def test_figures_that_are_missing_say_why_and_other_units_are_named(tagger: Tagger, english: Document) -> None:
    plain = xl.Query(tagger, english, targets=[xl.Target(SEVERE)])
    (start, _), (_, end), *rest = plain.units.bounds.tolist()
    joined = Units(english, np.array([[start, end], *rest]))
    coarse = xl.Query(tagger, english, targets=[xl.Target(SEVERE)], units=joined)
    reports = [xl.faithfulness(xl.explain(one, xl.Occlusion()), one) for one in (plain, coarse)]
    why = "above 60 units no bounds are searched"
    gone = [not_available(m.name, why, m.scale, m.about) if "NAOPC" in m.name else m for m in reports[1].measures]
    view = reports_view([(reports[0], replace(reports[1], measures=tuple(gone)))], NAMES, "context")
    told = {row[0]: row[7] for row in view["tables"][0]["rows"]}
    assert told["NAOPC sufficiency"] == f"second: not available, because {why}"
    assert told["explained share"] == "" and "the second with" in view["notes"][2]
    assert len(reports_view([(reports[0], reports[0])], NAMES, "context")["notes"]) == 2


def test_what_was_compared_survives_in_the_store(
    tagger: Tagger, other: Tagger, english: Document, tmp_path: Path
) -> None:
    def opened() -> Workbench:
        made = Workbench(tagger, english, store=tmp_path / "s", methods=(xl.Occlusion(),), other=other)
        wait_until(lambda: made.result is not None)
        return made

    first = opened()
    view = selection_of(first)
    view.button.click()
    wait_until(lambda: first.panel.status.message == "Two models: done.")
    report = view.words.report
    first.close()
    second = opened()
    again = selection_of(second)
    wait_until(lambda: again.words.report)
    assert again.words.report == report
    second.close()


def test_without_a_second_model_the_view_says_how_to_have_one(tagger: Tagger, english: Document) -> None:
    bench = Workbench(tagger, english, methods=(xl.Occlusion(),))
    view = bench.views["Two models"]
    assert isinstance(view, ModelsView) and "other=second_model" in view.widget.children[0].value
    view.refresh()
    bench.close()


def test_two_classifiers(tagger: Tagger) -> None:
    first, second = (bag_classifier(seed).classifier for seed in (0, 1))
    bench = Workbench(first, Document("patient has fever", "en"), methods=(xl.Occlusion(),), other=second)
    wait_until(lambda: bench.result is not None)
    selection, _, corpus = parts_of(bench)
    selection.button.click()
    wait_until(lambda: selection.words.report)
    assert selection.entities.report["tables"][0]["caption"] == "Classes"
    corpus.button.click()
    wait_until(lambda: corpus.panel.report)
    assert corpus.panel.report["title"] == "Classes of two models"
    bench.close()


def test_a_comparison_of_errors_is_shown_and_saved(
    tagger: Tagger, other: Tagger, english: Document, tmp_path: Path
) -> None:
    sides = [xl.entity_errors([english], xl.predict(model, [english])) for model in (tagger, other)]
    compared = xl.compare_errors(*sides)
    assert xw.show(compared).report["title"] == "Errors of two models"  # type: ignore[attr-defined]
    assert "Errors of two models" in xw.to_html(compared, tmp_path / "page.html").read_text(encoding="utf-8")
