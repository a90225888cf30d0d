"""FillIn: a fixed function of keep, drawn from the masked language model, and only with the same pieces."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from tiny_checkpoints import build
from tiny_masked_models import masked_lm

from explain_lib.attribution import Exact, KernelShap, PermutationShap, explain
from explain_lib.core import Document, Span, Target
from explain_lib.models import demo_fill_in, demo_model, load_fill_in, load_model, predict
from explain_lib.models.protocols import PieceRows
from explain_lib.perturbation import FillIn, MaskPiece, Query

DOC = Document("Patiënt kreeg furosemide wegens hartfalen.", lang="nl")
DRUG = Target(Span(14, 24, "Drug"))


@cache
def mlm():
    return load_fill_in(masked_lm())


@cache
def tagger():
    return load_model(build("bert"), precision="exact")


def query(hiding=None, document=DOC, targets=(DRUG,), **settings):
    return Query(tagger(), document, targets, hiding=hiding or FillIn(mlm()), **settings)


def some_rows(q, n=20, rng=0):
    return np.random.default_rng(rng).random((n, q.n_units)) < 0.5


def test_the_value_of_a_row_depends_on_that_row_only():
    q, keep = query(), some_rows(query())
    keep[0] = True
    values, ids = q.value(keep), q.evaluations.rows(0, keep).ids.reshape(len(keep), 8, -1)
    order = np.random.default_rng(1).permutation(len(keep))
    for part in (order, np.arange(3, 7), *np.arange(len(keep))[:, None]):
        again = query()
        np.testing.assert_array_equal(again.evaluations.rows(0, keep[part]).ids.reshape(len(part), 8, -1), ids[part])
        # Scores of the same logits may differ in their last bit by a row's place among the others.
        np.testing.assert_allclose(again.value(keep[part]), values[part], rtol=1e-12)
    assert np.isfinite(values).all() and len(np.unique(values)) > 10


def test_the_value_is_the_mean_of_the_scores_of_the_rows_that_were_drawn():
    q = query(FillIn(mlm(), draws=5))
    keep = some_rows(q, 6)
    rows = q.evaluations.rows(0, keep)
    assert len(rows) == 30 and len(np.unique(rows.ids[:5], axis=0)) > 1
    event = q.model.event(DRUG, q.encoding, q.evaluations.windows[0])
    scores = q.model.score(q.model.exact_outputs(rows), [event], "log_odds")
    np.testing.assert_allclose(q.value(keep), scores.reshape(6, 5, 1).mean(axis=1), rtol=1e-5)
    assert q.n_evals == 30


def test_keeping_everything_is_the_text_in_all_draws():
    q = query()
    rows = q.evaluations.rows(0, np.ones((1, q.n_units), dtype=bool))
    original = q.model.row(q.encoding, q.evaluations.windows[0])
    np.testing.assert_array_equal(rows.ids, np.repeat(original.ids, 8, axis=0))
    full = np.ones((1, q.n_units), dtype=bool)
    np.testing.assert_allclose(q.value(full), query(MaskPiece()).value(full), rtol=1e-6)


def test_another_seed_and_another_text_give_other_draws():
    keep = some_rows(query())
    values = query().value(keep)
    assert not np.array_equal(query(FillIn(mlm(), rng=1)).value(keep), values)
    hiding = FillIn(mlm())
    ids = [q.encoding.ids for q in (query(), query(document=Document("Patiënt kreeg furosemide wegens koorts.")))]
    assert not np.array_equal(hiding._uniforms(ids[0])[:, :5], hiding._uniforms(ids[1])[:, :5])


def test_a_piece_hidden_in_two_rows_meets_the_same_numbers():
    class Recorder:
        name, pieces = "recorder", tagger().vocabulary.pieces()
        seen: list = []

        def fill_in(self, row, hidden, uniforms):
            self.seen.append(uniforms)
            return np.repeat(np.repeat(row.ids, len(hidden), axis=0)[:, None], len(uniforms), axis=1)

    q = query(FillIn(Recorder(), draws=4))
    for keep in some_rows(q, 3):
        q.value(keep[None])
    first, *others = Recorder.seen
    assert first.shape == (4, len(q.encoding.ids) + 2) and all(np.array_equal(first, other) for other in others)
    assert ((first >= 0) & (first < 1)).all()
    np.testing.assert_array_equal(np.sort(np.floor(first * 4), axis=0), np.arange(4)[:, None] + 0 * first)


def test_draws_have_the_distribution_of_the_masked_language_model():
    """Chi-square over seeds: each draw is a sample of the softmax, independent of the others' pieces within a draw."""
    module, tokenizer = masked_lm()
    row_ids = tagger().encode(DOC.text).ids
    vocabulary, n_seeds, at = tagger().vocabulary, 300, (1, 2)
    ids = np.concatenate([tagger().pieces.prefix, row_ids, tagger().pieces.suffix]).astype(np.int64)[None]
    keep = np.ones((1, ids.shape[1]), dtype=bool)
    keep[0, at] = False
    row = PieceRows(ids, np.ones_like(keep), np.arange(1, ids.shape[1] - 1)[None])
    drawn = np.stack([FillIn(mlm(), draws=1, rng=s).hide(row, keep, vocabulary).ids[0, at] for s in range(n_seeds)])
    masked = torch.as_tensor(np.where(keep, ids, vocabulary.mask))
    with torch.no_grad():
        logits = module(input_ids=masked, attention_mask=torch.ones_like(masked)).logits[0, list(at)].double()
    logits[:, tokenizer.all_special_ids] = -torch.inf
    p = logits.softmax(-1).numpy()
    for column in range(2):
        assert chi_square_z(drawn[:, column], p[column]) < 4
        assert chi_square_z(drawn[:, column], np.roll(p[column], 1)) > 20, "a control that must fail"
    top = p.argmax(axis=1)
    both, alone = (drawn == top).all(axis=1).mean(), (drawn == top).mean(axis=0).prod()
    assert abs(both - alone) < 4 * np.sqrt(alone * (1 - alone) / n_seeds)


def chi_square_z(sample, p):
    """How far the chi-square of frequencies lies above its mean, in standard deviations; rare pieces pooled."""
    expected, counts = len(sample) * p, np.bincount(sample, minlength=len(p))
    common = expected >= 5
    expected = np.append(expected[common], expected[~common].sum() + 1e-9)
    counts = np.append(counts[common], counts[~common].sum())
    return (((counts - expected) ** 2 / expected).sum() - len(expected) + 1) / np.sqrt(2 * len(expected))


def test_draws_spread_the_pieces_of_one_row_evenly():
    """Independent draws of a piece with probability p would leave it out of a row of 64 far more often than not."""
    q = query(FillIn(mlm(), draws=64))
    keep = np.ones((1, q.n_units), dtype=bool)
    keep[0, 0] = False
    column = 1
    counts = np.bincount(q.evaluations.rows(0, keep).ids[:, column])
    other = np.bincount(query(FillIn(mlm(), draws=64, rng=5)).evaluations.rows(0, keep).ids[:, column])
    size = max(len(counts), len(other))
    gap = np.abs(np.pad(counts, (0, size - len(counts))) - np.pad(other, (0, size - len(other))))
    assert gap.max() <= 2 and counts.max() > 3


def test_every_window_and_the_context_arm_are_filled_in():
    model = load_model(build("bert"), precision="exact", max_length=16)
    document = Document(" ".join(["Patiënt kreeg furosemide wegens hartfalen."] * 3))
    starts = [14, 14 + 2 * 43]
    targets = [Target(Span(s, s + 10, "Drug")) for s in starts]
    q = Query(model, document, targets, hiding=FillIn(mlm(), draws=2))
    assert len(q.parts()) == 2
    found = explain(q, PermutationShap(budget=400), rng=0)
    assert np.isfinite(found.scores).all()
    np.testing.assert_allclose(found.completeness_gap, 0, atol=1e-9)
    arm = q.with_targets(targets[:1]).context()
    keep = (np.random.default_rng(0).random((3, q.n_units)) < 0.5) | ~arm.active
    assert np.isfinite(arm.value(keep)).all()


def test_methods_agree_with_exact_on_the_same_fixed_function():
    target = Target(Span(6, 16, "Drug"))
    q = query(FillIn(mlm(), draws=2), document=Document("kreeg furosemide wegens"), targets=(target,))
    assert q.n_units == 3
    truth = explain(q, Exact()).scores
    for method in (KernelShap(budget=64), PermutationShap(budget=64)):
        np.testing.assert_allclose(explain(q, method, rng=0).scores, truth, atol=1e-9)


def test_foreign_pieces_are_refused_with_a_way_out():
    foreign = load_fill_in(masked_lm("roberta"))
    with pytest.raises(ValueError, match=r"does not share the pieces.*Give FillIn\(mlm=xl.load_fill_in\(…"):
        query(FillIn(foreign))
    with pytest.raises(ValueError, match="the masked language model 'medical-mlm' does not share the pieces"):
        query(FillIn())
    shifted = {piece: (i + 1) % 160 for piece, i in tagger().vocabulary.pieces().items()}

    class Shifted:
        name, pieces = "shifted", shifted
        fill_in = None

    with pytest.raises(ValueError, match="it has 160, the tokenizer 160, and 320 entries differ"):
        query(FillIn(Shifted()))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"draws": 0}, ValueError, "draws is 0; it must be an int of at least 1"),
        ({"draws": True}, ValueError, "draws is True"),
        ({"rng": -1}, ValueError, "rng is -1; it must be an int of at least 0"),
        ({"mlm": "bert"}, TypeError, r"mlm is a str; give xl.load_fill_in\(folder"),
    ],
)
def test_bad_settings_are_refused(settings, error, message):
    with pytest.raises(error, match=message):
        FillIn(**{"mlm": mlm(), **settings})


def test_the_demo_model_is_explained_from_end_to_end():
    model, document = demo_model(), Document("Patiënt kreeg furosemide wegens hartfalen; 患者头痛。", lang="nl")
    spans = predict(model, document).spans
    assert spans
    q = Query(model, document, [Target(span) for span in spans], hiding=FillIn(draws=2))
    found = explain(q, PermutationShap(budget=30), rng=0)
    assert np.isfinite(found.scores).all() and np.isfinite(found.full_value).all()
    np.testing.assert_allclose(found.completeness_gap, 0, atol=1e-9)
    assert found.provenance.hiding == "FillIn(mlm='medical-mlm', draws=2, rng=0)"
    assert demo_fill_in() is q.hiding.mlm
    empty = q.evaluations.rows(0, np.zeros((1, q.n_units), dtype=bool)).ids
    assert not np.isin(empty[:, 1:-1], [0, 1, 2, 3, 4]).any()


def test_rows_are_drawn_and_run_in_turns_so_that_a_cancel_keeps_what_is_done():
    q, ticks = query(FillIn(mlm(), draws=2), document=Document(DOC.text + " " + DOC.text)), []
    keep = np.unique(some_rows(q, 200), axis=0)
    n = len(keep)
    assert n > 150

    def cancel_later(done, in_all):
        ticks.append((done, in_all))
        if done >= 130:
            raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError, match="cancelled"), q.watched(cancel_later):
        q.value(keep)
    assert 130 <= q.n_evals < 2 * n and {in_all for _, in_all in ticks} == {2 * n}
    values = q.value(keep)
    assert q.n_evals == 2 * n
    fresh = query(FillIn(mlm(), draws=2), document=q.document)
    np.testing.assert_allclose(fresh.value(keep), values, rtol=1e-12)
