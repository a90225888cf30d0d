"""The torch side of a model: piece rows in, compact outputs out, and gradients along a straight path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from .protocols import Floats, Float32s, Ints, PathGradients, PieceRows
from .reading import Reading, tag_logits


NODE_PIECES = 1024  # pieces in one forward pass that keeps what its backward pass needs


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

    @property
    def is_exact(self) -> bool:
        """Whether forward passes run in float32 or float64."""
        return self.fast is self.module

    @property
    def n_encoder_weights(self) -> int:
        """Weights that every piece passes through: all but the table of input embeddings."""
        table = self.module.get_input_embeddings().weight  # type: ignore[operator]
        return sum(w.numel() for w in self.module.parameters()) - int(table.numel())

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
        inputs = {"input_ids": self._ids(rows.ids), "attention_mask": self._ids(rows.attended)}
        values, is_absent = self.reading(module, inputs, self._ids(rows.labels_at))
        values = values if values.dtype == torch.float64 else values.float()
        _check_numbers(values, is_absent, names, precision)
        array: Float32s = values.masked_fill(is_absent[..., None], torch.nan).cpu().numpy()
        return array

    @torch.inference_mode()
    def logits_shape(self, row: PieceRows) -> tuple[int, ...]:
        """The shape of what the module returns as logits, before any label position is read."""
        return tuple(self.module(input_ids=self._ids(row.ids), attention_mask=self._ids(row.attended)).logits.shape)

    def gradients(
        self, row: PieceRows, baseline: Ints | None, alphas: Floats, score: Callable[[Tensor], Tensor]
    ) -> PathGradients:
        """Gradients at baseline + alpha · (input − baseline), in float32.

        `score` maps compact outputs float64[nodes, ...] to [nodes, targets]. One forward pass serves all nodes
        and targets; `baseline` int[length] are piece ids, None means zero embeddings.
        """
        embed = self.module.get_input_embeddings()  # type: ignore[operator]
        with torch.no_grad():
            real = embed(self._ids(row.ids))
            start = torch.zeros_like(real) if baseline is None else embed(self._ids(baseline.reshape(1, -1)))
            difference = real - start
            path = torch.as_tensor(alphas, dtype=real.dtype, device=self.device)[:, None, None]
            points = start + path * difference
        step = max(1, NODE_PIECES // row.ids.shape[1])
        parts = [self._node_gradients(row, part, score) for part in points.split(step)]
        products = torch.cat([(g.double() * difference.double()[:, None]).sum(-1) for _, g in parts])
        return PathGradients(torch.cat([values for values, _ in parts]).numpy(), products.cpu().numpy())

    @torch.enable_grad()
    def _node_gradients(
        self, row: PieceRows, points: Tensor, score: Callable[[Tensor], Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Values [nodes, targets] and their gradients [nodes, targets, length, width] from one forward pass."""
        points = points.detach().requires_grad_()
        attended, labels_at = (self._ids(part).expand(len(points), -1) for part in (row.attended, row.labels_at))
        outputs, is_absent = self.reading(
            self.module, {"inputs_embeds": points, "attention_mask": attended}, labels_at
        )
        values = score(outputs.masked_fill(is_absent[..., None], torch.nan).cpu().double())
        # Rows do not see each other, so the gradient of a sum over nodes holds the gradient of every node.
        gradients = [torch.autograd.grad(total, points, retain_graph=True)[0] for total in values.sum(0)]
        return values.detach(), torch.stack(gradients, dim=1)

    def _ids(self, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
        return torch.as_tensor(np.ascontiguousarray(array, dtype=np.int64), device=self.device)


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
