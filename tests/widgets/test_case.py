"""One document as the model reads it, costs said before, and what hiding does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from widgets.views.whatif import NOTHING_HIDDEN
from widgets.workbench.case import cost_line, read_case, what_if

FOUND = Span(19, 32, "Reaction")


def test_a_case_holds_prediction_gold_and_targets(tagger: Tagger, english: Document) -> None:
    case = read_case(tagger, english)
    assert case.prediction.spans == (FOUND,)
    assert set(case.spans) == {FOUND, *english.spans}
    assert [target.span for target in case.targets if target] == list(case.spans)


def test_spans_that_cannot_be_explained_say_why(tagger: Tagger) -> None:
    document = Document("The lesion .", "en", (Span(4, 7, "Disease"), Span(4, 10, "Sauce")))
    case = read_case(tagger, document)
    problems = {entity["label"]: entity["problem"] for entity in case.entities() if entity["problem"]}
    assert set(problems) == {"Disease", "Sauce"}
    assert "4–10" in problems["Disease"]  # the nearest reachable span
    assert "Sauce" in problems["Sauce"]


def test_hiding_shows_what_is_lost_and_found(
    tagger: Tagger, english: Document, golden: Callable[[str, Any], None]
) -> None:
    case = read_case(tagger, english)
    answer = what_if(case, [1], case.spans.index(FOUND))
    golden("whatif", {"line": answer.line, "entities": answer.entities})


def test_the_change_is_that_of_the_query(tagger: Tagger, english: Document) -> None:
    case = read_case(tagger, english)
    keep = np.ones((2, len(case.units)), dtype=bool)
    keep[1, 1] = False
    before, after = xl.Query(tagger, english, targets=[xl.Target(FOUND)]).value(keep)[:, 0]
    line = what_if(case, [1], case.spans.index(FOUND)).line.replace("−", "-")
    assert f"log-odds {before:.2f} → {after:.2f} ({after - before:+.2f})" in line


def test_hiding_a_word_without_effect_says_so(tagger: Tagger, english: Document) -> None:
    case = read_case(tagger, english)
    answer = what_if(case, [0])
    assert answer.line == "Hidden: “An”. Prediction: the same entities."
    assert answer.entities == case.entities()


def test_restoring_everything_gives_the_first_picture_back(tagger: Tagger, english: Document) -> None:
    case = read_case(tagger, english)
    what_if(case, [1, 4, 5])
    assert what_if(case, []).entities == case.entities()
    assert what_if(case, []).line == NOTHING_HIDDEN


def test_many_hidden_words_are_counted(tagger: Tagger, english: Document) -> None:
    assert "and 2 more" in what_if(read_case(tagger, english), [0, 2, 3, 6, 7, 8, 9, 10]).line


def test_the_cost_is_said_in_words_before_a_run(tagger: Tagger, english: Document) -> None:
    case = read_case(tagger, english)
    asked = case.query.with_targets([xl.Target(case.spans[0])])
    assert cost_line(asked, xl.Occlusion()) == "Occlusion: 16 rows (16 new) for 14 units"
    assert cost_line(asked, xl.IntegratedGradients(steps=32)).startswith(
        "IntegratedGradients: 34 forward and 32 backward passes"
    )
    assert cost_line(asked, xl.KernelShap(20)) == "KernelShap: cost not known before it runs (ValueError)"

    @dataclass(frozen=True)
    class Own:
        def attribute(self, question: Any, rng: Any) -> Any:
            raise AssertionError("a method from elsewhere is not rehearsed")

    assert cost_line(asked, Own()) == "Own: cost not known before it runs"

