"""Checkpoints as GPU training leaves them, and every checkpoint that must be refused."""

from __future__ import annotations

import json
import pickle
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_checkpoints import LABELS, TAGS, TEXTS, build, save
from transformers import BertForMaskedLM

from explain_lib.core import Document
from explain_lib.models import load_model, predict
from explain_lib.models.precision import choose_device, has_bfloat16

DOCUMENTS = [Document(text) for text in TEXTS]


@pytest.fixture
def folder(tmp_path):
    save(tmp_path / "tagger")
    return tmp_path / "tagger"


def weights_of(folder):
    return load_file(folder / "model.safetensors")


def write_weights(folder, weights):
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def edit_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def found(model):
    return [(p.spans, p.confidence) for p in predict(model, DOCUMENTS)]


def assert_same(a, b, atol=0.0):
    assert sum(len(spans) for spans, _ in a) > 3
    for (spans, confidence), (other_spans, other) in zip(a, b, strict=True):
        assert spans == other_spans
        np.testing.assert_allclose(confidence, other, atol=atol, rtol=0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float8_e4m3fn])
def test_weights_in_another_precision_give_what_the_rounded_weights_give(folder, dtype):
    """float8 is a dtype in which a CPU cannot multiply at all."""
    module, tokenizer = build("bert")
    small = {name: (w / 4).to(dtype) for name, w in weights_of(folder).items()}
    module.load_state_dict({name: w.float() for name, w in small.items()})
    write_weights(folder, small)
    edit_config(folder, dtype=str(dtype).removeprefix("torch."))
    model = load_model(folder, dtype="float32")
    assert {w.dtype for w in model.network.module.parameters()} == {torch.float32}
    plain = load_model((module, tokenizer), dtype="float32")
    for a, b in zip(found(model), found(plain), strict=True):
        assert a[0] == b[0]
        np.testing.assert_array_equal(a[1], b[1])


def test_sharded_weights(folder, tmp_path):
    module, tokenizer = build("bert")
    module.save_pretrained(tmp_path / "shards", max_shard_size="20KB")
    tokenizer.save_pretrained(tmp_path / "shards")
    assert len(list((tmp_path / "shards").glob("model-*.safetensors"))) > 2
    assert_same(found(load_model(folder, dtype="float32")), found(load_model(tmp_path / "shards", dtype="float32")))


def test_a_missing_shard_is_named(tmp_path):
    module, tokenizer = build("bert")
    module.save_pretrained(tmp_path, max_shard_size="20KB")
    tokenizer.save_pretrained(tmp_path)
    lost = sorted(tmp_path.glob("model-*.safetensors"))[1]
    lost.unlink()
    with pytest.raises(ValueError, match=f"lacks {lost.name}, named in model.safetensors.index.json"):
        load_model(tmp_path)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
def test_prefixes_of_wrapped_training_are_taken_off(folder, prefix):
    before = found(load_model(folder, dtype="float32"))
    write_weights(folder, {prefix + name: w for name, w in weights_of(folder).items()})
    assert_same(before, found(load_model(folder, dtype="float32")))


class Bomb:
    def __reduce__(self):
        return (exec, ("raise AssertionError('unpickled')",))


def test_a_trainer_folder_is_read_and_nothing_in_it_unpickled(folder):
    before = found(load_model(folder, dtype="float32"))
    for name in ("training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth", "pytorch_model.bin"):
        (folder / name).write_bytes(pickle.dumps(Bomb()))
    (folder / "trainer_state.json").write_text('{"epoch": 3}')
    assert_same(before, found(load_model(folder, dtype="float32")))


def test_legacy_pooler_weights_are_no_reason_to_refuse(folder):
    """Older library versions saved a pooler and a position buffer with every tagger."""
    before = found(load_model(folder, dtype="float32"))
    extra = {
        "bert.pooler.dense.weight": torch.zeros(32, 32), "bert.pooler.dense.bias": torch.zeros(32),
        "bert.embeddings.position_ids": torch.arange(64)[None],
    }  # fmt: skip
    write_weights(folder, {**weights_of(folder), **extra})
    assert_same(before, found(load_model(folder, dtype="float32")))


def test_a_pickle_checkpoint_is_refused_with_the_way_to_convert_it(folder):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(
        ValueError, match=r"pickled weights only \(pytorch_model.bin\).*Convert it once.*save_pretrained"
    ):
        load_model(folder)


def test_a_folder_without_a_tokenizer_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ValueError, match="holds none of tokenizer.json, vocab.txt.*tokenizer.save_pretrained"):
        load_model(folder)


def test_code_in_a_checkpoint_is_not_run(folder):
    (folder / "modeling.py").write_text("raise AssertionError('ran')")
    edit_config(folder, model_type="surprise", auto_map={"AutoConfig": "modeling.C", "AutoModel": "modeling.M"})
    with pytest.raises(ValueError, match="surprise|remote|custom code"):
        load_model(folder)


def test_a_folder_without_weights_is_refused(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(ValueError, match=r"has no model.safetensors and no model.safetensors.index.json"):
        load_model(folder)


def test_a_checkpoint_of_another_task_is_refused(tmp_path):
    module, tokenizer = build("bert")
    BertForMaskedLM(module.config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    with pytest.raises(ValueError, match=r"checkpoint of another task \(BertForMaskedLM\)"):
        load_model(tmp_path)


def test_a_module_of_another_task_is_refused():
    module, tokenizer = build("bert")
    with pytest.raises(ValueError, match=r"logits of shape \(1, \d+, \d+\) for one row; a tagger with 5 tags returns"):
        load_model((BertForMaskedLM(module.config), tokenizer))


@pytest.mark.parametrize("content", [b"", b"no weights at all", None])
def test_a_corrupt_weight_file_is_named(folder, content):
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100] if content is None else content)
    with pytest.raises(ValueError, match="model.safetensors is corrupt or incomplete"):
        load_model(folder)


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("tokenizer.json", '{"a', "the tokenizer of .* cannot be read .*save_pretrained"),
        ("tokenizer.json", "{}", "the tokenizer of .* cannot be read .*save_pretrained"),
        ("config.json", "", "config.json"),
        ("config.json", "{}", "model_type"),
        ("model.safetensors.index.json", "{", "index.json names no weight files"),
        ("model.safetensors.index.json", "{}", "index.json names no weight files"),
    ],
)
def test_a_corrupt_text_file_is_named(folder, name, content, message):
    if "index" in name:
        (folder / "model.safetensors").unlink()
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_model(folder)


def test_a_head_that_is_not_in_the_file_is_never_made_up(folder):
    weights = weights_of(folder)
    write_weights(folder, {name: w for name, w in weights.items() if not name.startswith("classifier")})
    with pytest.raises(ValueError, match=r"lacks: classifier.bias, classifier.weight. Weights are never made up"):
        load_model(folder)


def test_left_over_weights_are_refused(folder):
    write_weights(folder, {**weights_of(folder), "crf.transitions": torch.zeros(5, 5)})
    with pytest.raises(ValueError, match=r"has left over: crf.transitions"):
        load_model(folder)


def test_a_label_list_that_does_not_fit_the_head_is_refused(folder):
    edit_config(
        folder, id2label={str(i): t for i, t in enumerate(TAGS[:3])}, label2id={t: i for i, t in enumerate(TAGS[:3])}
    )
    with pytest.raises(ValueError, match=r"has in another shape than config.json says: classifier"):
        load_model(folder)


def test_a_label_list_without_o_is_refused(folder):
    edit_config(folder, id2label={str(i): f"LABEL_{i}" for i in range(5)}, label2id={f"LABEL_{i}": i for i in range(5)})
    with pytest.raises(ValueError, match="has no 'O' tag"):
        load_model(folder)


@pytest.mark.parametrize(
    "source", ["./nowhere", "../no/where", "/nowhere/at/all", "~/nowhere-at-all", "nowhere", "a/b/c"]
)
def test_a_missing_folder_is_not_sent_to_the_hub(source, monkeypatch):
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *a, **k: pytest.fail("asked the hub"))
    with pytest.raises(FileNotFoundError, match="there is no folder .* nothing was asked of the hub"):
        load_model(source)


def test_a_path_below_an_existing_folder_is_no_hub_id(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    with pytest.raises(FileNotFoundError, match="there is no folder runs/x"):
        load_model("runs/x")


def test_a_hub_id_asks_for_configuration_and_safetensors_only(folder, monkeypatch):
    asked = {}

    def download(source, **settings):
        asked.update(settings, source=source)
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    model = load_model("owner/tagger")
    assert asked["source"] == model.name == "owner/tagger"
    assert not any(pattern.endswith((".bin", ".py", "*")) for pattern in asked["allow_patterns"])


def test_a_file_a_number_and_a_wrong_pair_are_refused(folder):
    with pytest.raises(ValueError, match="is a file; name the folder"):
        load_model(folder / "config.json")
    with pytest.raises(TypeError, match="load_model got a int"):
        load_model(3)
    with pytest.raises(TypeError, match=r"tuple of \['str', 'str'\]; it takes \(module, tokenizer\)"):
        load_model(("a", "b"))
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(ValueError, match="has no config.json"):
        load_model(folder)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("value, name", [(torch.nan, "NaN"), (torch.inf, "infinite")])
def test_nan_logits_name_rows_and_precision(folder, precision, value, name):
    weights = weights_of(folder)
    weights["classifier.bias"][2] = value
    write_weights(folder, weights)
    with pytest.raises(
        FloatingPointError, match=rf"{name} logits in {precision} for 5 of 5 rows .*Load it with dtype=\"float32\""
    ):
        predict(load_model(folder, dtype=precision), DOCUMENTS)


def test_decoder_and_label_positions_are_read_from_the_configuration_and_arguments_win(folder):
    assert load_model(folder).decoder.name == "bio-lenient"
    edit_config(folder, explain_lib={"decoder": "bio-strict", "label_positions": "all_pieces"})
    written, argued = load_model(folder), load_model(folder, decoder="bio-lenient", label_positions="first_piece")
    assert (written.decoder.name, written.pieces.label_positions) == ("bio-strict", "all_pieces")
    assert (argued.decoder.name, argued.pieces.label_positions) == ("bio-lenient", "first_piece")


@pytest.mark.parametrize(
    "tags, name",
    [(("O", "Disease", "Drug", "Sign", "Body"), "io"), (("O", "B-X", "I-X", "E-X", "S-X"), "bioes")],
)
def test_other_schemes_are_read_from_the_labels(folder, tags, name):
    edit_config(folder, id2label={str(i): t for i, t in enumerate(tags)}, label2id={t: i for i, t in enumerate(tags)})
    assert load_model(folder).decoder.name == name
    with pytest.raises(
        ValueError, match=f"decoder is 'bio-strict', but the label list is in the {name.upper()} scheme"
    ):
        load_model(folder, decoder="bio-strict")


def test_max_length_is_bounded_by_the_position_table(folder, tmp_path):
    assert load_model(folder).plan.limit == 62
    assert load_model(folder, max_length=20).plan.limit == 18
    with pytest.raises(ValueError, match="max_length is 65, but the model has 64 positions"):
        load_model(folder, max_length=65)
    save(tmp_path / "roberta", "roberta")  # counts positions from 2 on: 66 rows hold 64 pieces
    assert load_model(tmp_path / "roberta").plan.limit == 62


def test_a_text_longer_than_the_window_is_refused_when_windows_are_switched_off(folder):
    long = Document(TEXTS[1] * 6)
    assert predict(load_model(folder), long).spans
    with pytest.raises(ValueError, match=r"the text has \d+ pieces and the model reads 62 at once, but windows are"):
        predict(load_model(folder, windows=False), long)


def test_auto_precision_follows_the_hardware(folder):
    expected = "bfloat16" if has_bfloat16(choose_device("auto")) else "float32"
    assert load_model(folder).precision == expected
    assert load_model(folder, precision="exact").precision == "float32"


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"dtype": "int8"}, "dtype is 'int8'; allowed are 'auto', 'float64', 'float32', 'bfloat16', 'float16'"),
        ({"device": "abacus"}, "device is 'abacus'; allowed are 'auto', 'cpu'"),
        ({"precision": "high"}, "precision is 'high'; allowed are None and 'exact'"),
        ({"precision": "exact", "dtype": "bfloat16"}, "precision='exact' promises float32, but dtype is 'bfloat16'"),
        ({"batch_rows": 0}, "batch_rows is 0; it must be at least 1"),
    ],
)
def test_settings_out_of_range_are_refused(folder, settings, message):
    with pytest.raises(ValueError, match=message):
        load_model(folder, **settings)


def test_wrapped_modules_are_unwrapped():
    module, tokenizer = build("bert")
    plain = found(load_model((module, tokenizer), dtype="float32"))
    for wrapped in (torch.nn.DataParallel(module), torch.compile(module, backend="eager")):
        assert_same(plain, found(load_model((wrapped, tokenizer), dtype="float32")))


def test_the_labels_are_those_of_the_configuration(folder):
    assert load_model(folder).labels == ("Disease", "Drug")
    assert set(LABELS["id2label"].values()) == set(TAGS)
