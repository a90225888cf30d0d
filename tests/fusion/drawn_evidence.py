"""Evidence about made-up members with a known truth, shared by the tests of fusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explain_lib.fusion.evidence import Evidence, Near, Rows


@dataclass(frozen=True)
class Fake:
    """A member by name."""

    name: str

    def attribute(self, question, rng):  # pragma: no cover - never run
        raise AssertionError


def rows_of(truth: np.ndarray, n: int, rng: np.random.Generator, where: np.ndarray | None = None) -> Rows:
    sizes = rng.integers(1, len(truth) + 1, n)
    hidden = rng.random((n, len(truth))).argsort(axis=1).argsort(axis=1) < sizes[:, None]
    if where is not None:
        hidden &= where
    return Rows(hidden, hidden @ truth)


def evidence(
    noise: Sequence[float],
    seed: int = 0,
    n_units: int = 20,
    n_rows: int = 96,
    n_edits: int = 8,
    scales: Sequence[float] | None = None,
    constant: bool = False,
    words: Sequence[str] | None = None,
    se: float = 0.0,
) -> Evidence:
    """Members that see an additive truth with noise drawn anew for every edit; the last one may be a constant."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n_units)
    levels = np.array(noise)[:, None]
    factor = np.ones(len(noise)) if scales is None else np.array(scales)
    scores = (truth + levels * rng.normal(size=(len(noise), n_units))) * factor[:, None]
    edited = (truth + levels * rng.normal(size=(n_edits, len(noise), n_units))) * factor[:, None]
    if constant:
        scores = np.vstack([scores, np.ones(n_units)])
        edited = np.concatenate([edited, np.ones((n_edits, 1, n_units))], axis=1)
    n = len(scores)
    window = np.arange(n_units) < 4
    near = Near("left", scores.copy(), rows_of(truth, 12, rng, window), rows_of(truth, n_rows, rng))
    return Evidence(
        members=tuple(Fake(f"m{i}") for i in range(n)),
        words=tuple(words or [f"w{i}" for i in range(n_units)]),
        kind="Disease",
        own=np.zeros(n_units, dtype=bool),
        active=np.ones(n_units, dtype=bool),
        scores=scores,
        std_error=np.full(scores.shape, se),
        dof=np.full(n, 10.0 if se else np.inf),
        rows=rows_of(truth, n_rows, rng),
        fresh=rows_of(truth, n_rows // 3, rng),
        edited=edited,
        edited_error=np.full(edited.shape, se),
        near=(near,),
        arm="context",
        document=f"d{seed}",
    )
