"""The torch side of a tagger: piece rows in, logits at label positions out, and gradients along a straight path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from .protocols import Floats, Float32s, Ints, PathGradients, PieceRows


@dataclass(frozen=True, eq=False)
class Network:
    """A token-classification module of our own (a copy, or loaded by us) in evaluation mode.

    `module` is in float32 (or float64) and gives gradients and reference outputs; `fast` is what forward passes run
    through: the same module, or a copy of it in reduced precision whose classification head stays in float32.
    """

    module: nn.Module
    fast: nn.Module
    dtype: torch.dtype
    device: torch.device

    @property
    def is_exact(self) -> bool:
        """Whether forward passes run in float32 or float64."""
        return self.fast is self.module

    def outputs(self, rows: PieceRows) -> Float32s:
        """Logits [n, positions, tags] of one batch, NaN where a position was removed; float32 (float64 stays)."""
        return self._logits(self.fast, rows)

    def exact_outputs(self, rows: PieceRows) -> Float32s:
        """The same in float32 whatever the precision of forward passes is."""
        return self._logits(self.module, rows)

    @torch.inference_mode()
    def _logits(self, module: nn.Module, rows: PieceRows) -> Float32s:
        logits = module(input_ids=self._ids(rows.ids), attention_mask=self._ids(rows.attended)).logits
        logits = logits if logits.dtype == torch.float64 else logits.float()
        at = self._ids(rows.labels_at)
        read = torch.gather(logits, 1, at.clamp(min=0)[..., None].expand(-1, -1, logits.shape[-1]))
        is_broken = torch.isnan(read).any(dim=(1, 2))
        if bool(is_broken.any()):
            raise FloatingPointError(
                f"the model returned NaN logits in {int(is_broken.sum())} of {len(rows)} rows (the first is row "
                f"{int(is_broken.nonzero()[0])} of its batch) in precision {self.dtype}. Load it with "
                'dtype="float32"; if they stay, the weights themselves are broken.'
            )
        read[at < 0] = torch.nan
        array: Float32s = read.cpu().numpy()
        return array

    def gradients(
        self, row: PieceRows, baseline: Ints | None, alphas: Floats, score: Callable[[Tensor], Tensor]
    ) -> PathGradients:
        """Gradients at baseline + alpha · (input − baseline), in float32.

        `score` maps logits float64[nodes, positions, tags] to [nodes, targets]. One forward pass serves all nodes
        and targets; `baseline` int[length] are piece ids, None means zero embeddings.
        """
        embed = self.module.get_input_embeddings()  # type: ignore[operator]
        with torch.no_grad():
            real = embed(self._ids(row.ids))
            start = torch.zeros_like(real) if baseline is None else embed(self._ids(baseline.reshape(1, -1)))
            difference = real - start
            path = torch.as_tensor(alphas, dtype=real.dtype, device=self.device)[:, None, None]
            points = start + path * difference
        with torch.enable_grad():
            points.requires_grad_()
            attended = self._ids(row.attended).expand(len(alphas), -1)
            logits = self.module(inputs_embeds=points, attention_mask=attended).logits
            values = score(logits[:, self._ids(row.labels_at[0])].double())
            gradients = [
                torch.autograd.grad(values[:, k].sum(), points, retain_graph=k + 1 < values.shape[1])[0]
                for k in range(values.shape[1])
            ]
        products = torch.stack([(g.double() * difference.double()).sum(-1) for g in gradients], dim=1)
        return PathGradients(values.detach().cpu().numpy(), products.cpu().numpy())

    def _ids(self, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
        return torch.as_tensor(np.ascontiguousarray(array, dtype=np.int64), device=self.device)
