"""Find similar errors: other places of the corpus where the model goes wrong in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as ipw

from explain_lib.analysis import EntityErrors, entity_errors
from explain_lib.analysis.errors import ErrorClass, Outcome, SimilarError, similar_errors
from explain_lib.core import Span
from explain_lib.models.protocols import Tick

from ...correct import SimilarErrors
from ...guard import shown_on
from ...views.entity_errors import outcome_excerpt
from ...views.excerpts import one_line
from ..lines import line
from ..correction.correcting import Correcting, Pair
from ..desk import Desk
from ..drawing import one_at_a_time
from ..correction.fates import corrections_of, fates
from ..corpus.reading import Reading

SHOWN = 20
_CHANGED = "The list has changed since; look, and press again."


class FindSimilar:
    """Errors that are like the chosen one, with the reasons; `changed` is called when some were corrected here."""

    def __init__(self, desk: Desk, acting: Correcting, changed: Callable[[], None]) -> None:
        self.desk, self.acting, self._changed = desk, acting, changed
        self.reading = Reading(desk)
        self.button = ipw.Button(description="Find similar errors", layout=ipw.Layout(width="auto"))
        self.line, self.panel = line(), SimilarErrors()
        self._errors: EntityErrors | None = None
        self._found: tuple[SimilarError, ...] = ()
        guarded = shown_on(desk)
        self.button.on_click(guarded(lambda _: self.ask()))
        self.panel.on_act(guarded(self._act))
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap"))
        self.widget = ipw.VBox([head, self.panel])

    @one_at_a_time
    def refresh(self) -> None:
        """Say what a search takes, and bring the places up to date with the corrections."""
        self.button.disabled = self._span() is None
        n = len(self.desk.documents)
        self.line.value = "" if self._errors else f"Reads all {n} documents first; those that were read are known."
        self._show()

    def ask(self) -> None:
        """Look for errors like the chosen one; the corpus is read first, in the background."""
        span, text = self._span(), self.desk.document
        if span is not None:
            self.desk.jobs.background("Find similar errors …", lambda tick: self._find(text, span, tick))

    def _find(self, text: int, span: Span, tick: Tick) -> None:
        if self._errors is None:
            for _ in self.reading.ahead(tick):
                pass
            self._errors = entity_errors(self.desk.documents, self.reading.predictions)
        one = _outcome(self._errors, text, span)
        if one is None or one.error is ErrorClass.CORRECT:
            self._found, self.panel.about = (), "This entity is no error of the model against the gold standard."
        else:
            self._found = similar_errors(self._errors, one, SHOWN)
            words = one_line(span.text_of(self.desk.documents[text].text))
            n = len(self._found)
            self.panel.about = f"Like “{words}”, {one.error}: {f'{n} errors' if n else 'no other error'}."
        self.refresh()
        self.panel.stamp += 1  # last: acts on a list that is not shown yet would hit the wrong places

    # ---- what the reader does

    def _act(self, content: Mapping[str, Any]) -> None:
        if content["stamp"] != self.panel.stamp:
            raise ValueError(_CHANGED)
        if content["act"] == "go":
            one = self._found[content["place"]].outcome
            return self.desk.select(one.text, one.predicted or one.gold)
        act = {"accept": self.acting.accept_all, "delete": self.acting.delete_all}[content["act"]]
        self.desk.say(act(self._open()))
        self._changed()
        self.panel.stamp += 1

    def _open(self) -> list[Pair]:
        """Predicted spans among the places that nobody has looked at."""
        there = [one.outcome for one in self._found]
        return self.acting.open_pairs([(self.desk.documents[o.text], o.predicted) for o in there if o.predicted])

    # ---- what is shown

    def _show(self) -> None:
        errors = self._errors
        if errors is None:
            return
        n = len(self._open())
        with self.panel.hold_sync():
            self.panel.places = [
                {"excerpt": outcome_excerpt(errors, one.outcome), "why": one_line("; ".join(one.reasons)),
                 "looked": self._looked(one.outcome)} for one in self._found
            ]  # fmt: skip
            self.panel.acts = [
                {"act": act, "words": f"{act.capitalize()} the {n} predicted that nobody looked at"}
                for act in ("accept", "delete") if n
            ]  # fmt: skip

    def _looked(self, one: Outcome) -> str:
        document = self.desk.documents[one.text]
        known = fates(corrections_of(document, self.desk.corrections))
        told = [known[span] for span in (one.predicted, one.gold) if span in known]
        return f"{told[0]} by a reader" if told else ""

    def _span(self) -> Span | None:
        case, entity = self.desk.case, self.desk.entity
        return case.spans[entity] if case is not None and 0 <= entity < len(case.spans) else None


def _outcome(errors: EntityErrors, text: int, span: Span) -> Outcome | None:
    """The outcome of a gold or predicted span of a document."""
    there = (one for one in errors.outcomes if one.text == text)
    return next((one for one in there if span in (one.gold, one.predicted)), None)
