"""The joint fusion: weights from one programme over faithfulness, stability and boundaries, with a corpus behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from .blend import Blend, blended
from .calibration import FusionCalibration
from .evidence import Bools, Evidence, Floats
from .mixture import CorpusScore, Mixed, Mixture, mixed
from .prior import ArmPrior, FusionPrior
from .programme import TOLERANCE, FusionTrade, Losses, Solution, solve
from .smoothing import smoothed

UNIFORM = 1e-9
"""Scores that differ by less than this share of the largest are all the same."""
PER_MEMBER = 10
"""So many rows or edits per member weigh as much as the corpus."""


@dataclass(frozen=True)
class JointFusion:
    """One weight per member, chosen to be no worse than the best single member on three counts at once.

    Members are averaged over the text and its edits (`averages_edits`: the edits are run anyway, and a mean has less
    sampling noise), then brought to the scale of the score; with a `prior`, the mixture of a local and a corpus score
    and the corpus score itself join them. Among the members that predict the model on fresh rows (R² > 0), m0 is the
    one with the least infidelity Qf of those that depend on the text. The weights minimise (1 − s)·Qf + s·Qs + b·Qb,
    each over that of m0, plus the distance to the corpus weights, where none of the three exceeds that of m0: Qf is the
    infidelity on rows that hide any units, Qs the squared change of the scores under edits, Qb the infidelity of the
    margins where units near an end are hidden. If the result loses to m0 without averaging, nothing is averaged. The
    guarantee is about these rows and edits, in units of the score; the headline stability, which knows no scale, is
    another figure: report both. Where nothing better is found, m0 comes back and the note says so. Losses are pooled
    with those of the corpus while a text has fewer than ten rows or edits per member; a target that is a margin has
    weights of its own.

    The error of a fused score is Σ w·se, a safe bound for the members' sampling noise; that of the weights is not in
    it. Cost: as `calibration` says, and every member on every edit. Basis: Decker et al. (2024), Bhatt et al. (2020);
    constraints, boundaries and mixture are this project's. Not for one quick look: a single method costs a tenth.
    """

    prior: FusionPrior | None = None
    trade: FusionTrade = field(default_factory=FusionTrade)
    calibration: FusionCalibration = field(default_factory=FusionCalibration)
    averages_edits: bool = True

    def __post_init__(self) -> None:
        prior: object = self.prior
        if not isinstance(prior, FusionPrior | None):
            got = type(prior).__name__
            raise TypeError(f"the prior is a {got}; give what fit_fusion returned, or FusionPrior.load(folder).")

    def blend(self, evidence: Evidence) -> Blend:
        """Solve the programme of one target."""
        prepared = self.prepared(evidence)
        if prepared is evidence:
            return self._solved(evidence, "")
        found = self._solved(prepared, f"members averaged over {len(evidence.edited)} edits")
        if (found.losses[:, -1] <= self._limits(evidence) + TOLERANCE).all(where=~np.isnan(found.losses[:, -1])):
            return found
        return self._solved(evidence, "averaging over edits would cost more than is allowed")

    def prepared(self, evidence: Evidence) -> Evidence:
        """The evidence with members averaged over edits, where that is asked for and there are some."""
        return smoothed(evidence) if self.averages_edits and len(evidence.rows.change) else evidence

    def _limits(self, evidence: Evidence) -> Floats:
        """float64[3]: what each loss may be, by m0 as it is; infinite where no member predicts the model."""
        scales = evidence.scales()
        scaled = evidence.scaled(scales)
        losses, candidates = scaled.losses(), usable(scaled, scales) & depends_on_text(scaled)
        if not candidates.any():
            return np.full(3, np.inf)
        reference = most_faithful(losses, candidates)
        own = losses.table(np.eye(len(scales))[reference])[:, -1]
        return np.asarray(own + self.trade.slack * np.fmax(own, self._usual(evidence)))

    def _usual(self, evidence: Evidence) -> Floats:
        """float64[3]: the mean losses of the reference of the corpus, as shares; 0 where nothing is known."""
        corpus = self._corpus(evidence)
        if corpus is None:
            return np.zeros(3)
        reference = np.eye(len(corpus.methods) + 2)[corpus.methods.index(corpus.reference)]
        return np.nan_to_num(corpus.losses.table(reference)[:, -1])

    def _corpus(self, evidence: Evidence) -> ArmPrior | None:
        """What is known of targets like this one; margins were not asked about."""
        return None if self.prior is None or evidence.is_margin else self.prior.arms.get(evidence.arm)

    def _solved(self, evidence: Evidence, averaged: str) -> Blend:
        scales = evidence.scales()
        scaled = evidence.scaled(scales)
        corpus = None if self.prior is None else self.prior.arms.get(evidence.arm)
        mixture, said = self._mixture(scaled, corpus)
        whole, factors = scaled, scales
        if mixture is not None:
            more, their_scales = mixture.fitted(scaled.rows)
            whole, factors = scaled.with_members(more), np.concatenate([scales, their_scales])
        weights, note = self._weights(whole, factors)
        local = np.ones(len(evidence.words))
        if mixture is not None:
            local = 1 - weights[-2] * mixture.share - weights[-1]
        found = blended(whole, weights, factors, "; ".join(n for n in (averaged, said, note) if n), local=local)
        return found if self.prior is None or mixture is not None else _with_absent(found)

    def _mixture(self, scaled: Evidence, corpus: ArmPrior | None) -> tuple[Mixed | None, str]:
        if self.prior is None:
            return None, ""
        if corpus is None:
            return None, f"the prior knows nothing of the arm {scaled.arm!r}"
        reference = corpus.reference_among(scaled.members)
        if reference is None:
            return None, f"no mixture with the corpus: its member {corpus.reference} is not among these"
        found = mixed(scaled, reference, corpus.scores)
        return found, "" if found else "no mixture with the corpus: it has no such target, or none of these words"

    def _weights(self, whole: Evidence, scales: Floats) -> tuple[Floats, str]:
        there, of_text = usable(whole, scales), depends_on_text(whole)
        weights = np.zeros(len(scales))
        if not (there & of_text).any():
            best = np.where((scales > 0) & of_text, whole.explained(), -np.inf)
            weights[int(np.argmax(best))] = 1
            return weights, "no member predicts the model on fresh rows; the least bad stands alone"
        chosen = np.flatnonzero(there)
        losses, pull = whole.losses().only(chosen), None
        said = () if losses.stability else ("stability not measured on this text",)
        reference = most_faithful(losses, of_text[chosen])
        guide, corpus = losses, self._corpus(whole)
        if corpus is not None:
            place = corpus.places(whole.members)[chosen]
            pull = corpus.weights_at(place)
            if (place >= 0).all():
                guide = pooled(losses, corpus.losses.only(place), _amounts(whole), len(chosen))
                losses = borrowed(losses, guide)
        power = losses.faith.constant
        solution = solve(losses, reference, self.trade, pull, guide, self._usual(whole) * (power, power, 1.0))
        weights[chosen] = solution.weights
        slack = f", with {self.trade.slack:.0%} of slack" if self.trade.slack else ""
        return weights, "; ".join((*said, _told(solution, whole, chosen, reference) + slack))


def usable(whole: Evidence, scales: Floats) -> Bools:
    """bool[members]: those that predict the model, on rows to fit (a scale) and on fresh ones (R² > 0)."""
    return np.asarray((scales > 0) & (whole.explained() > 0))


def most_faithful(losses: Losses, candidates: Bools) -> int:
    """The candidate with the least infidelity: m0."""
    return int(np.argmin(np.where(candidates, losses.faith.alone(), np.inf)))


def depends_on_text(whole: Evidence) -> Bools:
    """bool[members]: those that may be the reference.

    A member says so itself (`depends_on_text = False` for a lexicon, say); and the same score for every unit is no
    answer about a text. What edits happen not to move is no sign: a true explainer stays where its cue is untouched.
    """
    told = np.array([getattr(member, "depends_on_text", True) for member in whole.members], dtype=bool)
    told &= np.array([not isinstance(member, Mixture | CorpusScore) for member in whole.members])
    active = whole.scores[:, whole.active]
    if active.shape[1] > 1:
        told &= np.ptp(active, axis=1) > UNIFORM * np.abs(active).max(axis=1)
    return told


def pooled(own: Losses, corpus: Losses, amounts: tuple[int, int, int], n_members: int) -> Losses:
    """Losses of a text, leaning on those of a corpus (as shares of E[df²]) where there are few rows or edits."""
    power = own.faith.constant
    found = []
    for name, n, unit in zip(("faith", "stability", "boundary"), amounts, (power, power, 1.0), strict=True):
        here, there = getattr(own, name), getattr(corpus, name)
        if here is not None and there is not None:
            share = n / (n + PER_MEMBER * n_members)
            here = here.times(share) + there.times((1 - share) * unit)
        found.append(there.times(unit) if here is None and there is not None else here)
    return Losses(*found)


def borrowed(own: Losses, guide: Losses) -> Losses:
    """A text's own losses; where it has none, those that it leans on."""
    return Losses(own.faith, own.stability or guide.stability, own.boundary or guide.boundary)


def _amounts(whole: Evidence) -> tuple[int, int, int]:
    return len(whole.rows.change), len(whole.edited), sum(len(near.rows.change) for near in whole.near)


def _told(solution: Solution, whole: Evidence, chosen: npt.NDArray[np.int64], reference: int) -> str:
    name = repr(whole.members[chosen[reference]])
    if solution.is_improvement:
        return f"no worse than {name} on each loss"
    if len(chosen) == 1:
        return f"{name} alone predicts the model, so there is nothing to weigh"
    return f"no improvement found over {name}"


def _with_absent(found: Blend) -> Blend:
    """A blend without mixture, with its two places empty, so that all targets have the same members."""
    members = (*found.members, Mixture(None), CorpusScore())
    losses = np.concatenate([found.losses[:, :-1], np.full((3, 2), np.nan), found.losses[:, -1:]], axis=1)
    empty = np.zeros(2)
    parts = np.concatenate([found.parts, np.zeros((2, len(found.scores)))])
    return replace(
        found, members=members, parts=parts, weights=np.append(found.weights, empty),
        scales=np.append(found.scales, empty), losses=losses,
    )  # fmt: skip
