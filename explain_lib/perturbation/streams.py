"""Independent random streams: one seed given by the user, one stream for each purpose."""

from __future__ import annotations

from hashlib import blake2b
from zlib import crc32

import numpy as np

Rng = int | np.random.Generator


def seed_for(rng: Rng, purpose: str) -> np.random.SeedSequence:
    """The seed of one purpose; the same `rng` gives independent streams for two purposes.

    An int always gives the same seed. A Generator spawns a child, so that a second call gives another seed, and its
    own draws are left alone.
    """
    if isinstance(rng, np.random.Generator):
        parent = rng.bit_generator.seed_seq
        if not isinstance(parent, np.random.SeedSequence):
            raise TypeError("this Generator has no SeedSequence; make it with numpy.random.default_rng(seed).")
        return parent.spawn(1)[0]
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise TypeError(f"rng is {rng!r}; it must be an int of at least 0 or a numpy Generator.")
    return np.random.SeedSequence(int(rng), spawn_key=(crc32(purpose.encode()),))


def child(seed: np.random.SeedSequence, *keys: int) -> np.random.SeedSequence:
    """The seed below another that these keys name; without keys the same once more, nothing spawned from it yet."""
    return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, *keys))


def keys_of(content: bytes, n_bytes: int = 16) -> tuple[int, ...]:
    """Keys for `child` that stand for some content."""
    return tuple(np.frombuffer(blake2b(content, digest_size=n_bytes).digest(), "<u4").tolist())


def edit_seed(seed: np.random.SeedSequence, number: int) -> int:
    """The int with which the text after edit `number` is explained, where the text itself is explained with `seed`."""
    return int(np.random.default_rng(child(seed, crc32(b"edits of a bank"), number)).integers(2**63))


def stream(rng: Rng, purpose: str) -> np.random.Generator:
    """A generator for one purpose, from `seed_for`."""
    return np.random.default_rng(seed_for(rng, purpose))


def settled(rng: Rng, purpose: str) -> int:
    """One int for all that follows; a Generator gives another at each call. TypeError for what is no seed."""
    fresh = int(stream(rng, purpose).integers(2**63))
    return fresh if isinstance(rng, np.random.Generator) else int(rng)


def describe(rng: Rng) -> str:
    """How to make this stream again, for provenance."""
    if isinstance(rng, np.random.Generator):
        seed = rng.bit_generator.seed_seq
        entropy, key = getattr(seed, "entropy", "unknown"), getattr(seed, "spawn_key", ())
        spawned = getattr(seed, "n_children_spawned", 0)
        return f"Generator(entropy={entropy}, spawn_key={key}, n_children_spawned={spawned})"
    return str(rng)
