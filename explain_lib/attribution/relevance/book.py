"""What a backward pass of relevance absorbs, written down while the forward pass runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

BIAS, SHIFT, SOFTMAX, POSITIONS, STABILISER = "bias", "norm shift", "softmax", "positions", "stabiliser"
KINDS = (BIAS, SHIFT, SOFTMAX, POSITIONS, STABILISER)

@dataclass(frozen=True, eq=False)
class Entry:
    """One place that absorbs relevance: that of `above` less that of `below` (None: all of it)."""

    stage: str
    kind: str
    above: Tensor
    below: Tensor | None = None


@dataclass(eq=False)
class Book:
    """The entries of one forward pass and the hidden states between its stages.

    `boundaries` [(stage that begins there, hidden state)], from the input on. A closed book costs nothing.
    """

    is_open: bool
    stage: str = "embeddings"
    entries: list[Entry] = field(default_factory=list)
    boundaries: list[tuple[str, Tensor]] = field(default_factory=list)

    def constant(self, kind: str, value: Tensor) -> Tensor:
        """A number that does not depend on the text and is added to what does: its relevance is absorbed."""
        if not self.is_open:
            return value
        leaf = value.detach().clone().requires_grad_()
        self.entries.append(Entry(self.stage, kind, leaf))
        return leaf

    def step(self, kind: str, above: Tensor, below: Tensor) -> Tensor:
        """A rule that may pass on less, or more, relevance than reaches it; returns `above`."""
        if self.is_open:
            self.entries.append(Entry(self.stage, kind, above, below))
        return above

    def begin(self, stage: str, state: Tensor) -> None:
        """What follows belongs to `stage`, which reads `state`."""
        self.stage = stage
        self.boundaries.append((stage, state))
