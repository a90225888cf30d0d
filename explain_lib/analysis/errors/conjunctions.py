"""Words and marks that join entities: what often stands where one prediction swallowed several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType

from explain_lib.core import Document, Span

MARKS = frozenset("、,，;；/／&＆+＋")
WORDS = MappingProxyType(
    {
        "en": frozenset(["and", "or", "nor"]),
        "nl": frozenset(["en", "of", "noch", "alsmede", "evenals"]),
    }
)
HAN_WORDS = re.compile("和|与|與|及|或|跟|并|並|伴")
_WORD = re.compile(r"\w+")


def has_conjunction(document: Document, predicted: Span, golds: Iterable[Span]) -> bool:
    """Whether a conjunction stands between `golds`, in characters of the predicted span that none of them owns.

    Marks and Han conjunctions count in any text, words only in a text of their language (`of` is "or" in Dutch).
    """
    spans = list(golds)
    owned = {at for span in spans for start, end in span.parts for at in range(start, end)}
    between = range(min(span.start for span in spans), max(span.end for span in spans))
    free = [at for start, end in predicted.parts for at in range(start, end) if at in between and at not in owned]
    text = "".join(
        document.text[at] if at == before + 1 else f" {document.text[at]}"
        for before, at in zip([-2, *free], free, strict=False)
    )
    words = WORDS.get(document.lang[:2].lower(), frozenset())
    is_word = any(word.casefold() in words for word in _WORD.findall(text))
    return is_word or bool(HAN_WORDS.search(text)) or not MARKS.isdisjoint(text)
