"""What a notebook keeps of the small widgets where none of them can run: HTML without scripts, every text escaped."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from drawn_results import HOSTILE

import widgets as xw
from explain_lib.core import Document, GlobalAttribution, Span
from widgets import Status
from widgets.correct import Correct, SimilarErrors
from widgets.section import Savable
from widgets.strip import Strip
from widgets.views import visible
from widgets.views.excerpts import excerpt, excerpts
from widgets.views.words import word_list, words_view
from widgets.words import Words


class Texts(HTMLParser):
    """The tags of a page, and what stands between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def words() -> Words:
    scores, counts = np.array([[1.5], [-2.0]]), np.full((2, 1), 3)
    result = GlobalAttribution(
        (HOSTILE, "no"), ("Drug",), scores, scores * 0 + 0.1, scores * 0 + 9, counts, counts, "a recipe", "mean score",
        more={"p share": np.array([[0.25], [np.nan]])},
    )  # fmt: skip
    found = Words()
    found.view = words_view([word_list(result, "Drug", "Drug: concepts", kind="concept")], ("a note",))
    place = excerpt("d1", Document(f"with {HOSTILE}"), (5, 9), [], [])
    found.places = excerpts("where it stands", [place])
    return found


def correct() -> Correct:
    before = {"label": "Drug", "text": visible(HOSTILE), "paint": {"name": "Medicine"}}
    row = {"what": "deleted", "before": before, "after": None, "when": "2026-01-01", "steps": 1, "note": "why"}
    return Correct(rows=[row], kept="in memory")


def similar() -> SimilarErrors:
    place = excerpt("d1", Document(f"with {HOSTILE}"), (0, 4), [Span(0, 4, "Drug")], [])
    return SimilarErrors(about="Like “x”", places=[{"excerpt": place, "why": HOSTILE, "looked": "accepted"}])


CASES = (
    (words(), ["Drug: concepts (mean score)", "p share", "0.25", "1.27 to 1.73", "where it stands", "a note"]),
    (correct(), ["Corrections", f"Medicine “{visible(HOSTILE)}”", "deleted", "2026-01-01", "why", "in memory"]),
    (similar(), ["Like “x”: [gold], ⟨predicted⟩", f"{HOSTILE} · accepted"]),
    (Status(message=HOSTILE), [HOSTILE]),
    (Strip(names=["One", HOSTILE], index=0), ["One", f" · {HOSTILE}"]),
)


@pytest.mark.parametrize(("widget", "told"), CASES, ids=lambda one: type(one).__name__)
def test_it_says_the_same_without_scripts(widget: Savable, told: list[str]) -> None:
    page = Texts(widget._repr_mimebundle_()[0]["text/html"])
    for text in told:
        assert any(text in found for found in page.texts), (text, page.texts)
    assert {"script", "img"}.isdisjoint(page.tags)


@pytest.mark.parametrize("widget", [words(), correct(), similar()], ids=lambda one: type(one).__name__)
def test_what_holds_results_can_be_saved_as_a_page(widget: Savable, tmp_path: Path) -> None:
    xw.to_html(widget, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    assert widget.sections()[0].title in text and HOSTILE not in text


@pytest.mark.parametrize("kind", [Words, Correct, SimilarErrors, Status, Strip])
def test_nothing_to_say_is_nothing(kind: type[Savable]) -> None:
    assert list(kind().sections()) == [] and kind().plain_html() == ""
