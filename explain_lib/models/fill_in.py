"""Masked language models: they write pieces in place of hidden ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import AutoModelForMaskedLM

from .checkpoint import quiet, read_tokenizer
from .longest_input import longest_input
from .precision import choose_device
from .protocols import Bools, Floats, Ints, PieceRows
from .source import Source, resolve

BATCH_ROWS = {"cpu": 8, "cuda": 64}
_LOGITS = 1 << 22  # at a time: 16 MB in float32, and 32 MB for their cumulative sums
_HIGHEST = 1 - 1e-12  # numbers that were rounded up to 1 would pick a piece beyond the last


@dataclass(frozen=True, eq=False)
class MaskedLanguageModel:
    """A masked language model that answers `FillInModel`, in float32.

    Rows always go in batches of `batch_rows` rows, filled up by repeating rows, and positions through the output layer
    in chunks of one size, so that what is written for a row does not depend on its company: a sum that is rounded
    otherwise would now and then pick another piece. Only hidden positions pass the output layer, a few million logits
    at a time, so memory does not grow with the vocabulary.
    """

    name: str
    body: nn.Module = field(repr=False)
    head: nn.Module = field(repr=False)
    device: torch.device = field(repr=False)
    pieces: Mapping[str, int] = field(repr=False)
    mask: int = field(repr=False)
    never: Ints = field(repr=False)
    n_logits: int = field(repr=False)
    longest: int = field(repr=False)
    batch_rows: int = field(repr=False)

    def fill_in(self, row: PieceRows, hidden: Bools, uniforms: Floats) -> Ints:
        """int[n, draws, length]: the ids of one row, with drawn ones where hidden bool[n, length].

        Raises ValueError for a row that is longer than the model reads, FloatingPointError for NaN logits.
        """
        self._check_length(row)
        ids = np.repeat(np.repeat(row.ids, len(hidden), axis=0)[:, None], len(uniforms), axis=1)
        needy = np.flatnonzero(hidden.any(axis=1))
        for start in range(0, len(needy), self.batch_rows):
            chosen = needy[start : start + self.batch_rows]
            at, columns = np.nonzero(hidden[chosen])
            drawn = self._draw(self._states(row, hidden[chosen])[at, columns], uniforms[:, columns].T)
            ids[chosen[at], :, columns] = drawn
        return ids

    def likeliest(self, rows: PieceRows, hidden: Bools, n: int) -> tuple[Ints, Floats]:
        """The `n` likeliest pieces at hidden places and their log-probabilities, each [places, n]; see FillInModel.

        Raises what `fill_in` raises.
        """
        found = [scores.topk(n, dim=-1) for scores, _ in self._log_probs(rows, hidden)]
        ids = [top.indices.cpu().numpy() for top in found]
        log_probs = [top.values.double().cpu().numpy() for top in found]
        return np.concatenate([np.zeros((0, n), dtype=np.int64), *ids]), np.concatenate([np.zeros((0, n)), *log_probs])

    def log_probs(self, rows: PieceRows, hidden: Bools) -> Floats:
        """float64[places]: the log-probability of what stands at hidden places, −inf for special pieces."""
        found = [scores.gather(-1, own[:, None])[:, 0] for scores, own in self._log_probs(rows, hidden)]
        return np.concatenate([np.zeros(0), *(scores.double().cpu().numpy() for scores in found)])

    @torch.inference_mode()
    def _log_probs(self, rows: PieceRows, hidden: Bools) -> Iterator[tuple[Tensor, Tensor]]:
        """Log-probabilities of all pieces float32[chunk, pieces] at hidden places, with the ids that stand there."""
        self._check_length(rows)
        needy = np.flatnonzero(hidden.any(axis=1))
        for start in range(0, len(needy), self.batch_rows):
            chosen = needy[start : start + self.batch_rows]
            some = rows if len(rows) == 1 else rows[chosen]
            at, columns = np.nonzero(hidden[chosen])
            own = torch.as_tensor(np.broadcast_to(some.ids, hidden[chosen].shape)[at, columns], device=self.device)
            states = self._states(some, hidden[chosen])[at, columns]
            for logits, ids in zip(self._logits(states), own.split(self._chunk), strict=True):
                logits[:, self.never] = -torch.inf
                yield logits.log_softmax(-1), ids

    def _check_length(self, rows: PieceRows) -> None:
        length = rows.ids.shape[1]
        if length > self.longest:
            raise ValueError(
                f"the row has {length} pieces and the masked language model {self.name!r} reads {self.longest}. Load "
                f"your model with max_length={self.longest}, so that its windows fit."
            )

    @torch.inference_mode()
    def _states(self, rows: PieceRows, hidden: Bools) -> Tensor:
        """What the output layer reads, float[batch_rows, length, width], with every hidden piece masked."""
        filled = np.resize(np.arange(len(hidden)), self.batch_rows)
        masked = np.where(hidden, self.mask, rows.ids)[filled]
        attended = np.broadcast_to(rows.attended, hidden.shape)[filled].astype(np.int64)
        # Fused attention rounds by a row's place in the batch.
        with sdpa_kernel(SDPBackend.MATH):
            states: Tensor = self.body(
                input_ids=torch.as_tensor(masked, device=self.device),
                attention_mask=torch.as_tensor(attended, device=self.device),
            ).logits
        return states

    @torch.inference_mode()
    def _draw(self, states: Tensor, uniforms: Floats) -> Ints:
        """int[positions, draws]: pieces picked by uniforms float64[positions, draws] from the softmax at each."""
        wanted = torch.as_tensor(uniforms).clamp(max=_HIGHEST)
        picked = []
        for logits, numbers in zip(self._logits(states), wanted.split(self._chunk), strict=True):
            logits[:, self.never] = -torch.inf
            weights = logits.softmax(-1).double().cpu().cumsum(-1)  # on the CPU, where sums have one order
            picked.append(torch.searchsorted(weights, numbers * weights[:, -1:], right=True))
        drawn: Ints = torch.cat(picked).numpy()
        return drawn

    def _logits(self, states: Tensor) -> Iterator[Tensor]:
        """float32[chunk, n_logits] for each chunk of states; the head always sees one shape."""
        for part in states.split(self._chunk):
            filled = nn.functional.pad(part, (0, 0, 0, self._chunk - len(part)))
            logits = self.head(filled)[: len(part)].float()
            if not torch.isfinite(logits).all():
                raise FloatingPointError(
                    f"the masked language model {self.name!r} returned NaN or infinite logits; its weights are broken."
                )
            yield logits

    @property
    def _chunk(self) -> int:
        return int(np.clip(_LOGITS // self.n_logits, 8, 64))


def load_fill_in(source: Source, *, device: str = "auto", batch_rows: int | None = None) -> MaskedLanguageModel:
    """Load a Hugging Face masked language model for `FillIn` from a folder, a hub id or (module, tokenizer).

    It runs in float32, in batches of `batch_rows` rows (8 on a CPU, 64 on a GPU). It must have the tokenizer of the
    model that is explained; `FillIn` checks that. A module that is handed in is copied and never changed; weights are
    read from safetensors only. Raises ValueError for a checkpoint that is no masked language model, FileNotFoundError
    for a missing folder.
    """
    return masked_language_model(*resolve(source, _read, "load_fill_in"), device=device, batch_rows=batch_rows)


def masked_language_model(
    module: nn.Module, tokenizer: Any, name: str, *, device: str = "auto", batch_rows: int | None = None
) -> MaskedLanguageModel:
    """Take a module that is ours to change apart into its body and its output layer."""
    mask = getattr(tokenizer, "mask_token_id", None)
    if mask is None:
        raise ValueError(f"the tokenizer of {name} has no mask piece; a masked language model was trained with one.")
    where = choose_device(device)
    module = module.to(device=where, dtype=torch.float32).requires_grad_(False).eval()
    pieces = dict(tokenizer.get_vocab())
    n_logits = _n_logits(module, mask, max(pieces.values()), name)
    body, head = _taken_apart(module, mask)
    spoken = sorted(set(pieces.values()) - set(tokenizer.all_special_ids))
    rows = BATCH_ROWS.get(where.type, 8) if batch_rows is None else batch_rows
    if rows < 1:
        raise ValueError(f"batch_rows is {batch_rows}; it must be at least 1.")
    return MaskedLanguageModel(
        name=name,
        body=body,
        head=head,
        device=where,
        pieces=pieces,
        mask=int(mask),
        never=np.setdiff1d(np.arange(n_logits), spoken),
        n_logits=n_logits,
        longest=longest_input(module, tokenizer),
        batch_rows=1 if isinstance(head, nn.Identity) else rows,
    )


def _read(folder: Path) -> tuple[nn.Module, Any]:
    try:
        with quiet():
            module, report = AutoModelForMaskedLM.from_pretrained(
                folder,
                dtype=torch.float32,
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except (OSError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{folder} cannot be read as a masked language model in safetensors ({error}). Name a folder that "
            "AutoModelForMaskedLM.save_pretrained wrote."
        ) from error
    if missing := sorted(report["missing_keys"]):
        raise ValueError(
            f"the weight file of {folder} lacks {', '.join(missing[:4])}: it holds no complete masked language model. "
            "Use the checkpoint from before fine-tuning, head included."
        )
    return module, read_tokenizer(folder)


def _n_logits(module: nn.Module, mask: int, last_piece: int, name: str) -> int:
    """The width of the output layer, from one probe row."""
    shape = tuple(_probe(module, mask).shape)
    if len(shape) != 3 or shape[-1] <= last_piece:
        raise ValueError(
            f"{name} returns logits of shape {shape} for a row of 2 pieces; a masked language model with this "
            f"tokenizer returns (1, 2, at least {last_piece + 1}). It is a model of another task, or the tokenizer "
            "does not belong to it."
        )
    return int(shape[-1])


def _taken_apart(module: nn.Module, mask: int) -> tuple[nn.Module, nn.Module]:
    """The module without its output layer, and that layer.

    Where a module does not end in one layer, the whole module and the identity: then all logits of a row are made.
    """
    layer = getattr(module, "get_output_embeddings", lambda: None)()
    names = [name for name, part in module.named_modules() if part is layer]
    if not isinstance(layer, nn.Linear) or len(names) != 1:
        return module, nn.Identity()
    whole = _probe(module, mask)
    module.set_submodule(names[0], nn.Identity())
    with torch.inference_mode():
        states = _probe(module, mask)
        if states.shape[-1] == layer.in_features and torch.allclose(layer(states), whole, rtol=1e-4, atol=1e-4):
            return module, layer
    module.set_submodule(names[0], layer)
    return module, nn.Identity()


@torch.inference_mode()
def _probe(module: nn.Module, mask: int) -> Tensor:
    ids = torch.full((1, 2), mask, device=next(module.parameters()).device)
    logits: Tensor = module(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
    return logits
