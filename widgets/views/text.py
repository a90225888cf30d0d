"""The text of a document as the page shows it: units with what stands between them."""

from __future__ import annotations

import unicodedata
from typing import Any

from explain_lib.core import Units

_KEPT_CONTROLS = "\n\t"
_MARKED_CATEGORIES = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
_PAGE_LANGUAGES = {"zh": "zh-Hans"}  # without the script, Noto CJK falls back to Japanese glyph forms


def text_view(units: Units) -> dict[str, Any]:
    """{"lang", "units": [[gap before, unit text], ...], "after"}: every character of the document, in order."""
    text, pairs, end = units.document.text, [], 0
    for start, stop in units.bounds.tolist():
        pairs.append([visible(text[end:start]), visible(text[start:stop])])
        end = stop
    return {"lang": page_language(units.document.lang), "units": pairs, "after": visible(text[end:])}


def page_language(lang: str) -> str:
    """The language tag for the `lang` attribute of the page."""
    return _PAGE_LANGUAGES.get(lang.lower(), lang)


def visible(text: str) -> str:
    """Show characters that cannot be seen, or that turn the writing direction, as ⟨U+202E⟩ marks."""
    return text if text.isprintable() else "".join(_mark(character) for character in text)


def _mark(character: str) -> str:
    hidden = character not in _KEPT_CONTROLS and unicodedata.category(character) in _MARKED_CATEGORIES
    return f"⟨U+{ord(character):04X}⟩" if hidden else character
