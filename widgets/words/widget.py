"""Lists of words with their scores; a word leads to its places, a place to its text."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style

WORDS_FILES = ("report/excerpts.js", "words/lists.js", "words/words.js")
WORDS_STYLES = ("page/controls.css", "report/report.css", "words/words.css")


class Words(anywidget.AnyWidget):
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
