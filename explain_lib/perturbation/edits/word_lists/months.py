"""Names of the months."""

from __future__ import annotations

from . import words

MONTHS: dict[str, tuple[str, ...]] = {
    "en": words("January February March April May June July August September October November December"),
    "nl": words("januari februari maart april mei juni juli augustus september oktober november december"),
}
