"""The page and the worker draw the same views: none of them may leave what is no longer asked on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from threading import Thread
from typing import Any

import numpy as np
import pytest
from drawn_results import wait_until

import explain_lib as xl
from explain_lib.core import Document, GlobalAttribution
from explain_lib.models.token_classification import Tagger
from widgets import Palette, Status, Workbench
from widgets.jobs import Jobs
from widgets.workbench.explanation import explaining
from widgets.workbench.desk import Desk
from widgets.workbench.drawing import one_at_a_time
from widgets.workbench.corpus.linked_words import LinkedWords, WordList


@pytest.fixture
def desk(tagger: Tagger, english: Document) -> Iterator[Desk]:
    made = Desk(tagger, (english,), (xl.Occlusion(),), Jobs(Status()), Palette())
    yield made
    made.jobs.close()


def in_a_thread(desk: Desk, act: Any) -> Thread:
    other = Thread(target=act)
    other.start()
    other.join(0.2)
    return other


class Slow:
    """Draws the unit of the desk; while it does, another thread chooses another one and draws it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.shown = desk, -2
        self.other: Thread | None = None

    @one_at_a_time
    def draw(self) -> None:
        unit = self.desk.unit
        if self.other is None:
            self.other = in_a_thread(self.desk, self._go_on)
        self.shown = unit

    def _go_on(self) -> None:
        self.desk.unit = 5
        self.draw()


def test_the_last_drawing_has_seen_the_last_selection(desk: Desk) -> None:
    slow = Slow(desk)
    slow.draw()
    assert slow.other is not None
    slow.other.join(5)
    assert (desk.unit, slow.shown) == (5, 5)


def test_an_explanation_that_comes_late_leaves_the_chosen_one_on_the_screen(
    tagger: Tagger, english: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Workbench(tagger, english, methods=(xl.Occlusion(), xl.Exact()))
    wait_until(lambda: bench.result is not None and bench.panel.status.kind == "idle")
    known, others = bench.result, []
    real = explaining.heat_view

    def interrupted(*args: Any) -> Any:
        if not others:
            others.append(in_a_thread(bench.desk, lambda: bench.desk.set_trait("method", bench.desk.methods[0])))
        return real(*args)

    monkeypatch.setattr(explaining, "heat_view", interrupted)
    bench.desk.method = bench.desk.methods[1]  # while its result is drawn the reader goes back to the first one
    wait_until(lambda: others and not others[0].is_alive() and bench.panel.status.kind == "idle")
    assert bench.desk.method == xl.Occlusion()
    wait_until(lambda: bench.desk.result is known)
    bench.desk.jobs.background("", lambda tick: None).result(timeout=30)
    assert bench.desk.result is known
    bench.close()


def test_places_of_lists_that_are_gone_are_not_shown(desk: Desk) -> None:
    words = LinkedWords(desk, dict)
    one = np.ones((1, 1))
    counts = one.astype(np.int64)
    result = GlobalAttribution(("dose",), ("Drug",), one, one, one, counts, counts, "a recipe", "score")
    old, new = (WordList(name, result, "Drug", partial(iter, ())) for name in ("old", "new"))
    words.show([old])
    words._draw_places(old, "dose", [])
    assert words.panel.places["caption"].startswith("“dose” · old")
    words.show([new])
    words._draw_places(old, "dose", [])
    assert words.panel.places == {}
