"""Han characters that are taken for each other: for each its others, in both directions."""

from __future__ import annotations

from .groups import of_groups
from .look_alike import LOOK_ALIKE
from .same_sound import SAME_SOUND
from .scripts import SCRIPTS

CONFUSED: dict[str, dict[str, tuple[str, ...]]] = {
    "same sound": of_groups(SAME_SOUND.values()), "look-alike": of_groups(LOOK_ALIKE), "script": of_groups(SCRIPTS),
}  # fmt: skip
"""By kind: characters that an input method offers for the same syllable, that look alike, and the other script's."""
