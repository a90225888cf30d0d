"""Synonyms: same form, right article, whole words, context only."""

from __future__ import annotations

import pytest
from subjects import subject, texts

from explain_lib.perturbation.edits import Gate, Phrases, ProtectedWords, Synonym
from explain_lib.perturbation.edits.articles import article
from explain_lib.perturbation.edits.gate import _finder
from explain_lib.perturbation.edits.word_lists.protected import PROTECTED
from explain_lib.perturbation.edits.word_lists.synonyms import SYNONYMS


def test_english() -> None:
    of = subject("Recently she stopped it because of gout, despite good advice.", "en", "gout")
    assert texts(Synonym(most=1), of) == {
        "Lately she stopped it because of gout, despite good advice.",
        "Recently she stopped it because of gout, in spite of good advice.",
    }  # "because of" stands beside the entity
    assert len(texts(Synonym(), of)) == 3


def test_dutch() -> None:
    of = subject("Vanwege koorts is zij nu opgenomen en direct behandeld.", "nl", "koorts")
    assert {
        "Vanwege koorts is zij thans opgenomen en direct behandeld.",
        "Vanwege koorts is zij nu opgenomen en meteen behandeld.",
        "Vanwege koorts is zij op dit moment opgenomen en onmiddellijk behandeld.",
    } <= texts(Synonym(), of)


def test_chinese_words_only_where_they_are_words() -> None:
    of = subject("患者因跌倒来诊，目前考虑肺炎，现已明显好转。", "zh", "肺炎")
    found = texts(Synonym(most=1), of)
    assert "病人因跌倒来诊，目前考虑肺炎，现已明显好转。" in found
    assert "患者由于跌倒来诊，目前考虑肺炎，现已明显好转。" in found
    assert "患者因跌倒来诊，当前考虑肺炎，现已明显好转。" in found
    of = subject("因素很多，和平医院也收治肺炎患者多名。", "zh", "肺炎")  # 因 and 和 are parts of words here
    assert texts(Synonym(), of) == set()


def test_articles_follow_their_word() -> None:
    user = Phrases.of({"old": ["aged"], "scan": ["image", "X-ray"]})
    of = subject("It was an old man with gout who had a scan then.", "en", "gout")
    assert texts(Synonym(synonyms=user), of) == {
        "It was an aged man with gout who had a scan then.",
        "It was an old man with gout who had an image then.",
        "It was an old man with gout who had an X-ray then.",
        "It was an aged man with gout who had an image then.",
        "It was an aged man with gout who had an X-ray then.",
    }
    wanted = {"an": "MRI ECG hour abscess X-ray 8-week HbA1c", "a": "CT unit urine European scan TSH 6-week one-off"}
    assert [word for kind, text in wanted.items() for word in text.split() if article(word) != kind] == []


def test_lists_of_the_user_stay_out_of_the_repr() -> None:
    one, other = (Synonym(synonyms=Phrases.of({"secret": [word]})) for word in ("hidden", "covert"))
    assert "secret" not in repr(one) and "hidden" not in repr(one)
    assert repr(one) != repr(other) and one.languages is None


@pytest.mark.parametrize("lang", ["zh", "nl", "en"])
def test_no_list_touches_or_brings_in_a_protected_word(lang: str) -> None:
    finder = _finder(PROTECTED[lang])
    for word, others in SYNONYMS[lang].items():
        assert not finder.search(word) and not any(finder.search(other) for other in others), word
        assert word not in others and len(set(others)) == len(others)
    assert Gate().checks[-1] == ProtectedWords()


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="most is 0"):
        Synonym(most=0)
    with pytest.raises(ValueError, match="must be a list of phrases"):
        Phrases.of({"a": "b"})
    with pytest.raises(ValueError, match="must be a list of phrases"):
        Phrases.of({"a": [" "]})
