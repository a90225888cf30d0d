"""Orders in which the units of a group arrive together, at every level of a hierarchy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb, factorial, prod

import numpy as np
import numpy.typing as npt

from explain_lib.core.hierarchy import Hierarchy, Tree

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Pattern = dict[tuple[int, int], Ints]


def count_nested_rows(hierarchy: Hierarchy) -> int:
    """How many rows occur along all orders: every group but one, at each level, is kept or hidden as a whole."""
    return _partial_rows(hierarchy.tree) + 2 if hierarchy.n_units else 1


def nested_contexts(hierarchy: Hierarchy) -> Iterator[tuple[int, Bools, Floats]]:
    """For each unit: the distinct rows bool[contexts, units] of what may have arrived before it, and their chances."""
    start = np.zeros((1, hierarchy.n_units), dtype=bool)
    yield from _contexts(hierarchy.tree, start, np.ones(1))


def nested_order_pairs(hierarchy: Hierarchy, max_rows: int, rng: np.random.Generator) -> tuple[Ints, float]:
    """Uniform orders and their reverses, as many as `max_rows` distinct rows allow, no pair drawn twice.

    Returns int[pairs, 2, units] and the share of all pairs that was drawn. Nodes of the same depth and number of
    children follow one drawn pattern, each through a relabelling of its own that stays: a single order is uniform,
    and the contexts of a unit are drawn without replacement, so that with all patterns the mean is exact.
    """
    nodes = list(_nodes(hierarchy.tree, 0))
    relabelled = {node: rng.permutation(len(node)) for node, _ in nodes}
    classes = sorted({(depth, len(node)) for node, depth in nodes if len(node) > 1})
    n_all = prod(factorial(size) for _, size in classes) // 2
    drawn: dict[bytes, Ints] = {}
    rows: set[bytes] = set()
    while len(drawn) < n_all:
        pattern = {kind: rng.permutation(kind[1]) for kind in classes}
        key = _key(pattern)
        if key in drawn:
            continue
        order = np.array(list(_walk(hierarchy.tree, 0, pattern, relabelled)), dtype=np.int64)
        rows |= _row_keys(order)
        if len(rows) > max_rows:
            break
        drawn[key] = np.stack([order, order[::-1]])
    found = np.stack(list(drawn.values())) if drawn else np.zeros((0, 2, hierarchy.n_units), dtype=np.int64)
    return found, len(drawn) / max(n_all, 1)


def chains(orders: Ints) -> Bools:
    """bool[pairs · 2 · (units + 1), units]: the rows along orders int[pairs, 2, units], from none to all."""
    n_units = orders.shape[2]
    arrival = np.argsort(orders, axis=2)
    return np.asarray(arrival[:, :, None, :] < np.arange(n_units + 1)[:, None]).reshape(-1, n_units)


def _partial_rows(node: Tree) -> int:
    """Rows in which some but not all of a node is kept."""
    if not isinstance(node, tuple):
        return 0
    return int(2 ** len(node) - 2 + 2 ** (len(node) - 1) * sum(map(_partial_rows, node)))


def _contexts(node: Tree, before: Bools, chance: Floats) -> Iterator[tuple[int, Bools, Floats]]:
    if not isinstance(node, tuple):
        yield node, before, chance
        return
    parts = np.zeros((len(node), before.shape[1]), dtype=bool)
    for part, child in zip(parts, node, strict=True):
        part[_units_of(child)] = True
    for place, child in enumerate(node):
        others = np.delete(parts, place, axis=0)
        subsets = [s for size in range(len(node)) for s in combinations(range(len(others)), size)]
        kept = np.array([others[list(s)].any(axis=0) for s in subsets])
        weight = np.array([1 / (len(node) * comb(len(others), len(s))) for s in subsets])
        wider = (before[:, None] | kept).reshape(-1, before.shape[1])
        yield from _contexts(child, wider, (chance[:, None] * weight).ravel())


def _units_of(node: Tree) -> list[int]:
    return [unit for child in node for unit in _units_of(child)] if isinstance(node, tuple) else [node]


def _nodes(node: Tree, depth: int) -> Iterator[tuple[tuple[Tree, ...], int]]:
    if isinstance(node, tuple):
        yield node, depth
        for child in node:
            yield from _nodes(child, depth + 1)


def _walk(
    node: Tree, depth: int, pattern: Pattern, relabelled: dict[tuple[Tree, ...], Ints]
) -> Iterator[int]:
    """The units of a node in the order that a pattern gives."""
    if not isinstance(node, tuple):
        yield node
        return
    order = relabelled[node]
    if len(node) > 1:
        order = order[pattern[depth, len(node)]]
    for place in order.tolist():
        yield from _walk(node[place], depth + 1, pattern, relabelled)


def _key(pattern: Pattern) -> bytes:
    """The same for a pattern and its reverse."""
    ahead = b"".join(pattern[kind].tobytes() for kind in sorted(pattern))
    back = b"".join(pattern[kind][::-1].tobytes() for kind in sorted(pattern))
    return min(ahead, back)


def _row_keys(order: Ints) -> set[bytes]:
    rows = chains(np.stack([order, order[::-1]])[None])
    return {row.tobytes() for row in np.packbits(rows, axis=1)}
