"""Units for two models whose tokenizers cut a text differently."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explain_lib as xl
from explain_lib.core import Document
from explain_lib.models.toy import linear_tagger


class Cutting:
    """A stand-in that cuts a text into pieces at fixed places."""

    def __init__(self, *cuts: int) -> None:
        self.cuts = cuts

    def encode(self, text: str) -> Any:
        ends = sorted({0, len(text), *(cut for cut in self.cuts if cut < len(text))})
        return type("Encoding", (), {"offsets": np.array(list(itertools.pairwise(ends)))})


@given(st.lists(st.integers(1, 29)), st.lists(st.integers(1, 29)))
def test_no_piece_of_any_model_splits_a_unit_and_no_finer_units_would_do(one: list[int], other: list[int]) -> None:
    document = Document("慢性 ulcerative 结肠炎, flare (mild)")
    asked = xl.characters(document)
    units = xl.shared_units([Cutting(*one), Cutting(*other)], document, asked)  # type: ignore[list-item]
    ends = [set(units.bounds[:, k].tolist()) for k in (0, 1)]
    for (_, left), (right, _) in itertools.pairwise(asked.bounds.tolist()):
        is_cut_by_both = all(any(left <= cut <= right for cut in cuts) for cuts in (one, other))
        assert (left in ends[1] and right in ends[0]) == is_cut_by_both


def test_the_order_of_the_models_does_not_matter() -> None:
    document = Document("ab cd ef gh")
    first, second = Cutting(2, 6), Cutting(5, 8)
    found = [xl.shared_units(pair, document).bounds.tolist() for pair in ([first, second], [second, first])]  # type: ignore[list-item]
    assert found[0] == found[1]


def test_queries_keep_shared_units() -> None:
    document = Document("patient has severe headache .", "en")
    tagger = linear_tagger(0).tagger
    units = xl.shared_units([tagger, Cutting(11)], document)  # type: ignore[list-item]
    assert units.texts == ("patient has", "severe headache .")
    assert xl.Query(tagger, document, units=units).units.bounds.tolist() == units.bounds.tolist()


def test_units_of_another_document_are_refused() -> None:
    with pytest.raises(ValueError, match="units belong to another document"):
        xl.shared_units([], Document("a b"), xl.characters(Document("c d")))
