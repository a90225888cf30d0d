"""Numbers as Chinese, Dutch and English notes write them, and small changes of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import regex

from .change import Change
from .word_lists import words
from .word_lists.ranges import MEASUREMENTS, Measurement

_BETWEEN = r"[^\d;.。；，,\n/\p{Lu}]{0,14}?"  # words such as "is", "was", "升至" between a name and its value
_UNITS = words("mg g kg µg μg mcg ml mL L l cm mm mmol IE IU E U g/L g/l mg/L mg/l mmol/L mmol/l mmol/mol")
_GROUPED = {"en": r"(?<![\d.,])(\d{1,3}),(\d{3})(?![\d,])", "nl": r"(?<![\d.,])(\d{1,3})\.(\d{3})(?![\d.])"}
_UNGROUPED = r"(?<![\d.,/-])([1-9]\d?)(\d{3})(?=\s?(?:mg|µg|μg|g|kU|ml|mL|U|IU|IE)\b)"
_SEPARATOR = {"en": ",", "nl": "."}


@dataclass(frozen=True)
class Decimals:
    """How a language writes decimals."""

    mark: str

    @property
    def pattern(self) -> str:
        """A number without grouping."""
        return rf"(?<![\d.,/–-])\d+(?:{regex.escape(self.mark)}\d+)?(?![\d/]|[.,]\d)"

    def read(self, text: str) -> Decimal:
        """The value, with the decimals that are written."""
        return Decimal(text.replace(self.mark, "."))

    def write(self, value: Decimal) -> str:
        """As the language writes it."""
        return str(value).replace(".", self.mark)


def decimals(lang: str) -> Decimals:
    """A comma in Dutch, a point elsewhere."""
    return Decimals("," if lang == "nl" else ".")


def near_values(text: str, lang: str, reach: float) -> Iterator[tuple[Change, ...]]:
    """Values of known measurements changed by up to a share of `reach`, on the same side of every cut."""
    style = decimals(lang)
    for measurement in MEASUREMENTS:
        for start, end in _values(text, measurement, style):
            value = style.read(text[start:end])
            yield from ((Change(start, end, style.write(near)),) for near in _near(value, measurement.cuts, reach))


def _values(text: str, measurement: Measurement, style: Decimals) -> Iterator[tuple[int, int]]:
    names = "|".join(map(regex.escape, sorted(measurement.names, key=len, reverse=True)))
    units = [rf"\s?(?i:{regex.escape(unit)})(?!\w)" for unit in measurement.units if unit]
    bare = [r"(?!\s?[\p{L}%°℃‰/µμ]|\s?[x×*–-]\s?\d)"] if "" in measurement.units else []
    finder = rf"(?V1)(?<!\p{{Latin}})(?i:{names}){_BETWEEN}({style.pattern})(?:{'|'.join([*units, *bare])})"
    for match in regex.finditer(finder, text):
        yield match.span(1)


def _near(value: Decimal, cuts: tuple[float, ...], reach: float) -> Iterator[Decimal]:
    """Values a few last digits away, as many decimals written, in the same range."""
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    for distance in (1, -1, 2, -2, 3, -3):
        near = value + distance * step
        is_near = near > 0 and abs(near - value) <= Decimal(str(reach)) * value
        if is_near and bisect_right(cuts, float(near)) == bisect_right(cuts, float(value)):
            yield near


def regrouped(text: str, lang: str) -> Iterator[tuple[Change, ...]]:
    """The mark between thousands taken out, or put in before a unit of amount (Dutch and English)."""
    if lang not in _GROUPED:
        return
    for match in regex.finditer(_GROUPED[lang], text):
        yield (Change(*match.span(), match.group(1) + match.group(2)),)
    for match in regex.finditer(_UNGROUPED, text):
        yield (Change(*match.span(), match.group(1) + _SEPARATOR[lang] + match.group(2)),)


def unit_blanks(text: str) -> Iterator[tuple[Change, ...]]:
    """The blank between a number and its unit put in or taken out."""
    units = "|".join(map(regex.escape, sorted(_UNITS, key=len, reverse=True)))
    for match in regex.finditer(rf"(?<![\p{{L}}\d.,])\d+(?:[.,]\d+)?([ \u00a0]?)(?:{units})(?![\p{{L}}\d])", text):
        yield (Change(*match.span(1), "" if match.group(1) else " "),)
