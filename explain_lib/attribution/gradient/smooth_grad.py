"""SmoothGrad: gradient × input averaged over noisy copies of the text's embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate

from .embedded_text import EmbeddedText
from .recipe import GradientMethod, ends, mean_of_draws

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SmoothGrad(GradientMethod):
    """Mean over `draws` of the gradient at input + ε, dotted with the input and summed over the pieces of a unit.

    ε is Gaussian on the pieces of active units (all other pieces stay as they are); its length is, on average,
    `noise` times that of an embedding. All targets share the draws. `std_error` is the standard deviation over draws
    / √draws, NaN for one draw, with draws − 1 degrees of freedom; it is about the mean over the noise, not about the
    plain gradient. Cost: per draw one forward and, per target, one backward pass in float32. Smooths a ragged score;
    like GradientInput it promises no sum, so do not read its scores as shares of full − base. Source: Smilkov et al.
    (2017); noise relative to the mean length of the embeddings is this library's choice.
    """

    draws: int = 25
    noise: float = 0.1

    def __post_init__(self) -> None:
        check_draws(self.draws)
        check_noise(self.noise)

    def estimate(self, text: EmbeddedText, rng: np.random.Generator) -> Estimate:
        """Score all units."""
        query = text.target_row.query
        base, full, n_evals = ends(query)  # first: a method starts again once its rows were run
        inputs = text.inputs[None]
        found = text.all_slopes(self.draws, lambda n: (inputs + gaussian(text, self.noise, n, rng), inputs))
        scores, std_error = mean_of_draws(found.slopes, query.active)
        return Estimate(scores, std_error, self.draws - 1, base, full, n_evals + self.draws)


def gaussian(text: EmbeddedText, noise: float, n: int, rng: np.random.Generator) -> Floats:
    """float[n, length, width]: noise on the pieces that may move, `noise` times as long as an embedding on average."""
    length, width = text.inputs.shape
    drawn = np.zeros((n, length, width), dtype=text.inputs.dtype)
    moving = text.inputs[text.is_hidden]
    scale = noise * np.linalg.norm(moving, axis=-1).mean() / np.sqrt(width)
    drawn[:, text.is_hidden] = scale * rng.standard_normal((n, *moving.shape))
    return drawn


def check_draws(draws: int) -> None:
    """Raise ValueError for no draw."""
    if draws < 1:
        raise ValueError(f"draws is {draws}; it must be at least 1, and at least 2 for a standard error.")


def check_noise(noise: float) -> None:
    """Raise ValueError for noise that is no length."""
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise is {noise}; it must be 0 or more, as a share of the length of an embedding.")
