"""Shapley values from differences between subsets and their complements, by a regression that expects interactions."""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.sampling import pair_strata

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
NOISE = 1.0  # variance of what is neither linear nor three-way, over that of the three-way part: neither is favoured
MOST_PAIRS = 6000  # beyond, a matrix of pairs × pairs would take gigabytes, and the plain fit is sharp enough


def fit_pairs(sets: Bools, differences: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Scores and standard errors float64[units, targets]; scores add up to `change`.

    `sets` bool[pairs, units] are the smaller subsets, `differences` float64[pairs, targets] their values minus those
    of their complements, `change` float64[targets] = full − base. NaN errors where the pairs do not determine all
    scores. Beyond 6000 pairs the fit is `plain_fit`.
    """
    return plain_fit(sets, differences, change) if len(sets) > MOST_PAIRS else kriged_fit(sets, differences, change)


def kriged_fit(sets: Bools, differences: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Generalised least squares: linear effects, random three-way interactions, and noise by the Shapley kernel.

    In the code x = +1 for kept and −1 for hidden units, the difference between a subset and its complement is an odd
    function: interactions of two units cancel, those of three are what is left besides the linear part. They enter as
    random effects with one variance, whose kernel is the third elementary symmetric polynomial of x · x'. The full
    row is a pair without noise. A three-way term scores its units one third each, so the scores are linear in the
    data. The noise has the inverse kernel weights as its variances: what the model does not explain is then
    orthogonal, under the Shapley kernel, to every linear game and scores 0, so the fit is consistent for any game
    (the argument of PolySHAP, Fumagalli et al., 2025), whether or not the expectation about interactions is right.
    """
    n_units = sets.shape[1]
    weight, sampled = pair_weights(n_units, sets.sum(axis=1))
    signs = np.concatenate([np.where(sets, 1.0, -1.0), np.ones((1, n_units))])
    observed = np.concatenate([differences, change[None]])
    n_triples = max(1, comb(n_units, 3))
    covariance = _triples(signs @ signs.T, n_units) / n_triples
    covariance[np.diag_indices(len(sets))] += NOISE / weight / np.mean(1 / weight)
    inverse = np.linalg.inv(covariance)
    whitened = inverse @ signs
    linear, has_full_rank = _inverse(signs.T @ whitened, n_units)
    remainder = inverse - whitened @ linear @ whitened.T
    others = signs.sum(axis=1, keepdims=True) - signs
    shares = signs * (others**2 - (n_units - 1)) / (6 * n_triples)
    gain = whitened @ linear + remainder @ shares
    left_out = (remainder @ observed)[:-1] / _sound(np.diag(remainder)[:-1], np.diag(inverse)[:-1])
    error = leave_one_out_error(gain[:-1], left_out, 1 - sampled)
    return gain.T @ observed, error if has_full_rank else np.full_like(error, np.nan)


def plain_fit(sets: Bools, differences: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Least squares by the Shapley kernel under the sum constraint, as in KernelSHAP; arguments as in `fit_pairs`.

    Centred on the sum constraint, the two rows of a pair are each other's negative: a pair is one observation, and
    leaving it out is a downdate of rank one.
    """
    n_units, size = sets.shape[1], sets.sum(axis=1)
    weight, sampled = pair_weights(n_units, size)
    rows = sets - size[:, None] / n_units
    observed = differences / 2 - (size / n_units - 0.5)[:, None] * change
    inverse, has_full_rank = _inverse(rows.T @ (weight[:, None] * rows), n_units - 1)
    gain = weight[:, None] * (rows @ inverse)
    centred = gain.T @ observed
    slack = _sound(1 - (gain * rows).sum(axis=1), np.ones(len(rows)))
    error = leave_one_out_error(gain, (observed - rows @ centred) / slack, 1 - sampled)
    return centred + change / n_units, error if has_full_rank else np.full_like(error, np.nan)


def pair_weights(n_units: int, size: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """For each pair: its kernel weight over its inclusion probability, and that probability.

    The kernel gives each size 1 / (size · (n − size)) in all, so the weight needs no binomial coefficient, which
    would overflow on long texts.
    """
    n_drawn = np.bincount(size, minlength=n_units // 2 + 1)[size]
    strata = pair_strata(n_units)
    sampled = np.array([drawn / strata[s - 1][0] for s, drawn in zip(size.tolist(), n_drawn.tolist(), strict=True)])
    leverage = np.array([share for _, share in strata])[size - 1]
    return leverage / (size * (n_units - size) * n_drawn), sampled


def leave_one_out_error(gain: Floats, left_out: Floats, unsampled: Floats) -> Floats:
    """float64[units, targets]: root of the sum over pairs of (1 − inclusion probability) · (shift without the pair)².

    `gain` float64[pairs, units], `left_out` float64[pairs, targets] the residual of each pair under the fit without
    it, NaN where a pair carries the fit alone. Pairs that were not left to chance do not count.
    """
    counted = unsampled > 0
    return np.sqrt((gain[counted] ** 2).T @ (unsampled[counted, None] * left_out[counted] ** 2))


def _triples(products: Floats, n_units: int) -> Floats:
    """The sum over all triples of units of x_i x'_i x_j x'_j x_k x'_k, from x · x' (Newton's identities)."""
    return np.asarray((products**3 - (3 * n_units - 2) * products) / 6)


def _inverse(gram: Floats, full_rank: int) -> tuple[Floats, bool]:
    """The inverse of `gram` on the vectors that the pairs determine, and whether these are all."""
    values, vectors = np.linalg.eigh(gram)
    used = values > values[-1] * 1e-10
    return (vectors[:, used] / values[used]) @ vectors[:, used].T, bool(used.sum() == full_rank)


def _sound(slack: Floats, whole: Floats) -> Floats:
    """float64[pairs, 1]: the slack of each pair in the fit, NaN where nothing is left of the whole."""
    return np.where(slack > 1e-9 * whole, slack, np.nan)[:, None]
