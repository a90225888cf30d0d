"""Masked substitution: whole words that the model finds likely, in the context only; and the check of fluency."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import regex
from subjects import LANGS, demo_subjects, drawn, subject, texts

from explain_lib.models import demo_fill_in, demo_model
from explain_lib.models.protocols import PieceRows
from explain_lib.perturbation.edits import (
    CHECKS, Change, Fluent, Gate, MaskedSubstitution, Synonym, TextEdit, label_keeping, on_request,
)  # fmt: skip
from explain_lib.perturbation.edits.fluent import log_prob_of_pieces
from explain_lib.perturbation.edits.masked_words import maskable


class Told:
    """Finds the words likely that it was told, whatever the text, and whatever stands there; counts its rows."""

    name = "told"

    def __init__(self, *words: str) -> None:
        self.words, self.n_rows = words, 0
        self.pieces: Mapping[str, int] = demo_model().vocabulary.pieces()

    def likeliest(self, rows: PieceRows, hidden: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        own = np.broadcast_to(rows.ids, hidden.shape)[hidden]
        told = np.array([self.pieces[word] for word in self.words])
        self.n_rows += len(hidden)
        ids = np.concatenate([np.repeat(told[None], len(own), axis=0), own[:, None]], axis=1)[:, :n]
        return ids, -np.repeat(np.arange(1.0, ids.shape[1] + 1)[None], len(own), axis=0)

    def log_probs(self, rows: PieceRows, hidden: np.ndarray) -> np.ndarray:
        own = np.broadcast_to(rows.ids, hidden.shape)[hidden]
        return np.where(np.isin(own, [self.pieces[word] for word in self.words]), -9.0, -1.0)

    def fill_in(self, row: PieceRows, hidden: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        raise AssertionError("is not asked for")


def test_whole_words_in_place_of_whole_words() -> None:
    of = subject("She was seen today with gout and went home early.", "en", "gout")
    told = Told("later", "##s", ",", "headache", "12")
    found = texts(MaskedSubstitution(most=1, mlm=told), of)
    changed = {" ".join(text.split()) for text in found}
    assert {"She was seen later with gout and went home early."} <= changed
    assert all("with gout and" in text and text.startswith("She ") for text in found)
    new = set(regex.findall(r"\p{L}+", " ".join(found))) - set(regex.findall(r"\p{L}+", of.document.text))
    assert new == {"later"}  # no piece that goes on with a word, no mark, no number, no name of an entity
    assert told.n_rows == 200


def test_a_word_that_the_model_does_not_expect_stays() -> None:
    of = subject("She was seen today with gout and went home early.", "en", "gout")
    assert texts(MaskedSubstitution(top=1, mlm=Told("later")), of) == set()  # the word itself comes second


def test_an_english_article_follows() -> None:
    of = subject("He left after a visit to see her about gout.", "en", "gout")
    assert any("after an early to" in text for text in texts(MaskedSubstitution(mlm=Told("early")), of))


def test_han_words_are_chosen_as_words() -> None:
    of = subject("患者目前好转，已确诊为胃炎。", "zh", "胃炎")
    assert "目前" in {of.document.text[word.start : word.end] for word in maskable(of, 1)}
    found = texts(MaskedSubstitution(most=1, mlm=Told("现", "在")), of)
    assert "患者现在好转，已确诊为胃炎。" in found
    assert not any("在现" in text or "现前" in text for text in found)  # no words
    assert "患者目前好转，在确诊为胃炎。" not in found  # no particle of ours


def test_the_model_must_share_the_pieces() -> None:
    class Foreign(Told):
        def __init__(self) -> None:
            super().__init__("later")
            self.pieces = {**self.pieces, "strange": 99999}

    with pytest.raises(ValueError, match="does not share the pieces of this model's tokenizer"):
        drawn(MaskedSubstitution(mlm=Foreign()), subject("She went home early with gout.", "en", "gout"))


def test_edits_of_the_demo_model_hold_what_families_promise() -> None:
    for lang in LANGS:
        pairs = [(of, e) for of in demo_subjects(lang)[:6] for e in drawn(MaskedSubstitution(), of, 6)]
        assert pairs
        for of, edit in pairs:
            assert isinstance(edit, TextEdit) and edit.document.text != of.document.text
            for span in of.protected:
                moved = edit.moved(span)
                assert moved is not None and moved.text_of(edit.document.text) == span.text_of(of.document.text)
            assert all(regex.fullmatch(r"(?V1)\p{Ll}+|\p{Han}{1,3}", change.text) for change in edit.changes)
            edit.on(of.query)
    of = demo_subjects("nl")[3]
    first, again, other = ([e.record() for e in drawn(MaskedSubstitution(), of, 8, seed)] for seed in (0, 0, 1))
    assert first == again != other


HOSTILE = ("🙂", "痛", "  \t x", "a\r\nb c d\r\n", "x" * 99, "العربية 头痛 עברית pain", "e\u0301e\u0301 n\u0303 pain")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_break_nothing(text: str) -> None:
    for lang in LANGS:
        for family in on_request():
            assert all(edit.record()["changes"] for edit in drawn(family, subject(text, lang), 3))


def test_long_texts_are_read_in_the_window_where_a_word_lies_most_centrally() -> None:
    of = subject("She went home early and came back later in the week. " * 90, "en")
    windows = of.query.evaluations.windows
    found = maskable(of, 1)
    assert len(windows) > 1 and {word.window for word in found} == set(windows)
    for word in found:
        first, last = word.window.pieces
        assert first <= word.pieces[0] and word.pieces[1] <= last
        assert min(word.pieces[0] - first, last - word.pieces[1]) > 20 or first == 0 or last == windows[-1].pieces[1]


def test_only_asked_for_families_run_another_model() -> None:
    assert all(family.cost == 0 for family in label_keeping())
    assert {family.name: family.cost for family in on_request()} == {
        "masked substitution": 1, "character noise inside": 0,
    }  # fmt: skip


def test_fluency_is_the_ratio_of_pseudo_perplexities() -> None:
    of = subject("He went home early because of gout then.", "en", "gout")
    edit = TextEdit(Synonym(), of.document, (Change(3, 7, "later"),))
    odd = Told("later")
    model, n = of.query.model, len(of.query.encoding.ids)
    assert log_prob_of_pieces(odd, model, of.query.encoding) == -1
    after = log_prob_of_pieces(odd, model, model.encode(edit.document.text))
    assert after == pytest.approx(-(n - 1 + 9) / n)
    ratio = np.exp(-1 - after)
    assert Fluent(odd, ratio * 1.01).objection(edit, of) is None
    assert Fluent(odd, ratio * 0.99).objection(edit, of) == "the text reads oddly"
    assert Gate((*CHECKS, Fluent(odd, 1.1))).objection(edit, of) == "the text reads oddly"


def test_the_demo_model_finds_nonsense_odd() -> None:
    of = subject("The patient was treated with aspirin because of severe pain in the chest.", "en", "aspirin")
    odd = TextEdit(Synonym(), of.document, (Change(45, 52, "quarter letter tree "),))
    assert Fluent(demo_fill_in()).objection(odd, of) == "the text reads oddly"


@pytest.mark.parametrize(("make", "message"), [
    (lambda: MaskedSubstitution(most=0), "most is 0"), (lambda: MaskedSubstitution(top=0), "top is 0"),
    (lambda: Fluent(demo_fill_in(), 0), "ratio is 0"),
])  # fmt: skip
def test_bad_settings_are_refused(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
