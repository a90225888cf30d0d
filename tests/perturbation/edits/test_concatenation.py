"""Concatenation and truncation: the text gets longer or shorter at its ends only."""

from __future__ import annotations

import pytest
from subjects import drawn, subject, texts

from explain_lib.core import Span
from explain_lib.perturbation.edits import Concatenation, Phrases, TextEdit, Truncation
from explain_lib.perturbation.edits.gate import _finder
from explain_lib.perturbation.edits.word_lists.protected import PROTECTED
from explain_lib.perturbation.edits.word_lists.sentences import SENTENCES

USER = Phrases.of({"en": ["All is well."], "zh": ["一切都好。"]})


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("He has gout.", "en", {"All is well. He has gout.", "He has gout. All is well."}),
        ("He has gout and pain", "en", {"All is well. He has gout and pain", "He has gout and pain\nAll is well."}),
        ("He has gout", "en", {"All is well. He has gout"}),  # nothing would part the entity from what follows
        ("He has gout.\n", "en", {"All is well. He has gout.\n", "He has gout. All is well.\n"}),
        ("他有gout。", "zh", {"一切都好。他有gout。", "他有gout。一切都好。"}),
    ],
)
def test_a_sentence_before_or_behind(text: str, lang: str, expected: set[str]) -> None:
    of = subject(text, lang, "gout", asked=True)
    assert texts(Concatenation(USER), of) == expected
    for edit in drawn(Concatenation(USER), of):
        assert isinstance(edit, TextEdit)
        span = edit.on(of.query).targets[0].span
        assert span is not None and span.text_of(edit.document.text) == "gout"
        assert edit.record()["place"] in {"before", "behind"}


def test_languages_are_those_of_the_sentences() -> None:
    assert Concatenation().languages == ("zh", "nl", "en") and Concatenation(USER).languages == ("en", "zh")


@pytest.mark.parametrize("lang", ["zh", "nl", "en"])
def test_own_sentences_hold_no_protected_word(lang: str) -> None:
    assert [s for s in SENTENCES[lang] if _finder(PROTECTED[lang]).search(s)] == []
    assert len(set(SENTENCES[lang])) >= 12


def test_truncation_cuts_at_marks_outside_the_entities() -> None:
    of = subject("Well, as planned, he has gout, he said; we agreed. Bye now.", "en", "gout")
    assert texts(Truncation(), of) == {
        "as planned, he has gout, he said; we agreed. Bye now.",
        "he has gout, he said; we agreed. Bye now.",
        "Well, as planned, he has gout, he said; we agreed.",
        "Well, as planned, he has gout, he said;",
        "Well, as planned, he has gout,",
    }
    of = subject("痛风，已告知，明天复诊。", "zh", "痛风")
    assert texts(Truncation(share=0.9), of) == {"痛风，", "痛风，已告知，"}
    assert texts(Truncation(share=0.1), of) == set()


def test_truncation_keeps_the_spans_that_remain() -> None:
    of = subject("Well, he has gout today.", "en", "gout", asked=True)
    edit = drawn(Truncation(), of)[0]
    assert edit.moved(Span(13, 17, "Disease")) == Span(7, 11, "Disease")
    with pytest.raises(ValueError, match="share is 1"):
        Truncation(share=1)
