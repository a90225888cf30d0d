"""Views with noise: functions of the row alone, with their own gradients, and nothing changed for good."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_checkpoints import ARCHITECTURES, build
from torch import nn

from explain_lib.attribution import AttnLRP, AttentionRollout, IntegratedGradients, KernelShap, explain
from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.models.protocols import Disturbable, PieceRows
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import DropoutViews, EmbeddingNoise, bank

TEXT = "The patient received furosemide for severe heart failure."
DRUG = Target(Span(21, 31, "Drug"))


def loaded(architecture="bert", dtype="float64"):
    return load_model(build(architecture), dtype=dtype)


def views(model):
    return [model.with_embedding_noise(0.1, 3), model.with_embedding_noise(0.1, 3, True), model.dropout_view(3)]


def rows(model, n=5):
    encoding = model.encode(TEXT)
    row = model.row(encoding, model.windows(encoding)[0])
    ids = np.repeat(row.ids, n, axis=0)
    rng = np.random.default_rng(0)
    hidden = rng.random(ids.shape) < 0.3
    hidden[0] = False
    attended, labels_at = (np.repeat(part, n, axis=0) for part in (row.attended, row.labels_at))
    return PieceRows(np.where(hidden, model.vocabulary.mask, ids), attended, labels_at)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_view_is_another_function_and_the_model_stays_as_it_was(architecture):
    model, asked = loaded(architecture), rows(loaded(architecture))
    before = model.exact_outputs(asked)
    found = [view.exact_outputs(asked) for view in views(model)]
    for outputs in found:
        assert np.abs(outputs - before).max() > 1e-3 and np.isfinite(outputs).all()
    assert np.abs(found[0] - found[1]).max() > 1e-3 and np.abs(found[0] - found[2]).max() > 1e-3
    np.testing.assert_array_equal(model.exact_outputs(asked), before)
    assert not any(type(part).__name__ in ("NoisyTable", "FixedDropout") for part in model.network.module.modules())
    assert {id(w) for w in views(model)[2].network.module.parameters()} == {
        id(w) for w in model.network.module.parameters()
    }


def test_the_same_seed_is_the_same_view_and_another_seed_another():
    model = loaded()
    asked = rows(model)
    for make in (lambda s: model.with_embedding_noise(0.05, s), lambda s: model.dropout_view(s)):
        one, again, other = (make(seed).exact_outputs(asked) for seed in (1, 1, 2))
        np.testing.assert_array_equal(one, again)
        assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("index", range(3))
def test_a_row_does_not_depend_on_its_company_or_padding(index):
    model = loaded()
    view = views(model)[index]
    asked = rows(model)
    together = view.exact_outputs(asked)
    alone = np.concatenate([view.exact_outputs(asked[i : i + 1]) for i in range(len(asked))])
    np.testing.assert_allclose(together, alone, atol=1e-12)
    pad = np.full((len(asked), 70), model.vocabulary.pad)[:, : 60 - asked.ids.shape[1]]
    longer = PieceRows(
        np.concatenate([asked.ids, pad], axis=1), np.concatenate([asked.attended, pad > 1e9], axis=1), asked.labels_at
    )
    np.testing.assert_allclose(view.exact_outputs(longer), together, atol=1e-12)


def test_the_noise_is_as_long_as_said():
    model = loaded()
    table = model.network.module.get_input_embeddings().weight.detach().numpy()
    ids = np.arange(60)[None] % len(table)
    plain = model.embeddings(ids)
    for is_uniform in (False, True):
        moved = model.with_embedding_noise(0.1, 0, is_uniform).embeddings(ids) - plain
        mean = np.linalg.norm(table, axis=1).mean()
        assert np.sqrt((moved**2).sum(-1).mean()) == pytest.approx(0.1 * mean, rel=0.1)
    assert np.abs(moved).max() <= 0.1 * mean * np.sqrt(3 / moved.shape[-1]) + 1e-12


def test_dropout_drops_its_share_and_scales_the_rest():
    torch.manual_seed(0)
    from explain_lib.models.noisy import Columns, FixedDropout

    drawn = Columns((0, 1), lambda rng, shape: (rng.random(shape) >= 0.25).astype(float))
    found = FixedDropout(0.25, drawn)(torch.ones(2, 130, 40))
    assert found.unique().tolist() == pytest.approx([0, 4 / 3])
    assert float((found == 0).float().mean()) == pytest.approx(0.25, abs=0.02)
    torch.testing.assert_close(found[0], found[1])
    assert found[0, 64:128].ne(found[0, :64]).any()  # every block is drawn anew
    assert FixedDropout(0.25, drawn)(torch.ones(3, 40)).shape == (3, 40)


@pytest.mark.parametrize("index", range(3))
def test_gradients_are_those_of_the_view(index):
    model = loaded()
    plain = Query(model, Document(TEXT), targets=[DRUG])
    query = plain.on_model(views(model)[index])
    found = explain(query, IntegratedGradients(200))
    np.testing.assert_allclose(found.completeness_gap, 0, atol=1e-4)
    np.testing.assert_allclose(found.full_value, query.value(np.ones((1, query.n_units), bool))[0], atol=1e-9)
    assert np.abs(found.scores - explain(plain, IntegratedGradients(200)).scores).max() > 1e-4


@pytest.mark.parametrize("method", [KernelShap(64), AttnLRP(), AttentionRollout()], ids=lambda m: type(m).__name__)
def test_every_kind_of_method_runs_on_every_view(method):
    model = loaded(dtype="float32")
    asked = Query(model, Document(TEXT), targets=[DRUG])
    drawn = bank(asked, [EmbeddingNoise(), DropoutViews()], n_edits=4)
    assert drawn.families == ("embedding noise", "dropout views")
    for edited, edit in zip(drawn.on(asked), drawn.edits, strict=True):
        found = explain(edited, method)
        assert np.isfinite(found.scores).all() and found.provenance.model == edited.model.name
        np.testing.assert_array_equal(edit.unit_of(asked, edited), np.arange(asked.n_units))


def test_reduced_precision_has_views_too():
    model = loaded(dtype="bfloat16")
    for view in views(model):
        assert not view.is_exact
        gap = np.concatenate([batch for _, batch in view.iter_outputs(rows(model))]) - view.exact_outputs(rows(model))
        assert np.abs(gap).max() < 0.2


def test_what_cannot_be_disturbed_says_so():
    module, tokenizer = build("bert")
    for part in module.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    model = load_model((module, tokenizer))
    with pytest.raises(TypeError, match="drops nothing: every share is 0"):
        model.dropout_view(0)
    assert model.dropout_view(0, share=0.2) is not model and isinstance(model, Disturbable)
    drawn = bank(Query(model, Document(TEXT), targets=[DRUG]), [DropoutViews()])
    assert drawn.unavailable == {"dropout views": "the model gives no occasion"}
    bare = replace(model, network=replace(model.network, module=nn.Linear(2, 2)))
    with pytest.raises(TypeError, match="has no nn.Dropout"):
        bare.dropout_view(0)
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        DropoutViews(1.0)
    with pytest.raises(ValueError, match="must be above 0"):
        EmbeddingNoise(0)
