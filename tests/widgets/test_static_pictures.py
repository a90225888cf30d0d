"""Pictures without scripts: every figure is still there, edits show what they change, hostile words stay text."""

from __future__ import annotations

import json
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from drawn_results import HOSTILE

from widgets.report.static import report_html

GOLDEN = Path(__file__).parent / "golden"
PLAIN = {"div", "b", "h4", "p", "table", "caption", "tr", "th", "td", "del", "ins", "u"}


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert not attrs
        self.found.append(tag)


def view(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["stability", "boundary", "faithfulness"])
def test_every_picture_is_there_in_plain_tags(name: str) -> None:
    page, report = report_html(view(name)), view(name)
    assert set(Tags(page).found) <= PLAIN
    for group in report["groups"]:
        for words in (group["title"], *group["lead"], *(one["caption"] for one in group["pictures"])):
            assert escape(words) in page


def test_edits_show_what_they_change_worst_first() -> None:
    page = report_html(view("stability"))
    assert "<del>geen</del><ins>wat</ins>" in page
    assert page.index("<td>flipped</td>") < page.index("<td>compared</td>")


def test_edits_that_moved_the_entity_underline_where_it_stands() -> None:
    page = report_html(view("boundary"))
    assert "<u>y</u>" in page and "<del>k</del>" in page


def test_words_of_the_text_stay_text() -> None:
    hostile = json.loads(json.dumps(view("stability")).replace("geen", json.dumps(HOSTILE)[1:-1]))
    assert set(Tags(report_html(hostile)).found) <= PLAIN
