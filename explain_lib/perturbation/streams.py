"""Independent random streams: one seed given by the user, one stream for each purpose."""

from __future__ import annotations

from zlib import crc32

import numpy as np

Rng = int | np.random.Generator


def stream(rng: Rng, purpose: str) -> np.random.Generator:
    """A generator for one purpose; the same seed gives independent streams for two purposes.

    An int always gives the same stream. A Generator is advanced (it spawns a child), as users of NumPy expect, and
    its draws are left alone.
    """
    if isinstance(rng, np.random.Generator):
        return rng.spawn(1)[0]
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise TypeError(f"rng is {rng!r}; it must be an int of at least 0 or a numpy Generator.")
    return np.random.default_rng(np.random.SeedSequence(int(rng), spawn_key=(crc32(purpose.encode()),)))


def describe(rng: Rng) -> str:
    """How to make this stream again, for provenance."""
    if isinstance(rng, np.random.Generator):
        seed = rng.bit_generator.seed_seq
        entropy, key = getattr(seed, "entropy", "unknown"), getattr(seed, "spawn_key", ())
        spawned = getattr(seed, "n_children_spawned", 0)
        return f"Generator(entropy={entropy}, spawn_key={key}, n_children_spawned={spawned})"
    return str(int(rng))
