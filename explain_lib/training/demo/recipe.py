"""Every number of the demo model's training, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..loop import Schedule

THREADS = 2
MAX_LENGTH = 512

# Stage 1: masked-LM training of the encoder
START_SEED, PRETRAIN_SEED = 1, 3
PRETRAIN_PASSES = {"zh": 0.42, "en": 1.2, "nl": 12.0}
"""How often the text of each language is gone over."""
PRETRAIN_BATCH = 2048
"""Pieces in a batch, padding included; the same below."""


def pretraining(steps: int) -> Schedule:
    """Schedule of stage 1."""
    return Schedule(steps, learning_rate=5e-4, head_learning_rate=5e-4, head_names=("cls",), warm_up=0.05)


# Stage 2: all annotated sets together
@dataclass(frozen=True)
class Course:
    """Some epochs over all sets with a learning rate that rises once and falls to zero.

    `passes` says how often an epoch goes over each set.
    """

    seed: int
    epochs: int
    passes: Mapping[str, float]
    learning_rate: float
    head_learning_rate: float
    warm_up: float

    def schedule(self, steps: int) -> Schedule:
        """The schedule over `steps` batches."""
        return Schedule(steps, self.learning_rate, self.head_learning_rate, warm_up=self.warm_up)


_PASSES = {"ncbi_disease": 1.0, "bc5cdr": 1.0, "cmedqaner": 2.0, "cmdd": 0.3, "dutch": 6.0}
COURSES = (
    Course(5, 4, _PASSES, learning_rate=3e-4, head_learning_rate=1e-3, warm_up=0.1),
    Course(11, 1, _PASSES | {"cmedqaner": 3.0}, learning_rate=2e-4, head_learning_rate=4e-4, warm_up=0.05),
)
TAG_BATCH = 1536
LONGEST = 256
SWAP_RATE = 0.5
MASKED_SHARE, MASK_RATES = 0.25, (0.05, 0.4)
O_WEIGHT, MASKED_LM_WEIGHT = 0.1, 0.2


# Stage 3: the masked-LM head on the finished encoder
HEAD_SEED = 7
HEAD_PASSES = {"zh": 0.06, "en": 0.3, "nl": 2.0}


def head_fitting(steps: int) -> Schedule:
    """Schedule of stage 3."""
    return Schedule(steps, learning_rate=1e-3, head_learning_rate=1e-3)
