"""Words of the context and what may stand in their place, in the same form, wherever they stand."""

from __future__ import annotations

from .en import ENGLISH
from .nl import DUTCH
from .zh import CHINESE

SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {"en": ENGLISH, "nl": DUTCH, "zh": CHINESE}
