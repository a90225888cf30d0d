"""Lists of words with their scores; a word leads to its places, a place to its text."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..report import report_section
from ..section import Savable, Section
from ..views.report_parts import MINUS, View, report_parts, table

WORDS_FILES = ("report/excerpts.js", "words/lists.js", "words/words.js")
WORDS_STYLES = ("page/controls.css", "report/report.css", "words/words.css")


class Words(Savable, anywidget.AnyWidget):
    """Word lists side by side (`views.words_view`), and the places of the chosen word (`views.places_view`).

    A click, or Enter, on a word sets `clicked`: {"list", "word", "stamp"}, numbers in `view`; one on a place sets
    `chosen`: its number in `places`, counted with `stamp` so that the same place may be chosen again. `search` is what
    stands in the field above the lists.
    """

    _esm: ClassVar[str] = module(*WORDS_FILES)
    _css: ClassVar[str] = style(*WORDS_STYLES)
    view: dict[str, Any] = traitlets.Dict().tag(sync=True)  # type: ignore[assignment]
    places: dict[str, Any] = traitlets.Dict().tag(sync=True)  # type: ignore[assignment]
    search: str = traitlets.Unicode("").tag(sync=True)  # type: ignore[assignment]
    clicked: dict[str, int] = traitlets.Dict().tag(sync=True)  # type: ignore[assignment]
    chosen: dict[str, int] = traitlets.Dict().tag(sync=True)  # type: ignore[assignment]

    def sections(self) -> list[Section]:
        """The lists, and the places of the chosen word, as a report; nothing before there is a list."""
        if not self.view.get("lists"):
            return []
        report = report_parts("Words", self.view["notes"], [_list_table(one) for one in self.view["lists"]])
        return [report_section({**report, "excerpts": [self.places] if self.places else []})]


def _list_table(one: View) -> View:
    columns = [one.get("kind", "word"), "score", "95 % interval", *one.get("more", ()), "seen", "documents"]
    rows = [
        [word["word"], word["score"], _interval(word), *word.get("more", ()), word["seen"], word["documents"]]
        for word in one["words"]
    ]
    return table(f"{one['caption']} ({one['about']})", columns, rows)


def _interval(word: View) -> str:
    low, high = word["low"], word["high"]
    return "" if low is None or high is None else f"{low:.3g} to {high:.3g}".replace("-", MINUS)
