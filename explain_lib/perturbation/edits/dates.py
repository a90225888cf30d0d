"""Dates as Chinese, Dutch and English notes write them: found, shifted and written another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import regex

from .change import Change
from .word_lists.months import MONTHS

DAYS = (-21, -9, -2, 3, 8, 16)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMERIC = {  # one mark throughout a date
    "iso": rf"(?<![\d-]){_YEAR}(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?![\d-]|\.\d)",
    "day first": rf"(?<![\d./-])(?P<day>\d\d?)(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark){_YEAR}(?!\d)",
    "han": rf"{_YEAR} ?年 ?(?P<month>\d\d?) ?月 ?(?P<day>\d\d?) ?[日号]",
}
_HAN_MONTH = rf"{_YEAR} ?年 ?(?P<month>\d\d?) ?月(?! ?\d)"
_BARE_YEAR = {
    "en": rf"(?i)\b(?:in|since|from|until|before|after)\s{_YEAR}(?![\d/-])",
    "nl": rf"(?i)\b(?:in|sinds|vanaf|tot|voor|na)\s{_YEAR}(?![\d/-])",
    "zh": rf"(?<!\d){_YEAR} ?年(?! ?\d)",
}


@dataclass(frozen=True)
class Date:
    """A date of a text: the characters of its parts, and the day it names (the first where a part is not said)."""

    start: int
    end: int
    day: date
    parts: tuple[tuple[str, int, int], ...]
    mark: str


def shifted(text: str, lang: str) -> Iterator[tuple[Change, ...]]:
    """All full dates moved by the same number of days; months and years that stand alone moved by one."""
    yield from _moved(text, lang, list(_full(text, lang)), [_by_days(n) for n in DAYS])
    yield from _moved(text, lang, list(_months(text, lang)), [_by_months(1), _by_months(-1)])
    yield from _moved(text, lang, list(_years(text, lang)), [_by_months(-12)])


def rewritten(text: str, lang: str) -> Iterator[tuple[Change, ...]]:
    """A full date written the other way of its language: figures for words, words for figures, another mark."""
    for found in _full(text, lang):
        if len(found.mark) == 1:
            yield (Change(found.start, found.end, _in_words(found.day, lang) or _other_mark(text, found)),)
        elif lang in MONTHS:
            mark = "-" if lang == "nl" else "/"
            yield (Change(found.start, found.end, f"{found.day:%d}{mark}{found.day:%m}{mark}{found.day:%Y}"),)


def _in_words(day: date, lang: str) -> str:
    return f"{day.day} {MONTHS[lang][day.month - 1]} {day.year}" if lang in MONTHS else ""


def _other_mark(text: str, found: Date) -> str:
    return text[found.start : found.end].replace(found.mark, "/" if found.mark == "-" else "-")


def _full(text: str, lang: str) -> Iterator[Date]:
    patterns = [_NUMERIC["iso"], _NUMERIC["han"] if lang == "zh" else _NUMERIC["day first"]]
    if lang in MONTHS:
        patterns.append(rf"(?i)(?<!\d)(?P<day>\d\d?) (?P<month>{'|'.join(MONTHS[lang])}) {_YEAR}(?!\d)")
    yield from _found(text, lang, patterns)


def _months(text: str, lang: str) -> Iterator[Date]:
    named = rf"(?i)(?<!\d )\b(?P<month>{'|'.join(MONTHS.get(lang, ()))}) {_YEAR}(?!\d)"
    yield from _found(text, lang, [_HAN_MONTH if lang == "zh" else named])


def _years(text: str, lang: str) -> Iterator[Date]:
    yield from _found(text, lang, [_BARE_YEAR[lang]])


def _found(text: str, lang: str, patterns: list[str]) -> Iterator[Date]:
    for pattern in patterns:
        for match in regex.finditer(pattern, text):
            groups = match.groupdict()
            parts = tuple((name, *match.span(name)) for name in ("year", "month", "day") if groups.get(name))
            try:
                day = date(int(groups["year"]), _month(groups.get("month"), lang), int(groups.get("day") or 1))
            except ValueError:  # 31-02-2024 is no date
                continue
            yield Date(*match.span(), day, parts, groups.get("mark") or "words")


def _month(written: str | None, lang: str) -> int:
    if written is None or written.isdigit():
        return int(written or 1)
    return [month.lower() for month in MONTHS[lang]].index(written.lower()) + 1


def _moved(
    text: str, lang: str, found: list[Date], moves: list[Callable[[date], date]]
) -> Iterator[tuple[Change, ...]]:
    for move in moves:
        changes = [
            Change(start, end, new)
            for one in found
            for name, start, end in one.parts
            if (new := _part(name, move(one.day), text[start:end], one.mark, lang)) != text[start:end]
        ]
        if changes:
            yield tuple(sorted(changes))


def _part(name: str, day: date, written: str, mark: str, lang: str) -> str:
    """A part of a date as it was written: a month in words, two figures between marks."""
    if not written.isdigit():
        return MONTHS[lang][day.month - 1]
    return str(getattr(day, name)).zfill(len(written) if len(mark) == 1 else 1)


def _by_days(n: int) -> Callable[[date], date]:
    return lambda day: day + timedelta(days=n)


def _by_months(n: int) -> Callable[[date], date]:
    def move(day: date) -> date:
        month = day.year * 12 + day.month - 1 + n
        return date(month // 12, month % 12 + 1, 1)

    return move
