"""What peers are given: the scores that a query explains, as plain functions of piece ids, keep-rows and strings.

Nothing of the engine is in them: a batch goes through the Hugging Face module and the scores are read off its logits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from work import plain_tokenizer

import explain_lib as xl
from explain_lib.models import Tagger

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
BATCH_PIECES = 4096


@dataclass(eq=False)
class BareGame:
    """All targets of a query as functions; `module` is the bare network in the precision that is compared."""

    query: xl.Query

    def __post_init__(self) -> None:
        model = self.query.model
        assert isinstance(model, Tagger)
        self.model = model
        self.module = model.network.fast
        self.row = model.row(self.query.encoding, self.query.evaluations.windows[0])
        self.ids = torch.as_tensor(self.row.ids)
        self.events = [
            model.event(t, self.query.encoding, self.query.evaluations.windows[0]) for t in self.query.targets
        ]
        owner = self.query.alignment.owner
        self.units = torch.full(self.ids.shape, self.query.n_units)  # special pieces: one more feature, never counted
        self.units[0, model.n_prefix : model.n_prefix + len(owner)] = torch.as_tensor(
            np.where(owner < 0, len(owner), owner)
        )
        self.baseline = torch.where(self.units < self.query.n_units, torch.tensor(model.vocabulary.mask), self.ids)
        self.batch = max(1, BATCH_PIECES // self.ids.shape[1])

    @torch.inference_mode()
    def of_ids(self, ids: Tensor) -> Tensor:
        """float64[n, targets] from ids int[n, length]: one forward pass."""
        logits = self.module(input_ids=ids.long(), attention_mask=torch.ones_like(ids, dtype=torch.long)).logits
        read = logits[:, torch.as_tensor(self.row.labels_at[0])].double()
        return self.model.decoder.scores(read, self.events, self.query.score)

    def of_target(self, index: int) -> object:
        """The same for one target, float64[n]."""
        return lambda ids: self.of_ids(ids)[:, index]

    def of_keep(self, keep: Bools) -> Floats:
        """float64[n, targets] from keep bool[n, units], in large batches."""
        full = np.concatenate([np.asarray(keep, dtype=bool), np.ones((len(keep), 1), dtype=bool)], axis=1)
        kept = torch.as_tensor(full[:, self.units[0].numpy()])
        rows = torch.where(kept, self.ids, self.baseline)
        return np.concatenate([self.of_ids(part).numpy() for part in rows.split(self.batch)])

    def of_strings(self, texts: Sequence[str]) -> Floats:
        """float64[n, targets] from strings, tokenised anew; label positions are those of the plain text."""
        tokenizer = plain_tokenizer()
        coded = tokenizer(
            list(texts), return_tensors="pt", padding="max_length", truncation=True, max_length=self.ids.shape[1]
        )
        with torch.inference_mode():
            logits = self.module(input_ids=coded["input_ids"], attention_mask=coded["attention_mask"]).logits
        read = logits[:, torch.as_tensor(self.row.labels_at[0])].double()
        return self.model.decoder.scores(read, self.events, self.query.score).numpy()

    def of_strings_in_batches(self, texts: Sequence[str]) -> Floats:
        """The same for thousands of strings."""
        parts = [texts[start : start + self.batch] for start in range(0, len(texts), self.batch)]
        return np.concatenate([self.of_strings(part) for part in parts])
