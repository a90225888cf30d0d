"""Loading a model: a local folder, a hub id, or a module with its tokenizer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from torch import nn

from .checkpoint import read_checkpoint
from .crf_layer import transitions_in
from .families import check_padding, class_decoder, logits_shape, span_decoder, tag_decoder
from .longest_input import longest_input
from .pieces import LabelPositions, Pieces
from .precision import Dtype, place
from .reading import class_logits, span_logits
from .runner import Runner
from .sequence_classification import Classifier
from .source import resolve
from .span import SpanTagger
from .token_classification import Tagger
from .transitions import Transitions
from .windows import WindowPlan

DecoderName = Literal[
    "bio-lenient", "bio-strict", "io", "bioes", "bio-viterbi", "bioes-viterbi",
    "softmax", "sigmoid",
    "softmax-nested", "softmax-crossing", "sigmoid-nested", "sigmoid-crossing",
]  # fmt: skip
EXACT_BATCH_ROWS = 32


def load_model(  # noqa: PLR0913 — the one place where all settings of a model meet; all have defaults
    source: str | Path | tuple[nn.Module, Any],
    *,
    device: str = "auto",
    dtype: Dtype = "auto",
    decoder: DecoderName | None = None,
    transitions: Transitions | None = None,
    label_positions: LabelPositions | None = None,
    max_length: int | None = None,
    windows: bool = True,
    precision: Literal["exact"] | None = None,
    batch_rows: int | None = None,
) -> Tagger | Classifier | SpanTagger:
    """Load a tagger, a classifier or a span model from a local folder, a hub id "owner/name", or (module, tokenizer).

    The family is told by the shape of the logits that the model returns for one row (see `families`). A module and a
    tokenizer that are handed in are copied and never changed. Weights are read from safetensors only. `dtype="auto"`
    runs forward passes in bfloat16 where the hardware has it, else in float32.

    `decoder` and `label_positions` default to what config.json says under "explain_lib", else to lenient BIO (or the
    model's own scheme) and the first piece of each word; a tokenizer whose words end at blanks only (XLM-R) takes a
    Chinese sentence for one word, so it needs "all_pieces" there. The decoders "bio-viterbi" and "bioes-viterbi" return
    the likeliest tag sequence that the scheme allows. Decoders of classifiers are "softmax" (one label holds) and
    "sigmoid" (several may), by default what `problem_type` says; those of span models end in "-nested" (the less sure
    of two crossing entities is dropped) or "-crossing" (both stay).

    `transitions` are weights of a linear chain over the tags of a tagger, which is then scored as a CRF with its logits
    as emissions. By default they are those of the module's CRF layer (pytorch-crf, TorchCRF), or the three that lie
    beside the tagger's own in the weight file: crf.start_transitions, crf.transitions (from, to), crf.end_transitions.

    `max_length` counts pieces with special pieces; longer texts go by overlapping windows (a classifier reads the
    first), or are refused with `windows=False`. `precision="exact"` promises results that do not depend on how rows are
    batched: float32, batches of `batch_rows` rows (32 by default), and attention that is not fused; on one machine,
    with one number of threads.
    Raises FileNotFoundError for a missing folder, ValueError for everything else that is wrong with a checkpoint.
    """
    module, tokenizer, name = resolve(source, read_checkpoint, "load_model")
    config = getattr(module, "config", None)
    written = getattr(config, "explain_lib", None) or {}
    labels, asked = _labels(config, name), decoder or written.get("decoder")
    if precision == "exact":
        dtype, batch_rows = _exact_dtype(dtype), batch_rows or EXACT_BATCH_ROWS
    elif precision is not None:
        raise ValueError(f"precision is {precision!r}; allowed are None and 'exact'.")
    pieces = Pieces.of(tokenizer, label_positions or written.get("label_positions", "first_piece"))
    if transitions is None:
        transitions = transitions_in(module, len(labels))
    network = place(module, len(labels), device, dtype)
    n_special = len(pieces.prefix) + len(pieces.suffix)
    plan = WindowPlan(longest_input(module, tokenizer, max_length) - n_special, is_on=windows)
    runner = Runner.of(network, batch_rows)
    shape = logits_shape(name, network, pieces, len(labels))
    if transitions is not None and len(shape) != 3:
        raise ValueError(f"{name} is no tagger (logits of shape {shape}), so it has no transitions between tags.")
    match shape:
        case (_, _):
            network = replace(network, reading=class_logits)
            check_padding(name, network, pieces)
            return Classifier(name, network, pieces, class_decoder(labels, config, asked), plan, runner)
        case (_, _, width, _):
            network = replace(network, reading=span_logits)
            return SpanTagger(name, network, pieces, span_decoder(labels, width, asked), plan, runner)
    return Tagger(name, network, pieces, tag_decoder(labels, asked, transitions), plan, runner)


def _labels(config: Any, name: str) -> tuple[str, ...]:
    id2label = getattr(config, "id2label", None)
    if not id2label:
        raise ValueError(f"{name} has no config.id2label; set it to the labels of the model, such as O, B-Disease, …")
    tags = {int(index): tag for index, tag in id2label.items()}
    if sorted(tags) != list(range(len(tags))):
        raise ValueError(f"the ids of id2label in {name} are {sorted(tags)[:8]} …; they must run from 0 without gaps.")
    return tuple(tags[i] for i in range(len(tags)))


def _exact_dtype(dtype: Dtype) -> Dtype:
    if dtype in ("bfloat16", "float16"):
        raise ValueError(f"precision='exact' promises float32, but dtype is {dtype!r}; leave dtype out.")
    return "float64" if dtype == "float64" else "float32"
