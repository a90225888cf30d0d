"""Errors that are like one, in their texts, with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..report import report_section
from ..section import Savable, Section
from ..views.excerpts import excerpts
from ..views.report_parts import report_parts

SIMILAR_FILES = ("report/excerpts.js", "correct/similar.js")


class SimilarErrors(Savable, anywidget.AnyWidget):
    """Places that are like one error; choosing one goes there.

    `about` says what they are like, and `places` are [{"excerpt" (`views.excerpt`), "why", "looked"}]: `looked` says
    what a reader already made of it. `acts` are [{"act", "words"}], buttons for all places at once, with their number
    in the words. What the reader does is a message: `on_act(handler)` gets {"act", "place", "stamp"}; `stamp` is that
    of the places that the reader saw.
    """

    _esm: ClassVar[str] = module(*SIMILAR_FILES)
    _css: ClassVar[str] = style("page/controls.css", "report/report.css", "correct/correct.css")
    about = traitlets.Unicode("").tag(sync=True)
    places = traitlets.List(traitlets.Dict()).tag(sync=True)
    acts = traitlets.List(traitlets.Dict()).tag(sync=True)
    stamp = traitlets.Int(0).tag(sync=True)

    def sections(self) -> list[Section]:
        """The places with the reasons and what was made of them; nothing before a search."""
        if not self.about:
            return []
        found = [{**one["excerpt"], "note": _told(one)} for one in self.places]
        return [report_section({**report_parts("Similar errors"), "excerpts": [excerpts(self.about, found)]})]

    def on_act(self, handler: Callable[[Mapping[str, Any]], None]) -> None:
        """Call `handler` with each act of the reader."""
        self.on_msg(lambda _, content, buffers: handler(content))


def _told(place: Mapping[str, Any]) -> str:
    return " · ".join(part for part in (place["excerpt"]["note"], place["why"], place["looked"]) if part)
