"""Entity swap: same label, same number and gender, right article, whole names only."""

from __future__ import annotations

import pytest
from subjects import drawn, subject, texts

from explain_lib.core import Document, Prediction, Span
from explain_lib.perturbation.edits import EntitySwap, Gate, Phrases, TextEdit, entity_names
from explain_lib.perturbation.edits.noun_kinds import fitting_kinds, is_plural
from explain_lib.perturbation.edits.word_lists.names import NAMES


def test_spans_take_the_length_of_the_new_name() -> None:
    of = subject("She has asthma and takes aspirin.", "en", "asthma", asked=True)
    for edit in drawn(EntitySwap(), of, 30):
        assert isinstance(edit, TextEdit)
        moved = edit.document.spans[0]
        assert moved.start == 8 and moved.text_of(edit.document.text) in sum(NAMES["en"]["Disease"].values(), ())
        assert edit.on(of.query).targets[0].span == moved
        assert edit.document.text == f"She has {moved.text_of(edit.document.text)} and takes aspirin."


def test_english_articles_and_capitals() -> None:
    user = Phrases.of({"Test": ["ECG", "scan", "urine test"], "Disease": ["gout"]})
    of = subject("Asthma. He had a biopsy.", "en", "Asthma")
    assert texts(EntitySwap(user), of) == {"Gout. He had a biopsy."}
    own = subject("He needs an ECG now.", "en", "ECG", label="Test")
    assert {
        "He needs a chest X-ray now.", "He needs a urine culture now.", "He needs a CT scan now.",
    } <= texts(EntitySwap(), own)  # fmt: skip
    assert not any(" a ferritin" in text for text in texts(EntitySwap(), own))  # takes no article
    of = subject("He had an old biopsy.", "en", "biopsy", label="Test")
    assert texts(EntitySwap(user), of) == {f"He had an old {name}." for name in ("ECG", "scan", "urine test")}


def test_dutch_gender_and_number() -> None:
    of = subject("Bekend met het eczeem.", "nl", "eczeem")
    assert texts(EntitySwap(), of) == {
        f"Bekend met het {name}." for name in NAMES["nl"]["Disease"]["het"] if name != "eczeem"
    }
    of = subject("Sinds gisteren ernstige psoriasis.", "nl", "psoriasis")
    assert {text[24:-1] for text in texts(EntitySwap(), of)} == {*NAMES["nl"]["Disease"]["de"]} - {"psoriasis"}
    of = subject("Zij heeft tintelingen.", "nl", "tintelingen", label="Symptom")
    assert {text[10:-1] for text in texts(EntitySwap(), of)} == {*NAMES["nl"]["Symptom"]["many"]}


def test_chinese_names_stand_without_blanks() -> None:
    of = subject("患者肺炎三天。", "zh", "肺炎")
    found = texts(EntitySwap(), of)
    assert "患者胃溃疡三天。" in found and not any(" " in text for text in found)
    of = subject("查CT后", "zh", "CT", label="Test")
    assert "查血常规后" in texts(EntitySwap(), of)


def test_parts_of_words_and_nested_names_stay() -> None:
    assert texts(EntitySwap(), subject("An asthma-like illness.", "en", "asthma")) == set()
    assert texts(EntitySwap(), subject("He has chest wall asthma.", "en", "chest wall asthma", "asthma")) == set()
    assert texts(EntitySwap(), subject("He has asthma.", "en", "asthma", label="Unheard")) == set()


def test_the_gate_lets_whole_names_pass_whatever_they_hold() -> None:
    of = subject("克罗恩病反复发作。", "zh", "克罗恩病")  # 克 also is the gram that the gate protects
    edits = drawn(EntitySwap(), of, 20)
    assert edits and {Gate().objection(edit, of) for edit in edits} == {None}


def test_names_of_documents() -> None:
    text = "gout, mild asthma\nand right\nknee"
    one = Document(text, "en", (Span(0, 4, "Disease"), Span(22, 32, "Body")))
    predicted = Prediction((Span(11, 17, "Disease"), Span(0, 4, "Disease")), [0.9, 0.8])
    assert entity_names([one], [predicted]).entries == (("Disease", ("gout", "asthma")),)
    with pytest.raises(ValueError, match="shorter|longer"):
        entity_names([one, one], [predicted])


@pytest.mark.parametrize(
    ("lang", "many", "one"),
    [("en", "bloody stools;antecubital fossae;thin films", "psoriasis;diabetes;abscess;Crohn's disease;AIDS"),
     ("nl", "vingers;hypo's;paniekaanvallen;allergieën;klachten van de knie", "pols;boezemfibrilleren;colitis;NSAID")],
)  # fmt: skip
def test_number_is_seen_in_the_ending(lang: str, many: str, one: str) -> None:
    assert [name for name in many.split(";") if not is_plural(name, lang)] == []
    assert [name for name in one.split(";") if is_plural(name, lang)] == []


def test_own_names_are_of_the_kind_under_which_they_stand() -> None:
    for lang in ("en", "nl"):
        for label, kinds in NAMES[lang].items():
            for kind, names in kinds.items():
                assert [n for n in names if is_plural(n, lang) != (kind == "many")] == [], (label, kind)
    assert fitting_kinds("een knie", 4, 8, "nl") == {"de", "het"}
    assert fitting_kinds("deze knie", 5, 9, "nl") == {"de"}
    assert fitting_kinds("two knee", 4, 8, "en") == {"many"}
