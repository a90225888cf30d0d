"""A small deterministic model that writes down every row it runs: the query is tested without any tokenizer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import torch

from explain_lib.core import Prediction, Span, TagScheme
from explain_lib.models.protocols import Encoding, PieceRows, Vocabulary, Window
from explain_lib.models.tagging import TagDecoder

MASK, UNK, PAD, BOS = 0, 1, 2, 3
TAGS = ("O", "B-X", "I-X", "B-Y", "I-Y")


@dataclass(frozen=True)
class SpyModel:
    """Pieces are up to `width` letters; logits look two pieces to each side and at the mean of all attended."""

    width: int = 3
    max_pieces: int = 10_000
    batch: int = 7
    tags: tuple[str, ...] = TAGS
    seen: list[tuple[bytes, bytes]] = field(default_factory=list)
    interrupt_after: list[int] = field(default_factory=list)
    is_exact: bool = True
    name: str = "spy"
    precision: str = "float32"
    n_prefix: int = 1

    @property
    def decoder(self):
        return TagDecoder(TagScheme.from_tags(self.tags))

    @property
    def labels(self):
        return self.decoder.entity_types

    @property
    def vocabulary(self):
        return Vocabulary(MASK, UNK, PAD, lambda text: [self._id(p) for p in self._cut(text)], lambda i: f"<{i}>")

    def _cut(self, text):
        return [m.group() for m in re.finditer(rf"\w{{1,{self.width}}}|[^\w\s]", text)]

    def _id(self, piece):
        return 4 + sum(ord(c) * (i + 1) for i, c in enumerate(piece)) % 50

    def encode(self, text):
        matches = list(re.finditer(rf"\w{{1,{self.width}}}|[^\w\s]", text))
        offsets = np.array([m.span() for m in matches], dtype=np.int64).reshape(-1, 2)
        ids = np.array([self._id(m.group()) for m in matches], dtype=np.int64)
        return Encoding(text, ids, offsets, np.arange(len(ids)), offsets)

    def windows(self, encoding):
        n, size = len(encoding.ids), self.max_pieces
        if n <= size:
            return (Window((0, n), (0, n), (0, n)),)
        starts = [*range(0, n - size, size // 2), n - size]
        cuts = [0, *((a + size + b) // 2 for a, b in zip(starts, starts[1:], strict=False)), n]
        return tuple(Window((s, s + size), (s, s + size), (cuts[i], cuts[i + 1])) for i, s in enumerate(starts))

    def row(self, encoding, window):
        first, last = window.pieces
        ids = np.concatenate([[BOS], encoding.ids[first:last]])[None]
        return PieceRows(ids, np.ones_like(ids, dtype=bool), np.arange(1, last - first + 1)[None])

    def _logits(self, ids, attended, labels_at):
        table = np.random.default_rng(11).normal(size=(60, 5, len(self.tags)))
        table[[MASK, PAD, BOS]] = 0
        used = np.where(attended, ids, PAD)
        padded = np.pad(used, ((0, 0), (2, 2)), constant_values=PAD)
        logits = sum(table[padded[:, d : d + ids.shape[1]], d] for d in range(5))
        n_attended = np.maximum(attended.sum(axis=1), 1)[:, None, None]  # padding must not matter
        logits = logits + 0.3 * np.tanh(table[used, 2].sum(axis=1, keepdims=True) / n_attended)
        picked = np.take_along_axis(logits, np.maximum(labels_at, 0)[:, :, None], axis=1)
        picked[labels_at < 0] = np.nan
        return picked.astype(np.float32)

    def iter_outputs(self, rows):
        for start in range(0, len(rows), self.batch):
            if self.interrupt_after and start >= self.interrupt_after[0]:
                raise KeyboardInterrupt
            index = np.arange(start, min(start + self.batch, len(rows)))
            part = rows[index]
            self.seen.extend((i.tobytes(), a.tobytes()) for i, a in zip(part.ids, part.attended, strict=True))
            yield index, self._logits(part.ids, part.attended, part.labels_at)

    def exact_outputs(self, rows):
        return self._logits(rows.ids, rows.attended, rows.labels_at)

    def reach(self, target, encoding):
        first = int(np.flatnonzero(encoding.extents[:, 0] == target.span.start)[0])
        last = int(np.flatnonzero(encoding.extents[:, 1] == target.span.end)[0])
        return first, last + 1

    def window_of(self, target, encoding, windows):
        first, last = self.reach(target, encoding)
        room = [min(first - w.positions[0], w.positions[1] - last) for w in windows]
        return int(np.argmax(room))

    def event(self, target, encoding, window):
        first, last = self.reach(target, encoding)
        return self.decoder.event(target, first - window.positions[0], last - 1 - window.positions[0])

    def score(self, outputs, events, score):
        return self.decoder.scores(torch.from_numpy(np.asarray(outputs)).double(), events, score).numpy()

    def decode(self, outputs, windows, encoding):
        own = [slice(w.owned[0] - w.positions[0], w.owned[1] - w.positions[0]) for w in windows]
        stitched = np.concatenate([output[part] for output, part in zip(outputs, own, strict=True)])
        found = self.decoder.decode(torch.from_numpy(stitched))
        spans = [Span(encoding.extents[a, 0], encoding.extents[b, 1], k) for a, b, k, _ in found]
        return Prediction(tuple(spans), np.exp([p for *_, p in found]))
