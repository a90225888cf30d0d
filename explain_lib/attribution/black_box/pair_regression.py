"""Shapley values from differences between subsets and their complements, by a regression that expects interactions."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.sampling import pair_strata

from .least_squares import Fit, fit_correlated, fit_rows
from .random_effects import noise, triples

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
MOST_PAIRS = 6000  # beyond, a matrix of pairs × pairs would take gigabytes, and the plain fit is sharp enough


def fit_pairs(sets: Bools, differences: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Scores and standard errors float64[units, targets]; scores add up to `change`.

    `sets` bool[pairs, units] are the smaller subsets, `differences` float64[pairs, targets] their values minus those
    of their complements, `change` float64[targets] = full − base. NaN errors where the pairs do not determine all
    scores. Beyond 6000 pairs the fit is `plain_fit`.
    """
    fit = plain_fit if len(sets) > MOST_PAIRS else kriged_fit
    return scored(*fit(sets, differences, change))


def scored(found: Fit, unsampled: Floats) -> tuple[Floats, Floats]:
    """The coefficients of a fit by pairs and their standard errors float64[units, targets]."""
    return found.coefficients, leave_one_out_error(found.gain, found.left_out, unsampled)


def kriged_fit(sets: Bools, differences: Floats, change: Floats) -> tuple[Fit, Floats]:
    """Generalised least squares: linear effects, random three-way interactions, and noise by the Shapley kernel.

    Arguments as in `fit_pairs`; the fit says nothing of the full row; the second value is 1 − inclusion probability.
    In the code x = +1 for kept and −1 for hidden units, the difference between a subset and its complement is an odd
    function: interactions of two units cancel, those of three are what is left besides the linear part. They enter as
    random effects with one variance, whose kernel is the third elementary symmetric polynomial of x · x'. The full
    row is a pair without noise. A three-way term scores its units one third each, so the scores are linear in the
    data. The noise has the inverse kernel weights as its variances: what the model does not explain is then
    orthogonal, under the Shapley kernel, to every linear game and scores 0, so the fit is consistent for any game
    (the argument of PolySHAP, Fumagalli et al., 2025), whether or not the expectation about interactions is right.
    """
    n_pairs, n_units = sets.shape
    weight, sampled = pair_weights(n_units, sets.sum(axis=1))
    signs = np.concatenate([np.where(sets, 1.0, -1.0), np.ones((1, n_units))])
    covariance = triples(signs)
    covariance[:n_pairs, :n_pairs] += noise(weight)
    others = signs.sum(axis=1, keepdims=True) - signs
    thirds = signs * (others**2 - (n_units - 1)) / (6 * max(1, comb(n_units, 3)))
    found = fit_correlated(signs, np.concatenate([differences, change[None]]), covariance, thirds)
    return found.first(n_pairs), 1 - sampled


def plain_fit(sets: Bools, differences: Floats, change: Floats) -> tuple[Fit, Floats]:
    """Least squares by the Shapley kernel under the sum constraint, as in KernelSHAP; all else as in `kriged_fit`.

    Centred on the sum constraint, the two rows of a pair are each other's negative: a pair is one observation. An
    extra row keeps the centred scores at the sum 0.
    """
    n_pairs, n_units = sets.shape
    size = sets.sum(axis=1)
    weight, sampled = pair_weights(n_units, size)
    rows = np.concatenate([sets - size[:, None] / n_units, np.ones((1, n_units))])
    observed = differences / 2 - (size / n_units - 0.5)[:, None] * change
    centred = fit_rows(rows, np.append(observed, 0 * change[None], axis=0), np.append(weight, weight.mean()))
    found = replace(centred, coefficients=centred.coefficients + change / n_units)
    return found.first(n_pairs), 1 - sampled


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
