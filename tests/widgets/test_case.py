"""One document as the model reads it, costs said before, and what hiding does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import explain_lib as xl
from explain_lib.attribution import Method
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from widgets.views.whatif import NOTHING_HIDDEN
from widgets.workbench.case import explain_entity, read_case, what_if
from widgets.workbench.cost import cost_line, rows_needed

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
    at = [span.label for span in case.spans].index("Sauce")
    with pytest.raises(ValueError, match="Sauce"):
        explain_entity(case, at, xl.Occlusion(), "context")


@pytest.mark.parametrize("arm", ["context", "all units"])
def test_an_entity_is_explained_as_the_library_does(tagger: Tagger, english: Document, arm: Any) -> None:
    case = read_case(tagger, english)
    result = explain_entity(case, case.spans.index(FOUND), xl.PermutationShap(), arm)
    query = xl.Query(tagger, english, targets=[xl.Target(FOUND)])
    same = xl.explain(query.context() if arm == "context" else query, xl.PermutationShap(), rng=0)
    assert np.array_equal(result.scores, same.scores)
    assert result.provenance.arm == arm


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


@pytest.mark.parametrize(
    "method",
    [xl.Exact(), xl.Occlusion(), xl.Occlusion(window=3), xl.KernelShap(64), xl.PermutationShap(), xl.Lime(100)],
    ids=repr,
)
@pytest.mark.parametrize("arm", ["context", "all units"])
def test_the_cost_said_before_bounds_the_rows_asked_for(
    tagger: Tagger, chinese: Document, method: Method, arm: Any
) -> None:
    document = Document(chinese.text[5:14], "zh")
    case = read_case(tagger, document)
    result = explain_entity(case, 0, method, arm)
    assert result.n_evals <= (rows_needed(method, int(result.active.sum())) or 0)


def test_costs_in_words() -> None:
    @dataclass(frozen=True)
    class Own:
        pass

    assert cost_line(xl.PermutationShap(), 30) == "PermutationShap: at most 600 model rows for 30 units"
    assert cost_line(xl.KernelShap(4096), 5) == "KernelShap: at most 32 model rows for 5 units"
    assert "34 forward and backward passes" in cost_line(xl.IntegratedGradients(steps=32), 30)
    assert cost_line(Own(), 30) == "Own: cost not known before it runs"
    assert rows_needed(xl.Exact(), 40) is None
