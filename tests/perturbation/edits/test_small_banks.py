"""Banks smaller than the number of families."""

from __future__ import annotations

from collections import Counter

from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import planted_tagger
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import ContextDeletion, ContextMask, bank


def test_small_banks_of_many_seeds_and_texts_hold_every_family() -> None:
    model = planted_tagger().tagger
    first: Counter[str] = Counter()
    for number in range(30):
        text = f"The patient had {number} adverse lesion days after the first dose ."
        start = text.index("lesion")
        query = Query(model, Document(text, "en"), [Target(Span(start, start + 6, "Reaction"))])
        found = [bank(query, [ContextMask(), ContextDeletion()], 1, rng).edits[0].family.name for rng in (0, 1)]
        assert bank(query, [ContextMask(), ContextDeletion()], 1, 0).edits[0].family.name == found[0]
        first.update(found)
        both = bank(query, [ContextMask(), ContextDeletion()], 2, 0).edits
        assert [edit.family.name for edit in both] == ["context mask", "context deletion"]
    assert min(first.values()) > 15
    assert len(first) == 2
