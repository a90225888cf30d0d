"""Questions of many texts answered together: same answers, shared batches, no company in errors or interrupts."""

from __future__ import annotations

import numpy as np
import pytest
from spy_model import SpyModel

from explain_lib.core import Document, Span, Target
from explain_lib.perturbation import Delete, MaskPiece, Query, together
from explain_lib.perturbation.evaluations import MissingRows, deferred
from explain_lib.perturbation.together import ROUNDS, answers

TEXTS = ("Zij kreeg furosemide.", "Hij had een longontsteking na de operatie.", "患者头痛三天。", "geen koorts")


MASK = MaskPiece()


def queries(model, hiding=MASK, **settings):
    return [
        Query(model, Document(text), targets=[Target(Span(0, 3, "X"))], hiding=hiding, **settings) for text in TEXTS
    ]


def rows_for(query, n=9, seed=0):
    keep = np.random.default_rng(seed).random((n, query.n_units)) < 0.5
    return keep | ~query.active


def values(asked, seeds=(0,)):
    """Questions that ask for several rounds of rows, each round only after the one before."""
    return [lambda q=q: [q.value(rows_for(q, seed=seed)) for seed in seeds] for q in asked]


def settled(questions, **settings):
    found = dict(answers(questions, **settings))
    assert sorted(found) == list(range(len(questions)))
    return [found[i] for i in range(len(questions))]


def same(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(np.stack(one), np.stack(other))


class ThreeDraws(MaskPiece):
    """Every row three times: with the mask, and with two ordinary pieces."""

    draws = 3

    def hide(self, row, keep, vocabulary):
        rows = super().hide(row, np.repeat(keep, 3, axis=0), vocabulary)
        drawn = np.where(np.repeat(keep, 3, axis=0), rows.ids, (np.arange(len(rows.ids)) % 3)[:, None] * 5)
        return type(rows)(drawn, rows.attended, rows.labels_at)


@pytest.mark.parametrize("hiding", [MaskPiece(), Delete(), ThreeDraws()], ids=repr)
@pytest.mark.parametrize("chunk", [1 << 20, 40])
def test_answers_and_rows_are_those_of_each_alone(hiding, chunk, monkeypatch):
    monkeypatch.setattr(together, "CHUNK_PIECES", chunk)
    shared = queries(SpyModel(), hiding)
    alone = queries(SpyModel(), hiding)
    same(settled(values(shared, (0, 1, 2))), [ask() for ask in values(alone, (0, 1, 2))])
    assert [q.n_evals for q in shared] == [q.n_evals for q in alone]


def test_long_texts_in_windows_share_batches_too():
    text = " ".join(f"woord{i}" for i in range(30))
    targets = [Target(Span(text.index(w), text.index(w) + len(w), "X")) for w in ("woord1", "woord29")]
    shared, alone = (
        [Query(SpyModel(max_pieces=24), Document(text), targets=targets), *queries(SpyModel())] for _ in range(2)
    )
    same(settled(values(shared)), [ask() for ask in values(alone)])


def test_rows_of_all_texts_share_batches():
    calls = []

    class Counting(SpyModel):
        def iter_outputs(self, rows):
            calls.append(len(rows))
            return super().iter_outputs(rows)

    model = Counting()
    settled(values(queries(model), (0, 1)))
    assert len(calls) == 2, "one call a round"


def test_rows_that_several_questions_miss_are_run_once():
    query = queries(SpyModel())[1]
    other = query.with_targets([Target(Span(4, 7, "X"))])
    settled(values([query, other, query]))
    assert query.n_evals == len({row.tobytes() for row in rows_for(query)})


def test_an_error_stays_with_its_question():
    def wrong():
        raise ValueError("this text only")

    asked = queries(SpyModel())
    first, *rest = settled([wrong, *values(asked)])
    assert isinstance(first, ValueError)
    same(rest, [ask() for ask in values(queries(SpyModel()))])


def test_a_text_on_which_the_model_fails_does_not_take_the_others_along():
    class Failing(SpyModel):
        def iter_outputs(self, rows):
            if (rows.ids == self._id("koo")).any():
                raise FloatingPointError("the model returned NaN")
            return super().iter_outputs(rows)

    *good, bad = settled(values(queries(Failing())))
    assert isinstance(bad, FloatingPointError)
    same(good, [ask() for ask in values(queries(SpyModel())[:3])])


def test_who_asks_row_by_row_is_left_to_run_alone():
    query, asked = queries(SpyModel())[1], []

    def one_by_one():
        asked.append(1)
        return [query.value(row[None]) for row in np.unique(rows_for(query, 40), axis=0)]

    settled([one_by_one])
    assert len(asked) == ROUNDS + 1


def test_rows_that_the_table_does_not_keep_are_not_asked_for_for_ever():
    shared = queries(SpyModel(), max_bytes=0)
    asked = [lambda q=q: q.predict(rows_for(q)) for q in shared]
    found = settled(asked)
    expected = [q.predict(rows_for(q)) for q in queries(SpyModel())]
    assert [[p.spans for p in ps] for ps in found] == [[p.spans for p in ps] for ps in expected]
    same(settled(values(shared)), [ask() for ask in values(queries(SpyModel()))])


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_what_a_tick_raises_stops_everything_and_asking_again_continues(stop):
    asked, ticks = queries(SpyModel()), []

    def tick(done, in_all):
        ticks.append((done, in_all))
        if len(ticks) == 2:
            raise stop

    with pytest.raises(stop):
        settled(values(asked), tick=tick)
    ran = sum(q.n_evals for q in asked)
    assert ran == 14 and ticks == [(7, ticks[0][1]), (14, ticks[0][1])]
    same(settled(values(asked)), [ask() for ask in values(queries(SpyModel()))])
    assert sum(q.n_evals for q in asked) == ticks[0][1]
    with pytest.raises(MissingRows), deferred():
        asked[0].value(rows_for(asked[0], seed=5))
    asked[0].value(rows_for(asked[0], seed=5))


def test_an_interrupt_inside_the_model_leaves_finished_batches():
    model = SpyModel()
    asked = queries(model)
    model.interrupt_after.append(14)
    with pytest.raises(KeyboardInterrupt):
        settled(values(asked))
    assert sum(q.n_evals for q in asked) == 14
    model.interrupt_after.clear()
    same(settled(values(asked)), [ask() for ask in values(queries(SpyModel()))])


def test_no_questions_no_answers():
    assert settled([]) == []
