"""The torch side of a model, for methods that need more of it than gradients at the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explain_lib.core import Score

from .calling import input_table
from .family import Decoder
from .network import Network
from .protocols import Event, Ints, Model, PieceRows


@dataclass(frozen=True, eq=False)
class Differentiable:
    """One row of a model as a differentiable function of its input embeddings.

    Its module runs in float32 (or float64) and is not to be changed.
    """

    network: Network
    decoder: Decoder
    row: PieceRows
    events: Sequence[Event]
    score: Score

    def embed(self, ids: Ints | None = None) -> Tensor:
        """Input embeddings [1, length, width] of the row, or of other ids int[length] in its place."""
        chosen = self.row.ids if ids is None else ids.reshape(1, -1)
        with torch.no_grad():
            embedded: Tensor = input_table(self.network.module)(self.network.tensor(chosen))
        return embedded

    def outputs(self, embeddings: Tensor, module: nn.Module | None = None) -> Tensor:
        """Compact outputs [n, ...] for embeddings [n, length, width] in place of the row's own.

        They may be read off another `module` that is called as the network's own.
        """
        return self.network.outputs_at(embeddings, self.row, module)

    def scores(self, outputs: Tensor) -> Tensor:
        """Scores float64[n, targets] of compact outputs, on the CPU."""
        return self.decoder.scores(outputs.cpu().double(), self.events, self.score)


def differentiable(model: Model, row: PieceRows, events: Sequence[Event], score: Score) -> Differentiable:
    """The torch side of one row; TypeError for a model that is not composed of a torch network and a decoder."""
    network, decoder = getattr(model, "network", None), getattr(model, "decoder", None)
    if not isinstance(network, Network) or decoder is None:
        raise TypeError(f"{model.name} is a {type(model).__name__} without a torch network; use a black-box method.")
    return Differentiable(network, decoder, row, events, score)
