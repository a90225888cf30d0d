"""The bank: the edits of one text, drawn once, that stability, boundaries, faithfulness and fusion share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from explain_lib.core import Span
from explain_lib.perturbation.streams import Rng, child, keys_of, seed_for

from .family import Edit, Family, Subject
from .gate import Gate

if TYPE_CHECKING:
    from explain_lib.perturbation.evaluations import Evaluations
    from explain_lib.perturbation.query import Query

SPARE = 2
"""So many times the edits that are wanted are drawn from a family, since the gate refuses some."""
LAPS = 4
"""So often a family that can give more is asked again, for twice as many each time, while edits are wanting."""
Tables = WeakKeyDictionary["Evaluations", dict[Edit, "Evaluations"]]


@dataclass(frozen=True, eq=False)
class Bank:
    """Edits of one text, and what became of those that were drawn.

    `drawn` counts the edits that passed through the gate by family, `rejected` those that it refused, by family and
    reason. `unavailable` says why a family has none. The tables of rows of edited texts are kept with the bank, so
    whatever asks about its edits shares them.
    """

    edits: tuple[Edit, ...]
    drawn: Mapping[str, int]
    rejected: Mapping[str, Mapping[str, int]]
    unavailable: Mapping[str, str]
    _tables: Tables = field(default_factory=WeakKeyDictionary, repr=False)

    def __post_init__(self) -> None:
        for name in ("drawn", "rejected", "unavailable"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __len__(self) -> int:
        return len(self.edits)

    def __repr__(self) -> str:
        counts = {name: sum(e.family.name == name for e in self.edits) for name in self.families}
        return f"Bank({', '.join(f'{n} × {name}' for name, n in counts.items()) or 'no edits'})"

    @property
    def families(self) -> tuple[str, ...]:
        """The names of the families that have edits here, in order."""
        return tuple(dict.fromkeys(edit.family.name for edit in self.edits))

    @property
    def rejection_rate(self) -> dict[str, float]:
        """By family: the share of drawn edits that the gate refused."""
        return {name: sum(self.rejected.get(name, {}).values()) / n for name, n in self.drawn.items() if n}

    @property
    def label_keeping(self) -> Bank:
        """The edits after which entities keep their labels, with the same tables."""
        return self._only([edit for edit in self.edits if edit.family.keeps_label])

    def of(self, *families: str) -> Bank:
        """The edits of some families by name, with the same tables."""
        return self._only([edit for edit in self.edits if edit.family.name in families])

    def _only(self, edits: Sequence[Edit]) -> Bank:
        return Bank(tuple(edits), self.drawn, self.rejected, self.unavailable, self._tables)

    def on(self, query: Query) -> list[Query]:
        """The question after each edit, in the order of `edits`; rows that were run for an edit are still known."""
        tables = self._tables.setdefault(query.evaluations, {})
        found = [edit.on(query, tables.get(edit)) for edit in self.edits]
        tables.update((edit, edited.evaluations) for edit, edited in zip(self.edits, found, strict=True))
        return found


def bank(
    query: Query, families: Sequence[Family] | None = None, n_edits: int = 20, rng: Rng = 0, gate: Gate | None = None
) -> Bank:
    """Draw `n_edits` edits of the text of a query, evenly over the families that suit it.

    A bank smaller than the number of families begins with a family that `rng` and the text choose. Gold, predicted and
    asked-for spans are protected. `families` default to all label-keeping ones. What a family draws depends on `rng`,
    the text and the family only; how much it gives, on what others lack. There are fewer edits only where no family has
    more that pass. With an int `rng` the bank is kept with the query's table: asking again gives the same bank, rows
    and all. ValueError for `n_edits` below 1 or two families of one name, TypeError for what are no families.
    """
    from .families import label_keeping  # imported here: a family is free to use this module

    chosen = _checked(label_keeping() if families is None else families, n_edits)
    subject = Subject(query, protected_spans(query))
    passes = gate or Gate()
    contrasts = tuple(target for target in query.targets if target.versus is not None or target.margin is not None)
    asked = subject.protected, contrasts, query.full_row.tobytes()
    key = ("bank", repr(chosen), n_edits, repr(rng), repr(passes), *asked)
    kept = query.evaluations.remembered
    if isinstance(rng, np.random.Generator):
        return _drawn(subject, chosen, n_edits, rng, passes)
    if key not in kept:
        kept[key] = _drawn(subject, chosen, n_edits, rng, passes)
    found = kept[key]
    assert isinstance(found, Bank)
    return found


def _checked(families: object, n_edits: int) -> tuple[Family, ...]:
    chosen = tuple(families) if isinstance(families, Sequence) else (families,)
    wrong = [one for one in chosen if isinstance(one, type) or not hasattr(one, "draw")]
    if wrong or not isinstance(families, Sequence):
        got = [f"the class {one.__name__}" if isinstance(one, type) else f"a {type(one).__name__}" for one in chosen]
        raise TypeError(f"families are {', '.join(got)}; give a list of families with their settings: [Synonym()].")
    names = [family.name for family in chosen]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{twice[0]!r} is the name of several families; every family may stand in a bank once.")
    if isinstance(n_edits, bool) or not isinstance(n_edits, int | np.integer) or n_edits < 1:
        raise ValueError(f"n_edits is {n_edits!r}; it must be a whole number of at least 1.")
    return chosen


def protected_spans(query: Query) -> tuple[Span, ...]:
    """Gold, predicted and asked-for spans of a query's text, in text order; costs the full row."""
    asked = [target.span for target in query.targets if target.span is not None]
    whole = query.with_targets([])
    predicted = whole.predict(whole.full_row[None])[0].spans
    return tuple(sorted({*query.document.spans, *predicted, *asked}))


def _drawn(subject: Subject, families: Sequence[Family], n_edits: int, rng: Rng, gate: Gate) -> Bank:
    """Each family draws twice its share, and more while edits are wanting; passed edits are taken in turn."""
    suited, unavailable = _suited(subject, families)
    draws = _draws(subject, suited, n_edits, {f.name: _seed(rng, f"bank {f!r}", subject) for f in suited}, gate)
    for family, draw in zip(suited, draws.values(), strict=True):
        if not draw.passed:
            none = "the model" if hasattr(family, "view") else "the text"  # a family of forward noise reads no text
            unavailable[family.name] = "the gate refused every edit" if draw.edits else f"{none} gives no occasion"
    edits = _in_turn([draw.passed for draw in draws.values()], n_edits, _first(rng, subject))
    counts = {name: len(draw.edits) for name, draw in draws.items()}
    return Bank(tuple(edits), counts, {name: draw.refusals() for name, draw in draws.items()}, unavailable)


@dataclass(frozen=True, eq=False)
class _Draw:
    """What a family drew, and for each edit what the gate objects to."""

    edits: Sequence[Edit]
    objections: Sequence[str | None]

    @property
    def passed(self) -> list[Edit]:
        return [edit for edit, why in zip(self.edits, self.objections, strict=True) if why is None]

    def refusals(self) -> dict[str, int]:
        """How many edits were refused for each reason."""
        reasons = [why for why in self.objections if why is not None]
        return {why: reasons.count(why) for why in dict.fromkeys(reasons)}


def _draws(
    subject: Subject, families: Sequence[Family], n_edits: int, seeds: Mapping[str, np.random.SeedSequence], gate: Gate
) -> dict[str, _Draw]:
    """What each family draws by name: more of the same from those that have more, until `n_edits` have passed."""

    def ask(family: Family) -> _Draw:
        edits = family.draw(subject, n, np.random.default_rng(seeds[family.name]))
        return _Draw(edits, [gate.objection(edit, subject) for edit in edits])

    n = SPARE * -(-n_edits // max(1, len(families)))
    found = {family.name: ask(family) for family in families}
    willing = [family for family in families if found[family.name].edits]
    for _ in range(LAPS):
        if sum(len(draw.passed) for draw in found.values()) >= n_edits:
            break
        n *= 2
        more = {family.name: ask(family) for family in willing}
        willing = [f for f in willing if len(more[f.name].edits) > len(found[f.name].edits)]
        found |= more
    return found


def _suited(subject: Subject, families: Sequence[Family]) -> tuple[list[Family], dict[str, str]]:
    lang = subject.document.lang
    suited = [f for f in families if f.languages is None or lang in f.languages]
    said = f"the document is in {lang!r}" if lang else "the document does not say its language"
    others = {f.name: f"{said}, the family knows {', '.join(f.languages or ())}" for f in families if f not in suited}
    return suited, others


def _seed(rng: Rng, purpose: str, subject: Subject) -> np.random.SeedSequence:
    return child(seed_for(rng, purpose), *keys_of(subject.document.text.encode("utf-8", "surrogatepass")))


def _first(rng: Rng, subject: Subject) -> int:
    """Where the turns begin, so that small banks of many texts hold every family."""
    return int(np.random.default_rng(_seed(rng, "bank", subject)).integers(2**31))


def _in_turn(waiting: list[list[Edit]], n: int, first: int = 0) -> list[Edit]:
    """One of each list, then the next of each, until there are `n` or all are taken; grouped by list.

    The turns begin with the list number `first`, counted round.
    """
    taken = [0] * len(waiting)
    turns = [(first + i) % len(waiting) for i in range(len(waiting))]
    while sum(taken) < n and any(t < len(edits) for t, edits in zip(taken, waiting, strict=True)):
        for i in turns:
            if taken[i] < len(waiting[i]) and sum(taken) < n:
                taken[i] += 1
    return [edit for t, edits in zip(taken, waiting, strict=True) for edit in edits[:t]]
