"""A seed for every document, from one seed and the document's id: neither order nor chunks matter."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from explain_lib.perturbation.streams import Rng, seed_for


def document_seed(rng: Rng | np.random.SeedSequence, document_id: str) -> int:
    """The `rng` that `explain_corpus(..., rng=rng)` gives `explain` for this document.

    A Generator gives another seed at each call, as it does everywhere; an int gives the same.
    """
    seed = rng if isinstance(rng, np.random.SeedSequence) else corpus_seed(rng)
    source = f"{seed.entropy} {list(seed.spawn_key)} {document_id}"
    return int.from_bytes(sha256(source.encode()).digest()[:8], "big")


def corpus_seed(rng: Rng) -> np.random.SeedSequence:
    """The seed of a sweep."""
    return seed_for(rng, "explain_corpus")
