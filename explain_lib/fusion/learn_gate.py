"""Learning a gate from the evidence of a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from explain_lib.perturbation.streams import Rng, stream

from . import evidence_store
from .evidence import Evidence, Floats
from .learned_gate import FEATURES, LearnedGate, features
from .precision_fusion import shared
from .prior import FusionPrior

FIT_SHARE, HIDDEN, DECAY = 0.8, 8, 1e-3


@dataclass(frozen=True, eq=False)
class Lesson:
    """One target, ready to learn from: standardised features, scaled scores, their changes, and rows, over E[df²]."""

    seen: Floats
    speaks: npt.NDArray[np.bool_]
    scores: Floats
    changes: Floats
    hidden: Floats
    change: Floats

    def loss(self, share: Floats, stability: float) -> tuple[float, Floats]:
        """(1 − s)·Qf + s·Qs of shares float64[members, units], and its slope."""
        errors = self.hidden @ (share * self.scores).sum(axis=0) - self.change
        moved = np.einsum("kmu,mu->ku", self.changes, share)
        n, k = max(len(errors), 1), max(len(moved), 1)
        value = (1 - stability) * float(errors @ errors) / n + stability * float((moved**2).sum()) / k
        slope = (1 - stability) * 2 / n * self.scores * (errors @ self.hidden)
        return value, slope + stability * 2 / k * np.einsum("kmu,ku->mu", self.changes, moved)


def learn_gate(out: str | Path, rng: Rng = 0, stability: float = 0.3) -> LearnedGate:
    """Learn a gate from the folder `out` that `fit_fusion` wrote, with its prior behind it.

    A network with 8 hidden units minimises (1 − s)·Qf + s·Qs, as shares of E[df²], over the targets of four fifths
    of the documents; the others judge it, and `about` holds both losses beside those of equal weights. Nothing of the
    model is run: seconds for a hundred targets. FileNotFoundError for a folder without a finished run; ValueError
    where fewer than five documents have evidence.
    """
    folder = Path(out)
    prior = FusionPrior.load(folder)
    documents = [evidence_store.read(file)[0] for file in sorted(folder.glob("evidence-*.npz"))]
    usable = [[one for one in some if one.rows.change.any()] for some in documents]
    usable = [some for some in usable if some]
    if len(usable) < 5:
        raise ValueError(f"{len(usable)} documents have evidence; a gate needs at least five to learn and be judged.")
    at = round(FIT_SHARE * len(usable))
    raw = [[_scaled(one) for one in some] for some in usable]
    known = np.concatenate([features(one, prior).reshape(-1, len(FEATURES)) for some in raw[:at] for one in some])
    draws = stream(rng, "learn_gate")
    start = LearnedGate(
        known.mean(axis=0), known.std(axis=0) + 1e-9, draws.normal(size=(len(FEATURES), HIDDEN)) * 0.3,
        np.zeros(HIDDEN), draws.normal(size=HIDDEN) * 0.1, prior=prior,
    )  # fmt: skip
    lessons = [[_lesson(one, start) for one in some] for some in raw]
    fit, check = sum(lessons[:at], []), sum(lessons[at:], [])
    found = _learned(start, fit, stability)
    even = replace(start, outer=np.zeros(HIDDEN))
    losses = [("fit loss", found, fit), ("held-out loss", found, check), ("held-out loss of the mean", even, check)]
    about = [("targets", float(len(fit)))] + [(name, _total(gate, some, stability)[0]) for name, gate, some in losses]
    return replace(found, about=tuple(about))


def _scaled(one: Evidence) -> Evidence:
    return one.scaled(one.scales())


def _lesson(scaled: Evidence, gate: LearnedGate) -> Lesson:
    unit = float(np.sqrt(np.mean(scaled.rows.change**2)))
    seen = (features(scaled, gate.prior) - gate.centre) / gate.spread
    changes = scaled.changes().transpose(0, 2, 1) / unit
    scores, speaks = scaled.scores / unit, np.asarray((scaled.scores != 0).any(axis=1))
    return Lesson(seen, speaks, scores, changes, scaled.rows.hidden.astype(np.float64), scaled.rows.change / unit)


def _learned(start: LearnedGate, lessons: Sequence[Lesson], stability: float) -> LearnedGate:
    shapes = [start.inner.shape, start.inner_bias.shape, start.outer.shape]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def gate(flat: Floats) -> LearnedGate:
        inner, bias, outer = (p.reshape(s) for p, s in zip(np.split(flat, ends), shapes, strict=True))
        return replace(start, inner=inner, inner_bias=bias, outer=outer)

    def objective(flat: Floats) -> tuple[float, Floats]:
        value, slope = _total(gate(flat), lessons, stability)
        return value + DECAY * float(flat @ flat), slope + 2 * DECAY * flat

    first = np.concatenate([start.inner.ravel(), start.inner_bias, start.outer])
    found = minimize(objective, first, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return gate(np.asarray(found.x))


def _total(gate: LearnedGate, lessons: Sequence[Lesson], stability: float) -> tuple[float, Floats]:
    """The mean loss, and its slope by all parameters in a row."""
    total, slope = 0.0, np.zeros(gate.inner.size + gate.inner_bias.size + gate.outer.size)
    for lesson in lessons:
        logits, hidden = gate.logits(lesson.seen)
        share = shared(logits, lesson.speaks)
        value, by_share = lesson.loss(share, stability)
        by_logit = share * (by_share - (share * by_share).sum(axis=0))
        by_hidden = by_logit[..., None] * gate.outer * (1 - hidden**2)
        parts = (
            np.einsum("muf,muh->fh", lesson.seen, by_hidden), by_hidden.sum(axis=(0, 1)),
            np.einsum("mu,muh->h", by_logit, hidden),
        )  # fmt: skip
        total, slope = total + value, slope + np.concatenate([part.ravel() for part in parts])
    n = max(1, len(lessons))
    return total / n, slope / n
