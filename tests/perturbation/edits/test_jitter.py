"""Jitter: numbers and dates of three languages, layout, and never a value on the other side of a cut."""

from __future__ import annotations

import pytest
from subjects import drawn, subject, texts

from explain_lib.perturbation.edits import Change, Jitter
from explain_lib.perturbation.edits.change import changed_text
from explain_lib.perturbation.edits.dates import rewritten, shifted
from explain_lib.perturbation.edits.numbers import near_values, regrouped, unit_blanks
from explain_lib.perturbation.edits.white_space import han_seams, line_breaks, untitled


def after(text: str, found: object) -> set[str]:
    """The texts after each group of changes."""
    groups: list[tuple[Change, ...]] = list(found)  # type: ignore[call-overload]
    return {changed_text(text, group) for group in groups}


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("CRP 52 mg/L", "en", {f"CRP {n} mg/L" for n in (50, 51, 53, 54)}),
        ("CRP was 5.1.", "en", {"CRP was 5.0.", "CRP was 5.2.", "CRP was 5.3."}),  # 4.9 is below the cut, 5.4 too far
        ("Hb 6,1 mmol/l", "nl", {f"Hb {n} mmol/l" for n in ("5,8", "5,9", "6,0")}),  # 6,2 is a cut
        ("血红蛋白升至104 g/L", "zh", {f"血红蛋白升至{n} g/L" for n in (101, 102, 103, 105, 106, 107)}),
        ("体温38.4℃", "zh", {f"体温{n}℃" for n in ("38.1", "38.2", "38.3")}),  # 38.5 is a cut
        ("HbA1c 52 mmol/mol", "en", {"HbA1c 50 mmol/mol", "HbA1c 51 mmol/mol"}),
        ("warfarin 52 mg, CRP 12 g, CRP <5, CRP 5-10, CRP 3", "en", set()),  # wrong units, a limit, a range
        ("kalium 4,1 mmol/l, glucose 5.1", "nl", {"kalium 4,0 mmol/l, glucose 5.1", "kalium 4,2 mmol/l, glucose 5.1",
                                                  "kalium 4,3 mmol/l, glucose 5.1", "kalium 3,9 mmol/l, glucose 5.1"}),
    ],
)  # fmt: skip
def test_values_stay_in_their_range(text: str, lang: str, expected: set[str]) -> None:
    assert after(text, near_values(text, lang, 0.05)) == expected


@pytest.mark.parametrize(
    ("text", "lang", "some"),
    [
        ("Seen 28 February 2024 and 01/03/2024.", "en", "Seen 2 March 2024 and 04/03/2024."),
        ("Gezien op 30-12-2023, nu 2 januari 2024.", "nl", "Gezien op 07-01-2024, nu 10 januari 2024."),
        ("2024年2月27日入院，2024-03-01出院。", "zh", "2024年3月1日入院，2024-03-04出院。"),
        ("Since January 2020 ill.", "en", "Since December 2019 ill."),
        ("Operatie in 2016.", "nl", "Operatie in 2015."),
        ("2019年手术，2020年1月复查", "zh", "2019年手术，2019年12月复查"),
    ],
)
def test_dates_move_together(text: str, lang: str, some: str) -> None:
    found = after(text, shifted(text, lang))
    assert some in found and text not in found


def test_what_is_no_date_stays() -> None:
    text = "31-02-2024, 12/13/14, 1.2.3, 160/80/40 mg, ward 2019, 10-10-10"
    assert after(text, shifted(text, "en")) == after(text, rewritten(text, "en")) == set()


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [("on 5 March 2024", "en", "on 05/03/2024"), ("on 05/03/2024", "en", "on 5 March 2024"),
     ("op 5 maart 2024", "nl", "op 05-03-2024"), ("2024-03-05入院", "zh", "2024/03/05入院")],
)  # fmt: skip
def test_dates_are_written_the_other_way(text: str, lang: str, expected: str) -> None:
    assert after(text, rewritten(text, lang)) == {expected}


def test_thousands_and_units() -> None:
    assert after("IgE 5,000 kU/L, 1,5", regrouped("IgE 5,000 kU/L, 1,5", "en")) == {"IgE 5000 kU/L, 1,5"}
    assert after("1800 µg/g", regrouped("1800 µg/g", "nl")) == {"1.800 µg/g"}
    assert after("12.500 en 1.5", regrouped("12.500 en 1.5", "nl")) == {"12500 en 1.5"}
    assert after("5,000", regrouped("5,000", "zh")) == set()
    assert after("40 mg, 5ml, 3 g", unit_blanks("40 mg, 5ml, 3 g")) == {
        "40mg, 5ml, 3 g", "40 mg, 5 ml, 3 g", "40 mg, 5ml, 3g",
    }  # fmt: skip


def test_layout() -> None:
    text = "Plan: rest.\r\nHistory: none. Well now.\r\nand so on."
    assert after(text, untitled(text)) == {text.replace("Plan: ", ""), text.replace("History: ", "")}
    assert after(text, line_breaks(text)) == {
        text.replace("none. Well", "none.\r\nWell"), text.replace("rest.\r\n", "rest.\r\n\r\n"),
        text.replace("now.\r\nand", "now. and"),
    }  # fmt: skip
    assert after("行MRI检查。第3天 CT", han_seams("行MRI检查。第3天 CT")) == {
        "行 MRI检查。第3天 CT", "行MRI 检查。第3天 CT", "行MRI检查。第3 天 CT", "行MRI检查。第3天CT",
    }  # fmt: skip


def test_nothing_inside_an_entity_and_only_values_beside_one() -> None:
    of = subject("Given 40 mg. IgE 5,000 kU/L. HbA1c 52 mmol/mol, gout.", "en", "40 mg", "IgE", "HbA1c")
    found = texts(Jitter(most=1), of)
    assert found == {text.replace("52", n) for text in (of.document.text,) for n in ("50", "51")} | {
        "Given 40 mg. IgE 5,000 kU/L. HbA1c 52mmol/mol, gout."
    } - {"Given 40 mg. IgE 5,000 kU/L. HbA1c 52mmol/mol, gout."}  # the blank lies too near to HbA1c


def test_what_the_tokenizer_does_not_see_is_left_out() -> None:
    of = subject("All is well today. Nothing more to say.", "en")
    assert drawn(Jitter(), of) == []


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="reach is 1"):
        Jitter(reach=1)
