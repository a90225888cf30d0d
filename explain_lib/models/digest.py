"""`model_digest`: what tells a model from every other, its weights included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

import torch

from .crf import CrfDecoder
from .family import Family
from .pieces import Pieces
from .protocols import Model


def model_digest(model: Model) -> str:
    """32 hexadecimal digits for a model: a hash of its repr, without addresses, and of all that decides its answers.

    That is its weights, its tokenizer, how it cuts long texts, and transitions that were given beside the weights. So
    results of one checkpoint are not taken for those of the next in the same folder. A model that is no `Family`
    is told by its repr alone: let that name a version. Cost: the weights read once, about a second for a gigabyte.
    """
    digest = sha256(_lasting(repr(model)))
    if isinstance(model, Family):
        for part in _settings(model):
            digest.update(sha256(part).digest())
        for name, weight in model.network.module.state_dict().items():
            digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}".encode())
            digest.update(weight.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:32]


def _settings(model: Family) -> Iterator[bytes]:
    """What stands beside the weights and is not in the repr."""
    yield _lasting(repr(model.plan))
    yield model.pieces.tokenizer.to_str().encode() if isinstance(model.pieces, Pieces) else _lasting(repr(model.pieces))
    decoder = getattr(model, "decoder", None)
    if isinstance(decoder, CrfDecoder):
        yield decoder.transitions.matrix.tobytes()


def _lasting(words: str) -> bytes:
    """A repr without addresses, which differ from one session to the next."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", words).encode()
