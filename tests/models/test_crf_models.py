"""CRF taggers end to end: how they are recognised, and that every question to them has the CRF's own answer."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
import torchcrf
from safetensors.torch import load_file, save_file
from tiny_checkpoints import TAGS, TEXTS, build, build_classifier, plain_logits, save

from explain_lib.attribution import Exact, GradientInput, IntegratedGradients, KernelShap, explain
from explain_lib.core import NO_ENTITY, Document, Span, TagScheme, Target, longer
from explain_lib.models import Transitions, load_model, predict, toy
from explain_lib.models.crf import CrfDecoder
from explain_lib.models.tag_events import SpanEvent
from explain_lib.perturbation import Delete, Query

SCHEME = TagScheme.from_tags(TAGS)


def crf_module(seed=0):
    """A tiny tagger with a pytorch-crf layer whose weights matter, and its tokenizer."""
    module, tokenizer = build("bert")
    module.add_module("crf", torchcrf.CRF(len(TAGS), batch_first=True))
    torch.manual_seed(seed)
    for weight in module.crf.parameters():
        torch.nn.init.normal_(weight, std=1.5)
    return module, tokenizer


def found(model):
    return [(p.spans, p.confidence.tolist()) for p in predict(model, [Document(text) for text in TEXTS])]


def test_a_module_with_a_crf_layer_predicts_what_the_layer_decodes():
    module, tokenizer = crf_module()
    before = copy.deepcopy(module.state_dict())
    model = load_model((module, tokenizer), dtype="float32", label_positions="all_pieces")
    assert "decoder='bio-lenient-crf'" in repr(model)
    for text in TEXTS:
        logits, words = plain_logits(module, tokenizer, text)
        inner = [i for i, word in enumerate(words) if word is not None]
        (tags,) = module.crf.decode(logits[None, inner], torch.ones(1, len(inner), dtype=torch.bool))
        encoding = model.encode(text)
        expected = [
            Span(int(encoding.extents[a, 0]), int(encoding.extents[b, 1]), kind)
            for a, b, kind in model.decoder.spans(tags)
        ]
        assert list(predict(model, Document(text)).spans) == expected
    assert any(spans for spans, _ in found(model))
    assert found(model) != found(load_model(build("bert"), dtype="float32", label_positions="all_pieces"))
    assert all(torch.equal(weight, before[name]) for name, weight in module.state_dict().items())


class OtherLayer(torch.nn.Module):
    """The three weights under the names of TorchCRF."""

    def __init__(self, layer):
        super().__init__()
        self.start_trans, self.trans_matrix, self.end_trans = (
            torch.nn.Parameter(weight.detach().clone())
            for weight in (layer.start_transitions, layer.transitions, layer.end_transitions)
        )


def test_the_other_spelling_deeper_in_the_module_is_the_same_layer():
    module, tokenizer = crf_module()
    other = copy.deepcopy(module)
    other.crf = torch.nn.ModuleDict({"layer": OtherLayer(module.crf)})
    assert found(load_model((other, tokenizer), dtype="float32")) == found(
        load_model((module, tokenizer), dtype="float32")
    )


@pytest.mark.parametrize("prefix", ["", "module."])
def test_a_folder_with_the_weights_of_a_crf_beside_the_taggers(tmp_path, prefix):
    module, tokenizer = crf_module()
    save(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    weights |= {f"crf.{name}": weight.detach() for name, weight in module.crf.named_parameters()}
    save_file(
        {prefix + name: w for name, w in weights.items()}, tmp_path / "model.safetensors", metadata={"format": "pt"}
    )
    model = load_model(tmp_path, dtype="float32")
    assert found(model) == found(load_model((module, tokenizer), dtype="float32"))
    assert load_model(tmp_path, decoder="bio-strict").decoder.name == "bio-strict-crf"
    assert load_model(tmp_path, decoder="bio-viterbi").decoder.name == "bio-viterbi-crf"


def test_given_transitions_win_over_those_of_the_layer():
    module, tokenizer = crf_module()
    zero = Transitions(np.zeros(5), np.zeros((5, 5)), np.zeros(5))
    given, own = ((found(load_model((module, tokenizer), dtype="float32", transitions=w))) for w in (zero, None))
    plain = found(load_model(build("bert"), dtype="float32"))
    assert [spans for spans, _ in given] == [spans for spans, _ in plain] != [spans for spans, _ in own]
    for (_, confidence), (_, expected) in zip(given, plain, strict=True):
        np.testing.assert_allclose(confidence, expected)


def test_a_viterbi_decoder_returns_legal_paths_and_is_written_in_the_configuration(tmp_path):
    save(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "explain_lib": {"decoder": "bio-viterbi"}}))
    model = load_model(tmp_path, dtype="float32")
    assert model.decoder.name == "bio-viterbi" == load_model(build("bert"), decoder="bio-viterbi").decoder.name
    encoding = model.encode(TEXTS[1])
    (_, outputs) = next(model.iter_outputs(model.row(encoding, model.windows(encoding)[0])))
    tags = model.decoder.best_tags(torch.as_tensor(outputs[0]))
    greedy = outputs[0].argmax(-1).tolist()
    pairs = list(zip([0, *tags], tags, strict=False))
    assert tags != greedy
    assert all(SCHEME.roles[b] != "I" or SCHEME.types[a] == SCHEME.types[b] for a, b in pairs)


def test_layers_that_cannot_be_read_are_refused():
    module, tokenizer = crf_module()
    twice = copy.deepcopy(module)
    twice.add_module("second_crf", copy.deepcopy(module.crf))
    with pytest.raises(ValueError, match="the module has CRF layers crf, second_crf; give the weights of one"):
        load_model((twice, tokenizer))
    module.crf = torchcrf.CRF(7)
    with pytest.raises(ValueError, match=r"CRF layer 'crf' has transitions of shape \(7, 7\) for 5 tags"):
        load_model((module, tokenizer))
    module.crf = type("NeuralCRF", (torch.nn.Linear,), {})(5, 7)
    with pytest.raises(ValueError, match="the layer 'crf' looks like a CRF, but its weights are not"):
        load_model((module, tokenizer))
    three = Transitions(np.zeros(3), np.zeros((3, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="transitions are for 3 tags, but the model has 5"):
        load_model((module, tokenizer), transitions=three)
    with pytest.raises(ValueError, match=r"is no tagger \(logits of shape \(1, 3\)\), so it has no transitions"):
        load_model(build_classifier(), transitions=three)
    with pytest.raises(ValueError, match="decoder is 'bioes-viterbi', .* 'bio-lenient', 'bio-strict', 'bio-viterbi'"):
        load_model(build("bert"), decoder="bioes-viterbi")


@pytest.fixture(scope="module")
def tagger():
    """The linear toy tagger under a chain: tags O and I-Disease."""
    plain = toy.linear_tagger(3).tagger
    weights = np.random.default_rng(1).normal(size=(4, 2))
    chain = Transitions(weights[0], weights[1:3], weights[3])
    return replace(plain, decoder=CrfDecoder(plain.decoder.scheme, transitions=chain))


DOC = Document("patient heeft ernstige hoofdpijn na koorts .", lang="nl")
SPAN = Span(14, 32, "Disease")
TARGETS = (
    Target(SPAN), Target(SPAN, versus=NO_ENTITY), Target(SPAN, versus=longer(right=1)), Target(SPAN, margin="left"),
    Target(SPAN, margin="right"),
)  # fmt: skip


def test_kernel_shap_finds_what_exact_does(tagger):
    query = Query(tagger, DOC, TARGETS)
    exact, shap = explain(query, Exact()), explain(query, KernelShap(budget=2**7), rng=0)
    np.testing.assert_allclose(shap.scores, exact.scores, atol=1e-8)
    np.testing.assert_allclose(exact.completeness_gap, 0, atol=1e-9)
    assert query.n_evals == 2**7
    # the chain hands on what happens beyond the two pieces that the logits look at
    far = Query(replace(tagger, decoder=CrfDecoder(tagger.decoder.scheme, transitions=ZERO)), DOC, TARGETS)
    assert np.abs(exact.scores[6, 3]) > 1e-4 and np.abs(explain(far, Exact()).scores[6, 3]) < 1e-12


ZERO = Transitions(np.zeros(2), np.zeros((2, 2)), np.zeros(2))


def test_gradient_methods_explain_the_same_number(tagger):
    query = Query(tagger, DOC, TARGETS)
    full = query.value(np.ones((1, query.n_units), dtype=bool))[0]
    for score in ("log_odds", "log_prob"):
        result = explain(query.with_score(score), IntegratedGradients(steps=64))
        np.testing.assert_allclose(result.completeness_gap, 0, atol=1e-6)
    np.testing.assert_allclose(explain(query, IntegratedGradients()).full_value, full, atol=1e-9)
    assert (explain(query, GradientInput()).scores != 0).any(axis=0).all()


def test_the_value_of_a_row_is_the_score_of_its_chain_without_the_removed_words(tagger):
    """Deleting words leaves a shorter chain: the score is that of the text typed without them."""
    query = Query(tagger, DOC, TARGETS[:2], hiding=Delete())
    keep = np.ones((1, query.n_units), dtype=bool)
    keep[0, [1, 5]] = False
    typed = Document("patient ernstige hoofdpijn na .", lang="nl")
    short = Query(tagger, typed, [replace(t, span=Span(8, 26, "Disease")) for t in TARGETS[:2]])
    np.testing.assert_allclose(query.value(keep), short.value(np.ones((1, short.n_units), dtype=bool)))
    ((removed,), (plain,)) = query.predict(keep), short.predict()
    np.testing.assert_allclose(removed.confidence, plain.confidence)
    assert len(removed.spans) == len(plain.spans)


def test_a_long_text_is_one_chain_for_predictions(tagger):
    """Logits look two pieces away and windows share more than that, so windows must not show at all."""
    text = Document(
        "patient heeft ernstige hoofdpijn na koorts en geen astma , kreeg wegens hartfalen 患者头痛三天 . " * 4
    )
    windowed = replace(tagger, plan=replace(tagger.plan, limit=24, overlap=12))
    whole, cut = predict(tagger, text), predict(windowed, text)
    assert len(windowed.windows(windowed.encode(text.text))) > 2
    assert whole.spans == cut.spans and len(whole.spans) > 3
    np.testing.assert_allclose(cut.confidence, whole.confidence)


def test_a_target_of_a_long_text_is_read_in_a_window_of_its_own(tagger):
    text = Document(DOC.text * 6)
    windowed = replace(tagger, plan=replace(tagger.plan, limit=12, overlap=6))
    span = Span(SPAN.start + 2 * len(DOC.text), SPAN.end + 2 * len(DOC.text), "Disease")
    query = Query(windowed, text, [Target(span)])
    (window,) = {query._window_of[0]}
    at = query.evaluations.windows[window]
    (_, outputs) = next(windowed.iter_outputs(windowed.row(query.encoding, at)))
    first = int(np.flatnonzero(query.encoding.extents[:, 0] == span.start)[0]) - at.positions[0]
    expected = tagger.decoder.scores(torch.tensor(outputs), [SpanEvent(first, first + 1, "Disease")], "log_odds")
    np.testing.assert_allclose(query.value(np.ones((1, query.n_units), dtype=bool)), expected)
    np.testing.assert_allclose(explain(query, KernelShap(budget=200), rng=0).completeness_gap, 0, atol=1e-8)


@pytest.mark.parametrize("decoder", [None, "bio-viterbi"])
def test_reduced_precision_changes_logits_only(decoder):
    exact, fast = (load_model(crf_module(), dtype=dtype, decoder=decoder) for dtype in ("float32", "bfloat16"))
    np.testing.assert_array_equal(fast.decoder.transitions.between, exact.decoder.transitions.between)
    targets = [Target(span) for span in predict(exact, Document(TEXTS[1])).spans]
    values = [Query(model, Document(TEXTS[1]), targets) for model in (exact, fast)]
    keep = np.ones((1, values[0].n_units), dtype=bool)
    difference = values[1].value(keep) - values[0].value(keep)
    assert np.abs(difference).max() > 0
    assert (np.abs(difference) < 10 * values[1].noise + 1e-3).all()


def test_what_the_transitions_decide_alone_is_refused_before_a_row_is_run():
    """Strict BIO without B-Disease → I-Disease, and no text begins with B-Drug: some events are never, or always."""
    module, tokenizer = build("bert")
    between, start = np.zeros((len(TAGS), len(TAGS))), np.zeros(len(TAGS))
    between[TAGS.index("B-Disease"), TAGS.index("I-Disease")] = -10000
    start[TAGS.index("B-Drug")] = -np.inf
    model = load_model(
        (module, tokenizer), decoder="bio-strict", transitions=Transitions(start, between, np.zeros(len(TAGS)))
    )
    query = Query(model, Document("The patient received furosemide .", "en"))
    first, inner, two = Span(0, 3, "Drug"), Span(4, 11, "Disease"), Span(4, 20, "Disease")
    never = [
        Target(first), Target(first, margin="left"), Target(replace(first, label="Disease"), versus="Drug"),
        Target(two), Target(two, versus=longer(right=-1)), Target(inner, versus=longer(left=1)),
        Target(inner, versus=longer(right=1)), Target(replace(two, label="Drug"), versus="Disease"),
    ]  # fmt: skip
    for target in never:
        with pytest.raises(ValueError, match="the forbidden transitions of the model decide"):
            query.with_targets([target])
    possible = [
        Target(inner), Target(inner, versus=NO_ENTITY), Target(inner, versus="Drug"), Target(inner, margin="left"),
        Target(replace(two, label="Drug"), versus=longer(right=1)),
    ]  # fmt: skip
    assert query.n_evals == 0
    assert np.isfinite(query.with_targets(possible).value(np.ones((1, query.n_units), dtype=bool))).all()
