"""Hierarchies: units in groups, groups in larger groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .alignment import align
from .document import Document
from .span import Span
from .units import Units

Tree: TypeAlias = int | tuple["Tree", ...]
Level: TypeAlias = Units | Callable[[Document], Units]
"""Groups of one size: units that are coarser than the scored ones, or a function that cuts a document into them."""


@dataclass(frozen=True)
class Hierarchy:
    """A nested partition of units: `tree` is a tuple of groups, a group a unit's index or again a tuple of groups.

    `Hierarchy(((0, 1), 2, (3, (4, 5))))` has three groups, the last of them with a group inside. Each unit from 0 to
    the last one stands in it once (ValueError otherwise); inside, a group of one group is that group.
    """

    tree: tuple[Tree, ...]

    def __post_init__(self) -> None:
        leaves = sorted(_leaves(self.tree))
        if leaves != list(range(len(leaves))):
            raise ValueError(
                f"a hierarchy names each unit from 0 on exactly once; this one names {leaves[:8]}… of {len(leaves)}. "
                "Add the missing units, alone or in a group."
            )
        object.__setattr__(self, "tree", tuple(node for node in map(_plain, self.tree) if node != ()))

    @property
    def n_units(self) -> int:
        """Number of units."""
        return sum(1 for _ in _leaves(self.tree))

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The units of each group of the top level."""
        return tuple(tuple(_leaves(child)) for child in self.tree)

    def restricted(self, active: npt.NDArray[np.bool_]) -> Hierarchy:
        """The hierarchy of the units with active bool[units], counted anew; groups without any drop out."""
        if len(active) != self.n_units:
            raise ValueError(
                f"the hierarchy holds {self.n_units} units, the question {len(active)}. Build it from the same units: "
                "hierarchy(query.units, levels)."
            )
        number = np.cumsum(active) - 1
        names = {int(unit): int(number[unit]) for unit in np.flatnonzero(active)}
        return Hierarchy(tuple(_kept(child, names) for child in self.tree))

    def halved(self) -> Hierarchy:
        """The same groups with every group of more than two cut into halves of neighbours, again and again."""
        return Hierarchy(tuple(_halved(child) for child in _in_two(self.tree)))


def hierarchy(units: Units, levels: Sequence[Level]) -> Hierarchy:
    """Group `units` by `levels`, given from fine to coarse, such as [words, clauses, sentences].

    A unit outside all groups of a level stands alone in it. Groups that a finer one reaches across are joined, so that
    no group ever cuts what lies below it. Raises ValueError for units of another document and for levels that are
    given from coarse to fine.
    """
    nodes: list[Tree] = list(range(len(units)))
    bounds = units.bounds
    for level in levels:
        asked = level if isinstance(level, Units) else level(units.document)
        if asked.document != units.document:
            raise ValueError("a level belongs to another document. Build all levels from the same Document.")
        joined, alignment = align(asked, bounds)
        if 2 * len(joined) < len(asked):
            raise ValueError(
                f"a level of {len(asked)} groups cuts the groups of the level before it, {len(joined)} are left. "
                "Give levels from fine to coarse: [words, sentences]."
            )
        runs = _runs(alignment.owner)
        nodes = [nodes[start] if end - start == 1 else tuple(nodes[start:end]) for start, end in runs]
        bounds = np.array([(bounds[start, 0], bounds[end - 1, 1]) for start, end in runs]).reshape(-1, 2)
    return Hierarchy(tuple(nodes))


def entity_units(document: Document, spans: Sequence[Span] | None = None) -> Units:
    """Each entity as one unit, for use as a level: gold spans, or `spans` (predicted ones); overlapping ones join."""
    bounds: list[list[int]] = []
    for span in sorted(document.spans if spans is None else spans, key=lambda span: span.start):
        if bounds and span.start < bounds[-1][1]:
            bounds[-1][1] = max(bounds[-1][1], span.end)
        else:
            bounds.append([span.start, span.end])
    return Units(document, np.array(bounds, dtype=np.int64).reshape(-1, 2))


def _runs(owner: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Half-open ranges of neighbours with the same owner; what has none (−1) stays alone."""
    starts = [i for i in range(len(owner)) if i == 0 or owner[i] < 0 or owner[i] != owner[i - 1]]
    return list(zip(starts, [*starts[1:], len(owner)], strict=True)) if starts else []


def _leaves(node: Tree) -> Iterator[int]:
    if isinstance(node, tuple):
        for child in node:
            yield from _leaves(child)
    else:
        yield node


def _plain(node: Tree) -> Tree:
    """The node without groups of one group, and without empty ones."""
    if not isinstance(node, tuple):
        return node
    children = tuple(child for child in map(_plain, node) if child != ())
    return children[0] if len(children) == 1 else children


def _kept(node: Tree, number: dict[int, int]) -> Tree:
    """The node with its units renamed; those without a new name are gone, and () is left of a group of such."""
    if isinstance(node, tuple):
        return tuple(kept for kept in (_kept(child, number) for child in node) if kept != ())
    return number.get(node, ())


def _in_two(children: tuple[Tree, ...]) -> tuple[Tree, ...]:
    middle = (len(children) + 1) // 2
    return children if len(children) <= 2 else (children[:middle], children[middle:])


def _halved(node: Tree) -> Tree:
    return tuple(_halved(child) for child in _in_two(node)) if isinstance(node, tuple) else node
