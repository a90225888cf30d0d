"""Batches and corruption: every sequence once, bounded padding, special pieces untouched."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.training.batching import batch_indices, pad
from explain_lib.training.masking import IGNORED, Masking


@given(lengths=st.lists(st.integers(1, 90), min_size=1, max_size=200), max_pieces=st.integers(1, 120))
def test_a_pass_holds_every_sequence_once_within_the_bound(lengths: list[int], max_pieces: int) -> None:
    batches = list(batch_indices(lengths, max_pieces, np.random.default_rng(0)))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(b) == 1 or len(b) * max(lengths[i] for i in b) <= max_pieces for b in batches)


def test_the_same_seed_gives_the_same_batches() -> None:
    passes = [list(batch_indices(range(1, 60), 64, np.random.default_rng(seed))) for seed in (1, 1, 2)]
    assert passes[0] == passes[1] != passes[2]


def test_pad() -> None:
    assert pad([[1, 2], [3]], 9).tolist() == [[1, 2], [3, 9]]


def test_corruption_hides_its_share_and_never_a_special_piece() -> None:
    masking = Masking(mask_id=4, n_pieces=100, special_ids=(0, 2, 3, 4))
    ids = torch.randint(5, 100, (200, 50), generator=torch.Generator().manual_seed(0))
    ids[:, 0], ids[:, -1] = 2, 3
    corrupted, targets = masking.corrupt(ids, 0.15, torch.Generator().manual_seed(1))
    chosen = targets != IGNORED
    assert not chosen[:, [0, -1]].any() and torch.equal(targets[chosen], ids[chosen])
    assert torch.equal(corrupted[~chosen], ids[~chosen])
    assert abs(float(chosen[:, 1:-1].float().mean()) - 0.15) < 0.015
    assert abs(float((corrupted[chosen] == 4).float().mean()) - 0.8) < 0.05
