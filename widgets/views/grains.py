"""Levels at which the heat of a text can be read: words and sentences as groups of its units."""

from __future__ import annotations

from typing import Any

import numpy as np

from explain_lib.core import Units
from explain_lib.corpora import sentences, words


def grain_views(units: Units) -> list[dict[str, Any]]:
    """[{"name", "starts"}], finest first: the first unit of each group; levels that join nothing new are left out.

    A unit that a piece of the tokenizer holds together across two groups belongs to the one in which it begins.
    """
    levels, finest = [], len(units)
    for name, cut in (("words", words), ("sentences", sentences)):
        starts = _starts(units, cut(units.document))
        if 1 < len(starts) < finest:
            levels.append({"name": name, "starts": starts})
            finest = len(starts)
    return levels


def _starts(units: Units, coarse: Units) -> list[int]:
    group = np.searchsorted(coarse.bounds[:, 0], units.bounds[:, 0], side="right")
    return [int(i) for i in np.flatnonzero(np.diff(group, prepend=-1))]
