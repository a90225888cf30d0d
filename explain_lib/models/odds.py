"""From logits to the scores of one event, in a way that keeps the digits of very sure and very unlikely events.

The log-odds are a difference of logits, so nothing is lost near probability 0 or 1; the log-probability is read from
them as −log(1 + exp(−d)), never as the logarithm of a number that was rounded to 1.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import logsigmoid

from explain_lib.core import Score

from .log_space import log_sum


def softmax_log_odds(logits: Tensor, label: int) -> Tensor:
    """Log-odds of one label under the softmax over the last axis: its logit minus the log-sum-exp of all others."""
    others = [i for i in range(logits.shape[-1]) if i != label]
    return logits[..., label] - log_sum(logits[..., others], dim=-1)


def log_prob(log_odds: Tensor) -> Tensor:
    """log p of log-odds log p − log(1 − p)."""
    return logsigmoid(log_odds)


def score_of(log_odds: Tensor, score: Score) -> Tensor:
    """The chosen score of an event with these log-odds; raises ValueError for an unknown one."""
    match score:
        case "log_odds":
            return log_odds
        case "log_prob":
            return log_prob(log_odds)
        case "probability":
            return log_odds.sigmoid()
    raise ValueError(f"score is {score!r}; allowed are 'log_odds', 'log_prob' and 'probability'.")
