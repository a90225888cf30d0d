"""Asking a text for the evidence of a fusion: rows, boundaries, edits, and every member on each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TypeVar
from zlib import crc32

import numpy as np

from explain_lib.attribution.estimate import Estimate, Method
from explain_lib.core import Target
from explain_lib.perturbation.edits import Bank, Edit, bank
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.together import answers

from .asked_rows import Tally
from .calibration import FusionCalibration, at_most
from .evidence import Bools, Evidence, Floats, Near, Rows
from .near_rows import near_rows

T = TypeVar("T")
FIT_SHARE = 0.75
SIDES = ("left", "right")


@dataclass(frozen=True, eq=False)
class Margin:
    """The margin of one end of the target number `of`; `keep` bool[rows, units] hide units near that end."""

    of: int
    target: Target
    keep: Bools

    @property
    def side(self) -> str:
        """Which end."""
        return str(self.target.margin)


@dataclass(frozen=True, eq=False)
class Gathered:
    """The evidence for each target, its values with all and with no active units hidden, and rows by part."""

    evidence: tuple[Evidence, ...]
    base: Floats
    full: Floats
    n_evals: dict[str, int]


@dataclass(frozen=True, eq=False)
class EditedText:
    """One usable edit: where units went, which targets it leaves as they were, and what each member said of it."""

    unit_of: np.ndarray
    keeps: Bools
    query: Query
    estimates: list[Estimate]


@dataclass(frozen=True, eq=False)
class Gathering:
    """A query with targets in one window, the members, and what is asked for.

    `seed` is that of `explain`: members draw the same rows as they do alone. `given` are estimates that are there
    already, one per member.
    """

    query: Query
    methods: tuple[Method, ...]
    calibration: FusionCalibration
    seed: np.random.SeedSequence
    chosen: Bank | None = None
    given: tuple[Estimate, ...] | None = None

    def gathered(self) -> Gathered:
        """Ask for everything; rows of all parts run together as far as they are known beforehand."""
        tally = Tally(self.query)
        here, (n_targets, asked) = tally.on(tally.real), (self.query.n_targets, self.calibration)
        margins = self._margins(here)
        wide = here.with_targets([*here.targets, *(m.target for m in margins)]) if margins else here
        keep = evaluation_rows(here, asked.n_rows, self._draws("fusion rows"))
        ends = np.stack([here.full_row & ~here.active, here.full_row])
        rows = np.concatenate([ends, keep, *(m.keep for m in margins)])
        edits, said = self._edits(tally)
        values = _ask([lambda: wide.value(rows), *(_whole(tally, query) for _, query in edits)], here)[0]
        counts = {"rows to fit and check": tally.n_asked()}
        estimates = self._here(here, wide)
        counts["members"] = tally.n_asked() - sum(counts.values())
        edited, more = self._edited(tally, edits)
        counts["members on edits"] = tally.n_asked() - sum(counts.values())
        tally.settle()
        table = _Table(here, margins, keep, values, estimates, edited, (*said, *more))
        evidence = tuple(table.evidence(t, self.methods) for t in range(n_targets))
        return Gathered(evidence, values[0, :n_targets], values[1, :n_targets], counts)

    def _draws(self, purpose: str, number: int = 0) -> np.random.Generator:
        """A stream of the gathering's own; with no purpose, the very stream that `explain` hands to a method."""
        key = (crc32(purpose.encode()), number) if purpose else ()
        return np.random.default_rng(np.random.SeedSequence(self.seed.entropy, spawn_key=(*self.seed.spawn_key, *key)))

    def _margins(self, here: Query) -> list[Margin]:
        """The margins of plain span targets whose ends can move, where they are read in the same rows."""
        found = []
        for index, target in enumerate(here.targets):
            for side in SIDES if self.calibration.n_near and is_plain(target) else ():
                margin = Target(target.span, target.label, margin=side)  # type: ignore[arg-type]
                try:
                    beside = here.with_targets([*here.targets, margin])
                except ValueError:  # the end lies where the text does, and cannot move
                    continue
                if len(beside.parts()) > 1 or not np.array_equal(beside.active, here.active):
                    continue
                assert target.span is not None
                draws = self._draws(f"near {side}", index)
                keep = near_rows(here, target.span, side, self.calibration.reach, self.calibration.n_near, draws)
                found += [Margin(index, margin, keep)] if len(keep) else []
        return found

    def _edits(self, tally: Tally) -> tuple[list[tuple[Edit, Query]], tuple[str, ...]]:
        """Label-keeping edits and the questions about them."""
        if not self.calibration.n_edits and self.chosen is None:
            return [], ()
        found = self.chosen
        if found is None:
            rng = int(self._draws("fusion bank").integers(2**31))
            found = bank(tally.real, self.calibration.families, self.calibration.n_edits, rng)
        found = found.label_keeping
        return list(zip(found.edits, found.on(tally.real), strict=True)), () if len(found) else ("no edit is at hand",)

    def _here(self, here: Query, wide: Query) -> list[Estimate]:
        """What members say of the targets, then of their margins."""
        if self.given is None or wide is not here:
            run = _ask([_run(method, wide, self._draws("")) for method in self.methods], here)
        if self.given is None:
            return run
        if wide is here:
            return list(self.given)
        return [_spliced(known, more, here.n_targets) for known, more in zip(self.given, run, strict=True)]

    def _edited(self, tally: Tally, edits: Sequence[tuple[Edit, Query]]) -> tuple[list[EditedText], tuple[str, ...]]:
        """Every member on every edit that leaves a target as it was; an edit on which one fails is left out."""
        usable = []
        for number, (edit, query) in enumerate(edits):
            keeps = kept(tally, edit, query)
            if keeps.any() and query.active.any() and len(query.parts()) == 1:
                usable.append((number, edit, query, keeps))
        asked = [
            _run(at_most(m, self.calibration.edit_budget, int(q.active.sum())), tally.on(q), self._draws("edit", k))
            for k, _, q, _ in usable
            for m in self.methods
        ]
        found = dict(answers(asked, self.query.evaluations.report))
        texts, n = [], len(self.methods)
        for i, (_, edit, query, keeps) in enumerate(usable):
            said = [found[i * n + m] for m in range(n)]
            good = [one for one in said if isinstance(one, Estimate)]
            if len(good) == n:
                texts.append(EditedText(edit.unit_of(tally.real, query), keeps, query, good))
        lost = len(edits) - len(texts)
        return texts, (f"{lost} of {len(edits)} edits could not be used",) if lost else ()


@dataclass(frozen=True, eq=False)
class _Table:
    """All that was asked, ready to be cut by target."""

    query: Query
    margins: list[Margin]
    keep: Bools
    values: Floats
    estimates: list[Estimate]
    edited: list[EditedText]
    said: tuple[str, ...]

    def evidence(self, index: int, methods: tuple[Method, ...]) -> Evidence:
        """The evidence of one target."""
        query, target = self.query, self.query.targets[index]
        own = np.zeros(query.n_units, dtype=bool) if target.span is None else query.units.inside(target.span)
        rows, fresh = self._rows(index).halves(FIT_SHARE)
        texts = [text for text in self.edited if text.keeps[index]]
        edited = [self._moved(text, index, "scores") for text in texts]
        errors = [self._moved(text, index, "std_error") for text in texts]
        shape = (0, len(methods), query.n_units)
        return Evidence(
            members=methods, words=query.units.texts, kind=target.kind, own=own, active=query.active,
            scores=self._columns(index, "scores"), std_error=self._columns(index, "std_error"),
            dof=np.array([np.broadcast_to(e.dof, len(e.base_value))[index] for e in self.estimates], dtype=np.float64),
            rows=rows, fresh=fresh, edited=np.array(edited).reshape(-1, *shape[1:]),
            edited_error=np.array(errors).reshape(-1, *shape[1:]), near=self._near(index), arm=query.arm,
            document=fingerprint(query), said=self.said,
        )  # fmt: skip

    def _rows(self, column: int) -> Rows:
        n = len(self.keep)
        return Rows(self._hidden(self.keep), self.values[1, column] - self.values[2 : 2 + n, column])

    def _hidden(self, keep: Bools) -> Bools:
        return np.asarray(~keep & self.query.active)

    def _columns(self, column: int, name: str) -> Floats:
        return np.stack([getattr(estimate, name)[:, column] for estimate in self.estimates])

    def _near(self, index: int) -> tuple[Near, ...]:
        found, at = [], 2 + len(self.keep)
        for number, margin in enumerate(self.margins):
            column = self.query.n_targets + number
            if margin.of == index:
                change = self.values[1, column] - self.values[at : at + len(margin.keep), column]
                near = Rows(self._hidden(margin.keep), change)
                wide = self._rows(column).halves(FIT_SHARE)[0]
                found.append(Near(margin.side, self._columns(column, "scores"), near, wide))
            at += len(margin.keep)
        return tuple(found)

    def _moved(self, text: EditedText, index: int, name: str) -> Floats:
        """float64[members, units]: scores of the edited text at the units that are the same here; NaN elsewhere."""
        at = text.unit_of
        comparable = (at >= 0) & self.query.active & text.query.active[at]
        columns = np.stack([getattr(estimate, name)[:, index] for estimate in text.estimates])
        return np.where(comparable, columns[:, at], np.nan)


def is_plain(target: Target) -> bool:
    """Whether a target is the score of a span: what has two boundaries to be right about."""
    return target.span is not None and target.margin is None and target.versus is None


def fingerprint(query: Query) -> str:
    """A short hash of the text, by which a corpus leaves it out."""
    return blake2b(query.document.text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def kept(tally: Tally, edit: Edit, edited: Query) -> Bools:
    """bool[targets]: whether the model still finds, after the edit, what it found before it.

    True in a rehearsal, and for targets that the model did not find in the first place.
    """
    n = edited.n_targets
    if tally.is_rehearsal:
        return np.ones(n, dtype=bool)
    before, after = (tally.on(q).predict(q.full_row[None])[0] for q in (tally.real, edited))
    result = np.ones(n, dtype=bool)
    for i, (target, moved) in enumerate(zip(tally.real.targets, edited.targets, strict=True)):
        if target.span is None:
            result[i] = max(before.labels, key=before.labels.__getitem__, default="") == max(
                after.labels, key=after.labels.__getitem__, default=""
            )
        elif replace(target.span, label=target.label or "") in before.spans:
            assert moved.span is not None
            result[i] = replace(moved.span, label=moved.label or "") in after.spans
    return result


def _whole(tally: Tally, query: Query) -> Callable[[], Floats]:
    """The two rows at the ends of an edited text, so that no member is run twice for want of them."""

    def ask() -> Floats:
        counted = tally.on(query)
        if not tally.is_rehearsal:
            counted.predict(query.full_row[None])
        return counted.value(np.stack([query.full_row & ~query.active, query.full_row]))

    return ask


def _run(method: Method, query: Query, rng: np.random.Generator) -> Callable[[], Estimate]:
    """A member, ready to be asked as often as one likes: with the same draws each time."""
    seed = rng.bit_generator.seed_seq
    assert isinstance(seed, np.random.SeedSequence)

    def ask() -> Estimate:
        fresh = np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key)
        return method.attribute(query, np.random.default_rng(fresh))

    return ask


def _ask(questions: Sequence[Callable[[], T]], query: Query) -> list[T]:
    """All answers in order; raises the first error."""
    found: dict[int, T] = {}
    for index, answer in answers(questions, query.evaluations.report):
        if isinstance(answer, Exception):
            raise answer
        found[index] = answer
    return [found[index] for index in range(len(questions))]


def _spliced(known: Estimate, more: Estimate, n: int) -> Estimate:
    """The targets of one estimate followed by the margins of another, which begins with the same targets."""
    columns = {f: np.concatenate([getattr(known, f), getattr(more, f)[:, n:]], axis=1) for f in ("scores", "std_error")}
    dof = [np.broadcast_to(known.dof, n), np.broadcast_to(more.dof, len(more.base_value))[n:]]
    return replace(
        known, **columns, dof=np.concatenate(dof), base_value=np.append(known.base_value, more.base_value[n:]),
        full_value=np.append(known.full_value, more.full_value[n:]),
    )  # fmt: skip
