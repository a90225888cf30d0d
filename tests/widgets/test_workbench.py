"""The workbench without a page: what the page would set is set here, what it would show is read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from drawn_results import HOSTILE, wait_until

import explain_lib as xl
from explain_lib.attribution import Estimate
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from explain_lib.perturbation import Game, Query
from widgets import Workbench


@dataclass(frozen=True)
class Slow:
    """A method that asks for one row at a time, for minutes."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        assert isinstance(question, Query)
        for _ in range(10_000):
            time.sleep(0.01)
            question.value((rng.random((1, question.n_units)) < 0.5) | ~question.active)
        raise AssertionError("nobody cancelled")


@dataclass(frozen=True)
class Broken:
    """A method that fails."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        raise ValueError("the method's own words")


@pytest.fixture
def bench(tagger: Tagger, english: Document, chinese: Document) -> Iterator[Workbench]:
    made = Workbench(tagger, [english, chinese], methods=(xl.PermutationShap(), xl.Occlusion(), Slow(), Broken()))
    wait_until(lambda: made.result is not None and made.panel.status.kind == "idle")
    yield made
    made.close()


def choose(bench: Workbench, label: str, text: str) -> None:
    entities = bench.panel.text.entities
    bench.panel.text.set_state(
        {"selected": next(i for i, e in enumerate(entities) if (e["label"], e["text"]) == (label, text))}
    )


def test_the_first_predicted_entity_is_explained_in_the_context_arm(bench: Workbench, english: Document) -> None:
    assert bench.result is not None
    assert bench.result.targets == (xl.Target(Span(19, 32, "Reaction")),)
    assert bench.result.provenance.arm == "context"
    assert bench.prediction is not None
    assert bench.prediction.spans == (Span(19, 32, "Reaction"),)
    heat = bench.panel.text.heat
    assert heat is not None
    assert heat["scores"][1] > 1  # “adverse” makes it a Reaction
    bars = bench.views["Attribution"].bars  # type: ignore[attr-defined]
    wait_until(lambda: bars.view and bars.view["rows"][0]["unit"] == 1)
    assert "PermutationShap: 192 rows (192 new) for 12 units" in bench.panel.cost.value
    assert bench.panel.status.kind == "idle"


def test_the_cell_returns_at_once_and_the_text_comes_first(tagger: Tagger, english: Document) -> None:
    begun = time.monotonic()
    bench = Workbench(tagger, english, methods=(Slow(),))
    assert time.monotonic() - begun < 1
    wait_until(lambda: bench.panel.text.entities and bench.panel.status.kind == "busy", seconds=2)
    assert bench.panel.text.text["units"][1] == [" ", "adverse"]
    assert bench.result is None
    bench.close()


def test_another_entity_method_and_arm(bench: Workbench) -> None:
    choose(bench, "Disease", "severe lesion")
    wait_until(lambda: bench.result and bench.result.targets[0].label == "Disease")
    bench.panel.method.value = xl.Occlusion()
    wait_until(lambda: bench.result and isinstance(bench.result.method, xl.Occlusion))
    bench.panel.arm.value = "all units"
    wait_until(lambda: bench.result and bench.result.provenance.arm == "all units")
    assert bench.result is not None
    assert bench.result.active.all()


def test_a_known_result_comes_back_without_a_row(bench: Workbench) -> None:
    first = bench.result
    bench.panel.arm.value = "all units"
    wait_until(lambda: bench.result is not first and bench.panel.status.kind == "idle")
    assert bench.case is not None
    rows = bench.case.query.n_evals
    bench.panel.arm.value = "context"
    assert bench.result is first
    assert bench.case.query.n_evals == rows


def test_hiding_a_unit_changes_prediction_and_score(bench: Workbench) -> None:
    bench.panel.text.set_state({"hidden": [1]})
    wait_until(lambda: "Hidden: “adverse”" in bench.panel.whatif.message)
    assert "lost Reaction “severe lesion”; found Disease “severe lesion”" in bench.panel.whatif.message
    assert [entity["state"] for entity in bench.panel.text.entities] == ["", "new", "lost"]
    assert bench.panel.entities.entities == bench.panel.text.entities
    bench.panel.text.set_state({"hidden": []})
    wait_until(lambda: "What if" in bench.panel.whatif.message)
    assert {entity["state"] for entity in bench.panel.text.entities} == {""}


def test_hiding_is_answered_while_an_explanation_runs(bench: Workbench) -> None:
    bench.panel.method.value = Slow()
    wait_until(lambda: bench.panel.status.kind == "busy")
    begun = time.monotonic()
    bench.panel.text.set_state({"hidden": [1]})
    wait_until(lambda: "adverse" in bench.panel.whatif.message)
    assert time.monotonic() - begun < 1
    assert bench.panel.status.kind == "busy"


def test_cancel_takes_less_than_a_second(bench: Workbench) -> None:
    bench.panel.method.value = Slow()
    wait_until(lambda: bench.panel.status.kind == "busy")
    begun = time.monotonic()
    bench.panel.status.set_state({"cancelled": 1})
    wait_until(lambda: bench.panel.status.message.startswith("Cancelled"))
    assert time.monotonic() - begun < 1


def test_another_document_takes_the_place_of_the_first(bench: Workbench) -> None:
    bench.panel.text.set_state({"hidden": [1]})
    bench.panel.document.index = 1
    wait_until(lambda: bench.result and bench.result.units.document.lang == "zh")
    assert bench.panel.text.text["lang"] == "zh-Hans"
    assert bench.panel.text.hidden == []
    assert {entity["state"] for entity in bench.panel.text.entities} == {""}


def test_errors_reach_the_status_line(bench: Workbench) -> None:
    bench.panel.method.value = Broken()
    wait_until(lambda: bench.panel.status.kind == "error")
    assert bench.panel.status.message == "ValueError: the method's own words"
    bench.panel.text.set_state({"hidden": [999]})
    wait_until(lambda: "IndexError" in bench.panel.status.message)


def test_an_entity_that_cannot_be_explained_says_why(tagger: Tagger) -> None:
    bench = Workbench(tagger, Document("The lesion .", "en", (Span(4, 10, "Sauce"),)))
    wait_until(lambda: bench.result is not None)
    choose(bench, "Sauce", "lesion")
    wait_until(lambda: "cannot be explained" in bench.panel.status.message)
    assert bench.result is None
    assert bench.panel.text.heat is None
    bench.close()


def test_a_text_without_entities_is_shown_and_can_be_hidden(tagger: Tagger) -> None:
    bench = Workbench(tagger, "No fever .")
    wait_until(lambda: "0 entities predicted" in bench.panel.status.message and bench.panel.whatif.message)
    bench.panel.text.set_state({"hidden": [1]})
    wait_until(lambda: "Hidden: “fever”. Prediction: the same entities." in bench.panel.whatif.message)
    bench.close()


def test_white_space_alone_is_an_error_on_the_screen(tagger: Tagger) -> None:
    bench = Workbench(tagger, " \n ")
    wait_until(lambda: bench.panel.status.kind == "error")
    assert "no unit" in bench.panel.status.message
    bench.close()


def test_hostile_texts_arrive_as_plain_values(tagger: Tagger) -> None:
    bench = Workbench(tagger, Document(f"The lesion {HOSTILE}", id=HOSTILE))
    wait_until(lambda: bench.result is not None)
    shown = "".join(before + unit for before, unit in bench.panel.text.text["units"])
    assert "</script><img src=x" in shown
    assert "\u202e" not in shown
    bench.close()


def test_no_documents_are_refused(tagger: Tagger) -> None:
    with pytest.raises(ValueError, match="there are no documents; the workbench needs at least one"):
        Workbench(tagger, [])


def test_two_settings_of_a_method_are_two_buttons(tagger: Tagger, english: Document) -> None:
    bench = Workbench(tagger, english, methods=[xl.KernelShap(), xl.KernelShap(budget=99), xl.Occlusion()])
    names = [name for name, _ in bench.panel.method.options]
    assert names == ["KernelShap(budget=PerUnit(rows=20))", "KernelShap(budget=99)", "Occlusion"]
    bench.close()


def test_the_selection_and_results_are_there_again(
    tagger: Tagger, english: Document, chinese: Document, tmp_path: Path
) -> None:
    settings = {"store": tmp_path / "store", "methods": (xl.PermutationShap(), xl.Occlusion())}
    bench = Workbench(tagger, [chinese, english], **settings)
    wait_until(lambda: bench.result is not None)
    bench.panel.document.index = 1
    wait_until(lambda: bench.result and bench.result.units.document.lang == "en")
    bench.panel.method.value = xl.Occlusion()
    choose(bench, "Disease", "severe lesion")
    bench.panel.arm.value = "all units"
    wait_until(lambda: bench.result and bench.result.active.all() and bench.result.targets[0].label == "Disease")
    wait_until(lambda: bench.panel.status.kind == "idle")
    first, rows = bench.result, bench.case.query.n_evals if bench.case else 0
    bench.close()
    again = Workbench(tagger, [chinese, english], **settings)
    wait_until(lambda: again.result is not None)
    assert first is not None
    assert again.result is not None
    assert again.case is not None
    assert again.result.targets == first.targets
    assert np.array_equal(again.result.scores, first.scores)
    assert again.result.provenance.arm == "all units"
    assert again.desk.document == 1
    assert rows > 0
    assert again.case.query.n_evals <= 2  # the text itself, and nothing for the explanation
    again.close()


def test_other_questions_about_an_entity(bench: Workbench) -> None:
    assert "it begins here" in bench.panel.question.options
    bench.panel.question.value = "it begins here"
    wait_until(lambda: bench.result and bench.result.targets[0].margin == "left")
    bench.panel.question.value = "an entity at all"
    wait_until(lambda: bench.result and bench.result.targets[0].versus == xl.NO_ENTITY)
    bench.panel.entities.set_state({"selected": bench.panel.text.selected})
    assert bench.desk.question == "an entity at all"
