"""One document as the model reads it, and costs said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from widgets.workbench.case import cost_line, read_case

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
