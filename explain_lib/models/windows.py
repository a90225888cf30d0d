"""Long texts: overlapping windows that never split a labelled word, and which window answers for which position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .protocols import Encoding, Ints, Window


@dataclass(frozen=True)
class WindowPlan:
    """How texts are cut: at most `limit` pieces of text in a window, neighbours sharing `overlap` pieces.

    `overlap` is a quarter of `limit` by default. `is_on=False` refuses texts longer than `limit`.
    """

    limit: int
    overlap: int | None = None
    is_on: bool = True

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"a window of {self.limit} pieces holds no text; set max_length higher.")
        if self.overlap is None:
            object.__setattr__(self, "overlap", self.limit // 4)
        if not 0 <= self.stride_back < self.limit:
            raise ValueError(f"overlap is {self.overlap}; allowed are 0 to {self.limit - 1}, less than the window.")

    @property
    def stride_back(self) -> int:
        """Pieces that a window shares with the one before it."""
        return self.overlap or 0

    def windows(self, encoding: Encoding) -> tuple[Window, ...]:
        """The windows of a text, left to right; every label position is owned by exactly one of them."""
        n_pieces, n_positions = len(encoding.ids), len(encoding.labels_at)
        if n_pieces <= self.limit:
            return (Window((0, n_pieces), (0, n_positions), (0, n_positions)),)
        if not self.is_on:
            raise ValueError(
                f"the text has {n_pieces} pieces and the model reads {self.limit} at once, but windows are switched "
                "off. Load the model with windows=True, or cut the text."
            )
        return _with_owners(encoding, self._ranges(encoding))

    def _ranges(self, encoding: Encoding) -> list[tuple[int, int]]:
        """Half-open piece ranges; they begin and end at word boundaries, the last one is as long as it may be."""
        cuts, n = self._cuts(encoding), len(encoding.ids)
        start, ranges = 0, []
        while True:
            end = int(cuts[cuts <= start + self.limit][-1])
            ranges.append((start, end))
            if end == n:
                return ranges
            start = max(int(cuts[cuts <= max(end - self.stride_back, 0)][-1]), int(cuts[cuts > start][0]))
            if n - start <= self.limit:
                start = int(cuts[cuts >= n - self.limit][0])

    def _cuts(self, encoding: Encoding) -> Ints:
        """Where windows may begin or end: at label positions, and within a word only if it is longer than a window."""
        n = len(encoding.ids)
        cuts = {0, n, *encoding.labels_at.tolist()}
        for start, end in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
            cuts.update(range(start + self.limit, end, self.limit))
        return np.asarray(sorted(cuts), np.int64)


def most_central(windows: Sequence[Window], first: int, last: int, encoding: Encoding, beside: int = 1) -> int:
    """Index of the window in which the label positions `first`..`last` (both included) lie most centrally.

    `beside` neighbours on each side, where they exist, lie inside too: decoders of tags look at one.
    Raises ValueError for a range that no window holds.
    """
    low, high = max(first - beside, 0), min(last + beside, len(encoding.labels_at) - 1)
    fitting = [i for i, w in enumerate(windows) if w.positions[0] <= low and high < w.positions[1]]
    if not fitting:
        most = max(w.positions[1] - w.positions[0] for w in windows)
        raise ValueError(
            f"the target covers {last - first + 1} label positions and no window holds them"
            f"{' with both neighbours' * (beside > 0)} (windows hold up to {most} and overlap by less). "
            "Load the model with a larger max_length, or explain a shorter span."
        )
    ends, n = (int(encoding.labels_at[first]), int(encoding.labels_at[last])), len(encoding.ids)
    return max(fitting, key=lambda i: (_context(windows[i], *ends, n), -i))


def _context(window: Window, first: int, last: int, n_pieces: int) -> int:
    """Pieces of context on the poorer side; an end of the text is no lack of context."""
    start, end = window.pieces
    left = first - start if start > 0 else n_pieces
    right = end - 1 - last if end < n_pieces else n_pieces
    return min(left, right)


def _positions(encoding: Encoding, start: int, end: int) -> tuple[int, int]:
    low, high = np.searchsorted(encoding.labels_at, [start, end])
    return int(low), int(high)


def _with_owners(encoding: Encoding, ranges: list[tuple[int, int]]) -> tuple[Window, ...]:
    """Windows with owners: each position goes to the window that gives it most context, the earlier one in a tie."""
    bare = [Window(r, _positions(encoding, *r), (0, 0)) for r in ranges]
    bare = [w for w in bare if w.positions[0] < w.positions[1]] or bare[:1]
    at, n = np.arange(len(encoding.labels_at)), len(encoding.ids)
    held = [np.searchsorted([w.positions[end] for w in bare], at, side="right") for end in (1, 0)]  # first, and behind
    owner = [
        max(range(first, behind), key=lambda i: (_context(bare[i], piece, piece, n), -i))
        for piece, first, behind in zip(encoding.labels_at.tolist(), *map(np.ndarray.tolist, held), strict=True)
    ]
    bounds = np.searchsorted(owner, np.arange(len(bare) + 1))
    return tuple(Window(w.pieces, w.positions, (int(bounds[i]), int(bounds[i + 1]))) for i, w in enumerate(bare))
