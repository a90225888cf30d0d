"""Noise that leaves the rule standing: other words for those that decide nothing, other substances, masked pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explain_lib.corpora.planted.grammar import Grammar

from ..data import Example
from ..masking import IGNORED
from . import recipe
from .vocabulary import SPECIAL, rule_pieces


@dataclass(frozen=True, eq=False)
class Noise:
    """`pool` int64[kinds, most]: the pieces that may stand for one of a kind, filled up by repetition;
    `kind` int64[pieces]: −1 for special pieces, marks and the pieces of the rule, which are never replaced;
    `edge` int64[pieces]: 1 for modifiers and −1 for suffixes, between which a substance stands."""

    pool: Tensor
    kind: Tensor
    edge: Tensor
    mask: int
    n_special: int

    @classmethod
    def of(cls, pieces: Mapping[str, int], grammars: Sequence[Grammar]) -> Noise:
        """Kinds: Han characters, beginnings and insides of other words."""
        rule = {piece for grammar in grammars for piece in rule_pieces(grammar)}
        kinds = {piece: _kind(piece) for piece in pieces if piece not in rule and piece not in SPECIAL}
        groups = [[pieces[p] for p, kind in kinds.items() if kind == k] for k in range(3)]
        longest = max(len(group) for group in groups)
        pool = torch.tensor([(group * (longest // len(group) + 1))[:longest] for group in groups])
        kind, edge = torch.full((len(pieces),), -1), torch.zeros(len(pieces), dtype=torch.int64)
        for piece, k in kinds.items():
            kind[pieces[piece]] = k
        for grammar in grammars:
            edge[[pieces[p] for p in grammar.modifiers]] = 1
            edge[[pieces[p] for p in grammar.suffixes]] = -1
        return cls(pool, kind, edge, pieces["[MASK]"], len(SPECIAL))

    def add(self, ids: Tensor, strength: float, rng: torch.Generator) -> Tensor:
        """int64[rows, length]: rows with some pieces replaced, with other substances, and with some pieces masked.

        `strength` 0 to 1 scales how many.
        """
        other = self.pool[self.kind[ids].clamp(min=0), torch.randint(self.pool.shape[1], ids.shape, generator=rng)]
        replaced = self._chosen(ids, recipe.REPLACED_ROWS, strength * recipe.REPLACED, rng)
        renamed = self.substances(ids) & (torch.rand((len(ids), 1), generator=rng) < strength * recipe.RENAMED_ROWS)
        masked = self._chosen(ids, recipe.MASKED_ROWS, strength * recipe.MASKED, rng) & (ids >= self.n_special)
        return torch.where((replaced | renamed) & (self.kind[ids] >= 0), other, ids).masked_fill(masked, self.mask)

    def substances(self, ids: Tensor) -> Tensor:
        """bool[rows, length]: what stands between a modifier and its suffix."""
        edge = self.edge[ids]
        return (edge.cumsum(dim=1) == 1) & (edge == 0)

    def shifted(self, row: Example, share: float, rng: np.random.Generator) -> Example:
        """A row in which a share of the words outside mentions is gone and as many others stand in between.

        Where a marker stands to its mention then differs from text to text, so that only the words of the rule tell.
        """
        ids, tags = np.asarray(row.ids), np.asarray(row.tags)
        edge = self.edge.numpy()[ids]
        opens = np.append(tags[1:], 0) != IGNORED  # what comes next is the beginning of a word
        in_mention = edge.cumsum() > 0  # but for the suffix, which is a word of the rule
        kind = self.kind.numpy()[ids]
        is_free = opens & ~in_mention & (tags != IGNORED)
        gone = is_free & (kind >= 0) & (rng.random(len(ids)) < share / 2)
        behind = is_free & ~gone & (kind >= 0) & (kind < 2) & (rng.random(len(ids)) < share / 2)
        new = self.pool.numpy()[np.where(kind == 0, 0, 1), rng.integers(self.pool.shape[1], size=len(ids))]
        at = np.flatnonzero(behind) + 1
        kept = np.insert(~gone, at, True)
        filled = np.insert(ids, at, new[behind])[kept], np.insert(tags, at, 0)[kept]
        return Example(tuple(filled[0].tolist()), tuple(filled[1].tolist()))

    def _chosen(self, ids: Tensor, rows: float, most: float, rng: torch.Generator) -> Tensor:
        """bool: in a share of the rows, pieces at a rate drawn for each row."""
        n = (len(ids), 1)
        rates = most * torch.rand(n, generator=rng) * (torch.rand(n, generator=rng) < rows)
        return torch.rand(ids.shape, generator=rng) < rates


def _kind(piece: str) -> int:
    letters = piece.removeprefix("##")
    if piece.startswith("##"):
        return 2
    if not letters.isalpha():
        return -1
    return 0 if "\u3400" <= letters[0] <= "\u9fff" else 1
