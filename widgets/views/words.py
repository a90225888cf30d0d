"""Words of a corpus with their scores under a label: a list that is looked at, searched and clicked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from explain_lib.attribution import Lexicon
from explain_lib.attribution.global_importance.rows import folded
from explain_lib.core import GlobalAttribution

from .global_attribution import shown_features
from .heat import number
from .text import page_language, visible

View = dict[str, Any]
TOP = 12
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def words_view(lists: Sequence[View], notes: Sequence[str] = (), stamp: int = 0) -> View:
    """{"lists", "notes", "stamp"}: word lists side by side; a click carries the stamp of the view that it was in."""
    return {"lists": list(lists), "notes": [visible(note) for note in notes if note], "stamp": stamp}


def word_list(
    result: GlobalAttribution, label: str, caption: str, search: str = "", top: int = TOP, kind: str = "word"
) -> View:
    """{"caption", "about", "vmax", "words": [{"word", "lang", "score", "low", "high", "seen", "documents"}]}.

    The highest and the lowest words of `label`, or those that hold `search`; numbers are None where there is none.
    `vmax` is the largest score, for bars on one scale. `about` says what a score is. Where features are of another
    `kind` than words, the list has it, and "more": names of further numbers, that each word has too.
    """
    names = found_features(result, label, search, top)
    entries = [result.entry(name, label) for name in names]
    words: list[View] = [
        {
            "word": visible(one.feature), "lang": page_language("zh") if _HAN.search(one.feature) else "",
            "score": number(one.score), "low": number(one.low), "high": number(one.high), "seen": one.count,
            "documents": one.documents,
        }
        for one in entries
    ]  # fmt: skip
    about = f"{result.quantity}{', sorted by z' if isinstance(result.recipe, Lexicon) else ''}"
    vmax = max((abs(one.score) for one in entries if np.isfinite(one.score)), default=0.0)
    view = {"caption": visible(caption), "about": visible(about), "vmax": number(vmax), "words": words}
    if kind == "word":
        return view
    column = result.labels.index(label)
    for word, name in zip(words, names, strict=True):
        row = result.features.index(name)
        word["more"] = [number(float(values[row, column])) for values in result.more.values()]
    return {**view, "kind": kind, "more": list(result.more)}


def found_features(result: GlobalAttribution, label: str, search: str = "", top: int = TOP) -> list[str]:
    """The features that `word_list` shows, in its order."""
    if not search:
        return shown_features(result, label, top)
    column, wanted = result.labels.index(label), folded(search)
    found = [i for i, name in enumerate(result.features) if wanted in folded(name) and result.counts[i, column]]
    found.sort(key=lambda i: -np.nan_to_num(abs(result.scores[i, column])))
    return [result.features[i] for i in found[: 2 * top]]
