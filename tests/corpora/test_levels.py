"""Levels of units: each covers the text, each nests in the next, and clinical full stops are told apart."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explain_lib.core import Document, Span, Units
from explain_lib.corpora import characters, clauses, default_units, join_spans, sections, sentences, words

LEVELS = (characters, default_units, words, clauses, sentences, sections)
CLINICAL = st.lists(
    st.sampled_from(
        [*"患者皮炎。，：；、！？（）“”…—人々𠀀", "特应性皮炎", "主诉：", "现病史", "【查体】", "Dr. ", "o.a. ",
         "b.i.d. ", "3.5 mg ", "J. ", "Conclusie: ", "PLAN\n", "\n", "\n\n", "\r\n \t\n", " ", "\u3000", "\u2028",
         "\x1c", "12:30",
         "- ", "– ", ". ", "? ", ", ", "; ", "?!", "...", '."', ".)", "1. ", "hepatitis B. ", "Hij", "de",
         "葛\U000e0100", "e\u0301", "👨\u200d👩", "\u200d", "\u0301", "\u202f", "\u0600",
         "ไทย", "ひら", "カナ", "# Kop"]
    ),
    min_size=1,
    max_size=12,
).map("".join)  # fmt: skip
TEXTS = st.one_of(CLINICAL, st.text(min_size=1, max_size=30))


def cut(level, text: str) -> list[str]:
    return list(level(Document(text)))


@given(TEXTS)
@example("a\u202fb \u0301\r\n\x85")
@settings(max_examples=300, deadline=None)
def test_every_level_covers_what_is_not_white_space_and_nests_in_the_next(text: str) -> None:
    document = Document(text)
    levels = [level(document) for level in LEVELS]
    for units in levels:
        covered = np.zeros(len(text), dtype=int)
        for start, end in units.bounds:
            covered[start:end] += 1
            assert not text[start].isspace() and not text[end - 1].isspace()
        assert covered.max(initial=0) <= 1
        assert all(covered[i] or character.isspace() for i, character in enumerate(text))
    for fine, coarse in zip(levels, levels[1:], strict=False):
        owner = np.searchsorted(coarse.bounds[:, 0], fine.bounds[:, 0], side="right") - 1
        assert (fine.bounds[:, 0] >= coarse.bounds[owner, 0]).all() if len(fine) else not len(coarse)
        assert (fine.bounds[:, 1] <= coarse.bounds[owner, 1]).all()


@given(TEXTS, st.sampled_from(["", "zh", "nl", "en"]))
@settings(max_examples=50, deadline=None)
def test_the_language_code_changes_nothing(text: str, lang: str) -> None:
    for level in LEVELS:
        assert np.array_equal(level(Document(text, lang)).bounds, level(Document(text)).bounds)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("患者ALT 3.5", ("患", "者", "A", "L", "T", "3", ".", "5")),
        ("e\u0301葛\U000e0100👨‍👩‍👧!", ("e\u0301", "葛\U000e0100", "👨‍👩‍👧", "!")),
    ],
)
def test_characters(text: str, units: tuple[str, ...]) -> None:
    assert tuple(cut(characters, text)) == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("患者出现皮肤瘙痒。", ("患者", "出现", "皮肤", "瘙痒", "。")),
        ("ALT值升高至3.5U/L", ("ALT", "值", "升高", "至", "3.5U", "/", "L")),
        ("Patiënt kreeg b.i.d. 2,5mg (m/v)", ("Patiënt", "kreeg", "b.i.d", ".", "2,5mg", "(", "m", "/", "v", ")")),
        ("don't stop COVID-19", ("don't", "stop", "COVID", "-", "19")),
    ],
)
def test_words(text: str, units: tuple[str, ...]) -> None:
    assert tuple(cut(words, text)) == units


def test_words_that_others_teach_the_shared_segmenter_change_nothing() -> None:
    import rjieba

    before = cut(words, "予糠酸莫米松")
    rjieba.add_word("糠酸莫米松", 10**9, "n")
    assert "糠酸莫米松" in rjieba.cut("予糠酸莫米松")
    assert cut(words, "予糠酸莫米松") == before != ["予", "糠酸莫米松"]


def test_the_dictionary_is_loaded_for_chinese_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("explain_lib.corpora.segmentation.words")
    monkeypatch.setattr(module, "_segmenter", lambda: pytest.fail("the dictionary was asked"))
    assert cut(words, "geen koorts, 疹") == ["geen", "koorts", ",", "疹"]
    assert cut(clauses, "患者皮炎，好转") == ["患者皮炎，", "好转"]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("咳嗽、咳痰；体温38.5，T：8：30复查。", ("咳嗽、咳痰；", "体温38.5，", "T：", "8：30复查。")),
        ("发热,咳嗽", ("发热,", "咳嗽")),
        ("Koorts, om 12:30 39,5 graden; daarna: niets.", ("Koorts,", "om 12:30 39,5 graden;", "daarna:", "niets.")),
        ("Koorts – sinds gisteren – en COVID-19", ("Koorts –", "sinds gisteren –", "en COVID-19")),
        ("诊断（湿疹，重度），“好转：”出院", ("诊断（湿疹，", "重度），", "“好转：”", "出院")),
        ("患者——男性", ("患者——", "男性")),
        ("剂量1，2克", ("剂量1，2克",)),  # "1，2" is one word by Unicode's rules: no level parts a finer one
    ],
)
def test_clauses(text: str, units: tuple[str, ...]) -> None:
    assert tuple(cut(clauses, text)) == units


@pytest.mark.parametrize(
    "marked",  # a bar where a sentence ends
    [
        "Kreeg o.a. furosemide 3.5 mg en ca. 2,5 l vocht i.v.m. Hodgkin. |Beter.",
        "Metoprolol 50 mg b.i.d. |Verder geen klachten. |Nam 3 dd. 50 mg.",
        "Dr. J. Jansen zag haar. |Prof. De Vries ook.",
        "Known with hepatitis B. |Started vitamin K. |See Fig. 3 and no. 4.",
        "He said no. |Then max. 5 mg, see no. 4. |Smith et al. 2019. |Mr. Smith et al. |Others did not.",
        "Temp 37,6 °C. |Buik soepel. |P < 0 . 05 en 3 . 5 mg . |Klaar",
        "Jeuk. |'s Nachts erger. |'s ochtends niet.",
        "1. Hypertensie\n|2. Diabetes. |3. Jicht",
        "Pijn? |Ja! |Nee... |Wel... of niet.",
        'He said "fine." |Then (i.e. later) he left.) |Why?! |So.',
        "IgE 3.5 IU/mL.|患者好转.|后出院3.5天",
        "诊断为湿疹。|“好转。”|出院！|真的？！|是……|对",
        "Hij had pijn in het\nlinker been. |\nDaarna\n|Koorts",
        "Temp 38.5. pH 7.4 |\n- geen pijn |\n- wel koorts",
        "版本３．５。|完",
        "etc. 5 and so on etc. |Then",
        "Conclusie\n|hartfalen",
        "geen leesteken",
    ],
)  # fmt: skip
def test_sentences(marked: str) -> None:
    assert cut(sentences, marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize(
    "marked",  # a bar where a section ends
    [
        "主诉：皮疹3年。|现病史：患者诊断：湿疹，查体：无。|查体：红斑。",
        "【主诉】皮疹。|【现病史】\n\n3年前起病。",
        "主诉：皮疹 |现病史：3年前起病",
        "Anamnese\n\nGeen klachten.\nBP: 120/80\n\n|Los stuk.\n|Conclusie: hartfalen. |Beleid: start; plan: geen.",
        "# Brief\nGeachte\n|PAST MEDICAL HISTORY\nNone. |Assessment and plan: rest.\n|Reden van komst:\njeuk",
        "De conclusie: geen. Het plan is goed",
        "NYHA III\nis geen kop",
        "een\n \t\n|twee\r\n\r\n|drie",
    ],
)
def test_sections(marked: str) -> None:
    assert cut(sections, marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


def test_a_long_note_is_cut_in_a_moment() -> None:
    text = "KOORTS EN PIJN " * 4000 + "\n" + "A" * 20_000 + " " * 20_000 + "." * 20_000
    assert len(cut(sections, text)) == 1
    assert len(cut(sentences, text)) == 2


def test_entities_become_units_of_their_own() -> None:
    document = Document("Patiënt heeft ernstig hartfalen en 特应性皮炎。")
    spans = [Span(14, 31), Span(22, 26), Span.from_fragments([(0, 7), (35, 38)])]
    joined = join_spans(default_units(document), spans)
    assert joined.texts == ("Patiënt", "heeft", "ernstig hartfalen", "en", "特应性", "皮", "炎", "。")
    assert join_spans(default_units(Document(" ")), []).texts == ()
    with pytest.raises(ValueError, match="span 0–99 leaves the text, which has 41 characters"):
        join_spans(default_units(document), [Span(0, 99)])


def test_custom_units_need_not_cover_the_text() -> None:
    assert Units(Document("geen koorts"), np.array([[5, 11]])).texts == ("koorts",)
