"""What a masked language model writes: its own softmax, whatever company a row has; foreign checkpoints are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import transformers as hf
from safetensors.torch import load_file
from tiny_checkpoints import build
from tiny_masked_models import HEADS, masked_lm
from torch import nn

from explain_lib.models import load_fill_in
from explain_lib.models.fill_in import MaskedLanguageModel
from explain_lib.models.protocols import PieceRows

TEXT = "Patiënt kreeg furosemide; 患者头痛 😀."


def row_of(tokenizer: hf.PreTrainedTokenizerFast, text: str = TEXT) -> PieceRows:
    ids = np.asarray(tokenizer(text)["input_ids"], dtype=np.int64)[None]
    return PieceRows(ids, np.ones_like(ids, dtype=bool), np.arange(1, ids.shape[1] - 1)[None])


def some_hidden(row: PieceRows, n: int, rng: int = 0) -> np.ndarray:
    hidden = np.random.default_rng(rng).random((n, row.ids.shape[1])) < 0.4
    hidden[:, [0, -1]] = False
    return hidden


def plain_softmax(module: nn.Module, tokenizer: object, row: PieceRows, hidden: np.ndarray) -> np.ndarray:
    """The plain library call with every hidden piece masked, special pieces taken out: float64[length, pieces]."""
    ids = torch.as_tensor(np.where(hidden, tokenizer.mask_token_id, row.ids))
    with torch.no_grad():
        logits = module(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0].double()
    logits[:, tokenizer.all_special_ids] = -torch.inf
    return logits.softmax(-1).numpy()


@pytest.mark.parametrize("architecture", HEADS)
def test_pieces_are_drawn_from_the_softmax_of_the_plain_call(architecture: str) -> None:
    """Evenly spread numbers pick a piece of probability p in p of all draws, to within two."""
    module, tokenizer = masked_lm(architecture)
    mlm, row, n_draws = load_fill_in((module, tokenizer)), row_of(tokenizer), 4000
    assert isinstance(mlm.head, nn.Linear), "the output layer was not found"
    hidden = some_hidden(row, 1)
    uniforms = np.repeat(((np.arange(n_draws) + 0.5) / n_draws)[:, None], row.ids.shape[1], axis=1)
    written = mlm.fill_in(row, hidden, uniforms)[0]
    expected = plain_softmax(module, tokenizer, row, hidden[0])
    assert hidden.sum() > 3
    for column in range(row.ids.shape[1]):
        if not hidden[0, column]:
            assert (written[:, column] == row.ids[0, column]).all()
            continue
        counts = np.bincount(written[:, column], minlength=expected.shape[1])
        assert np.abs(counts - n_draws * expected[column]).max() < 2
        assert np.count_nonzero(counts) > 3, "a softmax of one piece tests nothing"


def test_a_row_is_written_alike_in_any_company() -> None:
    module, tokenizer = masked_lm()
    row, uniforms = row_of(tokenizer), np.random.default_rng(1).random((5, row_of(tokenizer).ids.shape[1]))
    hidden = np.concatenate([some_hidden(row, 21), np.zeros((2, row.ids.shape[1]), dtype=bool)])
    mlm = load_fill_in((module, tokenizer), batch_rows=4)
    whole = mlm.fill_in(row, hidden, uniforms)
    order = np.random.default_rng(2).permutation(len(hidden))
    np.testing.assert_array_equal(mlm.fill_in(row, hidden[order], uniforms), whole[order])
    np.testing.assert_array_equal(np.concatenate([mlm.fill_in(row, h[None], uniforms) for h in hidden]), whole)
    np.testing.assert_array_equal(whole[-2:], np.broadcast_to(row.ids, (2, 5, row.ids.shape[1])))
    assert len({tuple(ids) for ids in whole[0].tolist()}) > 1


def test_batches_and_chunks_have_one_size_and_hold_hidden_positions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explain_lib.models.fill_in._LOGITS", 16 * 160)
    module, tokenizer = masked_lm()
    mlm, row, sizes, batches = load_fill_in((module, tokenizer)), row_of(tokenizer), [], []
    mlm.body.register_forward_pre_hook(lambda _, args, named: batches.append(len(named["input_ids"])), with_kwargs=True)
    mlm.head.register_forward_pre_hook(lambda _, args: sizes.append(args[0].shape[0]))
    hidden = some_hidden(row, 20)
    whole = mlm.fill_in(row, hidden, np.random.default_rng(0).random((3, row.ids.shape[1])))
    assert batches == [8, 8, 8] and set(sizes) == {mlm._chunk} and mlm._chunk < 20
    assert sum(sizes) >= hidden.sum() > 4 * mlm._chunk
    monkeypatch.undo()
    np.testing.assert_array_equal(
        mlm.fill_in(row, hidden, np.random.default_rng(0).random((3, row.ids.shape[1]))), whole
    )


def test_a_module_without_a_single_output_layer_works_as_a_whole() -> None:
    class Odd(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> object:
            return self.inner(input_ids=input_ids, attention_mask=attention_mask)

    module, tokenizer = masked_lm()
    row = row_of(tokenizer)
    uniforms, hidden = np.random.default_rng(0).random((6, row.ids.shape[1])), some_hidden(row, 3)
    odd = load_fill_in((Odd(module), tokenizer))
    assert isinstance(odd.head, nn.Identity) and odd.batch_rows == 1
    np.testing.assert_array_equal(
        odd.fill_in(row, hidden, uniforms), load_fill_in((module, tokenizer)).fill_in(row, hidden, uniforms)
    )


def test_a_module_is_copied_and_a_folder_gives_the_same(tmp_path: Path) -> None:
    module, tokenizer = masked_lm()
    before = {name: weight.clone() for name, weight in module.state_dict().items()}
    given = load_fill_in((module, tokenizer))
    assert module.get_output_embeddings() is module.cls.predictions.decoder
    assert all(torch.equal(weight, before[name]) for name, weight in module.state_dict().items())
    module.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    read, row = load_fill_in(tmp_path), row_of(tokenizer)
    assert repr(given) == "MaskedLanguageModel(name='BertForMaskedLM')" and read.name.endswith(tmp_path.name)
    uniforms, hidden = np.random.default_rng(0).random((6, row.ids.shape[1])), some_hidden(row, 3)
    np.testing.assert_array_equal(read.fill_in(row, hidden, uniforms), given.fill_in(row, hidden, uniforms))
    assert dict(read.pieces) == tokenizer.get_vocab()


def test_what_is_no_masked_language_model_is_refused(tmp_path: Path) -> None:
    module, tokenizer = masked_lm()
    with pytest.raises(ValueError, match=r"returns logits of shape \(1, 2, 5\).*It is a model of another task"):
        load_fill_in(build("bert"))
    with pytest.raises(TypeError, match="load_fill_in got a int; it takes a folder"):
        load_fill_in(3)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        load_fill_in(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="cannot be read as a masked language model in safetensors"):
        load_fill_in(tmp_path)
    with pytest.raises(ValueError, match="batch_rows is 0; it must be at least 1"):
        load_fill_in((module, tokenizer), batch_rows=0)
    tagger, _ = build("bert")
    tagger.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="lacks cls.predictions.*holds no complete masked language model"):
        load_fill_in(tmp_path)
    tokenizer.mask_token = None
    with pytest.raises(ValueError, match="the tokenizer of BertForMaskedLM has no mask piece"):
        load_fill_in((module, tokenizer))


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    module, tokenizer = masked_lm()
    module.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    torch.save(load_file(tmp_path / "model.safetensors"), tmp_path / "pytorch_model.bin")
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ValueError, match="cannot be read as a masked language model in safetensors"):
        load_fill_in(tmp_path)


def test_long_rows_and_broken_weights_are_named() -> None:
    module, tokenizer = masked_lm()
    mlm, row = load_fill_in((module, tokenizer)), row_of(tokenizer, "koorts " * 80)
    assert mlm.longest == 64
    with pytest.raises(ValueError, match=r"the masked language model 'BertForMaskedLM' reads 64. Load your model"):
        mlm.fill_in(row, some_hidden(row, 1), np.zeros((1, row.ids.shape[1])))
    short = row_of(tokenizer)
    with torch.no_grad():
        mlm.head.weight[7] = torch.nan
    with pytest.raises(FloatingPointError, match="returned NaN or infinite logits; its weights are broken"):
        mlm.fill_in(short, some_hidden(short, 1), np.zeros((1, short.ids.shape[1])))


def test_the_highest_numbers_still_pick_a_piece_that_may_be_written() -> None:
    module, tokenizer = masked_lm()
    mlm, row = load_fill_in((module, tokenizer)), row_of(tokenizer)
    written = mlm.fill_in(row, some_hidden(row, 8), np.ones((1, row.ids.shape[1])))
    assert written.max() < len(tokenizer)
    assert not np.isin(written[:, :, 1:-1], np.setdiff1d(tokenizer.all_special_ids, row.ids)).any()
    assert isinstance(mlm, MaskedLanguageModel)
