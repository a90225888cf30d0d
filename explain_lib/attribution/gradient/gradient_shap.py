"""GradientShap: expected gradients, integrated gradients averaged over baselines by random draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate

from .baseline import Baseline, check_baseline
from .embedded_text import EmbeddedText
from .recipe import GradientMethod, mean_of_draws
from .smooth_grad import check_draws, check_noise, gaussian

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GradientShap(GradientMethod):
    """Mean over `draws` of gradient · (input + ε − baseline) at a random point of the way from baseline to input + ε.

    Each draw takes one of `baselines` (by default the one of IntegratedGradients), a uniform place on the way, and
    Gaussian noise as in SmoothGrad, none by default. Only the pieces of active units move. In expectation, and without
    noise, the scores add up to full − base, where `base_value` is the mean score of the baselines and `full_value` the
    score of the text, both in float32: `completeness_gap` shows what the draws left. All targets share the draws.
    `std_error` is the standard deviation over draws / √draws, NaN for one draw, with draws − 1 degrees of freedom.
    Cost: per draw one forward and, per target, one backward pass in float32. With a single baseline and no noise
    IntegratedGradients is the same in fewer passes and without error. Source: Erion et al. (2021); Lundberg & Lee
    (2017).
    """

    draws: int = 64
    noise: float = 0.0
    baselines: tuple[Baseline, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "baselines", tuple(self.baselines))
        for baseline in self.baselines:
            check_baseline(baseline)
        check_draws(self.draws)
        check_noise(self.noise)

    def estimate(self, text: EmbeddedText, rng: np.random.Generator) -> Estimate:
        """Score all units."""
        starts = np.stack([text.baseline(baseline) for baseline in self.baselines or (None,)])

        def draw(n: int) -> tuple[Floats, Floats]:
            # One draw after the other, so that the size of a batch does not change the numbers.
            drawn = [self._point(text, starts, rng) for _ in range(n)]
            return np.stack([point for point, _ in drawn]), np.stack([along for _, along in drawn])

        slopes = text.all_slopes(self.draws, draw).slopes
        scores, std_error = mean_of_draws(slopes, text.target_row.query.active)
        values = text.values(np.concatenate([text.inputs[None], starts]))
        n_evals = self.draws + len(values)
        return Estimate(scores, std_error, self.draws - 1, values[1:].mean(axis=0), values[0], n_evals)

    def _point(self, text: EmbeddedText, starts: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """A point float[length, width] between a baseline and the noisy text, and the way between the two."""
        start, place = starts[rng.integers(len(starts))], rng.random()
        along = text.inputs + gaussian(text, self.noise, 1, rng)[0] - start
        return start + along * along.dtype.type(place), along
