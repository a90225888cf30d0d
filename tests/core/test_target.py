"""Targets say one thing each, and name themselves without quoting the text."""

from typing import Any

import pytest

from explain_lib.core import NO_ENTITY, Span, Target, longer

SPAN = Span(3, 7, "Disease")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, r"a target needs a label: give `label=` or a span that carries one\."),
        ({"span": Span(0, 1)}, "a target needs a label"),
        ({"span": SPAN, "margin": "top"}, r"margin is 'top'; allowed are 'left', 'right' and None\."),
        ({"span": SPAN, "margin": "left", "versus": "Drug"}, "a target is either a margin or a contrast"),
        ({"label": "X", "margin": "left"}, r"margins and boundary contrasts need a span; this target has none\."),
        ({"label": "X", "versus": NO_ENTITY}, "margins and boundary contrasts need a span"),
        ({"label": "X", "versus": longer(left=1)}, "margins and boundary contrasts need a span"),
    ],
)
def test_what_is_no_target(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Target(**arguments)


def test_longer_moves_at_least_one_end() -> None:
    with pytest.raises(ValueError, match=r"longer\(left=0, right=0\) is the span itself; move at least one end\."):
        longer()


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (Target(SPAN), "Disease 3–7"),
        (Target(SPAN, label="Drug"), "Drug 3–7"),
        (Target(SPAN, versus="Drug"), "Disease 3–7 versus Drug"),
        (Target(SPAN, versus=NO_ENTITY), "Disease 3–7 versus no entity"),
        (Target(SPAN, versus=longer(right=-1)), "Disease 3–7 versus longer(left=0, right=-1)"),
        (Target(SPAN, margin="right"), "Disease 3–7, right margin"),
        (Target(label="urgent"), "urgent"),
        (Target(label="urgent", versus="routine"), "urgent versus routine"),
    ],
)
def test_names(target: Target, name: str) -> None:
    assert target.name == name


def test_equal_targets_are_one_key() -> None:
    assert {Target(SPAN), Target(Span(3, 7, "Disease")), Target(SPAN, label="Disease")} == {Target(SPAN)}
