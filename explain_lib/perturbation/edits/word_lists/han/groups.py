"""Groups of characters that are taken for each other."""

from __future__ import annotations

from collections.abc import Iterable


def of_groups(groups: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each character the others of its group."""
    return {char: tuple(other for other in group if other != char) for group in groups for char in group}
