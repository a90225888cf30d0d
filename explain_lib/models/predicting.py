"""Predictions for documents: batched by length across documents and windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from tqdm.auto import tqdm

from explain_lib.core import Document, Prediction

from .protocols import Encoding, Float32s, Model, PieceRows, Window

CHUNK = 1024


@dataclass(frozen=True, eq=False)
class _Job:
    """One window of one document, with its row."""

    document: int
    window: int
    row: PieceRows


@overload
def predict(model: Model, documents: Document, *, progress: bool | None = None) -> Prediction: ...
@overload
def predict(model: Model, documents: Sequence[Document], *, progress: bool | None = None) -> list[Prediction]: ...
def predict(
    model: Model, documents: Document | Sequence[Document], *, progress: bool | None = None
) -> Prediction | list[Prediction]:
    """Decoded spans with confidences, or class probabilities: one Prediction for a document, a list for several.

    A list keeps its order. `progress`: True shows a bar, False never does, None (default) shows one when it takes more
    than two seconds. A document of white space only predicts nothing. Raises ValueError for a text longer than the
    model's window when windows are switched off.
    """
    if isinstance(documents, Document):
        return predict(model, [documents], progress=progress)[0]
    encodings = [model.encode(_checked(document).text) for document in documents]
    windows = [model.windows(e) if len(e.labels_at) else () for e in encodings]
    found = [Prediction()] * len(encodings)
    open_outputs: dict[int, dict[int, Float32s]] = {}  # a text is decoded and forgotten once all its windows are there
    n_rows, patience = sum(map(len, windows)), 0.0 if progress else 2.0
    with tqdm(total=n_rows, unit="row", disable=progress is False, delay=patience, leave=bool(progress)) as bar:
        for job, output in _run(model, _jobs(model, encodings, windows)):
            at, own = job.document, windows[job.document]
            outputs = open_outputs.setdefault(at, {})
            outputs[job.window] = output
            if len(outputs) == len(own):
                found[at] = model.decode([outputs[w] for w in range(len(own))], own, encodings[at])
                del open_outputs[at]
            bar.update()
    return found


def _checked(document: Document) -> Document:
    if not isinstance(document, Document):
        raise TypeError(f"predict takes Documents, got a {type(document).__name__}. Wrap a text: Document(text).")
    return document


def _jobs(model: Model, encodings: Sequence[Encoding], windows: Sequence[tuple[Window, ...]]) -> list[_Job]:
    """All windows of all documents, shortest first."""
    jobs = [
        _Job(d, w, model.row(encoding, window))
        for d, encoding in enumerate(encodings)
        for w, window in enumerate(windows[d])
    ]
    return sorted(jobs, key=lambda job: job.row.ids.shape[1])


def _run(model: Model, jobs: Sequence[_Job]) -> Iterator[tuple[_Job, Float32s]]:
    for at in range(0, len(jobs), CHUNK):
        chunk = jobs[at : at + CHUNK]
        for indices, batch in model.iter_outputs(stacked([job.row for job in chunk], model.vocabulary.pad)):
            for i, output in zip(indices, batch, strict=True):
                yield chunk[i], output  # a decoder reads what belongs to its window and no more


def stacked(rows: Sequence[PieceRows], pad: int) -> PieceRows:
    """One table of rows of different lengths, padded on the right; missing label positions are −1."""
    n, length = sum(map(len, rows)), max(r.ids.shape[1] for r in rows)
    positions = max(r.labels_at.shape[1] for r in rows)
    ids, attended = np.full((n, length), pad, np.int64), np.zeros((n, length), bool)
    labels_at, at = np.full((n, positions), -1, np.int64), 0
    for row in rows:
        here = slice(at, at + len(row))
        ids[here, : row.ids.shape[1]] = row.ids
        attended[here, : row.ids.shape[1]] = row.attended
        labels_at[here, : row.labels_at.shape[1]] = row.labels_at
        at += len(row)
    return PieceRows(ids, attended, labels_at)
