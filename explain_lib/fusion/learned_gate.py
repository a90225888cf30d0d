"""A gate that was learned: a small network says, unit by unit, how much each member counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core.table import whole_or_absent

from .blend import Blend, blended
from .calibration import FusionCalibration
from .evidence import Evidence, Floats
from .gate_fusion import fit
from .mixture import known_to
from .precision_fusion import floored, shared
from .prior import FusionPrior

FEATURES = ("log s²", "entropy", "log occurrences", "log distance", "agreement", "R²")
ARRAYS = ("centre", "spread", "inner", "inner_bias", "outer")


@dataclass(frozen=True, eq=False)
class LearnedGate:
    """Members weigh, unit by unit, by the softmax of a network with one hidden layer; `learn_gate` makes it.

    It sees of each member and unit: log s² (as in `PrecisionFusion`), the entropy of the member's scores, how often the
    corpus of `prior` has the word, the distance to the span, the agreement in sign and size with the other members, and
    R² on the fitting rows. It does not know members by name, so it may be used with others. Shapes: `centre`, `spread`
    float64[features], `inner` float64[features, hidden], `inner_bias`, `outer` float64[hidden]. `about` says what it
    was learned from and its losses there, beside those of equal weights. No guarantee: `JointFusion` has one.
    """

    centre: Floats
    spread: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    calibration: FusionCalibration = field(default_factory=FusionCalibration)
    prior: FusionPrior | None = None
    about: tuple[tuple[str, float], ...] = ()

    def blend(self, evidence: Evidence) -> Blend:
        """Weights per unit; the detail shows their means."""
        scales = evidence.scales()
        scaled = evidence.scaled(scales)
        logits, _ = self.logits((features(scaled, self.prior) - self.centre) / self.spread)
        share = shared(logits, scales > 0)
        seen = scaled.active if scaled.active.any() else ~scaled.active
        return blended(scaled, share[:, seen].mean(axis=1), scales, "", share)

    def logits(self, seen: Floats) -> tuple[Floats, Floats]:
        """float64[members, units] from standardised features [members, units, features], and the hidden layer."""
        hidden = np.tanh(seen @ self.inner + self.inner_bias)
        return np.asarray(hidden @ self.outer), hidden

    def save(self, path: str | Path) -> None:
        """Write one npz file, without the prior; no pickle."""
        arrays: dict[str, npt.NDArray[Any]] = {name: getattr(self, name) for name in ARRAYS}
        arrays |= {f"about {name}": np.array(value) for name, value in self.about}
        with whole_or_absent(Path(path)) as unfinished, unfinished.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    @staticmethod
    def load(
        path: str | Path, prior: FusionPrior | None = None, calibration: FusionCalibration | None = None
    ) -> LearnedGate:
        """Read what `save` wrote, to be used with this prior and calibration."""
        with np.load(path, allow_pickle=False) as stored:
            missing = [name for name in ARRAYS if name not in stored]
            if missing:
                raise ValueError(f"{path} is no learned gate: it lacks {', '.join(missing)}.")
            arrays = [stored[name] for name in ARRAYS]
            about = tuple((n.removeprefix("about "), float(stored[n])) for n in stored if n.startswith("about "))
        centre, spread, inner, inner_bias, outer = arrays
        return LearnedGate(
            centre, spread, inner, inner_bias, outer, calibration or FusionCalibration(), prior, about
        )

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value:.3g}" for name, value in self.about)
        return f"LearnedGate(hidden={len(self.outer)}, {told})"


def features(scaled: Evidence, prior: FusionPrior | None) -> Floats:
    """float64[members, units, features] of members that are scaled already."""
    n_members, n_units = scaled.scores.shape
    size = np.abs(scaled.scores) * scaled.active
    total = size.sum(axis=1, keepdims=True)
    share = np.divide(size, total, out=np.zeros_like(size), where=total > 0)
    entropy = -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=1)
    arm = None if prior is None else prior.arms.get(scaled.arm)
    seen = np.zeros(n_units) if arm is None else known_to(arm.scores, scaled, scaled.kind).n
    own = np.flatnonzero(scaled.own)
    far = np.abs(np.arange(n_units)[:, None] - own).min(axis=1) if len(own) else np.zeros(n_units)
    others = (scaled.scores.sum(axis=0) - scaled.scores) / max(1, n_members - 1)
    agreement = 2 * scaled.scores * others / np.maximum(scaled.scores**2 + others**2, 1e-300)
    shape = (n_members, n_units)
    columns = [
        np.log(floored(scaled)), np.broadcast_to(entropy[:, None], shape), np.broadcast_to(np.log1p(seen), shape),
        np.broadcast_to(np.log1p(far), shape), agreement, np.broadcast_to(fit(scaled, 0)[:, None], shape),
    ]  # fmt: skip
    return np.stack(columns, axis=-1)
