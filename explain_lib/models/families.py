"""Which family a module belongs to: told by the shape of the logits that it returns for one row.

[1, pieces, tags] is a tagger, [1, labels] a classifier, [1, positions, width, labels] a span model.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from explain_lib.core import TagScheme

from .class_decoder import ClassDecoder
from .crf import CrfDecoder
from .family import TextCutter
from .network import Network
from .protocols import PieceRows
from .span_decoder import SpanDecoder
from .tagging import TagDecoder
from .transitions import Transitions

_EXPECTED = {
    2: "a classifier with {n} labels returns (1, {n})",
    3: "a tagger with {n} tags returns (1, pieces, {n})",
    4: "a span model with {n} labels returns (1, positions, width, {n})",
}


def logits_shape(name: str, network: Network, pieces: TextCutter, n_labels: int) -> tuple[int, ...]:
    """The shape of the logits of one probe row.

    Raises ValueError where they are not one per label: then the labels belong to another checkpoint or task.
    """
    shape = network.logits_shape(_probe(pieces))
    if len(shape) not in _EXPECTED or shape[-1] != n_labels:
        expected = _EXPECTED.get(len(shape), "; ".join(_EXPECTED.values())).format(n=n_labels)
        raise ValueError(
            f"{name} returns logits of shape {shape} for one row; {expected}. It is a model of another task, or "
            "id2label does not belong to it."
        )
    return shape


def tag_decoder(labels: tuple[str, ...], asked: str | None, transitions: Transitions | None) -> TagDecoder:
    """The decoder by name, by default lenient BIO or the scheme's own; a CRF's where there are transitions.

    "-viterbi" forbids what the scheme forbids, beside the transitions that are given.
    """
    scheme = TagScheme.from_tags(labels)
    offered = {one.name: one for one in (TagDecoder(scheme), TagDecoder(scheme, is_lenient=False))}
    legal = Transitions.legal(scheme)
    if legal.n_forbidden:
        lawful = CrfDecoder(scheme, is_lenient=False, transitions=legal)
        offered[lawful.name] = lawful
    if asked is not None and asked not in offered:
        raise ValueError(
            f"decoder is {asked!r}, but the label list is in the {scheme.name} scheme; allowed are "
            f"{', '.join(map(repr, offered))}."
        )
    chosen = offered[asked] if asked else TagDecoder(scheme)
    if transitions is None:
        return chosen
    if transitions.n_tags != len(labels):
        raise ValueError(f"transitions are for {transitions.n_tags} tags, but the model has {len(labels)}.")
    weights = transitions.plus(legal) if isinstance(chosen, CrfDecoder) else transitions
    return CrfDecoder(scheme, chosen.is_lenient, transitions=weights)


def class_decoder(labels: tuple[str, ...], config: Any, asked: str | None) -> ClassDecoder:
    """The decoder by name, else by the configuration's `problem_type`, else softmax.

    Raises ValueError for regression, which has no classes: also one logit without a word about what it means.
    """
    problem = getattr(config, "problem_type", None)
    if asked not in (None, "softmax", "sigmoid"):
        raise ValueError(f"decoder is {asked!r}, but the model is a classifier; allowed are 'softmax' and 'sigmoid'.")
    if asked is None and (problem == "regression" or (problem is None and len(labels) == 1)):
        raise ValueError(
            f"the model is a regression ({len(labels)} logits, problem_type {problem!r}): it gives a number and no "
            "class. If a logit is the log-odds of a class, load it with decoder='sigmoid'."
        )
    is_multi_label = asked == "sigmoid" or (asked is None and problem == "multi_label_classification")
    return ClassDecoder(labels, is_multi_label)


def span_decoder(labels: tuple[str, ...], width: int, asked: str | None) -> SpanDecoder:
    """The decoder by name; by default crossing entities are dropped and nested ones stay."""
    offered = {one.name: one for one in (SpanDecoder(labels, width), SpanDecoder(labels, width, keeps_crossing=True))}
    if asked is not None and asked not in offered:
        raise ValueError(
            f"decoder is {asked!r}, but the model is a span model whose labels {'have' if 'O' in labels else 'lack'} "
            f"an 'O'; allowed are {' and '.join(map(repr, offered))}."
        )
    return offered[asked] if asked is not None else SpanDecoder(labels, width)


def check_padding(name: str, network: Network, pieces: TextCutter) -> None:
    """Raise ValueError where padding behind a text changes the class: then every batch would change the scores."""
    row, pad = _probe(pieces), pieces.vocabulary.pad
    alone = network.exact_outputs(row)
    ids = np.concatenate([row.ids, np.full((1, 3), pad, np.int64)], axis=1)
    attended = np.arange(ids.shape[1])[None] < row.ids.shape[1]
    padded = network.exact_outputs(PieceRows(ids, attended, row.labels_at))
    if not np.allclose(alone, padded, rtol=1e-3, atol=1e-3):
        raise ValueError(
            f"{name} gives another answer when padding stands behind the text. A classifier that reads the last piece "
            f"must know the padding: set config.pad_token_id to the tokenizer's own padding piece (here {pad})."
        )


def _probe(pieces: TextCutter) -> PieceRows:
    """The row of a text of one letter; no label position is read."""
    ids = np.concatenate([pieces.prefix, pieces.encode("a").ids, pieces.suffix]).astype(np.int64)[None]
    return PieceRows(ids, np.ones(ids.shape, dtype=bool), np.zeros((1, 0), np.int64))
