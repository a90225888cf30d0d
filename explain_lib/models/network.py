"""The torch side of a model: piece rows in, compact outputs out."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from .calling import input_table, logits_of
from .protocols import Float32s, Ints, PieceRows
from .reading import Reading, tag_logits


@dataclass(frozen=True, eq=False)
class Network:
    """A module of our own (a copy, or loaded by us) in evaluation mode, and how its compact output is read.

    `module` is in float32 (or float64) and gives gradients and reference outputs; `fast` is what forward passes run
    through: the same module, or a copy of it in reduced precision whose classification head stays in float32.
    """

    module: nn.Module
    fast: nn.Module
    dtype: torch.dtype
    device: torch.device
    reading: Reading = tag_logits

    @classmethod
    def of(cls, module: nn.Module, reading: Reading = tag_logits) -> Network:
        """A copy of a module as it stands, in its own precision and on its own device."""
        own = copy.deepcopy(module).eval().requires_grad_(False)
        weight = next(own.parameters())
        return cls(own, own, weight.dtype, weight.device, reading)

    @property
    def is_exact(self) -> bool:
        """Whether forward passes run in float32 or float64."""
        return self.fast is self.module

    @property
    def n_encoder_weights(self) -> int:
        """Weights that every piece passes through: all but the table of input embeddings."""
        table = input_table(self.module).weight
        return sum(w.numel() for w in self.module.parameters()) - table.numel()

    def outputs(self, rows: PieceRows, names: Ints | None = None) -> Float32s:
        """Compact outputs [n, ...] of one batch, NaN where a position was removed; float32 (float64 stays).

        Raises FloatingPointError, naming the rows by `names`, where the model itself returns NaN or infinity.
        """
        chosen = np.arange(len(rows)) if names is None else names
        return self._outputs(self.fast, rows, chosen, str(self.dtype).removeprefix("torch."))

    def exact_outputs(self, rows: PieceRows) -> Float32s:
        """The same in float32 whatever the precision of forward passes is."""
        return self._outputs(self.module, rows, np.arange(len(rows)), "float32")

    @torch.inference_mode()
    def _outputs(self, module: nn.Module, rows: PieceRows, names: Ints, precision: str) -> Float32s:
        inputs = {"input_ids": self.tensor(rows.ids), "attention_mask": self.tensor(rows.attended)}
        values, is_absent = self.reading(module, inputs, self.tensor(rows.labels_at))
        values = values if values.dtype == torch.float64 else values.float()
        _check_numbers(values, is_absent, names, precision)
        array: Float32s = values.masked_fill(is_absent[..., None], torch.nan).cpu().numpy()
        return array

    @torch.inference_mode()
    def logits_shape(self, row: PieceRows) -> tuple[int, ...]:
        """The shape of what the module returns as logits, before any label position is read."""
        inputs = {"input_ids": self.tensor(row.ids), "attention_mask": self.tensor(row.attended)}
        return tuple(logits_of(self.module, inputs).shape)

    def outputs_at(self, points: Tensor, row: PieceRows, module: nn.Module | None = None) -> Tensor:
        """Compact outputs [n, ...] of one row with `points` [n, length, width] for its embeddings, differentiable.

        NaN where a position was removed. They may be read off another `module` that is called as the network's own.
        """
        attended, labels_at = (self.tensor(part).expand(len(points), -1) for part in (row.attended, row.labels_at))
        inputs = {"inputs_embeds": points, "attention_mask": attended}
        values, is_absent = self.reading(module or self.module, inputs, labels_at)
        return values.masked_fill(is_absent[..., None], torch.nan)

    def tensor(self, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
        """Ids, columns or flags as int64 on the device of the module."""
        writable = np.array(array, dtype=np.int64, order="C")  # torch warns of what is not
        return torch.as_tensor(writable, device=self.device)


def _check_numbers(values: Tensor, is_absent: Tensor, names: Ints, precision: str) -> None:
    """Minus infinity only forbids a label; NaN and infinity, where something is read, are refused."""
    is_bad = (values.isnan() | values.isposinf()) & ~is_absent[..., None]
    is_broken = is_bad.flatten(1).any(dim=1).cpu().numpy()
    if is_broken.any():
        broken = names[is_broken]
        what = "NaN" if bool((values.isnan() & ~is_absent[..., None]).any()) else "infinite"
        shown = ", ".join(map(str, broken[:5])) + (" …" if len(broken) > 5 else "")
        raise FloatingPointError(
            f"the model returned {what} logits in {precision} for {len(broken)} of {len(values)} rows of a batch (rows "
            f'{shown}). Load it with dtype="float32"; if they stay, the weights themselves are broken.'
        )
