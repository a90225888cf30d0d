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


@settings(max_examples=8)
@given(seed=st.integers(0, 99), length=st.sampled_from([11, 17, 23]))
def test_exact_results_do_not_depend_on_where_a_row_stands_nor_on_threads(exact, seed, length):
    """Odd lengths: fused attention would align its memory differently for each thread."""
    before = torch.get_num_threads()
    rng = np.random.default_rng(seed)
    ids = rng.integers(5, 60, (5, length))
    rows = PieceRows(ids, np.ones(ids.shape, dtype=bool), np.repeat(np.arange(length)[None], 5, 0))
    order = rng.permutation(5)
    try:
        torch.set_num_threads(max(2, before))
        np.testing.assert_array_equal(all_outputs(exact, rows[order]), all_outputs(exact, rows)[order])
    finally:
        torch.set_num_threads(before)


@settings(max_examples=8)
@given(seed=st.integers(0, 99))
def test_exact_results_stand_any_mix_of_lengths_positions_and_attention(exact, seed):
    """Rows that attend to everything beside rows that do not, and rows of one length with fewer label positions."""
    rng, rows = np.random.default_rng(seed), rows_of(exact)
    attended = rows.attended & (rng.random(rows.ids.shape) < np.where(rng.random(len(rows)) < 0.5, 1.1, 0.7)[:, None])
    attended[:, 0] = True
    is_read = np.arange(rows.labels_at.shape[1]) < rng.integers(1, 9, len(rows))[:, None]
    labels_at = np.where(is_read, rows.labels_at, -1)
    mixed = PieceRows(rows.ids, attended, labels_at)
    reference = np.stack([all_outputs(exact, mixed[np.array([i])])[0] for i in range(len(mixed))])
    np.testing.assert_array_equal(all_outputs(exact, mixed), reference)
    assert (np.isnan(reference).all(-1) == (labels_at < 0)).all()


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


def learned(budget, speed, n=40):
    """What a budget comes to when a batch of p pieces runs at speed(p) pieces per second."""
    for _ in range(n):
        budget.learn(budget.pieces, budget.pieces / speed(budget.pieces))
    return budget.pieces


def test_a_budget_grows_while_batches_get_faster_and_then_stays():
    fast_to = lambda knee: lambda pieces: min(pieces, knee) * 1000.0  # noqa: E731
    budget = PieceBudget(1000, most=64_000)
    assert learned(budget, fast_to(8000)) == 8000 and budget.is_settled
    assert learned(budget, lambda pieces: 1e12) == 8000
    assert learned(PieceBudget(1000, most=3000), fast_to(8000)) == 2000
    assert learned(PieceBudget(1000, most=64_000), lambda pieces: 5000.0) == 1000
    assert learned(PieceBudget(1000, most=64_000), fast_to(500)) == 1000


def test_a_budget_stays_where_batches_would_take_over_half_a_second():
    assert learned(PieceBudget(1000, most=64_000), lambda pieces: 3000 * (pieces / 1000) ** 0.5) == 1000


def test_a_budget_is_halved_while_batches_take_over_half_a_second():
    """The machine is busy with something else, or the network slower than thought."""
    budget = PieceBudget(8000, most=64_000, is_settled=True)
    assert learned(budget, lambda pieces: 4500.0) == 2000
    assert learned(budget, lambda pieces: 1e9) == 2000  # and stays
    assert learned(PieceBudget(1024, most=64_000), lambda pieces: 1.0) == 512  # below that a batch gains nothing


def test_short_last_batches_and_one_slow_start_teach_nothing():
    budget = PieceBudget(1000, most=4000)
    budget.learn(100, 1.0)
    for seconds in (9.0, 0.01, 0.01):
        budget.learn(1000, seconds)
    assert budget.pieces == 2000


def test_only_long_runs_without_a_fixed_batch_are_trials(tagger, exact):
    rows, short = rows_of(tagger), Runner(PieceBudget(200, most=400))
    all_outputs(tagger, rows, short)
    assert not short.budget._speeds and not short.budget.is_settled
    long = Runner(PieceBudget(30, most=60))
    all_outputs(tagger, rows, long)
    assert long.budget.is_settled or long.budget._speeds or long.budget.pieces > 30
    fixed = Runner(PieceBudget(30, most=60), batch_rows=2)
    all_outputs(tagger, rows, fixed)
    assert fixed.budget == PieceBudget(30, most=60)


def test_out_of_memory_ends_the_trial():
    budget = PieceBudget(4000, most=64_000)
    budget.halve(4000)
    assert learned(budget, lambda pieces: pieces * 1e6) == 2000


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
