"""The text of a document as the page shows it: units with what stands between them."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Any

from explain_lib.core import Units

_KEPT_CONTROLS = "\n\t"
_MARKED_CATEGORIES = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
_MARK = re.compile("⟨U\\+([0-9A-F]{4,6})⟩")
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


def unmarked(text: str) -> str:
    """The characters that ⟨U+202E⟩ marks stand for: what a reader typed over a visible text."""
    return _MARK.sub(lambda mark: _character(mark[0], int(mark[1], 16)), text)


def _character(mark: str, code: int) -> str:
    return chr(code) if code < sys.maxunicode + 1 and _mark(chr(code)) == mark else mark


def _mark(character: str) -> str:
    hidden = character not in _KEPT_CONTROLS and unicodedata.category(character) in _MARKED_CATEGORIES
    return f"⟨U+{ord(character):04X}⟩" if hidden else character
