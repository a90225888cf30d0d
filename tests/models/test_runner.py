"""Batches: company, padding and order of rows do not matter; memory shrinks the budget; an interrupt loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_checkpoints import TEXTS, build

from explain_lib.models import PieceRows, load_model
from explain_lib.models.predicting import stacked
from explain_lib.models.runner import PieceBudget, Runner, used_lengths


@pytest.fixture(scope="module")
def tagger():
    return load_model(build("bert"), dtype="float32")


@pytest.fixture(scope="module")
def exact():
    return load_model(build("bert"), precision="exact", batch_rows=5)


def rows_of(tagger, texts=TEXTS, n=6):
    rows = []
    for text in texts:
        encoding = tagger.encode(text)
        row = tagger.row(encoding, tagger.windows(encoding)[0])
        hidden = np.random.default_rng(len(text)).random((n, row.ids.shape[1])) < 0.4
        hidden[:, [0, -1]] = False
        ids = np.where(hidden, tagger.vocabulary.mask, row.ids)
        rows.append(PieceRows(ids, np.repeat(row.attended, n, 0), np.repeat(row.labels_at, n, 0)))
    return stacked(rows, tagger.vocabulary.pad)


def all_outputs(tagger, rows, runner=None):
    result = None
    seen = []
    for indices, batch in (runner or tagger.runner).iter_outputs(tagger.network, rows):
        result = np.full((len(rows), *batch.shape[1:]), np.inf, np.float32) if result is None else result
        result[indices] = batch
        seen += indices.tolist()
    assert sorted(seen) == list(range(len(rows)))
    return result


@settings(max_examples=15)
@given(budget=st.integers(1, 2000), seed=st.integers(0, 9))
def test_results_do_not_depend_on_batches_padding_or_order(tagger, budget, seed):
    rows = rows_of(tagger)
    reference = np.stack([tagger.network.outputs(rows[np.array([i])])[0] for i in range(len(rows))])
    order = np.random.default_rng(seed).permutation(len(rows))
    shuffled = all_outputs(tagger, rows[order], Runner(PieceBudget(budget)))
    np.testing.assert_allclose(shuffled, reference[order], atol=3e-5)
    assert (np.isnan(shuffled) == (rows.labels_at[order] < 0)[..., None]).all()


@settings(max_examples=15)
@given(seed=st.integers(0, 99), n=st.integers(1, 30))
def test_exact_results_are_the_same_bytes_in_any_company(exact, seed, n):
    rows = rows_of(exact)
    reference = all_outputs(exact, rows)
    chosen = np.random.default_rng(seed).permutation(len(rows))[:n]
    np.testing.assert_array_equal(all_outputs(exact, rows[chosen]), reference[chosen])


def test_removed_positions_are_nan_and_only_they(tagger):
    rows = rows_of(tagger, TEXTS[:1], n=3)
    labels_at = rows.labels_at.copy()
    labels_at[1, 2] = -1
    outputs = all_outputs(tagger, PieceRows(rows.ids, rows.attended, labels_at))
    assert (np.isnan(outputs).all(-1) == (labels_at < 0)).all()


def test_attention_off_is_not_padding(tagger):
    """A piece in the middle that nobody attends to stays in its place."""
    rows = rows_of(tagger, TEXTS[:1], n=1)
    attended = rows.attended.copy()
    attended[0, 3] = False
    off = PieceRows(rows.ids, attended, rows.labels_at)
    assert used_lengths(off)[0] == used_lengths(rows)[0]
    plain = tagger.network.module(
        input_ids=torch.as_tensor(rows.ids), attention_mask=torch.as_tensor(attended.astype(np.int64))
    ).logits[0]
    np.testing.assert_allclose(all_outputs(tagger, off)[0], plain[rows.labels_at[0]].detach(), atol=1e-5)
    assert np.abs(all_outputs(tagger, off) - all_outputs(tagger, rows)).max() > 1e-3


def test_a_batch_stays_within_the_budget(tagger, monkeypatch):
    sizes = []
    original = type(tagger.network).outputs
    monkeypatch.setattr(
        type(tagger.network), "outputs",
        lambda self, rows, names=None: sizes.append(rows.ids.size) or original(self, rows, names),
    )  # fmt: skip
    rows = rows_of(tagger)
    all_outputs(tagger, rows, Runner(PieceBudget(200)))
    assert max(sizes) <= 200 and len(sizes) < len(rows)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 GB"),
        RuntimeError("DefaultCPUAllocator: not enough memory: 9 GB"),
    ],
)
def test_out_of_memory_halves_the_batch_and_is_remembered(tagger, monkeypatch, error):
    original, failures = type(tagger.network).outputs, []

    def outputs(self, rows, names=None):
        if rows.ids.size > 150:
            failures.append(rows.ids.size)
            raise error
        return original(self, rows, names)

    rows, runner = rows_of(tagger), Runner(PieceBudget(100_000))
    reference = all_outputs(tagger, rows)
    monkeypatch.setattr(type(tagger.network), "outputs", outputs)
    np.testing.assert_allclose(all_outputs(tagger, rows, runner), reference, atol=3e-5)
    n_failures = len(failures)
    assert 1 < n_failures < 12 and runner.budget.pieces <= 150
    all_outputs(tagger, rows, runner)
    assert len(failures) == n_failures


def test_another_error_is_not_swallowed(tagger, monkeypatch):
    def outputs(self, rows, names=None):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(type(tagger.network), "outputs", outputs)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        list(tagger.iter_outputs(rows_of(tagger)))


def test_finished_batches_survive_an_interrupt(tagger, monkeypatch):
    original, calls = type(tagger.network).outputs, []

    def outputs(self, rows, names=None):
        calls.append(len(rows))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(self, rows, names)

    monkeypatch.setattr(type(tagger.network), "outputs", outputs)
    kept = []
    with pytest.raises(KeyboardInterrupt):
        for indices, _ in Runner(PieceBudget(150)).iter_outputs(tagger.network, rows_of(tagger)):
            kept += indices.tolist()
    assert len(kept) == calls[0] + calls[1]


def test_larger_networks_get_smaller_batches():
    small = load_model(build("bert"))
    assert small.runner.budget.pieces == 1 << 14

    class Big:
        device, n_encoder_weights = torch.device("cpu"), 85_000_000

    assert 500 < Runner.of(Big()).budget.pieces < 600
