"""Scores as the page shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from drawn_results import Fixed, attribution_of

from explain_lib.core import NO_ENTITY, Attribution, Document, Provenance, Span, Target
from widgets.views import heat_view, layer_views

TEXT = Document("ernstige hoest vandaag", "nl", id="nl-1")
HOEST = Span(9, 14, "Symptom")


def test_heat_holds_numbers_and_where_they_come_from(golden: Callable[[str, Any], None]) -> None:
    active = np.array([[True], [False], [True]])
    golden("heat", heat_view(attribution_of(TEXT, [Target(HOEST)], [2.0, 0.0, -1.0], active=active), 0))


def test_intervals_are_those_of_the_attribution() -> None:
    attribution = attribution_of(TEXT, [Target(HOEST)], [2.0, 0.5, -1.0])
    heat = heat_view(attribution, 0)
    assert np.allclose([heat["low"], heat["high"]], attribution.interval(0.95)[:, :, 0], atol=1e-6)


def test_what_is_not_a_number_becomes_null_and_json_stays_valid() -> None:
    attribution = attribution_of(TEXT, [Target(HOEST)], [np.nan, np.inf, -1.0], std_error=[[np.nan], [0.5], [0.0]])
    heat = heat_view(attribution, 0)
    assert heat["scores"] == [None, None, -1.0]
    assert heat["errors"] == [None, 0.5, 0.0]
    assert heat["vmax"] == 1.0
    json.dumps(heat, allow_nan=False)


def test_one_colour_scale_per_layer() -> None:
    other = Span(0, 8, "Feature")
    attribution = attribution_of(TEXT, [Target(HOEST), Target(other)], [[1, 4], [0, 0], [-2, 0]])
    (layer,) = layer_views([attribution], [other, HOEST])
    assert layer["name"] == "Fixed · context"
    assert {key: heat["vmax"] for key, heat in layer["heats"].items()} == {"1": 4.0, "0": 4.0}


def test_arms_methods_and_contrasts_are_layers_of_their_own() -> None:
    both = attribution_of(TEXT, [Target(HOEST), Target(HOEST, versus=NO_ENTITY)], np.zeros((3, 2)))
    everything = attribution_of(TEXT, [Target(HOEST)], [1, 2, 3], provenance=Provenance(arm="all units"))
    names = [layer["name"] for layer in layer_views([both, everything], [HOEST])]
    assert names == ["Fixed · context", "Fixed · context versus no entity", "Fixed · all units"]


def test_a_target_without_a_span_is_a_row_behind_the_entities() -> None:
    attribution = attribution_of(TEXT, [Target(label="urgent"), Target(HOEST)], [[1, 0], [2, 0], [3, 7]])
    (layer,) = layer_views([attribution], [HOEST], ["calm", "urgent"])
    assert layer["name"] == "Fixed · context"
    assert {row: (heat["target"], heat["vmax"]) for row, heat in layer["heats"].items()} == {
        "2": ("urgent", 7.0), "0": ("Symptom “hoest”", 7.0),
    }  # fmt: skip
    assert layer["heats"]["2"]["about"].startswith("The whole text")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(HOEST), "Symptom “hoest”"),
        (Target(HOEST, versus="Disease"), "Symptom “hoest” versus Disease"),
        (Target(HOEST, margin="left"), "Symptom “hoest”, left margin"),
    ],
)
def test_targets_are_named_by_their_words(target: Target, words: str) -> None:
    assert heat_view(attribution_of(TEXT, [target], [1, 2, 3]), 0)["target"] == words


@dataclass(frozen=True)
class Bridge:
    """A method that runs a class of another library."""

    method: type


def names_of(*attributions: Attribution) -> list[str]:
    return [layer["name"] for layer in layer_views(attributions, [HOEST])]


def test_layers_are_named_by_what_differs_and_none_is_lost() -> None:
    def one(method: object, **provenance: str) -> Attribution:
        told = Provenance(**{"hiding": "MaskPiece", "arm": "context", "rng": "0", **provenance})
        return attribution_of(TEXT, [Target(HOEST)], [1, 2, 3], method=method, provenance=told)

    assert names_of(one(Fixed(8)), one(Fixed(16))) == ["Fixed(budget=8) · context", "Fixed(budget=16) · context"]
    assert names_of(one(Fixed()), one(Fixed(), hiding="Delete")) == [
        "Fixed · MaskPiece · context", "Fixed · Delete · context",
    ]  # fmt: skip
    assert names_of(one(Fixed()), one(Fixed(), rng="1")) == ["Fixed · context · rng 0", "Fixed · context · rng 1"]
    assert names_of(one(Fixed()), one(Fixed())) == ["Fixed · context", "Fixed · context (2)"]
    assert names_of(one(Bridge(int)), one(Bridge(str))) == ["Bridge(int) · context", "Bridge(str) · context"]
    assert names_of(one(Bridge(int))) == ["Bridge(int) · context"]


def test_entities_explained_one_by_one_share_a_layer() -> None:
    other = Span(0, 8, "Feature")
    each = [attribution_of(TEXT, [Target(span)], [1, 2, 3]) for span in (HOEST, other)]
    (layer,) = layer_views(each, [HOEST, other])
    assert set(layer["heats"]) == {"0", "1"}
