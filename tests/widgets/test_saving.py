"""A workbench as a saved page and as plain HTML: the text, what is known about it, and its corrections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from drawn_results import HOSTILE, wait_until

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from widgets import Workbench, to_html

METHODS = (xl.Occlusion(), xl.GradientInput())


@pytest.fixture
def bench(tagger: Tagger, english: Document, chinese: Document) -> Any:
    made = Workbench(tagger, [english, chinese], methods=METHODS)
    wait_until(lambda: made.result is not None and made.panel.status.kind == "idle")
    yield made
    made.close()


def saved(bench: Workbench, folder: Path) -> list[dict[str, Any]]:
    text = to_html(bench, folder / "bench.html").read_text(encoding="utf-8")
    return json.loads(text.split('id="state"')[1].split(">", 1)[1].split("</script>")[0])["sections"]


def test_all_that_is_known_is_saved_what_is_on_the_screen_first(bench: Workbench, tmp_path: Path) -> None:
    (section,) = saved(bench, tmp_path)
    assert [layer["name"] for layer in section["state"]["layers"]] == ["Occlusion · context"]
    assert section["state"]["selected"] == bench.desk.entity and section["state"]["live"] is False
    bench.panel.method.value = METHODS[1]
    wait_until(lambda: bench.result is not None and bench.result.method == METHODS[1])
    wait_until(lambda: bench.panel.status.kind == "idle")
    query = bench.desk.query()
    assert query is not None and bench.result is not None
    bench.desk.keep("Faithfulness", xl.faithfulness(bench.result, query, rng=0))
    sections = saved(bench, tmp_path)
    names = [layer["name"] for layer in sections[0]["state"]["layers"]]
    assert names == ["GradientInput · context", "Occlusion · context"]
    assert sections[1]["title"].startswith("Faithfulness")
    bench.panel.document.index = 1
    wait_until(lambda: bench.result is not None and bench.result.units.document.lang == "zh")
    assert len(saved(bench, tmp_path)) == 1, "what is known about another text is not on this desk"


def test_corrections_are_saved_as_a_table_of_their_own(bench: Workbench, tmp_path: Path) -> None:
    document = bench.documents[0]
    bench.corrections.add(document, Span(0, 2, "Note"), note=HOSTILE)
    bench.corrections.delete(document, bench.prediction.spans[0])  # type: ignore[union-attr]
    bench.desk.case = bench.desk.corrected(bench.case)  # type: ignore[arg-type]
    section, report = saved(bench, tmp_path)
    assert [row["corrected"] for row in section["state"]["entities"] if row["corrected"]] == ["added", "deleted"]
    (table,) = report["state"]["report"]["tables"]
    assert report["title"] == "Corrections"
    assert [row[:3] for row in table["rows"]] == [
        ["add", None, "Note “An”"], ["delete", "Reaction “severe lesion”", None],
    ]  # fmt: skip
    assert "<img" not in (tmp_path / "bench.html").read_text(encoding="utf-8")


def test_a_notebook_keeps_the_text_with_its_heat_and_nothing_that_runs(bench: Workbench, english: Document) -> None:
    bundle: Any = bench._repr_mimebundle_()
    html = bundle["text/html"]
    assert "adverse" in html and 'style="background:rgba(' in html and "<script" not in html
    assert "application/vnd.jupyter.widget-view+json" in bundle
    bench.desk.case = None
    assert "adverse" in bench.plain_html(), "before the model has read it, the text stands there as it is"


def test_only_words_with_a_colour_that_can_be_seen_are_elements_of_the_plain_picture(bench: Workbench) -> None:
    html, heat = bench.plain_html(), bench.panel.text.heat
    assert heat is not None and 0.0 in heat["scores"]
    seen = [score for score in heat["scores"] if 0.55 * abs(score) / heat["vmax"] >= 0.005]
    assert 0 < html.count("<span") == len(seen) < len(heat["scores"])
