"""An optional check of the gate: a masked language model finds the edited text about as likely as the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.models.fill_in_model import FillInModel
from explain_lib.models.protocols import Encoding, Model
from explain_lib.perturbation.hiding.fill_in import check_pieces

from .family import Subject
from .text_edit import TextEdit


@dataclass(frozen=True)
class Fluent:
    """Refuses edits whose pseudo-perplexity is more than `ratio` times that of the text.

    Pseudo-perplexity = exp(−mean log p(piece | all others)), each piece masked alone and read in the window in which
    it lies most centrally; pieces that a masked language model never writes, such as the unknown piece, do not count.
    `mlm` must share the pieces of the explained model's tokenizer. Cost: a row of it per piece, once for the text and
    again for every edit. Not for character noise, which is meant to look unlikely.

    Give it beside the others: `Gate((*CHECKS, Fluent(xl.demo_fill_in())))`.
    """

    mlm: FillInModel
    ratio: float = 1.5

    def __post_init__(self) -> None:
        if not self.ratio > 0:
            raise ValueError(f"ratio is {self.ratio}; it must be above 0, usually 1.5.")

    def objection(self, edit: TextEdit, subject: Subject) -> str | None:
        """Refuses an edit that reads oddly."""
        model, kept = subject.query.model, subject.query.evaluations.remembered
        check_pieces(self.mlm, model.vocabulary)
        key = ("pseudo log-probability", self.mlm)
        before = kept.setdefault(key, None)
        if before is None:
            before = kept[key] = log_prob_of_pieces(self.mlm, model, subject.query.encoding)
        assert isinstance(before, float)
        after = log_prob_of_pieces(self.mlm, model, model.encode(edit.document.text))
        return "the text reads oddly" if before - after > np.log(self.ratio) else None


def log_prob_of_pieces(mlm: FillInModel, model: Model, encoding: Encoding) -> float:
    """The mean log-probability of the pieces of a text, each masked alone; NaN for a text without pieces."""
    windows, found = model.windows(encoding), []
    places = np.arange(len(encoding.ids))
    room = np.stack([np.minimum(places - w.pieces[0], w.pieces[1] - 1 - places) for w in windows])
    for i, window in enumerate(windows):
        columns = np.flatnonzero(room.argmax(axis=0) == i) - window.pieces[0] + model.n_prefix
        row = model.row(encoding, window)
        found.append(mlm.log_probs(row, np.arange(row.ids.shape[1]) == columns[:, None]))
    log_probs = np.concatenate(found)
    counted = log_probs[np.isfinite(log_probs)]
    return float(counted.mean()) if len(counted) else float("nan")
