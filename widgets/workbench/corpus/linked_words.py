"""Word lists on the desk: a word leads to its places, a place to its text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from explain_lib.core import GlobalAttribution, Span

from ...guard import shown_on
from ...views.occurrences import SHOWN, Place, places_view
from ...views.words import found_features, word_list, words_view
from ...words import Words
from ..desk import Desk
from ..drawing import one_at_a_time


@dataclass(frozen=True, eq=False)
class WordList:
    """The words of `result` under `label`; `places` says where a word of it stands, the most telling place first.

    `kind` says what the features are, where they are no words.
    """

    caption: str
    result: GlobalAttribution
    label: str
    places: Callable[[str], Iterable[Place]]
    kind: str = "word"


class LinkedWords:
    """The widget of some word lists; `predicted` gives the predicted spans of every document that was read."""

    def __init__(self, desk: Desk, predicted: Callable[[], Mapping[int, Sequence[Span]]]) -> None:
        self.desk, self._predicted = desk, predicted
        self.panel = Words()
        self._lists: tuple[WordList, ...] = ()
        self._notes: tuple[str, ...] = ()
        self._features: list[list[str]] = []
        self._places: list[Place] = []
        guarded = shown_on(desk)
        self.panel.observe(guarded(lambda _: self._draw()), "search")
        self.panel.observe(guarded(self._find), "clicked")
        self.panel.observe(guarded(self._go), "chosen")

    @one_at_a_time
    def show(self, lists: Sequence[WordList], notes: Sequence[str] = ()) -> None:
        """Show these lists, under what was searched for; places stay where the same lists have new figures."""
        is_same = [one.caption for one in lists] == [one.caption for one in self._lists]
        self._lists, self._notes = tuple(lists), tuple(notes)
        self._draw(keeps_places=is_same)

    @one_at_a_time
    def _draw(self, keeps_places: bool = False) -> None:
        search = self.panel.search.strip()
        self._features = [found_features(one.result, one.label, search) for one in self._lists]
        lists = [word_list(one.result, one.label, one.caption, search, kind=one.kind) for one in self._lists]
        with self.panel.hold_sync():
            self.panel.view = words_view(lists, self._notes, self.panel.view.get("stamp", 0) + 1)
            if not keeps_places:
                self.panel.places, self._places = {}, []

    def _find(self, change: Any) -> None:
        """A word was chosen: look for its places in the worker, where long texts keep nobody waiting."""
        clicked = change["new"]
        if clicked.get("stamp") != self.panel.view.get("stamp"):
            return  # a click on lists that are gone
        chosen, word = self._lists[clicked["list"]], self._features[clicked["list"]][clicked["word"]]
        self.desk.jobs.urgent(lambda tick: self._show_places(chosen, word))

    def _show_places(self, chosen: WordList, word: str) -> None:
        found = list(islice(chosen.places(word), SHOWN + 1))
        self._draw_places(chosen, word, found)

    @one_at_a_time
    def _draw_places(self, chosen: WordList, word: str, found: list[Place]) -> None:
        if chosen.caption not in {one.caption for one in self._lists}:
            return  # the lists have gone while it was looked for
        more = len(found) > SHOWN
        self._places = found[:SHOWN]
        said = f"the first {SHOWN} places" if more else f"{len(found)} place{'s' * (len(found) != 1)}"
        caption = f"“{word}” · {chosen.caption}: {said}"
        self.panel.places = places_view(caption, self._places, self.desk.documents, self._predicted())

    def _go(self, change: Any) -> None:
        at = change["new"].get("place", -1)
        if 0 <= at < len(self._places):
            place = self._places[at]
            self.desk.select(place.text, place.span)
