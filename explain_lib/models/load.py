"""Loading a tagger: a local folder, a hub id, or a module with its tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from torch import nn

from explain_lib.core import TagScheme

from .checkpoint import read_checkpoint
from .pieces import LabelPositions, Pieces
from .precision import Dtype, place
from .runner import Runner
from .source import resolve
from .tagging import TagDecoder
from .token_classification import Tagger
from .windows import WindowPlan

DecoderName = Literal["bio-lenient", "bio-strict", "io", "bioes"]
EXACT_BATCH_ROWS = 32


def load_model(  # noqa: PLR0913 — the one place where all settings of a model meet; all have defaults
    source: str | Path | tuple[nn.Module, Any],
    *,
    device: str = "auto",
    dtype: Dtype = "auto",
    decoder: DecoderName | None = None,
    label_positions: LabelPositions | None = None,
    max_length: int | None = None,
    windows: bool = True,
    precision: Literal["exact"] | None = None,
    batch_rows: int | None = None,
) -> Tagger:
    """Load a Hugging Face tagger from a local folder, a hub id "owner/name", or (module, tokenizer).

    A module and a tokenizer that are handed in are copied and never changed. Weights are read from safetensors only.
    `dtype="auto"` runs forward passes in bfloat16 where the hardware has it, else in float32. `decoder` and
    `label_positions` default to what config.json says under "explain_lib", else to lenient BIO (or the model's own
    scheme) and the first piece of each word; a tokenizer whose words end at blanks only (XLM-R) takes a Chinese
    sentence for one word, so it needs "all_pieces" there. `max_length` counts pieces with special pieces; longer texts
    go by overlapping windows, or are refused with `windows=False`. `precision="exact"` promises results that do not
    depend on how rows are batched: float32 and batches of `batch_rows` rows (32 by default).
    Raises FileNotFoundError for a missing folder, ValueError for everything else that is wrong with a checkpoint.
    """
    module, tokenizer, name = resolve(source, read_checkpoint, "load_model")
    config = getattr(module, "config", None)
    written = getattr(config, "explain_lib", None) or {}
    scheme = _scheme(config, name)
    if precision == "exact":
        dtype, batch_rows = _exact_dtype(dtype), batch_rows or EXACT_BATCH_ROWS
    elif precision is not None:
        raise ValueError(f"precision is {precision!r}; allowed are None and 'exact'.")
    pieces = Pieces.of(tokenizer, label_positions or written.get("label_positions", "first_piece"))
    network = place(module, len(scheme.tags), device, dtype)
    n_special = len(pieces.prefix) + len(pieces.suffix)
    tagger = Tagger(
        name=name,
        network=network,
        pieces=pieces,
        decoder=_decoder(scheme, decoder or written.get("decoder")),
        plan=WindowPlan(_max_length(module, tokenizer, max_length) - n_special, is_on=windows),
        runner=Runner.of(network, batch_rows),
    )
    _check_head(tagger, len(scheme.tags))
    return tagger


def _scheme(config: Any, name: str) -> TagScheme:
    id2label = getattr(config, "id2label", None)
    if not id2label:
        raise ValueError(f"{name} has no config.id2label; set it to the tags of the model, such as O, B-Disease, …")
    tags = {int(index): tag for index, tag in id2label.items()}
    if sorted(tags) != list(range(len(tags))):
        raise ValueError(f"the ids of id2label in {name} are {sorted(tags)[:8]} …; they must run from 0 without gaps.")
    return TagScheme.from_tags(tuple(tags[i] for i in range(len(tags))))


def _decoder(scheme: TagScheme, name: str | None) -> TagDecoder:
    offered = {d.name: d for d in (TagDecoder(scheme), TagDecoder(scheme, is_lenient=False))}
    if name is None:
        return TagDecoder(scheme)
    if name not in offered:
        raise ValueError(
            f"decoder is {name!r}, but the label list is in the {scheme.name} scheme; allowed are "
            f"{' and '.join(map(repr, offered))}."
        )
    return offered[name]


def _exact_dtype(dtype: Dtype) -> Dtype:
    if dtype in ("bfloat16", "float16"):
        raise ValueError(f"precision='exact' promises float32, but dtype is {dtype!r}; leave dtype out.")
    return "float64" if dtype == "float64" else "float32"


def _max_length(module: nn.Module, tokenizer: Any, asked: int | None) -> int:
    """Pieces, special ones included, that the model reads at once: bounded by its position table and its tokenizer."""
    tables = [m for n, m in module.named_modules() if n.endswith("position_embeddings") and isinstance(m, nn.Embedding)]
    # RoBERTa counts positions from padding_idx + 1 on.
    rows = [t.num_embeddings - (0 if t.padding_idx is None else t.padding_idx + 1) for t in tables]
    if asked is not None:
        if rows and asked > min(rows):
            raise ValueError(f"max_length is {asked}, but the model has {min(rows)} positions; ask for at most that.")
        return asked
    trained = getattr(getattr(module, "config", None), "max_position_embeddings", None)
    own = getattr(tokenizer, "model_max_length", None)
    known = [n for n in (*rows, own, None if rows else trained) if isinstance(n, int) and 0 < n < 1_000_000]
    return min(known, default=512)


def _check_head(tagger: Tagger, n_tags: int) -> None:
    """One probe row: the head must give one logit per tag, else the labels belong to another checkpoint or task."""
    encoding = tagger.encode("a")
    shape = tagger.network.logits_shape(tagger.row(encoding, tagger.windows(encoding)[0]))
    if len(shape) != 3 or shape[-1] != n_tags:
        raise ValueError(
            f"{tagger.name} returns logits of shape {shape} for one row; a tagger with {n_tags} tags returns "
            f"(1, pieces, {n_tags}). It is a model of another task, or id2label does not belong to it."
        )
