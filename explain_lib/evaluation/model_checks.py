"""Checks of a model's outputs: the same row alone, in company and padded; its noise; its decoder; its weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explain_lib.attribution import KernelShap, PermutationShap, PerUnit, explain
from explain_lib.models.predicting import stacked
from explain_lib.models.protocols import Float32s, Model, PieceRows, Randomizable
from explain_lib.perturbation import Query

from .check_report import Check, at_most, not_done

Floats = npt.NDArray[np.float64]
_FLOAT32 = 1e-3  # log-odds of a confident span multiply the rounding of logits
_COMPANY = 7


class Rows:
    """The row of a query's text, with what its scores may differ by."""

    def __init__(self, query: Query) -> None:
        self.query, table = query, query.evaluations
        at = query.model.window_of(query.targets[0], query.encoding, table.windows)
        self.window = table.windows[at]
        keep = np.random.default_rng(0).random((_COMPANY, query.n_units)) < 0.5
        self.row = query.model.row(query.encoding, self.window)
        self.others = table.rows(at, keep | ~query.active)
        self.allowed = _FLOAT32 + 6 * float(np.max(query.noise, initial=0))

    def scores(self, rows: PieceRows) -> Floats:
        """float64[targets]: the scores of the first of some rows that are run together."""
        positions = self.row.labels_at.shape[1]
        output = first_output(self.query.model, rows)
        own = output[:positions] if output.ndim > 1 else output
        events = [self.query.model.event(t, self.query.encoding, self.window) for t in self.query.targets]
        return np.asarray(self.query.model.score(own[None], events, self.query.score)[0])


def first_output(model: Model, rows: PieceRows) -> Float32s:
    """The compact output of row 0, whatever batch it runs in."""
    found: dict[int, Float32s] = {}
    for indices, batch in model.iter_outputs(rows):
        found.update(zip(indices.tolist(), batch, strict=True))
    return found[0]


def batch_invariance(rows: Rows) -> Check:
    """A row alone and the same row among others."""
    alone = rows.scores(rows.row)
    company = stacked([rows.row, rows.others], rows.query.model.vocabulary.pad)
    value = np.abs(alone - rows.scores(company)).max()
    return at_most("batch invariance", value, rows.allowed, "difference of a score alone and in a batch")


def length_invariance(rows: Rows) -> Check:
    """A row and the same row padded because a longer one shares its batch."""
    n, pad = rows.row.ids.shape[1], rows.query.model.vocabulary.pad
    longer = PieceRows(
        np.concatenate([rows.row.ids, rows.row.ids[:, 1:]], axis=1),
        np.ones((1, 2 * n - 1), dtype=bool),
        rows.row.labels_at,
    )
    limit = getattr(getattr(rows.query.model, "plan", None), "limit", None)
    if limit is not None and 2 * n > limit:
        return not_done("length invariance", "the text fills the window, so there is no longer row; give a shorter one")
    value = np.abs(rows.scores(rows.row) - rows.scores(stacked([rows.row, longer], pad))).max()
    return at_most("length invariance", value, rows.allowed, "difference of a score with and without padding")


def full_value(rows: Rows) -> Check:
    """`query.value` with all units kept against the unperturbed row."""
    value = rows.query.value(np.ones((1, rows.query.n_units), dtype=bool))[0]
    gap, meaning = np.abs(value - rows.scores(rows.row)).max(), "difference of value(all kept) from the plain score"
    return at_most("all kept is the text itself", gap, rows.allowed, meaning)


def noise_floor(rows: Rows) -> Check:
    """The rounding noise of the precision against what there is to explain."""
    keep = np.repeat(np.array([[True], [False]]), rows.query.n_units, axis=1) | ~rows.query.active
    full, base = rows.query.value(keep)
    meaning = "rounding noise of a score in reduced precision, against a tenth of full − base"
    return at_most("noise floor", float(rows.query.noise.max()), 0.1 * float(np.abs(full - base).max()), meaning)


def decoder_consistency(query: Query) -> Check:
    """The score of a predicted span, or of a class, is the probability that the decoder gives it."""
    name, pred = "decoder and score agree", query.predict()[0]
    spans = dict(zip(pred.spans, pred.confidence.tolist(), strict=True))
    found = [spans.get(t.span) if t.span else pred.labels.get(t.label or "") for t in query.targets]
    asked = [(i, p) for i, p in enumerate(found) if p is not None]
    if not asked:
        return not_done(name, "nothing is predicted in this text; give a document with an entity")
    scores = query.with_score("probability").value(np.ones((1, query.n_units), dtype=bool))[0]
    value = max(abs(scores[i] - p) for i, p in asked)
    return at_most(name, value, 0.01, "difference of a probability as a target and as a prediction")


def randomization(query: Query, rng: int, max_copy_bytes: int) -> Check:
    """Explanations of a copy with random weights must not look like those of the model (Adebayo et al., 2018)."""
    name, model = "explanation follows the weights", query.model
    if not isinstance(model, Randomizable):
        return not_done(name, "the model offers no `randomized` copy")
    size = f"a copy of {model.parameter_bytes / 1e6:.0f} MB"
    if model.parameter_bytes > max_copy_bytes:
        return not_done(name, f"{size} is more than max_copy_bytes; raise it to run this check")
    if query.active.sum() < 5:
        return not_done(name, "a rank correlation over fewer than five units says nothing")
    other = Query(model.randomized(rng), query.document, query.targets, query.units, query.hiding, query.score)
    method = PermutationShap(PerUnit(8)) if query.active.sum() > 5 else KernelShap()
    ours, theirs = (explain(q, method, rng=rng).scores[query.active] for q in (query, other))
    value = float(np.mean([rank_correlation(a, b) for a, b in zip(ours.T, theirs.T, strict=True)]))
    return at_most(name, value, 0.7, f"mean rank correlation with the explanation of {size} with random weights")


def rank_correlation(a: Floats, b: Floats) -> float:
    """Spearman's; 1 where both are the same and 0 where one of them is constant."""
    from scipy.stats import rankdata

    ranks = np.stack([rankdata(a), rankdata(b)]) - (len(a) + 1) / 2
    size = np.sqrt((ranks**2).sum(axis=1)).prod()
    return float(ranks.prod(axis=0).sum() / size) if size > 0 else float(np.array_equal(a, b))
