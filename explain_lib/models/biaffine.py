"""A small span model that can be trained: a biaffine head on any Hugging Face encoder."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import AutoModel


class BiaffineHead(nn.Module):
    """Logits of every span up to `width` label positions: [n, positions, size] -> [n, positions, width, labels].

    Each label has a bilinear form over a view of the start and a view of the end, with linear terms (Yu, Bohnet &
    Poesio 2020), and a bias for each width. Entry [s, w] is the span s … s + w; entries that end behind the last
    position mean nothing.
    """

    def __init__(self, size: int, n_labels: int, width: int, hidden: int = 128, dropout: float = 0.1) -> None:
        super().__init__()
        self.width = width
        self.start = nn.Sequential(nn.Linear(size, hidden), nn.GELU(), nn.Dropout(dropout))
        self.end = nn.Sequential(nn.Linear(size, hidden), nn.GELU(), nn.Dropout(dropout))
        self.bilinear = nn.Parameter(torch.randn(n_labels, hidden + 1, hidden + 1) / hidden)
        self.width_bias = nn.Parameter(torch.zeros(width, n_labels))

    def forward(self, states: Tensor) -> Tensor:
        start, end = (nn.functional.pad(view(states), (0, 1), value=1.0) for view in (self.start, self.end))
        ends = nn.functional.pad(end, (0, 0, 0, self.width - 1)).unfold(1, self.width, 1)
        forms = torch.einsum("nph,lhk->nplk", start, self.bilinear)
        return torch.einsum("nplk,npkw->npwl", forms, ends) + self.width_bias


class BiaffineModel(nn.Module):
    """An encoder under a biaffine head: a span model for nested entities, to be trained and given to `load_model`.

    `encoder` is any Hugging Face encoder with `last_hidden_state` (AutoModel.from_pretrained). With an "O" among
    `labels` each span has exactly one label (train by cross-entropy over labels), without it every type at every span
    is a yes or no of its own (train by binary cross-entropy). `width` is the longest span in label positions, which
    are the first piece of each word or all pieces. The module forward takes `labels_at` int[n, positions], the column
    of each label position; without it every column is one. `save_pretrained` writes config.json, with what
    `load_model` must know under "explain_lib", and model.safetensors; save the tokenizer beside them.
    """

    def __init__(
        self,
        encoder: nn.Module,
        labels: Sequence[str],
        width: int = 12,
        hidden: int = 128,
        label_positions: str = "first_piece",
    ) -> None:
        super().__init__()
        self.encoder = encoder
        config: Any = copy.deepcopy(encoder.config)
        config.architectures = [type(self).__name__]
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: i for i, label in enumerate(labels)}
        config.explain_lib = {"label_positions": label_positions, "width": width, "hidden": hidden}
        self.config = config
        self.head = BiaffineHead(config.hidden_size, len(labels), width, hidden)

    @classmethod
    def from_config(cls, config: Any) -> BiaffineModel:
        """An untrained model of the shape that a saved configuration describes."""
        written = config.explain_lib
        labels = [config.id2label[i] for i in range(len(config.id2label))]
        model = cls(AutoModel.from_config(config), labels, written["width"], written["hidden"])
        model.config = config
        return model

    def get_input_embeddings(self) -> nn.Module:
        """The encoder's table of piece embeddings."""
        table: nn.Module = self.encoder.get_input_embeddings()  # type: ignore[operator]
        return table

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        labels_at: Tensor | None = None,
    ) -> SimpleNamespace:
        """An object whose `logits` are [n, positions, width, labels]."""
        inputs = {"input_ids": input_ids} if inputs_embeds is None else {"inputs_embeds": inputs_embeds}
        states = self.encoder(**inputs, attention_mask=attention_mask).last_hidden_state
        if labels_at is not None:
            states = torch.gather(states, 1, labels_at[..., None].expand(-1, -1, states.shape[-1]))
        return SimpleNamespace(logits=self.head(states))

    def save_pretrained(self, folder: str | Path) -> None:
        """Write config.json and model.safetensors, for `load_model`."""
        self.config.save_pretrained(folder)
        weights = {name: weight.detach().clone().contiguous() for name, weight in self.state_dict().items()}
        save_file(weights, Path(folder) / "model.safetensors", metadata={"format": "pt"})
