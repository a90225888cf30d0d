"""Character noise: one slip a word, none that spells another word, tables that touch nothing that decides."""

from __future__ import annotations

from itertools import chain

import pytest
import regex
from subjects import LANGS, demo_subjects, drawn, subject, texts

from explain_lib.core import Document
from explain_lib.models import demo_model
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import CharacterNoise, Gate, Phrases, Subject, TextEdit, bank
from explain_lib.perturbation.edits.slips import places, written
from explain_lib.perturbation.edits.typos import TYPOS
from explain_lib.perturbation.edits.widths import RUNS, other_width
from explain_lib.perturbation.edits.word_lists.han import CONFUSED
from explain_lib.perturbation.edits.word_lists.han.look_alike import LOOK_ALIKE
from explain_lib.perturbation.edits.word_lists.han.same_sound import SAME_SOUND
from explain_lib.perturbation.edits.word_lists.han.scripts import SCRIPTS
from explain_lib.perturbation.edits.word_lists.keyboard import NEIGHBOURS
from explain_lib.perturbation.edits.word_lists.protected import PROTECTED

DECIDING = set("零一二三四五六七八九十百千万亿半两几单双岁分每约")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("swap", {"cuogh", "coguh", "couhg"}),
        ("drop", {"cugh", "cogh", "couh", "coug"}),
        ("double", {"coough", "couugh", "couggh", "coughh"}),
        ("case", {"Cough", "COugh", "COUGH"}),
    ],
)
def test_slips_of_a_word(kind: str, expected: set[str]) -> None:
    assert set(written(kind, "cough")) == expected


def test_neighbours_touch_on_the_keyboard() -> None:
    assert {key: set(NEIGHBOURS[key]) for key in "qsgm"} == {
        "q": set("wa"), "s": set("adwezx"), "g": set("fhtyvb"), "m": set("njk"),
    }  # fmt: skip
    assert all(key in NEIGHBOURS[other] for key, others in NEIGHBOURS.items() for other in others)
    assert set(written("neighbour", "zorg")) >= {"zirg", "zotg", "zorf"} and "xorg" not in written("neighbour", "zorg")


def test_english_typos_leave_the_entity_and_short_words_alone() -> None:
    of = subject("She was seen with severe gout because alcohol helped.", "en", "gout")
    found = texts(CharacterNoise(most=1), of)
    assert {
        "She was seen with severe gout because alchool helped.",
        "She was seen with severe gout because alcohol hellped.",
    } <= found
    assert not any(regex.search("Shee|waas|sen |wth|goutt", text) for text in found)
    assert all(" with severe gout because " in text for text in found)  # next to the entity


def test_no_typo_spells_another_word_of_the_vocabulary() -> None:
    of = subject("Ever since spring there was gout in his family, three times.", "en", "gout")
    before = regex.findall(r"\p{L}+", of.document.text)
    pieces = demo_model().vocabulary.pieces()
    new = {word for text in texts(CharacterNoise(), of, 400) for word in regex.findall(r"\p{L}+", text)} - set(before)
    assert len(new) > 50 and not {word for word in new if word.casefold() in pieces}
    assert "tree" in TYPOS["drop"]("three") and "tree" in pieces  # what is kept out


def test_chinese_characters_and_widths() -> None:
    of = subject("患者因跌倒来诊，目前考虑肺炎，现已明显好转，体温37.5℃。", "zh", "肺炎")
    found = texts(CharacterNoise(most=1), of, 400)
    assert {
        "患者因跌倒来诊，木前考虑肺炎，现已明显好转，体温37.5℃。",  # the same sound
        "患者困跌倒来诊，目前考虑肺炎，现已明显好转，体温37.5℃。",  # alike
        "患者因跌倒來诊，目前考虑肺炎，现已明显好转，体温37.5℃。",  # the other script
        "患者因跌倒来诊，目前考虑肺炎，现已明显好转，体温３７．５℃。",  # the other width
        "患者因跌倒来诊，目前考虑肺炎，现已明显好转,体温37.5℃。",
    } <= found
    assert all("虑肺炎，" in text for text in found)


def test_traditional_texts_turn_simplified() -> None:
    of = subject("患者跌倒來診，胃炎已經好轉。", "zh", "胃炎")
    assert any("来診" in text for text in texts(CharacterNoise(most=1), of))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("首剂600 mg皮下", ["600", "mg"]), ("2,350例，约50%", ["2", "350", "，", "50%"]), ("8:30到", ["8", "30"]),
        ("见IL-4（高）", ["IL-4", "）"]), ("好转,出院", [","]), ("３７．５℃", ["３７．５"]),
    ],
)  # fmt: skip
def test_runs_of_one_width(text: str, runs: list[str]) -> None:
    assert RUNS.findall(text) == runs
    assert all(other_width(other_width(run)) == run != other_width(run) for run in runs)


@pytest.mark.parametrize("groups", [tuple(SAME_SOUND.values()), LOOK_ALIKE, SCRIPTS], ids=["sound", "look", "script"])
def test_tables_hold_each_character_once_and_none_that_decides(groups: tuple[str, ...]) -> None:
    chars = list(chain.from_iterable(groups))
    assert len(chars) == len(set(chars)) > 200
    assert min(map(len, groups)) > 1 and all(regex.fullmatch(r"\p{Han}", char) for char in chars)
    assert not set(chars) & (DECIDING | {word for word in PROTECTED["zh"] if len(word) == 1})


def test_scripts_are_pairs() -> None:
    assert {len(pair) for pair in SCRIPTS} == {2}
    assert CONFUSED["script"]["诊"] == ("診",) and CONFUSED["script"]["診"] == ("诊",)


@pytest.mark.parametrize("lang", LANGS)
def test_every_edit_says_what_slipped(lang: str) -> None:
    edits = [(of, edit) for of in demo_subjects(lang) for edit in drawn(CharacterNoise(), of, 12)]
    assert len(edits) > 150
    for of, edit in edits:
        assert isinstance(edit, TextEdit) and 1 <= len(edit.changes) <= 2
        for kind, change in zip(edit.record()["kinds"], edit.changes, strict=True):
            old = of.document.text[change.start : change.end]
            assert (kind, change.start, change.end) in set(places(of.document)) and change.text in written(kind, old)


@pytest.mark.parametrize("lang", LANGS)
def test_inside_changes_entities_only_and_is_no_label_keeping_edit(lang: str) -> None:
    family = CharacterNoise(inside=True)
    assert not family.keeps_label and family.name != CharacterNoise().name
    edits = [(of, edit) for of in demo_subjects(lang) for edit in drawn(family, of)]
    assert len(edits) > 100
    for of, edit in edits:
        assert isinstance(edit, TextEdit)
        parts = [part for span in of.document.spans or of.protected for part in span.parts]
        assert all(any(s <= c.start and c.end <= e for s, e in parts) for c in edit.changes)
        assert all(edit.moved(span) is not None for span in of.document.spans)
    assert Gate().objection(edits[0][1], edits[0][0]) is None


def test_inside_and_outside_stand_in_one_bank_and_what_is_asked_for_comes_first() -> None:
    of = subject("He developed pneumonia after severe gastritis last winter.", "en", "gastritis", asked=True)
    both = bank(of.query, [CharacterNoise(), CharacterNoise(inside=True)], n_edits=12)
    assert both.families == ("character noise", "character noise inside")
    assert len(both.label_keeping) == 6
    for edit, edited in zip(both.edits, both.on(of.query), strict=True):
        (target,) = edited.targets
        assert target.span is not None
        assert (target.span.text_of(edited.document.text) == "gastritis") == edit.family.keeps_label


def test_case_is_seen_by_a_cased_tokenizer_only() -> None:
    document = Document("She stopped smoking because alcohol helped.", "en")
    kinds = {kind for e in drawn(CharacterNoise(), subject(document.text), 99) for kind in e.record()["kinds"]}
    assert kinds == set(TYPOS) - {"case"}


def test_tables_of_the_user() -> None:
    user = CharacterNoise(most=1, confusions=Phrases.of({"rn": ["m"], "0": ["O"]}))
    assert user.languages is None and "rn" not in repr(user).replace("margin", "")
    of = subject("Burning pain and gout, score 0 then, turned away.", "de", "gout")
    assert texts(user, of) == {
        "Buming pain and gout, score 0 then, turned away.", "Burning pain and gout, score O then, turned away.",
        "Burning pain and gout, score 0 then, tumed away.",
    }  # fmt: skip


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="most is 0"):
        CharacterNoise(most=0)
    with pytest.raises(ValueError, match="margin is -1"):
        CharacterNoise(margin=-1)


def test_nothing_asked_for_nor_marked_gives_no_inside_edit() -> None:
    query = Query(demo_model(), Document("Nothing of the kind happened yesterday.", "en"), targets=[])
    assert drawn(CharacterNoise(inside=True), Subject(query, ())) == []
