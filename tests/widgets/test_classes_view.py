"""Classes of a document: rows to choose from, in a widget and in a saved page."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from drawn_results import HOSTILE, attribution_of, wait_until

import widgets as xw
from explain_lib.attribution import Exact, explain
from explain_lib.core import Document, Prediction, Provenance, Span, Target
from explain_lib.models import predict
from explain_lib.models.toy import bag_classifier
from explain_lib.perturbation import Game, Query
from widgets.picture import picture
from widgets.views import class_names, class_views
from widgets.workbench.whatif.answer import what_if
from widgets.workbench.case import read_case
from widgets.workbench.whatif.rewriting import rewrite

TEXT = Document("ernstige hoest vandaag", "nl", (Span(9, 14, "Symptom"),), id="nl-1")
SURE = Prediction(labels={"calm": 0.2, "urgent": 0.7, "later": 0.1})
ALL = Provenance(arm="all units", score="log_odds")


def two_classes(**changes: object):
    targets = [Target(label="later"), Target(label="urgent"), Target(label="urgent", versus="calm")]
    return attribution_of(TEXT, targets, [[1, 4, 2], [0, 0, 0], [-2, 0, 1]], provenance=ALL, **changes)


def test_the_likeliest_class_comes_first_and_unknown_ones_last() -> None:
    assert class_names([two_classes()], SURE) == ["urgent", "calm", "later"]
    assert class_names([two_classes()]) == ["later", "urgent"]
    assert class_names([], None) == []


def test_a_class_is_a_row_without_words() -> None:
    urgent, new = class_views(["urgent", HOSTILE], SURE)
    assert (urgent["confidence"], urgent["parts"], urgent["lane"]) == (0.7, [], -1)
    assert new["confidence"] is None and "\u202e" not in new["label"]
    assert urgent.keys() == picture(TEXT).entities[0].keys()


def test_the_reader_chooses_the_class_and_contrasts_are_a_layer() -> None:
    drawn = picture(two_classes(), prediction=SURE)
    assert [row["label"] for row in drawn.entities] == ["Symptom", "urgent", "calm", "later"]
    plain, contrast = drawn.layers
    assert {row: heat["target"] for row, heat in plain["heats"].items()} == {"3": "later", "1": "urgent"}
    assert contrast["name"].endswith("· all units versus calm") and list(contrast["heats"]) == ["1"]
    assert drawn.selected == 1
    shown = xw.show(two_classes(), prediction=SURE)
    assert shown.text.heat["scores"] == [4.0, 0.0, 0.0]
    shown.text.selected = 3
    assert shown.text.heat["scores"] == [1.0, 0.0, -2.0]
    shown.text.selected = 2  # no score was asked for
    assert shown.text.heat is None
    shown.close()


def test_a_saved_page_holds_the_classes(tmp_path: Path) -> None:
    text = xw.to_html(two_classes(), tmp_path / "page.html", prediction=SURE).read_text(encoding="utf-8")
    assert "<li>urgent: the whole text</li>" in text
    assert "urgent: log-odds, all units" in text


def test_a_classifier_is_predicted_explained_and_shown(tmp_path: Path) -> None:
    classifier = bag_classifier().classifier
    document = Document("patient has severe fever")
    prediction = predict(classifier, document)
    result = explain(Query(classifier, document, [Target(label=label) for label in classifier.labels]), Exact())
    drawn = picture(result, prediction=prediction)
    assert [row["confidence"] for row in drawn.entities] == sorted(
        (round(p, 4) for p in prediction.labels.values()), reverse=True
    )
    assert sorted(drawn.layers[0]["heats"]) == ["0", "1", "2"]
    json.dumps([drawn.layers, drawn.entities], allow_nan=False)
    for one in (xw.show(result, prediction=prediction), xw.show(prediction, document)):
        assert len(one.entities.entities) == 3
        one.close()


def test_outputs_of_a_game_are_rows_too() -> None:
    drawn = picture(explain(Game(lambda keep: keep @ [[1.0, 0.0], [2.0, 3.0]], 2, 2), Exact()))
    assert [row["label"] for row in drawn.entities] == ["output 0", "output 1"]
    assert drawn.layers[0]["heats"]["1"]["scores"] == [0.0, 3.0]


def test_the_workbench_opens_on_the_likeliest_class_and_hides_words() -> None:
    classifier = bag_classifier(1).classifier
    document = Document("patient has severe fever", spans=(Span(0, 7, "Symptom"),))
    case = read_case(classifier, document)
    best = max(case.prediction.labels, key=lambda label: case.prediction.labels[label])
    assert [row["label"] for row in case.entities()][:2] == ["Symptom", best]
    assert "scores the whole document" in case.entities()[0]["problem"]
    answer = what_if(rewrite(case, ()), [2], case.targets[1])
    keep = np.array([[True] * 4, [True, True, False, True]])
    before, after = case.query.with_targets([Target(label=best)]).value(keep)[:, 0]
    numbers = f"{before:.2f} → {after:.2f}".replace("-", "−")
    assert f"{best}: log-odds {numbers}" in answer.line
    assert f"Prediction: {best} p {case.prediction.labels[best]:.2f} → " in answer.line
    assert [row["label"] for row in answer.entities][1:] == list(case.classes)
    bench = xw.Workbench(classifier, document)
    wait_until(lambda: bench.result is not None)
    assert bench.result.targets == (Target(label=best),)
    assert bench.result.provenance.arm == "all units"  # a document has no context
    bench.close()
