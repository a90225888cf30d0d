"""Asking a text for the evidence of a fusion: rows, boundaries, edits, and every member on each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

from explain_lib.attribution.estimate import Estimate, Method
from explain_lib.core import Target
from explain_lib.perturbation.budget import Budget
from explain_lib.perturbation.edits import Bank, Edit, bank
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import child, edit_seed, seed_for
from explain_lib.perturbation.together import answers

from .asked_rows import Tally
from .calibration import FusionCalibration, at_most
from .evidence import Evidence, Floats
from .findings import EditedText, Findings, Margin, kept
from .near_rows import near_rows

T = TypeVar("T")
SIDES = ("left", "right")


@dataclass(frozen=True, eq=False)
class Gathered:
    """The evidence for each target, its values with all and with no active units hidden, and rows by part.

    `edited` are the edits that were used, with what the members said on them.
    """

    evidence: tuple[Evidence, ...]
    base: Floats
    full: Floats
    n_evals: dict[str, int]
    edited: tuple[EditedText, ...] = ()


@dataclass(frozen=True, eq=False)
class Gathering:
    """A query with targets in one window, the members, and what is asked for.

    `seed` is that of `explain`: members draw the same rows as they do alone. `given` are estimates that are there
    already, one per member. Another `salt` gives other rows and edits, and the same draws of members.
    """

    query: Query
    methods: tuple[Method, ...]
    calibration: FusionCalibration
    seed: np.random.SeedSequence
    chosen: Bank | None = None
    given: tuple[Estimate, ...] | None = None
    salt: str = ""

    def gathered(self) -> Gathered:
        """Ask for everything; rows of all parts run together as far as they are known beforehand."""
        tally = Tally(self.query)
        here, (n_targets, asked) = tally.on(tally.real), (self.query.n_targets, self.calibration)
        margins = self._margins(here)
        added = [margin.target for margin in margins if margin.column >= n_targets]
        wide = here.with_targets([*here.targets, *added]) if added else here
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
        table = Findings(here, margins, keep, values, estimates, edited, (*said, *more))
        evidence = tuple(table.evidence(t, self.methods) for t in range(n_targets))
        return Gathered(evidence, values[0, :n_targets], values[1, :n_targets], counts, tuple(edited))

    def seed_of_edit(self, number: int) -> np.random.SeedSequence:
        """The seed with which members explain the text after edit `number` of the bank.

        On a bank that was given it is that of `stability` on the same bank, so that both ask for the same rows. On a
        bank of the fusion's own it is another: what stability judges must not have been averaged over its own draws.
        """
        if self.chosen is None or self.salt:
            return self._seed("edit", number)
        return seed_for(edit_seed(self.seed, number), "explain")

    def _seed(self, purpose: str, number: int = 0) -> np.random.SeedSequence:
        """A seed of the gathering's own; with no purpose, the very one that `explain` hands to a method."""
        key = (crc32(f"{self.salt}{purpose}".encode()), number) if purpose else ()
        return child(self.seed, *key)

    def _draws(self, purpose: str, number: int = 0) -> np.random.Generator:
        return np.random.default_rng(self._seed(purpose, number))

    def _margins(self, here: Query) -> list[Margin]:
        """The margins of plain span targets whose ends can move, where they are read in the same rows; of a target
        that is a margin, itself.
        """
        found, n_asked = list[Margin](), here.n_targets
        for index, target in enumerate(here.targets):
            for side in _sides(target) if self.calibration.n_near else ():
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
                if len(keep):
                    is_own = target.margin is not None
                    found.append(Margin(index, target if is_own else margin, keep, index if is_own else n_asked))
                    n_asked += not is_own
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
        draws, most = {k: np.random.default_rng(self.seed_of_edit(k)) for k, *_ in usable}, self.calibration.edit_budget
        asked = [
            _run(at_most(m, most, int(q.active.sum())), tally.on(q), draws[k])
            for k, _, q, _ in usable
            for m in self.methods
        ]
        found = dict(answers(asked, self.query.evaluations.report))
        texts, n, reasons = [], len(self.methods), dict[str, str]()
        for i, (number, edit, query, keeps) in enumerate(usable):
            said = [found[i * n + m] for m in range(n)]
            good = [one for one in said if isinstance(one, Estimate)]
            if len(good) == n:
                texts.append(EditedText(number, edit.unit_of(tally.real, query), keeps, query, good))
            failed = ((repr(m), e) for m, e in zip(self.methods, said, strict=True) if isinstance(e, Exception))
            reasons = {name: f"{type(e).__name__}: {e}" for name, e in failed} | reasons
        return texts, _not_used(len(edits), len(usable), len(texts), reasons, most)


def _not_used(n_in_all: int, n_usable: int, n_used: int, reasons: Mapping[str, str], most: Budget) -> tuple[str, ...]:
    """Why some edits were not used; `reasons` has the first error of each member that failed."""
    n_changed, n_failed = n_in_all - n_usable, n_usable - n_used
    changed = f"after {n_changed} of {n_in_all} edits the model finds something else, or nothing is left"
    which = "; ".join(f"{name}: {why}" for name, why in reasons.items())
    failed = f"on {n_failed} of {n_in_all} edits a member failed (run there with edit_budget={most!r}; {which})"
    said = (changed,) * (n_changed > 0) + (failed,) * (n_failed > 0)
    return tuple(f"{why}: they were not used" for why in said)


def _sides(target: Target) -> Sequence[str]:
    """The boundaries that a target is about: both of a span's score, its own of a margin, none of others."""
    if target.span is None or target.versus is not None:
        return ()
    return SIDES if target.margin is None else (target.margin,)


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
        fresh = child(seed)
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
    both = ((name, getattr(known, name), getattr(more, name)) for name in ("scores", "std_error"))
    columns: dict[str, Any] = {name: np.concatenate([a, b[:, n:]], axis=1) for name, a, b in both}
    dof = [np.broadcast_to(known.dof, n), np.broadcast_to(more.dof, len(more.base_value))[n:]]
    return replace(
        known, **columns, dof=np.concatenate(dof), base_value=np.append(known.base_value, more.base_value[n:]),
        full_value=np.append(known.full_value, more.full_value[n:]),
    )  # fmt: skip
