"""Errors that are like one, in their texts, with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style

SIMILAR_FILES = ("report/excerpts.js", "correct/similar.js")


class SimilarErrors(anywidget.AnyWidget):
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

    def on_act(self, handler: Callable[[Mapping[str, Any]], None]) -> None:
        """Call `handler` with each act of the reader."""
        self.on_msg(lambda _, content, buffers: handler(content))
