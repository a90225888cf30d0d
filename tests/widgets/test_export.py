"""Saved pages: one file, nothing outside it, text that stays text, and never half a page."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from drawn_results import HOSTILE, attribution_of

from explain_lib.analysis import entity_errors
from explain_lib.core import Document, Prediction, Span, Target
from widgets import Chart, EntityTable, compare, show, to_html
from widgets.export import save_page
from widgets.export.page import json_for_html, write_whole

DOCUMENT = Document("ernstige hoest vandaag", "nl", (Span(9, 14, "Symptom"),), id="nl-1")
RESULT = attribution_of(DOCUMENT, [Target(Span(9, 14, "Symptom"))], [2.0, 0.5, -1.0])


class Page(HTMLParser):
    """The tags of a page outside <noscript>, their attributes, and the saved state."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.state = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]
        self._inside = "state" if ("id", "state") in attrs else ""

    def handle_data(self, data: str) -> None:
        self.state += data if self._inside == "state" else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def test_the_page_holds_the_picture_and_nothing_from_outside(tmp_path: Path) -> None:
    path = to_html(RESULT, tmp_path / "page.html", prediction=Prediction((Span(9, 14, "Symptom"),), [0.9]))
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    (picture,) = (section["state"] for section in json.loads(page.state)["sections"])
    assert picture["layers"][0]["heats"]["0"]["scores"] == [2.0, 0.5, -1.0]
    assert picture["entities"][0]["predicted"]
    assert page.links == []
    assert not re.search(r"https?://(?!www\.w3\.org/)|@import|url\(", text)
    assert path.stat().st_size < 100_000


def test_scripts_run_by_nonce_only_and_nothing_may_be_fetched(tmp_path: Path) -> None:
    text = to_html(RESULT, tmp_path / "page.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    nonce = rules["script-src"]
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'nonce-[\w-]{20,}'", nonce)
    assert text.count(f'nonce="{nonce[7:-1]}"') == 3
    assert nonce not in to_html(RESULT, tmp_path / "other.html").read_text(encoding="utf-8")


def test_hostile_texts_labels_and_ids_stay_text(tmp_path: Path) -> None:
    document = Document(f"hoest {HOSTILE}", HOSTILE, (Span(0, 5, HOSTILE),), id=HOSTILE)
    clean = to_html(DOCUMENT, tmp_path / "clean.html", prediction=Prediction()).read_text(encoding="utf-8")
    dirty = to_html(document, tmp_path / "dirty.html", prediction=Prediction()).read_text(encoding="utf-8")
    assert Page(dirty).tags == Page(clean).tags
    (picture,) = (section["state"] for section in json.loads(Page(dirty).state)["sections"])
    assert picture["entities"][0]["label"].startswith("</script><img")


def test_json_for_html_is_json_without_markup() -> None:
    value = {"text": HOSTILE, "n": [1.5, None]}
    text = json_for_html(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_for_html(float("nan"))


def test_attributions_of_several_documents_get_a_section_each(tmp_path: Path) -> None:
    other = attribution_of(Document("koorts", "nl", id="nl-2"), [Target(label="urgent")], [1.0])
    text = to_html([RESULT, other, RESULT], tmp_path / "page.html").read_text(encoding="utf-8")
    sections = json.loads(Page(text).state)["sections"]
    assert [section["title"] for section in sections] == ["nl-1 · nl", "nl-2 · nl"]


def test_a_page_that_cannot_be_made_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ValueError, match="there is nothing to save; give at least one result"):
        save_page([], path)
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half \ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_readers_without_scripts_get_the_words(tmp_path: Path) -> None:
    text = to_html(RESULT, tmp_path / "page.html").read_text(encoding="utf-8")
    plain = re.search(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
    assert plain is not None
    assert 'title="ernstige: +2.00 ± 0.50"' in plain[1]


def test_anything_that_is_shown_is_a_section_in_the_order_given(tmp_path: Path) -> None:
    prediction = Prediction((Span(9, 14, "Symptom"),), [0.9])
    errors = entity_errors([DOCUMENT], [prediction])
    table = EntityTable(errors, {"margin": [0.25]})
    things = [errors, RESULT, table, compare([RESULT, RESULT]), show(DOCUMENT), show(errors), RESULT]
    text = to_html(things, tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(Page(text).state)
    assert [section["rows"] for section in state["sections"]] == [
        [["Report"]], [["Text"], ["Entities", "Bars"]], [["EntityTable"]], [["Report"]],
        [["Text"], ["Entities"]], [["Report"]],
    ]  # fmt: skip
    (explained, listed) = (state["sections"][at] for at in (1, 2))
    assert [layer["name"] for layer in explained["state"]["layers"]] != []
    assert {name: b64decode(value) for name, value in listed["binary"].items()} == {
        "codes": table.codes, "figures": table.figures,
    }  # fmt: skip
    assert all(section["charts"] == {} for section in state["sections"])
    assert Page(text).tags.count("script") == 2


def test_one_prediction_for_several_documents_is_refused(tmp_path: Path) -> None:
    other = attribution_of(Document("koorts", "nl", id="nl-2"), [Target(label="urgent")], [1.0])
    with pytest.raises(ValueError, match=r"one prediction was given, and attributions of 2 documents; give \[show"):
        to_html([RESULT, other], tmp_path / "page.html", prediction=Prediction())


def test_one_report_lends_the_page_its_title(tmp_path: Path) -> None:
    errors = entity_errors([DOCUMENT], [Prediction()])
    text = to_html(errors, tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(Page(text).state)
    assert state["title"].startswith("Entity errors") and state["sections"][0]["title"] == ""


def test_an_interactive_page_holds_plotly_once_for_any_number_of_charts(tmp_path: Path) -> None:
    documents = [Document(f"hoest en koorts {n}", "nl", (Span(0, 5, "Symptom"),), id=f"d{n}") for n in range(12)]
    results: list[Any] = [attribution_of(d, [Target(d.spans[0])], [2.0, 0.5, -1.0, 0.1]) for d in documents]
    things = [*results, compare(results[:1]), Chart()]
    path = to_html(things, tmp_path / "page.html", interactive=True)
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 6_000_000
    assert Page(text).tags.count("script") == 3
    sections = json.loads(Page(text).state)["sections"]
    assert [section["rows"][-1][-1] for section in sections] == ["Chart"] * 14
    assert list(sections[0]["charts"]) == ["0/0"] and sections[12]["charts"][""]["data"][0]["type"] == "heatmap"
    held = text.split('id="plotly"')[1].split("</script>")[0]
    assert len(held) > 4_000_000 and "<!--" not in held
    assert to_html(results, tmp_path / "plain.html").stat().st_size < 250_000


@pytest.mark.parametrize(("wrong", "kind"), [(3, "int"), ("text", "str"), ([RESULT, 1], "int"), (object(), "object")])
def test_what_is_no_result_is_refused_by_name(wrong: object, kind: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=f"cannot show {kind}; give an Attribution"):
        to_html(wrong, tmp_path / "x.html")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
