"""Neighbours on the keyboard that Dutch and English are typed on."""

from __future__ import annotations

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours(row: int, key: int) -> str:
    """Keys beside one, and those above and below that touch it: each row is shifted half a key to the right."""
    near = ((row, key - 1), (row, key + 1), (row - 1, key), (row - 1, key + 1), (row + 1, key - 1), (row + 1, key))
    return "".join(_ROWS[r][k] for r, k in near if 0 <= r < len(_ROWS) and 0 <= k < len(_ROWS[r]))


NEIGHBOURS: dict[str, str] = {
    letter: _neighbours(row, key) for row, letters in enumerate(_ROWS) for key, letter in enumerate(letters)
}
