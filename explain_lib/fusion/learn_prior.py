"""From the evidence of a corpus to a prior: the reference, the scores of words, mean losses and weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from .corpus_scores import CorpusScores, gathered
from .evidence import Bools, Evidence, Floats
from .joint_fusion import depends_on_text
from .mixture import mixed, occurrences, without_corpus
from .prior import ArmPrior
from .programme import Losses
from .quadratic import Quadratic, mean_of

Stream = Callable[[], Iterable[Evidence]]
ABOUT_AS_FAITHFUL = 1.5


def learned(stream: Stream, arm: str, methods: Sequence[object]) -> ArmPrior | None:
    """What the evidence of one arm teaches, read three times, one document in memory; None where there is none.

    The reference is the method with the least mean infidelity, as a share of E[df²], among those that depend on
    the text and predict the model on fresh rows of the corpus. Each mixture leaves its own document out.
    """

    def of_arm() -> Iterable[Evidence]:
        return (one for one in stream() if one.arm == arm and one.rows.change.any())

    told = [_told(one) for one in of_arm()]
    if not told:
        return None
    lost, explained, free = (np.mean([row[i] for row in told], axis=0) for i in range(3))
    allowed = (explained > 0) & (free > 0.5)
    reference = int(np.argmin(np.where(allowed, lost, np.inf) if allowed.any() else lost))
    scores = gathered([(one.document, occurrences(one.scaled(one.scales()), reference)) for one in of_arm()])
    losses = _mean_losses(of_arm(), reference, scores)
    usable = (explained > 0) & (free > 0.5)
    usable[reference] = True
    weights = _weights(losses, usable, reference)
    names = tuple(map(repr, methods))
    return ArmPrior(names, weights, losses, names[reference], scores, len(scores.documents), len(told))


def _told(one: Evidence) -> tuple[Floats, Floats, Bools]:
    """Per member: infidelity as a share, R² on fresh rows, whether it depends on the text."""
    scaled = one.scaled(one.scales())
    faith = scaled.losses().faith
    explained = np.maximum(scaled.explained(), -1.0)
    return faith.alone() / faith.constant, explained, depends_on_text(scaled)


def _mean_losses(stream: Iterable[Evidence], reference: int, scores: CorpusScores) -> Losses:
    """Mean losses over targets, with mixture and corpus score as members, as shares of E[df²]."""
    found: dict[str, list[Quadratic]] = {"faith": [], "stability": [], "boundary": []}
    for one in stream:
        scaled = one.scaled(one.scales())
        mixture = mixed(scaled, reference, scores)
        more = without_corpus(scaled, reference) if mixture is None else mixture.fitted(scaled.rows)[0]
        losses = scaled.with_members(more).losses()
        power = losses.faith.constant
        for name, unit in (("faith", power), ("stability", power), ("boundary", 1.0)):
            if (loss := getattr(losses, name)) is not None:
                found[name].append(loss.times(1 / unit))
    return Losses(*(mean_of(some) if some else None for some in found.values()))  # type: ignore[arg-type]


def _weights(losses: Losses, usable: Bools, reference: int) -> Floats:
    """Equal among the methods that are about as faithful as the reference, 0 for the others and for the corpus.

    Fitted weights lose more to noise than they gain on equal ones where members are about alike, as in combining
    forecasts (Smith & Wallis, 2009): fitting is left to the texts.
    """
    lost = losses.faith.alone()[: len(usable)]
    good = usable & (lost <= ABOUT_AS_FAITHFUL * lost[reference])
    return np.append(good / good.sum(), [0.0, 0.0])
