"""The seam: rows are shared, counted once, and mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spy_model import MASK, SpyModel

from explain_lib.core import NO_ENTITY, Document, Span, Target, Units, longer
from explain_lib.corpora import default_units
from explain_lib.perturbation import AttentionOff, Delete, MaskPiece, NeutralPiece, Query

TEXT = "Zij kreeg furosemide wegens hartfalen; 患者否认发热。"
DOC = Document(TEXT, lang="nl")
DRUG = Span(10, 20, "X")
WHY = Span(28, 37, "Y")
HIDINGS = [MaskPiece(), NeutralPiece(), AttentionOff(), Delete()]


TARGETS = (Target(DRUG), Target(WHY))


def query(model=None, targets=TARGETS, **settings):
    return Query(model or SpyModel(), DOC, targets=targets, **settings)


def some_rows(q, n=20, rng=0):
    return (np.random.default_rng(rng).random((n, q.n_units)) < 0.5) | ~q.active


@pytest.mark.parametrize("hiding", HIDINGS, ids=repr)
def test_keeping_everything_gives_the_unperturbed_score(hiding):
    q = query(hiding=hiding)
    full = q.value(np.ones((1, q.n_units), dtype=bool))
    encoding = q.model.encode(TEXT)
    (window,) = q.model.windows(encoding)
    row = q.model.row(encoding, window)
    events = [q.model.event(t, encoding, window) for t in q.targets]
    np.testing.assert_array_equal(full, q.model.score(q.model.exact_outputs(row), events, "log_odds"))


def test_no_row_is_run_twice_whatever_is_asked():
    q = query()
    rows = some_rows(q)
    first = q.value(np.concatenate([rows, rows]))
    ran = q.n_evals
    assert ran == len({row.tobytes() for row in rows}) == len(q.model.seen)
    np.testing.assert_array_equal(first[: len(rows)], first[len(rows) :])
    q.value(rows[::-1])
    q.predict(rows)
    q.with_score("probability").value(rows)
    others = [Target(DRUG, versus="Y"), Target(WHY, versus=NO_ENTITY), Target(DRUG, versus=longer(right=1))]
    q.with_targets(others).value(rows)
    assert q.n_evals == ran == len(q.model.seen)


def test_shared_targets_equal_one_target_at_a_time():
    both = query()
    rows = some_rows(both)
    alone = [query(targets=(t,)).value(rows)[:, 0] for t in both.targets]
    np.testing.assert_array_equal(both.value(rows), np.stack(alone, axis=1))


@pytest.mark.parametrize("hiding", HIDINGS[:3], ids=repr)
def test_length_keeping_hiding_changes_only_the_pieces_of_hidden_units(hiding):
    q = query(hiding=hiding)
    keep = np.ones((1, q.n_units), dtype=bool)
    keep[0, [2, 5]] = False
    q.value(keep)
    original = q.model.row(q.encoding, q.evaluations.windows[0])
    ids = np.frombuffer(q.model.seen[0][0], dtype=np.int64)
    attended = np.frombuffer(q.model.seen[0][1], dtype=bool)
    hidden = np.concatenate([[False], np.isin(q.alignment.owner, [2, 5])])
    changed = (ids != original.ids[0]) | (attended != original.attended[0])
    np.testing.assert_array_equal(changed, hidden)


def test_deletion_leaves_the_remaining_ids_in_order():
    q = query(hiding=Delete())
    keep = np.ones((1, q.n_units), dtype=bool)
    keep[0, [0, 3]] = False
    q.value(keep)
    original = q.model.row(q.encoding, q.evaluations.windows[0]).ids[0]
    gone = np.concatenate([[False], np.isin(q.alignment.owner, [0, 3])])
    np.testing.assert_array_equal(np.frombuffer(q.model.seen[0][0], dtype=np.int64), original[~gone])


def test_deletion_scores_the_target_where_it_went():
    q = query(hiding=Delete(), targets=(Target(DRUG),))
    keep = np.ones((1, q.n_units), dtype=bool)
    keep[0, 0] = False
    short = Query(SpyModel(), Document(TEXT[4:]), targets=[Target(Span(6, 16, "X"))])
    np.testing.assert_allclose(q.value(keep), short.value(np.ones((1, short.n_units), dtype=bool)), rtol=1e-6)


def test_deletion_refuses_to_remove_the_target_and_its_contrast():
    q = query(hiding=Delete(), targets=(Target(DRUG, versus=longer(right=1)),))
    own, neighbour = q.units.inside(DRUG), q.units.texts.index("wegens")
    assert not q.active[own].any() and q.active[q.units.texts.index("Zij")]
    keep = np.ones((1, q.n_units), dtype=bool)
    keep[0, np.flatnonzero(own)[0]] = False
    with pytest.raises(ValueError, match=r"keep hides units \[2\], but Delete\(\) cannot remove units of a target"):
        q.value(keep)
    assert q.units.texts[neighbour] == "wegens"


def test_context_arm_keeps_the_own_units_and_shares_the_table():
    q = query(targets=(Target(DRUG),))
    arm = q.context()
    np.testing.assert_array_equal(arm.active, ~q.units.inside(DRUG))
    rows = some_rows(arm)
    arm.value(rows)
    ran = q.n_evals
    np.testing.assert_array_equal(q.value(rows), arm.value(rows))
    assert q.n_evals == ran
    keep = np.ones((1, q.n_units), dtype=bool)
    keep[0, 2] = False
    q.value(keep)
    with pytest.raises(ValueError, match=r"keep hides units \[2\], but the context arm keeps the entity's own units"):
        arm.value(keep)
    with pytest.raises(ValueError, match="needs exactly one target with a span, this query has 2"):
        query().context()


def test_game_hides_active_units_only():
    arm = query(targets=(Target(DRUG),)).context()
    game = arm.game()
    assert game.n_units == arm.n_units - 1
    empty = np.ones((1, arm.n_units), dtype=bool)
    empty[:, arm.active] = False
    np.testing.assert_array_equal(game.value(np.zeros((1, game.n_units), dtype=bool)), arm.value(empty))


def test_units_finer_than_a_piece_are_joined():
    characters = Units(DOC, [(i, i + 1) for i, c in enumerate(TEXT) if not c.isspace()])
    q = query(units=characters)
    assert "Zij" in q.units.texts and "fur" in q.units.texts and "患者否" in q.units.texts
    assert q.n_units == len(q.encoding.ids)


def test_interrupted_then_asked_again_equals_uninterrupted():
    model = SpyModel(interrupt_after=[14])
    q = query(model)
    rows = np.unique(some_rows(q, 60), axis=0)
    with pytest.raises(KeyboardInterrupt):
        q.value(rows)
    assert q.n_evals == 14
    model.interrupt_after.clear()
    values = q.value(rows)
    assert q.n_evals == len(rows) == len(model.seen)
    np.testing.assert_array_equal(values, query().value(rows))


def test_a_tick_sees_every_batch_and_can_cancel_between_batches():
    q, ticks = query(), []
    with q.watched(lambda done, total: ticks.append((done, total))):
        q.value(np.unique(some_rows(q, 30), axis=0))
    assert ticks[-1][0] == ticks[-1][1] == q.n_evals and len(ticks) == -(-q.n_evals // 7)

    def cancel(done, total):
        raise RuntimeError("cancelled")

    again = query()
    with pytest.raises(RuntimeError, match="cancelled"), again.watched(cancel):
        again.value(some_rows(again, 30))
    assert again.n_evals == 7
    again.value(some_rows(again, 30)[:1])


def test_beyond_the_memory_bound_scores_are_kept_and_other_targets_cost_rows():
    q = query(max_bytes=2000)
    rows = np.unique(some_rows(q, 30), axis=0)
    values = q.value(rows)
    np.testing.assert_array_equal(q.value(rows), values)
    assert q.n_evals == len(rows)
    np.testing.assert_array_equal(values, query().value(rows))
    assert len(q.predict(rows)) == len(rows)
    assert q.n_evals > len(rows)


def test_deletion_leaves_targets_of_other_windows_too():
    text = " ".join(f"woord{i}" for i in range(30))
    spans = [Span(text.index(word), text.index(word) + len(word), "X") for word in ("woord8", "woord9")]
    q = Query(SpyModel(max_pieces=24), Document(text), targets=[Target(s) for s in spans], hiding=Delete())
    own = q.units.inside(spans[0]) | q.units.inside(spans[1])
    parts = [part for _, part in q.parts()]
    assert len(parts) == 2
    assert any(q.with_targets(part.targets).active[own].any() for part in parts)  # a window holds the other's target
    for part in (*parts, *(part.with_score("log_prob") for part in parts)):
        assert not part.active[own].any() and part.active.any()
    with pytest.raises(ValueError, match="cannot remove units of a target"):
        parts[0].value(~own[None])


def test_targets_are_read_where_they_lie_most_centrally():
    text = " ".join(f"woord{i}" for i in range(30))
    doc = Document(text)
    ends = text.index("woord1") + 6, len(text) - 8
    spans = [Span(text.index("woord1"), ends[0], "X"), Span(text.rindex("woord28"), ends[1], "X")]
    model = SpyModel(max_pieces=24)
    q = Query(model, doc, targets=[Target(s) for s in spans])
    parts = q.parts()
    assert [indices for indices, _ in parts] == [(0,), (1,)]
    assert not parts[0][1].active[-1] and not parts[1][1].active[0]
    assert all(part.active[part.units.inside(span)].all() for (_, part), span in zip(parts, spans, strict=True))
    keep = np.ones((1, q.n_units), dtype=bool)
    full = q.value(keep)
    before = q.n_evals
    keep[0, -1] = False  # outside the first target's window: its score cannot move and its row is known
    assert q.value(keep)[0, 0] == full[0, 0]
    assert q.n_evals == before + 1
    prediction = q.predict()[0]
    whole = Query(SpyModel(), doc).predict()[0]
    assert len(prediction.spans) == pytest.approx(len(whole.spans), abs=3)


def test_measuring_noise_can_be_cancelled_between_rows(monkeypatch):
    monkeypatch.setattr("explain_lib.perturbation.evaluations.EXACT_PIECES", 1)  # as for a text of 512 pieces
    q, ticks = query(SpyModel(is_exact=False)), []
    with q.watched(lambda done, n: ticks.append((done, n))):
        assert q.noise.shape == (q.n_targets,)
    assert ticks[-8:] == [(i, 8) for i in range(1, 9)]


def test_short_rows_of_the_noise_measurement_run_together():
    q, ticks = query(SpyModel(is_exact=False)), []
    with q.watched(lambda done, n: ticks.append((done, n))):
        alone = q.noise
    assert len(ticks) < 8
    assert ticks[-1] == (8, 8)
    np.testing.assert_array_equal(alone, query(SpyModel(is_exact=False)).noise)


def test_predictions_follow_the_hidden_units():
    q = query()
    full, empty = q.predict(np.stack([np.ones(q.n_units, dtype=bool), np.zeros(q.n_units, dtype=bool)]))
    assert full.spans != empty.spans
    assert all(0 < c <= 1 for c in full.confidence)
    assert [p.spans for p in q.predict()] == [full.spans]


def test_another_text_gets_rows_of_its_own():
    q = query()
    q.value(some_rows(q, 3))
    edited = q.on(Document("Zij kreeg water."), [Target(Span(10, 15, "X"))])
    assert edited.n_evals == 0 and edited.document.text.endswith("water.")
    edited.value(np.ones((1, edited.n_units), dtype=bool))
    assert edited.n_evals == 1


def test_noise_is_zero_in_exact_precision_and_measured_otherwise():
    assert query().noise.tolist() == [0.0, 0.0]

    class Rounding(SpyModel):
        def iter_outputs(self, rows):
            for index, batch in super().iter_outputs(rows):
                yield index, np.round(batch * 8) / 8

    noise = query(Rounding(is_exact=False)).noise
    assert (noise > 1e-3).all() and (noise < 1).all()


def test_noise_is_paid_once_for_all_targets_and_both_arms():
    q = query(SpyModel(is_exact=False))
    assert q.noise.shape == (2,)
    ran = q.n_evals
    assert 0 < ran <= 16
    for other in (q.with_targets([Target(DRUG)]).context(), q.with_targets([Target(WHY, versus=NO_ENTITY)])):
        assert other.noise.shape == (1,)
    assert q.n_evals == ran


@pytest.mark.parametrize(
    ("keep", "error", "message"),
    [
        (np.ones((1, 3), dtype=bool), ValueError, r"keep has shape \(1, 3\); it needs \(rows, 9\)"),
        (np.ones(9, dtype=bool), ValueError, r"keep has shape \(9,\)"),
        (np.ones((1, 9)), TypeError, "keep has dtype float64; it needs bool"),
    ],
)
def test_a_wrong_keep_matrix_is_refused(keep, error, message):
    with pytest.raises(error, match=message):
        query().value(keep)


def test_bad_questions_are_refused():
    with pytest.raises(ValueError, match="score is 'odds'; allowed are log_odds, log_prob, probability"):
        query(score="odds")
    with pytest.raises(ValueError, match="the text holds no unit"):
        Query(SpyModel(), Document("  \n "))
    with pytest.raises(ValueError, match="the units belong to another document"):
        query(units=default_units(Document("anders")))
    with pytest.raises(ValueError, match=r"NeutralPiece\(text='abcdef'\) is 2 pieces"):
        query(hiding=NeutralPiece("abcdef"))
    with pytest.raises(TypeError, match=r"takes a Document, got a str. Wrap a text: Document\(text\)"):
        Query(SpyModel(), TEXT)
    with pytest.raises(TypeError, match=r"targets is a Target; give a list"):
        query(targets=Target(DRUG))
    with pytest.raises(TypeError, match=r"targets holds a Span; wrap a span: Target\(span\)"):
        query().with_targets([DRUG])
    with pytest.raises(ValueError, match="label 'Z' is unknown"):
        query(targets=(Target(DRUG, label="Z"),))


def test_the_mask_piece_says_what_stands_in():
    q = query()
    assert q.hiding.describe(q.model.vocabulary) == f"MaskPiece(piece='<{MASK}>')"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(1, 4), st.integers(0, 2**32))
def test_any_text_can_be_asked_and_hidden_pieces_belong_to_hidden_units(text, width, seed):
    model = SpyModel(width=width)
    doc = Document(text)
    if not len(default_units(doc)) or not len(model.encode(text).ids):
        return
    q = Query(model, doc)
    keep = np.random.default_rng(seed).random((3, q.n_units)) < 0.5
    q.predict(keep)
    hidden = q.alignment.keep_pieces(keep)
    original = q.encoding.ids
    for row, kept in zip({r.tobytes(): r for r in keep}.values(), hidden, strict=False):
        assert row.shape == (q.n_units,) and kept.shape == original.shape
    assert q.n_evals <= 3
