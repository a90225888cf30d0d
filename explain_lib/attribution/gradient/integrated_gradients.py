"""Integrated gradients: slopes gathered on the straight way from the hidden text to the real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate

from .baseline import Baseline, check_baseline
from .embedded_text import EmbeddedText, Slopes
from .quadrature import clenshaw_curtis, gauss_legendre, running_integrals
from .recipe import GradientMethod

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FIRST_LEVEL = 2  # 5 nodes
ON_THE_WAY = 10  # an integral up to a node is less exact than the whole: by a factor of 5 to 20 on the demo model


@dataclass(frozen=True)
class IntegratedGradients(GradientMethod):
    """Integral of gradient · (input − baseline) over the straight path between embeddings.

    `steps` Gauss–Legendre nodes; or, with `tolerance` (in units of the score), as many nested Clenshaw–Curtis nodes
    (5, 9, 17, …, at most `max_steps`, ends included) as bring the completeness gap of each target under it; the gap
    from the start to every node must be under ten times as much, so that errors do not cancel by chance. Nodes are
    used again at the next level, and a target that is done is not differentiated again. A larger gap in the result
    says that `max_steps` was reached.

    `baseline` stands in for every active unit, by default as the query hides (the mask piece under AttentionOff,
    Delete and FillIn); special pieces and inactive units stay in place all along the path. `base_value` and
    `full_value` are the scores at its two ends, in float32 like the gradients, so `completeness_gap` is the error of
    integration alone. Cost: per node one forward and, per target, one backward pass in float32. Not for a model whose
    score jumps along the path (hard decisions): nodes are placed for smooth functions. Source: Sundararajan et al.
    (2017).
    """

    is_drawn: ClassVar[bool] = False
    steps: int = 32
    tolerance: float | None = None
    max_steps: int = 257
    baseline: Baseline | None = None

    def __post_init__(self) -> None:
        check_baseline(self.baseline)
        if self.steps < 1:
            raise ValueError(f"IntegratedGradients(steps={self.steps}) has no node; give at least 1 step.")
        if self.tolerance is not None and not self.tolerance > 0:
            raise ValueError(f"tolerance is {self.tolerance}; it must be above 0, in units of the score, such as 0.01.")
        if self.max_steps < 2**FIRST_LEVEL + 1:
            raise ValueError(f"max_steps is {self.max_steps}; a tolerance needs at least {2**FIRST_LEVEL + 1} nodes.")

    def estimate(self, text: EmbeddedText, rng: np.random.Generator) -> Estimate:
        """Score all units; `rng` is not used."""
        path = Path(text, text.baseline(self.baseline))
        scores, values, n_evals = self._with_steps(path) if self.tolerance is None else self._until_complete(path)
        return Estimate(scores, np.zeros_like(scores), np.inf, values[0], values[1], n_evals)

    def _with_steps(self, path: Path) -> tuple[Floats, Floats, int]:
        """Scores [units, targets], the values at both ends, and the number of rows."""
        nodes, weights = gauss_legendre(self.steps)
        slopes = path.at(nodes, np.arange(path.text.n_targets)).slopes
        values = path.text.values(path.points(np.array([0.0, 1.0])))
        return np.einsum("n,ntu->ut", weights, slopes), values, len(nodes) + 2

    def _until_complete(self, path: Path) -> tuple[Floats, Floats, int]:
        """The same with nodes added until each target closes its gap."""
        assert self.tolerance is not None
        nodes, waiting = clenshaw_curtis(FIRST_LEVEL), np.arange(path.text.n_targets)
        known = path.at(nodes, waiting)
        values, scores = known.values[[0, -1]], np.empty((known.slopes.shape[2], len(waiting)))
        for level in range(FIRST_LEVEL + 1, 64):
            integrals = running_integrals(nodes)
            scores[:, waiting] = np.einsum("n,ntu->ut", integrals[-1], known.slopes)
            gaps = np.abs(known.values - known.values[0] - integrals @ known.slopes.sum(axis=2))
            is_open = ~((gaps[-1] <= self.tolerance) & (gaps <= ON_THE_WAY * self.tolerance).all(axis=0))
            if not is_open.any() or 2**level + 1 > self.max_steps:
                break
            nodes, waiting = clenshaw_curtis(level), waiting[is_open]
            known = woven(known, is_open, path.at(nodes[1::2], waiting))
        return scores, values, len(nodes)


@dataclass(frozen=True, eq=False)
class Path:
    """The straight path from `start` float[length, width] to the text."""

    text: EmbeddedText
    start: Floats

    def points(self, nodes: Floats) -> Floats:
        """float[nodes, length, width]: the points start + node · (input − start)."""
        return self.start + nodes.astype(self.start.dtype)[:, None, None] * (self.text.inputs - self.start)

    def at(self, nodes: Floats, targets: Ints) -> Slopes:
        """Values and slopes along the path at nodes in [0, 1], for some of the targets."""
        along, rest = (self.text.inputs - self.start)[None], iter(nodes)
        return self.text.all_slopes(
            len(nodes), lambda n: (self.points(np.array([next(rest) for _ in range(n)])), along), targets
        )


def woven(known: Slopes, is_open: npt.NDArray[np.bool_], fresh: Slopes) -> Slopes:
    """The known nodes of the targets that are still open, with a fresh node between each two."""
    gaps = np.arange(1, len(known.values))
    pairs = [(old[:, is_open], new) for old, new in ((known.values, fresh.values), (known.slopes, fresh.slopes))]
    return Slopes(*(np.insert(old, gaps, new, axis=0) for old, new in pairs))
