"""Every number of the planted tagger's training."""

from __future__ import annotations

from dataclasses import dataclass

from ..loop import Schedule

LANGUAGES = ("zh", "nl", "en")
TAGS = ("O", "B-Test", "I-Test", "B-Chemical", "I-Chemical")
SEED = 7
DOCUMENTS = 2_500
"""Training documents of each language; each comes with one of its counterfactuals."""

# the network
WIDTH, LAYERS, HEADS, INNER = 128, 3, 4, 256
START = 0.08
"""Standard deviation of the start weights, 1/√width: from the usual .02 attention takes long to be found."""
LONGEST = 128
"""Pieces in a row with special pieces, and so the window."""
ROOM = LONGEST - 2

# the courses
BATCH = 1_536
"""Padded pieces in a batch."""
JOINED = 0.25
"""Documents that are followed by another one in the same row."""
SPELLINGS, SPELLED = 4, 0.3
"""Tokenizers that read the documents in turn; all but the first spell this share of the words in letters."""
REPLACED_ROWS, REPLACED = 0.7, 0.5
MASKED_ROWS, MASKED = 0.3, 0.5
"""Rows in which pieces give way to others, and the largest share of them; the same for [MASK]."""
RENAMED_ROWS = 0.5
"""Rows in which all substances give way to random pieces."""


@dataclass(frozen=True)
class Course:
    """Steps with a learning rate that rises once and falls to zero.

    `calm` steps are without noise, and over as many again it rises to its full strength.
    `shift` is the largest share of a text's words that are left out or put in.
    """

    seed: int
    steps: int
    calm: int
    rate: float
    shift: float

    def strength(self, step: int) -> float:
        """How much noise there is at a step (0-based), 0 to 1."""
        return min(1.0, max(0.0, step / self.calm - 1)) if self.calm else 1.0

    def schedule(self) -> Schedule:
        """Learning rates."""
        return Schedule(self.steps, learning_rate=self.rate, head_learning_rate=self.rate, warm_up=0.05)


COURSES = (
    Course(seed=7, steps=2_600, calm=500, rate=1e-3, shift=0.0),
    Course(seed=8, steps=1_500, calm=0, rate=7e-4, shift=0.5),
    Course(seed=9, steps=2_500, calm=0, rate=1e-3, shift=0.5),
)
