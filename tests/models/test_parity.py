"""Every architecture: the same logits, positions and spans as the plain library call."""

from __future__ import annotations

import numpy as np
import pytest
from seqeval.metrics.sequence_labeling import get_entities
from tiny_checkpoints import ARCHITECTURES, TAGS, TEXTS, build, plain_logits, save

from explain_lib.core import Document
from explain_lib.models import load_model, predict


@pytest.fixture(scope="module", params=ARCHITECTURES)
def saved(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    module, tokenizer = save(folder, request.param)
    return folder, module, tokenizer


def read_logits(tagger, text):
    encoding = tagger.encode(text)
    row = tagger.row(encoding, tagger.windows(encoding)[0])
    ((_, outputs),) = tagger.iter_outputs(row)
    return outputs[0]


def first_pieces(words):
    return [i for i, word in enumerate(words) if word is not None and (i == 0 or words[i - 1] != word)]


@pytest.mark.parametrize("text", TEXTS)
def test_logits_are_those_of_the_plain_call(saved, text):
    folder, module, tokenizer = saved
    plain, words = plain_logits(module, tokenizer, text)
    tagger = load_model(folder, dtype="float32")
    at = first_pieces(words)
    encoding = tagger.encode(text)
    if len(encoding.labels_at) < len(at):  # words of white space alone carry no label
        at = [i + tagger.n_prefix for i in encoding.labels_at]
    np.testing.assert_allclose(read_logits(tagger, text), plain[at], atol=2e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_every_piece_may_carry_a_label(saved, text):
    folder, module, tokenizer = saved
    plain, _ = plain_logits(module, tokenizer, text)
    tagger = load_model(folder, dtype="float32", label_positions="all_pieces")
    at = tagger.encode(text).labels_at + tagger.n_prefix
    np.testing.assert_allclose(read_logits(tagger, text), plain[at], atol=2e-5)


def test_ids_are_those_of_the_plain_call(saved):
    folder, _, tokenizer = saved
    tagger = load_model(folder)
    for text in TEXTS:
        encoding = tagger.encode(text)
        assert tagger.row(encoding, tagger.windows(encoding)[0]).ids[0].tolist() == tokenizer(text)["input_ids"]


def test_spans_are_those_of_seqeval_on_the_plain_tags(saved):
    """seqeval's default reading of BIO is the lenient one."""
    folder, module, tokenizer = saved
    tagger = load_model(folder, dtype="float32")
    n_found = 0
    for text in TEXTS:
        encoding = tagger.encode(text)
        plain, _ = plain_logits(module, tokenizer, text)
        tags = [TAGS[i] for i in plain[encoding.labels_at + tagger.n_prefix].argmax(-1).tolist()]
        expected = [
            (kind, int(encoding.extents[first, 0]), int(encoding.extents[last, 1]))
            for kind, first, last in get_entities(tags)
        ]
        found = predict(tagger, Document(text))
        assert [(s.label, s.start, s.end) for s in found.spans] == expected
        n_found += len(expected)
    assert n_found > 3


def test_module_and_tokenizer_give_what_the_folder_gives(saved):
    folder, module, tokenizer = saved
    from_folder, handed_in = load_model(folder, dtype="float32"), load_model((module, tokenizer), dtype="float32")
    for text in TEXTS:
        np.testing.assert_array_equal(read_logits(from_folder, text), read_logits(handed_in, text))


def test_the_callers_module_and_tokenizer_are_not_changed():
    module, tokenizer = build("roberta")
    tokenizer.backend_tokenizer.enable_truncation(7)
    tokenizer.backend_tokenizer.enable_padding(length=9)
    module.train()
    module.classifier.weight.requires_grad_(False)
    before = {name: w.clone() for name, w in module.state_dict().items()}
    tagger = load_model((module, tokenizer), dtype="bfloat16")
    predict(tagger, [Document(text) for text in TEXTS])
    assert module.training and module.roberta.training
    assert {p.dtype.itemsize for p in module.parameters()} == {4}
    assert not module.classifier.weight.requires_grad and module.roberta.embeddings.word_embeddings.weight.requires_grad
    assert all((w == before[name]).all() for name, w in module.state_dict().items())
    assert tokenizer.backend_tokenizer.truncation["max_length"] == 7
    assert tokenizer.backend_tokenizer.padding["length"] == 9
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in module.modules())
    assert len(tagger.encode(TEXTS[2]).ids) > 9


def test_reduced_precision_keeps_the_head_in_float32_and_stays_close(saved):
    folder, _, _ = saved
    exact, fast = load_model(folder, dtype="float32"), load_model(folder, dtype="bfloat16")
    assert (exact.is_exact, fast.is_exact, fast.precision) == (True, False, "bfloat16")
    assert {w.dtype.itemsize for n, w in fast.network.fast.named_parameters() if "classifier" in n} == {4}
    assert {w.dtype.itemsize for n, w in fast.network.fast.named_parameters() if "classifier" not in n} == {2}
    for text in TEXTS:
        reference = read_logits(exact, text)
        error = np.abs(read_logits(fast, text) - reference).max()
        assert 0 < error < 0.1 * np.abs(reference).max()
        encoding = fast.encode(text)
        row = fast.row(encoding, fast.windows(encoding)[0])
        np.testing.assert_allclose(fast.exact_outputs(row)[0], reference, atol=1e-6)


def test_repr_states_decoder_and_label_positions(saved):
    folder, _, _ = saved
    shown = repr(load_model(folder, decoder="bio-strict", label_positions="all_pieces"))
    assert "decoder='bio-strict'" in shown and "label_positions='all_pieces'" in shown
