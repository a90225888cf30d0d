"""`model_digest`: what tells a model from every other, its weights included."""

from __future__ import annotations

import re
from hashlib import sha256

import torch

from .family import Family
from .protocols import Model


def model_digest(model: Model) -> str:
    """32 hexadecimal digits for a model: a hash of its repr, without addresses, and of all of its weights.

    So results of one checkpoint are not taken for those of the next in the same folder. A model that is no `Family`
    is told by its repr alone: let that name a version. Cost: the weights read once, about a second for a gigabyte.
    """
    digest = sha256(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(model)).encode())
    if isinstance(model, Family):
        for name, weight in model.network.module.state_dict().items():
            digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}".encode())
            digest.update(weight.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:32]
