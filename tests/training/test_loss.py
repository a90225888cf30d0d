"""The partial-label loss against a plain sum over tags."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import TagScheme
from explain_lib.training.loss import allowed_tags, partial_label_loss, tables

SCHEME = TagScheme.from_tags(["O", "B-Disease", "I-Disease", "B-Chemical", "I-Chemical"])
ONLY_DISEASE = ["O", "B-Chemical", "I-Chemical"]


def plain_loss(logits: list[float], gold: str, annotated: set[str], o_weight: float) -> float:
    """One position, written out: the tags that may be true, and the pull towards O where there are several."""
    total = sum(math.exp(x) for x in logits)
    p = {tag: math.exp(x) / total for tag, x in zip(SCHEME.tags, logits, strict=True)}
    may_be = [gold]
    if gold == "O":
        may_be += [tag for tag in SCHEME.tags if tag != "O" and tag[2:] not in annotated]
    pull = -math.log(p["O"]) if len(may_be) > 1 else 0.0
    return -math.log(sum(p[tag] for tag in may_be)) + o_weight * pull


def test_o_allows_the_types_that_a_set_does_not_annotate() -> None:
    allowed = allowed_tags(SCHEME, {"Disease"})
    assert [tag for tag, may in zip(SCHEME.tags, allowed[0], strict=True) if may] == ONLY_DISEASE
    assert torch.equal(allowed[1:], torch.eye(5, dtype=torch.bool)[1:])


@given(
    logits=st.lists(st.lists(st.floats(-6, 6), min_size=5, max_size=5), min_size=1, max_size=4),
    golds=st.lists(st.sampled_from(SCHEME.tags), min_size=4, max_size=4),
    annotated=st.sets(st.sampled_from(["Disease", "Chemical"])),
    o_weight=st.sampled_from([0.0, 0.1, 1.0]),
)
def test_equals_the_sum_written_out(
    logits: list[list[float]], golds: list[str], annotated: set[str], o_weight: float
) -> None:
    golds = golds[: len(logits)]
    gold = torch.tensor([SCHEME.tags.index(g) for g in golds])
    allowed = allowed_tags(SCHEME, annotated).expand(len(gold), -1, -1)
    value = partial_label_loss(torch.tensor(logits), gold, allowed, SCHEME.outside, o_weight)
    expected = [plain_loss(row, g, annotated, o_weight) for row, g in zip(logits, golds, strict=True)]
    assert float(value) == pytest.approx(sum(expected) / len(expected), rel=1e-4, abs=1e-5)


def test_unlabelled_positions_cost_nothing() -> None:
    logits = torch.randn(3, 5, generator=torch.Generator().manual_seed(0), requires_grad=True)
    allowed = tables(SCHEME, [{"Disease"}, {"Chemical"}])[[0, 1, 1]]
    some = partial_label_loss(logits, torch.tensor([-100, 3, -100]), allowed, 0)
    assert some.item() == pytest.approx(-logits.log_softmax(-1)[1, 3].item(), rel=1e-5)
    none = partial_label_loss(logits, torch.full((3,), -100), allowed, 0)
    none.backward()
    assert none.item() == 0.0 and not logits.grad.any()


def test_a_foreign_type_at_o_costs_less_than_an_annotated_one() -> None:
    allowed = allowed_tags(SCHEME, {"Disease"})[None]
    sure_of = {tag: 9.0 * torch.eye(5)[i][None] for i, tag in enumerate(SCHEME.tags)}
    costs = {tag: float(partial_label_loss(x, torch.tensor([0]), allowed, 0)) for tag, x in sure_of.items()}
    assert max(costs[tag] for tag in ONLY_DISEASE) < 0.01 and min(costs["B-Disease"], costs["I-Disease"]) > 5
