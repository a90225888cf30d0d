"""The words that drive the entities of one class of errors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import ipywidgets as ipw

from explain_lib.analysis.errors import EntityErrors, ErrorClass, Outcome
from explain_lib.attribution import Method, Occlusion, Slices, explain_global
from explain_lib.core import CorpusTable, Span, Target
from explain_lib.core.table import joined

from ...guard import shown_on
from ...jobs import Tick
from ...views.names import method_name
from ...views.occurrences import Scored
from ..lines import line
from ..desk import Desk
from ..drawing import one_at_a_time
from ..corpus.entity_figures import entity_of
from ..corpus.linked_words import LinkedWords, WordList
from ..corpus.reading import Reading
from ..corpus.sweeping import named_apart, sweep, sweep_cost

AT_ONCE = 100  # entities of a class in one run
LABELS = 4  # lists side by side
Key = tuple[ErrorClass, str]
_ABOUT = "Which words around them drive the entities of a class?"


class DrivingWords:
    """Mean scores of words over the entities of one class, by label; errors are those between documents."""

    def __init__(self, desk: Desk, reading: Reading) -> None:
        self.desk = desk
        self.words = LinkedWords(desk, reading.spans)
        self.kind = ipw.Dropdown(options=[], description="Class", layout=ipw.Layout(width="auto"))
        methods = [(method_name(method, desk.methods), method) for method in desk.methods]
        self.method = ipw.Dropdown(options=methods, description="Method", layout=ipw.Layout(width="auto"))
        self.method.value = next((one for one in desk.methods if isinstance(one, Occlusion)), desk.methods[0])
        self.button = ipw.Button(description="Explain", disabled=True, layout=ipw.Layout(width="auto"))
        self.line = line()
        self._errors: EntityErrors | None = None
        self._forget()
        self.button.on_click(shown_on(desk)(lambda _: self._ask()))
        for control in (self.kind, self.method):
            control.observe(shown_on(desk)(lambda _: self._show()), "value")
        flow = ipw.Layout(flex_flow="row wrap", align_items="center")
        head = ipw.HBox([self.kind, self.method, self.button, self.line], layout=flow)
        self.widget = ipw.VBox([line(_ABOUT), head, self.words.panel])

    @one_at_a_time
    def follow(self, errors: EntityErrors) -> None:
        """Offer the classes of these errors."""
        if self._errors is None or self._errors.outcomes != errors.outcomes:
            self._forget()
        self._errors, now = errors, self.kind.value
        counts = {kind: n for kind, n in errors.counts.items() if n}
        names = {kind: str(kind) if any(errors.spans.gold) else "predicted" for kind in counts}
        options = [(f"{names[kind]} ({n})", kind) for kind, n in counts.items()]
        if list(self.kind.options) != options:
            self.kind.options = options
            by_size = sorted(counts, key=lambda kind: (kind is ErrorClass.CORRECT, -counts[kind]))
            self.kind.value = now if now in counts else next(iter(by_size), None)
        self._show()

    def _forget(self) -> None:
        """Other entities: explanations are still known to the desk, but not which of these they are."""
        self._done: dict[Key, int] = {}
        self._whole: dict[Key, CorpusTable] = {}  # as it was when all of its runs had ended
        self._shown: dict[Key, CorpusTable] = {}  # as far as it is

    def _chosen(self) -> list[Outcome]:
        """The entities of the class, spread over the corpus, so that a part of them speaks for all."""
        found = self._errors.select(self.kind.value) if self._errors and self.kind.value else ()
        step = max(1, len(found) // AT_ONCE)
        return [one for k in range(step) for one in found[k::step]]

    def _next(self) -> tuple[int, list[Outcome]]:
        """How many are explained, and which come next."""
        done = self._done.get(self._key(), 0)
        return done, self._chosen()[done : done + AT_ONCE]

    def _key(self) -> Key:
        return self.kind.value, repr(self.method.value)

    def _ask(self) -> None:
        done, chosen = self._next()
        work = partial(self._work, self._key(), self.method.value, done, chosen)
        self.desk.jobs.background(f"Words of “{self.kind.value}” …", work)

    def _work(self, key: Key, method: Method, done: int, chosen: list[Outcome], tick: Tick) -> None:
        tables = [self._whole[key]] if key in self._whole else []
        texts = named_apart(self.desk.documents)
        for table in sweep(self.desk, texts, targets_of(chosen), method, ("context",), tick):
            tables.append(table)
            self._shown[key] = joined(tables)
            self._show()
        self._whole[key], self._done[key] = self._shown[key], done + len(chosen)
        self._show()

    @one_at_a_time
    def _show(self) -> None:
        """What is known of the chosen class, and what more would cost."""
        done, more = self._next()
        self.button.disabled, self.button.description = not more, "Explain more" if done else "Explain"
        in_all = len(self._chosen())
        cost = sweep_cost(self.desk, targets_of(more), self.method.value) if more else ""
        self.line.value = " ".join(part for part in (f"{done} of {in_all} explained." if done else "", cost) if part)
        table = self._shown.get(self._key())
        self.words.show(*(((), ()) if table is None else self._lists(table)))

    def _lists(self, table: CorpusTable) -> tuple[Sequence[WordList], Sequence[str]]:
        texts, kind = named_apart(self.desk.documents), str(self.kind.value)
        parts: dict[str | tuple[str, Span], str] = {
            (texts[one.text].id, entity_of(one)[1]): kind for one in self._chosen()
        }
        try:
            result = explain_global(table, Slices(parts))
        except ValueError as error:  # entities as long as their texts, or none that the model can have
            return (), (str(error),)
        scored = Scored(table, texts)
        busiest = sorted(result.labels, key=lambda label: -int(result.counts[:, result.labels.index(label)].sum()))
        lists = [
            WordList(label, result, label, partial(scored.places, label=label.removesuffix(f" · {kind}")))
            for label in busiest[:LABELS]
        ]
        return lists, result.notes


def targets_of(outcomes: Sequence[Outcome]) -> dict[int, list[Target]]:
    """The targets of each text: what was predicted, or the gold span where nothing was."""
    asked: dict[int, list[Target]] = {}
    for at, span in map(entity_of, outcomes):
        asked.setdefault(at, []).append(Target(span))
    return {at: list(dict.fromkeys(targets)) for at, targets in asked.items()}
