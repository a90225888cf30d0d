"""What a masked language model finds likely: against the plain module, row by row."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from tiny_checkpoints import build
from tiny_masked_models import masked_lm

from explain_lib.models import load_fill_in, load_model
from explain_lib.models.protocols import PieceRows

TEXT = "Patiënt kreeg furosemide wegens hartfalen."


@cache
def mlm(batch_rows: int = 8):
    return load_fill_in(masked_lm(), batch_rows=batch_rows)


@cache
def row() -> PieceRows:
    model = load_model(build("bert"), precision="exact")
    encoding = model.encode(TEXT)
    return model.row(encoding, model.windows(encoding)[0])


def some_hidden(n: int = 11) -> np.ndarray:
    hidden = np.random.default_rng(0).random((n, row().ids.shape[1])) < 0.3
    hidden[2] = False
    return hidden


def reference(ids: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """float64[places, pieces], one unpadded row at a time."""
    module, tokenizer = masked_lm()
    found = []
    for some, own in zip(ids, hidden, strict=True):
        masked = torch.as_tensor(np.where(own, tokenizer.mask_token_id, some))[None]
        with torch.no_grad():
            logits = module(input_ids=masked, attention_mask=torch.ones_like(masked)).logits[0].double()
        logits[:, tokenizer.all_special_ids] = -torch.inf
        found.append(logits.log_softmax(-1)[torch.as_tensor(own)].numpy())
    return np.concatenate(found)


def test_the_likeliest_pieces_are_those_of_the_plain_model() -> None:
    hidden = some_hidden()
    expected = reference(np.repeat(row().ids, len(hidden), axis=0), hidden)
    ids, log_probs = mlm().likeliest(row(), hidden, 5)
    assert ids.shape == log_probs.shape == (hidden.sum(), 5) and log_probs.dtype == np.float64
    np.testing.assert_array_equal(ids, np.argsort(-expected, axis=1)[:, :5])
    np.testing.assert_allclose(log_probs, -np.sort(-expected, axis=1)[:, :5], atol=1e-4)


def test_log_probs_are_those_of_the_pieces_that_stand_there() -> None:
    hidden = some_hidden()
    ids = np.repeat(row().ids, len(hidden), axis=0)
    expected = reference(ids, hidden)
    own = ids[hidden]
    found = mlm().log_probs(row(), hidden)
    np.testing.assert_allclose(found, expected[np.arange(len(own)), own], atol=1e-4)
    assert np.isneginf(found).sum() == np.isin(own, masked_lm()[1].all_special_ids).sum() > 0


def test_rows_of_their_own_may_be_padded() -> None:
    hidden = some_hidden(3)
    short, length = row().ids[0, :-2], row().ids.shape[1]
    ids = np.stack([row().ids[0], np.pad(short, (0, 2)), row().ids[0]])
    hidden[1] = np.arange(length) == 3
    attended = np.stack([np.ones(length, bool), np.arange(length) < len(short), np.ones(length, bool)])
    rows = PieceRows(ids, attended, np.zeros((3, 0), dtype=np.int64))
    expected = reference(short[None], hidden[1:2, :-2])
    found = mlm().log_probs(rows, hidden)[hidden[0].sum()]
    np.testing.assert_allclose(found, expected[0, short[3]], atol=1e-4)


def test_nothing_hidden_gives_nothing() -> None:
    nothing = np.zeros((2, row().ids.shape[1]), dtype=bool)
    assert mlm().likeliest(row(), nothing, 4)[0].shape == (0, 4) and mlm().log_probs(row(), nothing).shape == (0,)


def test_rows_that_are_too_long_are_refused() -> None:
    long = PieceRows(np.zeros((1, 99), np.int64), np.ones((1, 99), bool), np.zeros((1, 0), np.int64))
    with pytest.raises(ValueError, match="the row has 99 pieces and the masked language model 'BertForMaskedLM' reads"):
        mlm().likeliest(long, np.ones((1, 99), dtype=bool), 3)
