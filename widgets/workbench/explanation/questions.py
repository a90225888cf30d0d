"""What can be asked about one entity or class: the span itself, other ends, other types, none, and its boundaries."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.core import NO_ENTITY, Target, longer
from explain_lib.perturbation import Query

THIS_SPAN, THIS_CLASS = "this span", "this class"


def questions(query: Query, target: Target) -> dict[str, Target]:
    """Names, as they follow "Why", and targets of all that this model can answer about a span or class; no row is run.

    The first is the plain question. `target` is that of the entity; its own contrast or margin plays no part.
    """
    return {name: asked for name, asked in _candidates(query, target) if not _problem(query, asked)}


def unanswered(query: Query, target: Target) -> dict[str, str]:
    """Names of what this model cannot answer about a span or class, each with the reason."""
    tried = {name: _problem(query, asked) for name, asked in _candidates(query, target)}
    return {name: problem for name, problem in tried.items() if problem}


def _candidates(query: Query, target: Target) -> Iterator[tuple[str, Target]]:
    span, label = target.span, target.label
    yield THIS_CLASS if span is None else THIS_SPAN, Target(span, label)
    if span is not None:
        for side in ("left", "right"):
            yield f"not one longer on the {side}", Target(span, label, versus=longer(**{side: 1}))
            yield f"not one shorter on the {side}", Target(span, label, versus=longer(**{side: -1}))
        yield "an entity at all", Target(span, label, versus=NO_ENTITY)
        yield "it begins here", Target(span, label, margin="left")
        yield "it ends here", Target(span, label, margin="right")
    for other in query.model.labels:
        if other != label:
            yield f"{label} and not {other}", Target(span, label, versus=other)


def _problem(query: Query, target: Target) -> str:
    """Why the model cannot be asked this; "" if it can."""
    try:
        query.with_targets([target])
    except ValueError as error:
        return str(error)
    return ""
