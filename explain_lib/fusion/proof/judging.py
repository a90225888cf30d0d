"""One entity judged: fitted on edits of some families, judged on edits of others and on fresh rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explain_lib.attribution.estimate import Method
from explain_lib.fusion.blend import Blend, Fusion
from explain_lib.fusion.calibration import FusionCalibration, at_most
from explain_lib.fusion.evidence import Evidence, Floats, Member, scales_on
from explain_lib.fusion.findings import EditedText
from explain_lib.fusion.gather import Gathering
from explain_lib.fusion.smoothing import smoothed
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import child

from .column import Column, carried, singles
from .figures import figures

FUSED, HELD = "fused", "fused, weights held"
CONTROLS = ("random member", "constant member")
Anew = Sequence[tuple[EditedText, Evidence]]


@dataclass(frozen=True)
class Control:
    """A made-up member that a fusion must not fall for."""

    name: str


@dataclass(frozen=True, eq=False)
class Judged:
    """The figures float64[columns, figures] of one entity; `control` are the weights that made-up members got."""

    names: tuple[str, ...]
    figures: Floats
    weights: Floats
    control: Floats
    note: str

    def record(self) -> dict[str, Any]:
        """As plain values."""
        plain = {name: getattr(self, name).tolist() for name in ("figures", "weights", "control")}
        return {"names": list(self.names), "note": self.note, **plain}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Judged:
        """From plain values; None stands for NaN."""
        figures, weights, control = (np.array(record[n], dtype=np.float64) for n in ("figures", "weights", "control"))
        return cls(tuple(record["names"]), figures, weights, control, record["note"])


@dataclass(frozen=True, eq=False)
class Judging:
    """The settings of a proof: the fusion, what stands beside it, and what both are judged on.

    `judge` asks for the rows and edits of judging; the fusion's own calibration for those of fitting. The fusion is
    fitted anew to each edited text, which is the headline; weights held fixed, with members as they are, stand beside
    it. At the boundaries a method is judged by what it says of their margins: a fusion, by weights fitted to these.
    """

    methods: tuple[Method, ...]
    fusion: Fusion
    rivals: Mapping[str, Fusion]
    judge: FusionCalibration
    bound_rows: int

    def judged(self, query: Query, seed: np.random.SeedSequence) -> list[Judged]:
        """Judge the targets of a query; those are left out for which the model does not react to any row."""
        fitting = Gathering(query, self.methods, self.fusion.calibration, seed)
        judging = Gathering(query, self.methods, self.judge, seed, salt="judge ")
        seen, unseen = fitting.gathered(), judging.gathered()
        anew = [self._anew(judging, text) for text in unseen.edited]
        found = []
        for i, (fit, drawn) in enumerate(zip(seen.evidence, unseen.evidence, strict=True)):
            fresh = drawn.apart(fit)
            if fit.rows.change.any() and fresh.rows.change.any():
                texts = [(text, there[i]) for text, there in zip(unseen.edited, anew, strict=True) if text.keeps[i]]
                asked = query.with_targets([query.targets[i]])
                found.append(self._judged(fit, fresh, texts, asked, child(seed, 77, i)))
        return found

    def _judged(
        self, seen: Evidence, fresh: Evidence, texts: Anew, query: Query, seed: np.random.SeedSequence
    ) -> Judged:
        blend = self.fusion.blend(seen)
        held = carried(HELD, blend, self.fusion, fresh)
        fitted = {margin.near[0].side: self.fusion.blend(margin).scores for margin in seen.margins()}
        near = tuple(fitted.get(side.side, other) for side, other in zip(fresh.near, held.near, strict=True))
        columns = [*singles(fresh, seen.scales()), self._refitted(blend, near, texts, query), held]
        columns += [carried(name, rival.blend(seen), rival, fresh) for name, rival in self.rivals.items()]
        columns += _over_edits(seen, columns[: len(self.methods)], texts, query)
        rng = np.random.default_rng(seed)
        columns += _made_up(fresh, seen, rng)
        found = figures(columns, fresh, query, self.bound_rows, rng)
        return Judged(tuple(c.name for c in columns), found, blend.weights, self._controls(seen, rng), blend.note)

    def _refitted(self, blend: Blend, near: tuple[Floats, ...], texts: Anew, query: Query) -> Column:
        """The fusion of the text, and the fusion fitted anew to each edited text; `near` are its margins."""
        rows = [_moved(self.fusion.blend(there).scores, text, query) for text, there in texts]
        return Column(FUSED, blend.scores, np.array(rows).reshape(-1, len(blend.scores)), near)

    def _anew(self, judging: Gathering, text: EditedText) -> tuple[Evidence, ...]:
        """What the fusion is fitted to on an edited text, from the same estimates as its members are judged by."""
        given, seed = tuple(text.estimates), judging.seed_of_edit(text.number)
        methods = tuple(self._capped(text.query))
        return Gathering(text.query, methods, self.fusion.calibration, seed, given=given).gathered().evidence

    def _capped(self, query: Query) -> list[Method]:
        return [at_most(method, self.judge.edit_budget, int(query.active.sum())) for method in self.methods]

    def _controls(self, seen: Evidence, rng: np.random.Generator) -> Floats:
        """float64[2]: the weights that a random and a constant member get when they join."""
        found = []
        for name, member in zip(CONTROLS, _control_members(seen, rng), strict=True):
            blend: Blend = self.fusion.blend(seen.with_members([replace(member, method=Control(name))]))
            found.append(float(blend.weights[seen.n_members]))
        return np.array(found)


def _control_members(evidence: Evidence, rng: np.random.Generator) -> Sequence[Member]:
    """Noise, drawn anew for every edit, and the same score everywhere; both of the size of a usual member."""
    size = float(np.abs(evidence.scores).mean()) or 1.0
    shape, n_edits = evidence.active.shape, len(evidence.edited)
    there = ~np.isnan(evidence.edited[:, 0])

    def drawn() -> Floats:
        return np.where(evidence.active, rng.normal(size=shape) * size, 0.0)

    edited = np.where(there, rng.normal(size=(n_edits, *shape)) * size, np.nan)
    zero, no_error = np.zeros(shape), np.where(there, 0.0, np.nan)
    same = np.where(evidence.active, size, 0.0)
    margins = tuple(drawn() for _ in evidence.near), tuple(same for _ in evidence.near)
    return (
        Member(None, drawn(), zero, np.inf, edited, no_error, margins[0]),
        Member(None, same, zero, np.inf, np.where(there, same, np.nan), no_error, margins[1]),
    )


def _moved(scores: Floats, text: EditedText, query: Query) -> Floats:
    """float64[units]: scores of an edited text at the units of the text; NaN where nothing compares."""
    at = text.unit_of
    return np.where((at >= 0) & query.active & text.query.active[at], scores[at], np.nan)


def _over_edits(seen: Evidence, alone: Sequence[Column], texts: Anew, query: Query) -> list[Column]:
    """Each member averaged over a text and its edits, as a fusion does it, here and on every edited text.

    What the rows of a fusion are worth without its weights. `alone` are the members by themselves, whose margins stay.
    """
    here = smoothed(seen).scores
    scales = scales_on(seen.rows, here)[:, None]
    there = [(text, smoothed(one).scores * scales) for text, one in texts]
    found = []
    for at, (one, scores) in enumerate(zip(alone, here * scales, strict=True)):
        edited = [_moved(scaled[at], text, query) for text, scaled in there]
        name, shape = f"{one.name}, averaged over edits", (-1, len(scores))
        found.append(Column(name, scores, np.array(edited).reshape(shape), one.near))
    return found


def _made_up(fresh: Evidence, seen: Evidence, rng: np.random.Generator) -> list[Column]:
    """Both controls as columns of their own, scaled like every member."""
    members = [replace(m, method=Control(n)) for n, m in zip(CONTROLS, _control_members(fresh, rng), strict=True)]
    whole = fresh.with_members(members)
    columns = singles(whole, scales_on(seen.rows, whole.scores))[-2:]
    return [replace(column, name=name) for column, name in zip(columns, CONTROLS, strict=True)]
