"""Context deletion: whole words with their blank, nothing that hangs on them left behind."""

from __future__ import annotations

import pytest
from subjects import demo_subjects, drawn, subject, texts

from explain_lib.perturbation.edits import ContextDeletion, TextEdit


def test_english_words_go_with_their_blank() -> None:
    of = subject("He came in today, quite tired, and asthma was found by (young) doctors.", "en", "asthma")
    assert texts(ContextDeletion(), of) == {
        "He in today, quite tired, and asthma was found by (young) doctors.",
        "He came today, quite tired, and asthma was found by (young) doctors.",
        "He came in, quite tired, and asthma was found by (young) doctors.",
        "He came in today, tired, and asthma was found by (young) doctors.",
        "He came in today, quite, and asthma was found by (young) doctors.",
        "He came in today, quite tired, and asthma was by (young) doctors.",
        "He came in today, quite tired, and asthma was found (young) doctors.",
    }  # "and" and "was" stand beside the entity; "He" opens, "doctors" ends; brackets would stay empty


def test_dutch_compounds_numbers_and_titles_stay() -> None:
    of = subject("Beleid: graag 2 CT-scans en een tweede/derde controle bij astma.", "nl", "astma")
    assert texts(ContextDeletion(), of) == {
        "Beleid: 2 CT-scans en een tweede/derde controle bij astma.",
        "Beleid: graag 2 CT-scans een tweede/derde controle bij astma.",
        "Beleid: graag 2 CT-scans en tweede/derde controle bij astma.",
        "Beleid: graag 2 CT-scans en een tweede/derde bij astma.",
    } - {"Beleid: 2 CT-scans en een tweede/derde controle bij astma."}  # "graag" opens what stands behind the title


def test_chinese_words_are_those_of_a_segmenter_and_particles() -> None:
    of = subject("患者昨天自己来到医院，已经诊断肺炎了，仍在CT室。", "zh", "肺炎")
    found = texts(ContextDeletion(), of)
    assert "昨天自己来到医院，已经诊断肺炎了，仍在CT室。" in found  # 患者 is gone
    assert "患者昨天自己来到，已经诊断肺炎了，仍在CT室。" in found  # 医院 is gone
    assert "患者昨天自己来到医院，已经诊断肺炎了，在CT室。" in found  # 仍 is a word of one character
    assert not any("医，" in text or "，院" in text for text in found)


def test_latin_letters_never_run_together() -> None:
    of = subject("先做MRI检查CT检查，再议，肺炎待诊。", "zh", "肺炎")
    found = texts(ContextDeletion(), of)
    assert found and not any("MRICT" in text for text in found)


@pytest.mark.parametrize("lang", ["zh", "nl", "en"])
def test_no_more_than_a_tenth_goes(lang: str) -> None:
    of = demo_subjects(lang)[-1]
    sizes = set()
    for edit in drawn(ContextDeletion(), of, 40):
        assert isinstance(edit, TextEdit)
        gone = (edit.unit_of(of.query, edit.on(of.query)) < 0).sum()
        assert gone <= 0.1 * of.free_units(1).sum()
        sizes.add(int(gone))
    assert len(sizes) > 3


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="share is 0"):
        ContextDeletion(share=0)
    with pytest.raises(ValueError, match="margin is 0, allowed is 1 or more"):
        ContextDeletion(margin=0)
