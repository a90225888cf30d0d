"""Span models: the head against loops, folders, windows, hidings, and a nested rule that a model learns."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import transformers as hf
from safetensors.torch import load_file, save_file
from tiny_checkpoints import ARCHITECTURES, SIZE, TEXTS, build, trained_tokenizer

from explain_lib.attribution import Exact, IntegratedGradients, PermutationShap, explain
from explain_lib.core import NO_ENTITY, Document, Span, Target, longer
from explain_lib.models import load_model, predict
from explain_lib.models.biaffine import BiaffineModel
from explain_lib.perturbation import AttentionOff, Delete, MaskPiece, Query

SOFTMAX, SIGMOID = ("O", "Disease", "Drug"), ("Disease", "Drug")
DOC = Document(TEXTS[1], "en")
LONG = Document(" ".join(TEXTS[:4] * 3))
HEART_FAILURE = Span(44, 57, "Disease")


def built(labels=SOFTMAX, width=4, seed=0, label_positions="first_piece"):
    """A span model with random weights, large enough to be decided, and its tokenizer."""
    encoder, tokenizer = build("bert", seed, task=hf.AutoModel)
    torch.manual_seed(seed)
    module = BiaffineModel(encoder, labels, width=width, hidden=8, label_positions=label_positions)
    with torch.no_grad():
        module.head.bilinear.mul_(6.0)
        module.head.width_bias.normal_()
    return module.eval(), tokenizer


def plain_logits(module, tokenizer, text, encoding):
    """[positions, width, labels] by loops over spans, from the encoder's own call."""
    head, at = module.head, encoding.labels_at + 1
    batch = tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        states = module.encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
        states = states.last_hidden_state[0]
        result = np.full((len(at), head.width, len(module.config.id2label)), np.nan)
        for s in range(len(at)):
            for e in range(s, min(s + head.width, len(at))):
                views = head.start(states[at[s]]), head.end(states[at[e]])
                start, end = (torch.cat([view, torch.ones(1)]) for view in views)
                forms = [start @ form @ end for form in head.bilinear]
                result[s, e - s] = torch.stack(forms) + head.width_bias[e - s]
    return result


@pytest.mark.parametrize("label_positions", ["first_piece", "all_pieces"])
@pytest.mark.parametrize("labels", [SOFTMAX, SIGMOID])
def test_logits_are_those_of_loops_over_spans(labels, label_positions):
    module, tokenizer = built(labels, label_positions=label_positions)
    model = load_model((module, tokenizer), dtype="float32")
    assert model.pieces.label_positions == label_positions
    for text in TEXTS:
        encoding = model.encode(text)
        ((_, outputs),) = model.iter_outputs(model.row(encoding, model.windows(encoding)[0]))
        np.testing.assert_allclose(outputs[0], plain_logits(module, tokenizer, text, encoding), atol=1e-4)


def test_padding_and_company_do_not_matter():
    model = load_model(built(), dtype="float64")
    together = predict(model, [Document(text) for text in TEXTS])
    for text, found in zip(TEXTS, together, strict=True):
        alone = predict(model, Document(text))
        assert found.spans == alone.spans
        np.testing.assert_allclose(found.confidence, alone.confidence, atol=1e-9)
    assert sum(len(found.spans) for found in together) > 5


@pytest.mark.parametrize("labels", [SOFTMAX, SIGMOID])
def test_a_confidence_is_the_probability_of_the_target_in_short_and_long_texts(labels):
    model = load_model(built(labels), dtype="float64")
    for document in (DOC, LONG):
        found = predict(model, document)
        assert len(found.spans) > 3
        query = Query(model, document, [Target(span) for span in found.spans], score="probability")
        values = query.value(np.ones((1, query.n_units), dtype=bool))[0]
        np.testing.assert_allclose(values, found.confidence, rtol=1e-9)
        (again,) = query.predict()
        assert again.spans == found.spans


def test_every_span_of_a_long_text_is_read_once_where_it_lies_most_centrally():
    model = load_model(built(), dtype="float64")
    encoding = model.encode(LONG.text)
    windows = model.windows(encoding)
    assert len(windows) > 2
    everything = [np.zeros((w.positions[1] - w.positions[0], 4, 3)) for w in windows]
    for logits, window in zip(everything, windows, strict=True):
        n = window.positions[1] - window.positions[0]
        logits[...] = [5.0, 0.0, 0.0]
        logits[np.arange(n)[:, None] + np.arange(4) >= n] = np.nan
        logits[np.arange(n - 1), 1] = [0.0, 9.0, 0.0]
    found = load_model(built(), decoder="softmax-crossing").decode(everything, windows, encoding)
    starts, ends = encoding.extents[:-1, 0], encoding.extents[1:, 1]
    assert [(s.start, s.end) for s in found.spans] == list(zip(starts.tolist(), ends.tolist(), strict=True))


@pytest.mark.parametrize("hiding", [MaskPiece(), AttentionOff(), Delete()], ids=repr)
def test_targets_keep_their_place_under_every_hiding(hiding):
    """Under Delete the span moves with its words: its score is that of the shortened text."""
    module, tokenizer = built()
    model = load_model((module, tokenizer), dtype="float64")
    targets = [
        Target(HEART_FAILURE), Target(HEART_FAILURE, versus="Drug"), Target(HEART_FAILURE, versus=NO_ENTITY),
        Target(HEART_FAILURE, versus=longer(left=-1)), Target(HEART_FAILURE, margin="left"),
        Target(HEART_FAILURE, margin="right"),
    ]  # fmt: skip
    query = Query(model, DOC, targets, hiding=hiding)
    keep = (np.random.default_rng(0).random((8, query.n_units)) < 0.5) | ~query.active
    values = query.value(keep)
    assert np.isfinite(values).all() and (values.std(axis=0) > 0).all()
    assert query.n_evals <= 8
    if isinstance(hiding, Delete):
        assert not query.active[query.units.inside(HEART_FAILURE)].any()
        keep[0] = [unit != "The" for unit in query.units]
        shorter = Document(DOC.text.removeprefix("The "))
        moved = Target(Span(HEART_FAILURE.start - 4, HEART_FAILURE.end - 4, "Disease"))
        expected = Query(model, shorter, [moved]).value(np.ones((1, query.n_units - 1), dtype=bool))[0, 0]
        assert query.with_targets(targets[:1]).value(keep[:1])[0, 0] == pytest.approx(expected, rel=1e-9)


def test_predictions_under_delete_skip_what_was_removed():
    model = load_model(built(), dtype="float64")
    query = Query(model, DOC, hiding=Delete())
    keep = np.ones((1, query.n_units), dtype=bool)
    keep[0, 2] = False
    removed = Span(*query.units.bounds[2].tolist(), "x")
    (found,) = query.predict(keep)
    assert found.spans and not any(s.start == removed.start or s.end == removed.end for s in found.spans)


def test_methods_agree_and_share_rows():
    short = Document("severe heart failure .")
    targets = [Target(Span(7, 20, "Disease")), Target(Span(13, 20, "Drug"))]
    query = Query(load_model(built(), dtype="float64"), short, targets)
    exact = explain(query, Exact())
    assert query.n_evals == 2**4
    shap = explain(query, PermutationShap(budget=100))
    np.testing.assert_allclose(shap.scores.sum(0), exact.scores.sum(0), atol=1e-9)
    path = explain(query, IntegratedGradients())
    np.testing.assert_allclose(path.completeness_gap, 0, atol=1e-2)
    context = explain(query.with_targets(query.targets[:1]).context(), Exact())
    assert not context.scores[query.units.inside(Span(7, 20))].any() and context.scores.any()


def test_reduced_precision_keeps_the_head_in_float32():
    model = load_model(built(), dtype="bfloat16")
    dtypes = {name.split(".")[0]: w.dtype for name, w in model.network.fast.named_parameters()}
    assert dtypes == {"encoder": torch.bfloat16, "head": torch.float32}
    assert (Query(model, DOC, [Target(HEART_FAILURE)]).noise > 0).all()


@pytest.fixture
def folder(tmp_path):
    module, tokenizer = built()
    module.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_a_folder_gives_what_was_saved(folder):
    saved, given = load_model(folder, dtype="float64"), load_model(built(), dtype="float64")
    assert saved.labels == ("Disease", "Drug")
    assert "decoder='softmax-nested', width=4, label_positions='first_piece'" in repr(saved)
    found, expected = predict(saved, DOC), predict(given, DOC)
    assert found.spans == expected.spans
    np.testing.assert_array_equal(found.confidence, expected.confidence)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_any_encoder_carries_the_head(architecture, tmp_path):
    encoder, tokenizer = build(architecture, task=hf.AutoModel)
    module = BiaffineModel(encoder, SIGMOID, width=3, hidden=8, label_positions="all_pieces")
    module.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    model = load_model(tmp_path, dtype="float32")
    assert model.plan.limit == 62
    for document in (DOC, Document(TEXTS[2])):
        encoding = model.encode(document.text)
        start, end = encoding.extents[0, 0], encoding.extents[1, 1]
        query = Query(model, document, [Target(Span(start, end, "Drug"))])
        np.testing.assert_allclose(explain(query, IntegratedGradients()).completeness_gap, 0, atol=1e-3)


def test_weights_of_a_span_model_are_never_made_up(folder):
    weights = load_file(folder / "model.safetensors")
    for changes, message in (
        ({"head.width_bias": None}, "lacks: head.width_bias. Weights are never made up"),
        ({"head.more": torch.zeros(2)}, "has left over: head.more"),
        ({"head.width_bias": torch.zeros(9, 3)}, "has in another shape than config.json says: head.width_bias"),
    ):
        changed = {name: w for name, w in {**weights, **changes}.items() if w is not None}
        save_file(changed, folder / "model.safetensors")
        with pytest.raises(ValueError, match=message):
            load_model(folder)


def test_a_configuration_that_does_not_say_the_width_is_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    for own in ({}, {"explain_lib": {"hidden": 8}}):
        kept = {name: value for name, value in config.items() if name != "explain_lib"}
        (folder / "config.json").write_text(json.dumps({**kept, **own}))
        with pytest.raises(ValueError, match="config.json lacks .* of a BiaffineModel; save it with"):
            load_model(folder)


def test_decoders_of_span_models():
    assert load_model(built(SIGMOID)).decoder.name == "sigmoid-nested"
    assert load_model(built(), decoder="softmax-crossing").decoder.keeps_crossing
    with pytest.raises(ValueError, match="decoder is 'sigmoid-nested', but .* a span model whose labels have"):
        load_model(built(), decoder="sigmoid-nested")
    with pytest.raises(ValueError, match="covers 6 label positions; the model scores spans of 1 to 4"):
        Query(load_model(built()), DOC, [Target(Span(4, 49, "Drug"))])


@pytest.mark.parametrize("labels", [SOFTMAX, SIGMOID])
def test_a_model_learns_nested_entities_and_decodes_both(labels):
    """An entity inside another, in one sentence learned by heart."""
    tokenizer = trained_tokenizer("bert")
    torch.manual_seed(0)
    encoder = hf.BertModel(hf.BertConfig(vocab_size=len(tokenizer), max_position_embeddings=64, **SIZE))
    module = BiaffineModel(encoder, labels, width=3, hidden=16).train()
    text = "The patient received furosemide for severe heart failure ."
    gold = {(3, 1): labels.index("Drug"), (5, 3): labels.index("Disease"), (6, 2): labels.index("Drug")}
    model = load_model((module, tokenizer), dtype="float32")
    encoding = model.encode(text)
    row = model.row(encoding, model.windows(encoding)[0])
    ids, at = torch.tensor(row.ids), torch.tensor(row.labels_at)
    wanted = torch.zeros(len(encoding.labels_at), 3, len(labels))
    if "O" in labels:
        wanted[..., 0] = 1
    for (first, width), label in gold.items():
        wanted[first, width - 1] = torch.nn.functional.one_hot(torch.tensor(label), len(labels))
    is_span = torch.arange(len(wanted))[:, None] + torch.arange(3) < len(wanted)
    loss = torch.nn.functional.cross_entropy if "O" in labels else torch.nn.functional.binary_cross_entropy_with_logits
    optimiser = torch.optim.Adam(module.parameters(), lr=3e-3)
    for _ in range(60):
        optimiser.zero_grad()
        logits = module(input_ids=ids, attention_mask=torch.ones_like(ids), labels_at=at).logits[0]
        loss(logits[is_span], wanted[is_span]).backward()
        optimiser.step()
    found = predict(load_model((module, tokenizer), dtype="float32"), Document(text))
    assert [(s.label, s.text_of(text)) for s in found.spans] == [
        ("Drug", "furosemide"), ("Disease", "severe heart failure"), ("Drug", "heart failure"),
    ]  # fmt: skip
