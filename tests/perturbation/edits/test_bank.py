"""The bank: seeded, kept, fair to its families, and honest about what the gate refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from spy_model import SpyModel
from subjects import tagger

from explain_lib.core import Document, Span, Target, longer
from explain_lib.models import Model
from explain_lib.models.toy import planted_tagger
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import (
    CHECKS, Change, ContextDeletion, ContextMask, Edit, Gate, StillReadable, Subject, TextEdit, bank,
)  # fmt: skip
from explain_lib.perturbation.edits.bank import protected_spans
from explain_lib.perturbation.edits.model_edit import ModelEdit
from explain_lib.perturbation.evaluation_rows import evaluation_rows

TEXT = "pt denies chest pain but reports severe itch on both arms since monday"
ITCH = Target(Span(40, 44, "Disease"))


@dataclass(frozen=True)
class Replaced:
    """Each unit in turn becomes a word, wherever it stands."""

    word: str = "zzz"
    languages: tuple[str, ...] | None = None
    keeps_label: bool = True
    name: str = "replaced"
    cost: ClassVar[int] = 0

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        bounds = subject.query.units.bounds.tolist()
        return [TextEdit(self, subject.document, (Change(start, end, self.word),)) for start, end in bounds[:n]]


def query(text: str = TEXT, lang: str = "en") -> Query:
    return Query(tagger(), Document(text, lang), targets=[ITCH])


def test_the_same_seed_gives_the_same_bank_and_another_seed_another() -> None:
    one, other = query(), query()
    banks = [bank(asked, n_edits=6, rng=rng) for asked, rng in ((one, 0), (other, 0), (one, 1))]
    drawn = [[edit.record() for edit in found.edits] for found in banks]
    assert drawn[0] == drawn[1] != drawn[2]
    assert bank(one, n_edits=6) is bank(one.context(), n_edits=6)


def test_what_a_family_draws_does_not_depend_on_its_company() -> None:
    alone = bank(query(), [ContextMask()], n_edits=3)
    together = bank(query(), [Replaced(), ContextMask()], n_edits=6).of("context mask")
    assert [e.record() for e in alone.edits] == [e.record() for e in together.edits[:3]]


def test_families_share_evenly_and_give_what_others_lack() -> None:
    found = bank(query(), [Replaced(keeps_label=False), ContextMask()], n_edits=8)
    assert repr(found) == "Bank(4 × replaced, 4 × context mask)"
    assert found.label_keeping.families == ("context mask",)
    few = bank(query(), [Replaced(languages=("zh",)), ContextMask()], n_edits=4)
    assert few.families == ("context mask",) and len(few) == 4
    assert few.unavailable["replaced"] == "the document is in 'en', the family knows zh"


@dataclass(frozen=True)
class Picky(Replaced):
    """The same, but all of the first eight edits bring a name."""

    name: str = "picky"

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        words = ["itch"] * 8 + ["zzz", "yyy", "xxx"]
        return [TextEdit(self, subject.document, (Change(len(TEXT), len(TEXT), f" {word}"),)) for word in words[:n]]


def test_a_family_that_can_give_more_is_asked_again() -> None:
    alone = bank(query(), [Picky()], n_edits=2)
    assert len(alone) == 2 and alone.drawn == {"picky": 8 + 3}
    assert alone.rejected["picky"] == {"a name of an entity is added": 8}
    found = bank(query(), [Picky(), ContextMask()], n_edits=8)
    assert repr(found) == "Bank(3 × picky, 5 × context mask)"
    masks = bank(query(), [ContextMask()], n_edits=5)
    assert [e.record() for e in masks.edits] == [e.record() for e in found.of("context mask").edits]


def test_a_bank_is_smaller_only_where_nobody_has_more() -> None:
    found = bank(query(), [Picky(), Replaced("itch")], n_edits=40)
    assert len(found) == 3 and found.unavailable == {"replaced": "the gate refused every edit"}
    assert len(bank(query(), n_edits=40)) == 40


def test_the_gate_says_why_it_refuses() -> None:
    found = bank(query(), [Replaced()], n_edits=6)
    predicted = [span.text_of(TEXT) for span in protected_spans(query())]
    assert predicted == ["pt", "chest pain", "itch"]  # by the demo model; all four words are refused, and "denies"
    assert found.rejected["replaced"] == {"an entity is changed": 4, "a protected word is changed": 1}
    assert [e.changes[0].start for e in found.edits if isinstance(e, TextEdit)] == [21, 25, 33, 45, 48, 53]
    assert found.rejection_rate == {"replaced": pytest.approx(5 / 12)}
    named = bank(query(), [Replaced("itch")], n_edits=6)
    assert not named.edits and named.unavailable == {"replaced": "the gate refused every edit"}
    assert set(named.rejected["replaced"]) >= {"a name of an entity is added"}
    denied = bank(query(), [Replaced("not")], n_edits=6)
    assert "a protected word is added" in denied.rejected["replaced"]
    assert len(bank(query(), [Replaced("itch")], n_edits=6, gate=Gate(()))) == 6


def test_stress_edits_pass_the_gate_and_are_never_label_keeping() -> None:
    found = bank(query(), [Replaced(keeps_label=False)], n_edits=12)
    assert found.rejected["replaced"] == {} and not len(found.label_keeping)


def test_rows_of_edited_texts_are_shared_by_all_that_ask() -> None:
    asked = query()
    found = bank(asked, [Replaced(keeps_label=False), ContextMask()], n_edits=4)
    full = [edited.value(np.ones((1, edited.n_units), dtype=bool)) for edited in found.on(asked)]
    counts = [edited.n_evals for edited in found.on(asked)]
    again = [edited.value(np.ones((1, edited.n_units), dtype=bool)) for edited in found.on(asked.context())]
    np.testing.assert_array_equal(full, again)
    assert counts == [edited.n_evals for edited in found.on(asked)] and min(counts) > 0


def test_nothing_near_an_entity_is_masked() -> None:
    asked = query()
    for edited, edit in zip((found := bank(asked, [ContextMask()], n_edits=12)).on(asked), found.edits, strict=True):
        hidden = ~edited.full_row
        at = edit.unit_of(asked, edited)
        assert hidden.any() and not hidden[6:9].any() and (at[hidden] == -1).all()


def test_a_text_without_free_units_gives_no_occasion() -> None:
    asked = Query(tagger(), Document("severe itch", "en"), targets=[Target(Span(7, 11, "Disease"))])
    found = bank(asked, [ContextMask()])
    assert not len(found) and found.unavailable["context mask"] == "the text gives no occasion"


def test_bad_requests_are_refused() -> None:
    for n_edits in (0, 2.5, True):
        with pytest.raises(ValueError, match=f"n_edits is {n_edits}; it must be a whole number of at least 1"):
            bank(query(), n_edits=n_edits)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="families are the class ContextMask; give a list of families with their"):
        bank(query(), [ContextMask])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="families are a ContextMask; give a list"):
        bank(query(), ContextMask())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'context mask' is the name of several families; every family may stand in"):
        bank(query(), [ContextMask(), ContextMask(0.5)])


def test_evaluation_rows_hide_every_number_of_active_units_alike() -> None:
    asked = query().context()
    keep = evaluation_rows(asked, 4000, rng=0)
    assert keep[:, ~asked.active].all()
    n = int(asked.active.sum())
    sizes = np.bincount((~keep).sum(axis=1), minlength=n + 1)
    assert sizes[0] == 0 and np.abs(sizes[1:] - 4000 / n).max() < 5 * np.sqrt(4000 / n)
    assert np.ptp(keep[:, asked.active].mean(axis=0)) < 0.06
    np.testing.assert_array_equal(keep, evaluation_rows(asked, 4000, rng=0))
    own = Query(tagger(), Document("itch"), targets=[Target(Span(0, 4, "Disease"))]).context()
    assert evaluation_rows(own, 5).shape == (0, 1)


@dataclass(frozen=True)
class Counted:
    """The model itself as its own noise; how often a view is asked for is counted."""

    views: list[int]
    name: str = "counted"
    languages: tuple[str, ...] | None = None
    keeps_label: bool = True
    cost: ClassVar[int] = 0

    def view(self, model: Model, seed: int) -> Model:
        self.views.append(seed)
        return model

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        return [ModelEdit(self, seed) for seed in range(n)]


def test_a_view_of_the_model_is_made_once() -> None:
    asked, noise = query(), Counted([])
    found = bank(asked, [noise, ContextMask()], n_edits=4)
    first, again = found.on(asked), found.on(asked.context())
    assert noise.views == [0, 1]
    assert [one.evaluations for one in first] == [one.evaluations for one in again]
    assert [one.evaluations is asked.evaluations for one in first] == [False, False, True, True]


def test_a_text_with_half_of_a_surrogate_pair_has_a_bank() -> None:
    """Tokenizers refuse such a text; a model of one's own may read it."""
    asked = Query(SpyModel(), Document("Zij kreeg \ud800 vaak furosemide en wat jeuk na het eten .", "nl"), targets=[])
    drawn = [
        bank(asked, [Replaced(keeps_label=False)], n_edits=3, rng=rng).edits for rng in (0, np.random.default_rng(0))
    ]
    assert [len(edits) for edits in drawn] == [3, 3]


def test_an_edit_after_which_no_window_holds_an_entity_is_refused() -> None:
    """A text that shrinks is cut elsewhere: without the check the bank would hold edits that nobody can ask about."""
    text = "患者有重病变，无发热。用药后出现副反应：重病变，已停药。检查见病变。"
    whole = Query(planted_tagger(max_pieces=12).tagger, Document(text, "zh"))
    asked = whole.with_targets([Target(span) for span in whole.predict()[0].spans])
    open_gate = Gate(tuple(check for check in CHECKS if check != StillReadable()))
    loose, strict = bank(asked, gate=open_gate), bank(asked)
    with pytest.raises(ValueError, match="no window holds them"):
        loose.on(asked)
    assert strict.rejected["context deletion"] == {"an entity cannot be read": 1}
    assert len(strict.on(asked)) == 20


def test_a_contrast_that_an_edit_takes_out_of_the_text_is_refused() -> None:
    def contrast(left: int) -> Query:
        return query().with_targets([Target(ITCH.span, versus=longer(left=left))])

    far, near = (bank(contrast(left), [ContextDeletion(share=0.2)], 6) for left in (7, 1))
    assert far.rejected["context deletion"] == {"an entity cannot be read": 1} and far.on(contrast(7))
    assert near.rejected["context deletion"] == {}


def test_hidden_units_of_another_text_are_refused() -> None:
    found = bank(query(), [ContextMask()], n_edits=1)
    with pytest.raises(ValueError, match=r"the edit hides some of 13 units and the query has 14: .* Draw a bank for"):
        found.on(query(f"{TEXT}!"))


def test_a_query_that_hides_units_for_good_has_a_bank_of_its_own() -> None:
    whole = query()
    less = whole.without(np.arange(13) < 6)
    found = bank(less, [ContextMask(), ContextDeletion()], n_edits=6)
    assert found is not bank(whole, [ContextMask(), ContextDeletion()], n_edits=6)
    hidden = [edit.record()["hidden"] for edit in found.of("context mask").edits]
    assert hidden and all(min(units) >= 6 for units in hidden)  # what is gone already is no edit
    assert not any(one.full_row[:6].any() for one in found.of("context mask").on(less))
