"""Classifiers: the plain library call, closed-form scores, long texts, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import transformers as hf
from tiny_checkpoints import CLASSES, TEXTS, build, build_classifier

from explain_lib.attribution import Exact, GradientInput, IntegratedGradients, Occlusion, PermutationShap, explain
from explain_lib.core import NO_ENTITY, Document, Span, Target
from explain_lib.models import load_model, predict
from explain_lib.models.class_decoder import ClassDecoder
from explain_lib.models.toy import bag_classifier
from explain_lib.perturbation import AttentionOff, Delete, MaskPiece, NeutralPiece, Query

ARCHITECTURES = ("bert", "distilbert", "roberta", "xlm_roberta", "deberta_v2")
DOC = Document(TEXTS[0], "nl")
TARGETS = [Target(label=CLASSES[0]), Target(label=CLASSES[0], versus=CLASSES[2])]


def plain_probabilities(module, tokenizer, text, is_multi_label=False):
    """What the library's own call says, cut to the length of the model."""
    batch = tokenizer(text, return_tensors="pt", truncation=True, max_length=64)
    with torch.inference_mode():
        logits = module(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[0].double()
    return (logits.sigmoid() if is_multi_label else logits.softmax(-1)).numpy()


@pytest.mark.parametrize("problem", ["single_label_classification", "multi_label_classification", None])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_predictions_are_those_of_the_plain_call_for_short_and_long_texts(architecture, problem):
    module, tokenizer = build_classifier(architecture, problem_type=problem)
    model = load_model((module, tokenizer), dtype="float32")
    texts = [*TEXTS, " ".join(TEXTS * 3)]
    assert len(model.encode(texts[-1]).ids) > model.plan.limit
    for text, found in zip(texts, predict(model, [Document(text) for text in texts]), strict=True):
        expected = plain_probabilities(module, tokenizer, text, problem == "multi_label_classification")
        assert list(found.labels) == list(CLASSES) and found.spans == ()
        np.testing.assert_allclose(list(found.labels.values()), expected, atol=1e-5)


@pytest.mark.parametrize("is_multi_label", [False, True])
def test_scores_are_those_of_the_textbook(is_multi_label):
    decoder = ClassDecoder(CLASSES, is_multi_label)
    logits = np.random.default_rng(0).normal(size=(5, 3)) * 3
    p = 1 / (1 + np.exp(-logits)) if is_multi_label else np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    plain, contrast = (decoder.event(target) for target in TARGETS)
    expected = {"probability": p[:, 0], "log_prob": np.log(p[:, 0]), "log_odds": np.log(p[:, 0] / (1 - p[:, 0]))}
    for score, values in expected.items():
        found = decoder.scores(torch.tensor(logits), [plain, contrast], score).numpy()
        np.testing.assert_allclose(found[:, 0], values, rtol=1e-10)
        np.testing.assert_allclose(found[:, 1], np.log(p[:, 0] / p[:, 2]), rtol=1e-10)


def test_log_odds_keep_their_digits_where_the_probability_rounds_to_one():
    logits = torch.tensor([[60.0, 0.0, -5.0]], dtype=torch.float64)
    decoder = ClassDecoder(CLASSES)
    found = [decoder.scores(logits, [decoder.event(TARGETS[0])], score).item() for score in ("log_odds", "log_prob")]
    assert found[0] == pytest.approx(60 - np.log1p(np.exp(-5)), rel=1e-12)
    assert found[1] == pytest.approx(-np.exp(-found[0]), rel=1e-9)


@pytest.mark.parametrize("hiding", [MaskPiece(), NeutralPiece(), AttentionOff(), Delete()], ids=repr)
def test_every_hiding_may_hide_every_unit(hiding):
    query = Query(load_model(build_classifier(), dtype="float64"), DOC, TARGETS, hiding=hiding)
    assert query.active.all()
    keep = np.random.default_rng(0).random((6, query.n_units)) < 0.5
    keep[0] = False
    values = query.value(keep)
    assert np.isfinite(values).all() and len(np.unique(values[:, 0])) > 3
    n_evals = query.n_evals
    predicted = query.predict(keep)
    np.testing.assert_allclose(
        query.with_score("probability").value(keep)[:, 0], [p.labels[CLASSES[0]] for p in predicted], rtol=1e-9
    )
    assert query.n_evals == n_evals == 6


def test_deleting_units_reads_the_text_without_their_pieces():
    module, tokenizer = build_classifier()
    query = Query(load_model((module, tokenizer), dtype="float64"), DOC, [TARGETS[0]], hiding=Delete())
    keep = np.ones((1, query.n_units), dtype=bool)
    keep[0, 2] = False
    kept = [i for i, owner in enumerate(query.alignment.owner) if owner != 2]
    ids = [tokenizer.cls_token_id, *query.encoding.ids[kept].tolist(), tokenizer.sep_token_id]
    logits = module.double()(input_ids=torch.tensor([ids])).logits[0].detach()
    expected = logits[0] - torch.logsumexp(logits[1:], 0)
    assert query.value(keep)[0, 0] == pytest.approx(float(expected), rel=1e-9)


def test_methods_agree_on_a_document_and_targets_share_rows():
    query = Query(load_model(build_classifier(), dtype="float64"), DOC, TARGETS)
    exact = explain(query, Exact())
    np.testing.assert_allclose(exact.completeness_gap, 0, atol=1e-9)
    shap = explain(query, PermutationShap(budget=300))
    assert (np.abs(shap.scores - exact.scores) <= 6 * shap.std_error + 1e-9).all()
    path = explain(query, IntegratedGradients())
    np.testing.assert_allclose(path.completeness_gap, 0, atol=1e-3)
    assert np.isfinite(explain(query, GradientInput()).scores).all()
    alone = explain(query.with_targets(TARGETS[1:]), Exact())
    np.testing.assert_allclose(alone.scores[:, 0], exact.scores[:, 1], atol=1e-12)
    with pytest.raises(ValueError, match="about the text as a whole: it has no units of its own, and so no context"):
        query.with_targets(TARGETS[:1]).context()


def test_of_a_long_text_targets_and_predictions_read_the_beginning():
    model = load_model(build_classifier(), dtype="float64")
    document = Document(" ".join(TEXTS * 3))
    query = Query(model, document, TARGETS)
    last = int(np.flatnonzero(query.active)[-1])
    assert 0 < last < query.n_units - 1 and query.active[: last + 1].all() and not query.active[last + 1 :].any()
    result = explain(query, Occlusion())
    assert not result.scores[last + 1 :].any() and result.scores[: last + 1].any()
    (read,) = query.predict()
    assert dict(read.labels) == pytest.approx(dict(predict(model, document).labels), rel=1e-12)
    changed = Document(document.text[: query.units.bounds[last + 2, 0]] + "furosemide furosemide")
    assert dict(predict(model, changed).labels) == pytest.approx(dict(read.labels), rel=1e-12)
    with pytest.raises(ValueError, match="windows are switched off"):
        predict(load_model(build_classifier(), windows=False), document)


def test_reduced_precision_keeps_the_head_in_float32_and_measures_its_noise():
    module = build_classifier()
    query = Query(load_model(module, dtype="bfloat16"), DOC, TARGETS)
    exact = Query(load_model(module, dtype="float32"), DOC, TARGETS)
    full = np.ones((1, query.n_units), dtype=bool)
    assert (query.noise > 0).all() and (exact.noise == 0).all()
    assert (np.abs(query.value(full) - exact.value(full)) < 20 * query.noise).all()
    heads = {n: w.dtype for n, w in query.model.network.fast.named_parameters() if "classifier" in n}
    assert set(heads.values()) == {torch.float32}


@pytest.mark.parametrize("problem", ["multi_label_classification", "single_label_classification"])
def test_a_folder_is_read_with_its_problem_type(tmp_path, problem):
    module, tokenizer = build_classifier(problem_type=problem)
    module.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    model = load_model(tmp_path, dtype="float32")
    expected = plain_probabilities(module, tokenizer, TEXTS[0], problem.startswith("multi"))
    np.testing.assert_allclose(list(predict(model, DOC).labels.values()), expected, atol=1e-5)
    assert f"decoder={'sigmoid' if problem.startswith('multi') else 'softmax'!r}" in repr(model)
    assert model.labels == CLASSES


@pytest.mark.parametrize("labels", [CLASSES, CLASSES[:1]])
def test_regression_is_refused(labels):
    built = build_classifier(labels=labels, problem_type="regression")
    with pytest.raises(ValueError, match="the model is a regression .*gives a number and no class.*decoder='sigmoid'"):
        load_model(built)


def test_one_logit_needs_a_word_about_what_it_means(tmp_path):
    built = build_classifier(labels=CLASSES[:1])
    with pytest.raises(ValueError, match=r"is a regression \(1 logits, problem_type None\)"):
        load_model(built)
    with pytest.raises(ValueError, match="a softmax over the single label .* is always 1"):
        load_model(built, decoder="softmax")
    model = load_model(built, decoder="sigmoid", dtype="float32")
    expected = plain_probabilities(*built, TEXTS[0], True)[0]
    assert predict(model, DOC).labels[CLASSES[0]] == pytest.approx(expected, abs=1e-6)
    built[0].save_pretrained(tmp_path)
    built[1].save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "explain_lib": {"decoder": "sigmoid"}}))
    assert load_model(tmp_path).decoder.name == "sigmoid"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Target(Span(0, 7, CLASSES[0])), r"scores the whole document; the target has the span 0–7"),
        (Target(Span(0, 7, CLASSES[0]), versus=NO_ENTITY), r"scores the whole document; the target has the span 0–7"),
        (Target(label="Surgery"), "label 'Surgery' is unknown to the model; it has Cardiology, Dermatology, Neurology"),
        (Target(label=CLASSES[0], versus="Surgery"), "label 'Surgery' is unknown to the model"),
    ],
)
def test_targets_of_another_kind_are_refused(target, message):
    with pytest.raises(ValueError, match=message):
        Query(load_model(build_classifier()), DOC, [target])


def test_a_decoder_of_another_family_and_a_tagger_for_a_document_are_refused():
    with pytest.raises(ValueError, match="decoder is 'bio-strict', but the model is a classifier"):
        load_model(build_classifier(), decoder="bio-strict")
    with pytest.raises(ValueError, match="this model scores spans; the target has none"):
        Query(load_model(build("bert")), DOC, [Target(label="Disease")])


def gpt2(pad_token_id):
    _, tokenizer = build_classifier("roberta")
    config = hf.GPT2Config(
        vocab_size=len(tokenizer), n_positions=64, n_embd=32, n_layer=1, n_head=2, num_labels=2,
        pad_token_id=pad_token_id(tokenizer),
    )  # fmt: skip
    torch.manual_seed(0)
    return hf.GPT2ForSequenceClassification(config).eval(), tokenizer


def test_a_decoder_only_classifier_must_find_its_last_piece_behind_padding():
    module, tokenizer = gpt2(lambda t: t.pad_token_id)
    model = load_model((module, tokenizer), dtype="float32")
    found = predict(model, [Document(text) for text in TEXTS])
    for text, prediction in zip(TEXTS, found, strict=True):
        expected = plain_probabilities(module, tokenizer, text)
        np.testing.assert_allclose(list(prediction.labels.values()), expected, atol=1e-5)
    with pytest.raises(ValueError, match="another answer when padding stands behind the text.*set config.pad_token_id"):
        load_model(gpt2(lambda t: t.mask_token_id))


def test_a_module_of_any_class_is_told_by_the_shape_of_its_logits():
    toy = bag_classifier(2)
    model = load_model((toy.network, toy.tokenizer), dtype="float64", max_length=64)
    assert repr(model).startswith("Classifier('BagNetwork', decoder='softmax', labels=['Cardiology',")
    document = Document("severe fever")
    assert predict(model, document).labels == predict(toy.classifier, document).labels
    toy.network.config.id2label = {0: "a", 1: "b"}
    with pytest.raises(ValueError, match=r"logits of shape \(1, 3\) for one row; a classifier with 2 labels returns"):
        load_model((toy.network, toy.tokenizer))
