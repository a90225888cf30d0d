"""Members averaged over a text and its edits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .evidence import Evidence, Floats


def smoothed(evidence: Evidence) -> Evidence:
    """Evidence whose members are averaged over the text and its edits.

    Every edit left the entity alone and was explained with a seed of its own, so the mean of n of them has 1/n of the
    sampling variance, as SmoothGrad has over noise (Smilkov et al., 2017); what an edit really changes does not
    average out. The error holds both the sampling of each explanation and which edits were drawn. Margins stay as they
    are: nobody explained them on edits.

    On an edited text a member would be averaged over edits of that text, which nobody ran. What is expected there:
    the change φ(x') − φ(x), with only 1/n of the variance in it that standard errors put down to sampling.
    """
    if not len(evidence.edited):
        return evidence
    scores, error, n_texts = _mean(evidence)
    left = _left(evidence, n_texts)[:, None]
    edited = scores + (evidence.edited - evidence.scores) * left
    return replace(
        evidence, scores=scores, std_error=error, edited=edited, edited_error=evidence.edited_error * left
    )


def _mean(evidence: Evidence) -> tuple[Floats, Floats, Floats]:
    """Mean scores and their error float64[members, units], and how many texts have the unit."""
    scores = np.concatenate([evidence.scores[None], evidence.edited])
    errors = np.concatenate([evidence.std_error[None], evidence.edited_error])
    there = ~np.isnan(scores)
    n_texts = there.sum(axis=0).astype(np.float64)
    mean = np.where(there, scores, 0.0).sum(axis=0) / n_texts
    variance = (np.where(there, errors, 0.0) ** 2).sum(axis=0) + (n_texts - 1) * evidence.spread()
    return mean, np.sqrt(variance) / n_texts, n_texts


def _left(evidence: Evidence, n_texts: Floats) -> Floats:
    """float64[members]: the factor by which averaging shrinks a member's changes under edits.

    Over all units and edits together: in a single cell the noise of a squared change is as large as the change.
    """
    there = ~np.isnan(evidence.edited)
    change = np.where(there, (evidence.edited - evidence.scores) ** 2, 0.0)
    noise = np.nan_to_num(evidence.std_error) ** 2 + np.nan_to_num(evidence.edited_error) ** 2
    noise = np.where(there, noise, 0.0)
    in_all, sampling, averaged = (x.sum(axis=(0, 2)) for x in (change, noise, noise / n_texts))
    remains = np.maximum(0.0, in_all - sampling) + averaged
    share = np.divide(remains, in_all, out=np.ones_like(in_all), where=in_all > 0)
    return np.asarray(np.sqrt(np.minimum(1.0, share)))
