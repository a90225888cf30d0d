"""What is judged: one member or one fusion, on a text and on its edits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.fusion.blend import Blend, Fusion
from explain_lib.fusion.evidence import Evidence, Floats
from explain_lib.fusion.joint_fusion import JointFusion
from explain_lib.fusion.mixture import mixed, without_corpus


@dataclass(frozen=True, eq=False)
class Column:
    """Scores of one target: `scores` float64[units], `edited` float64[edits, units] with NaN where nothing compares.

    `near` are scores of the margins, one for each side of the evidence.
    """

    name: str
    scores: Floats
    edited: Floats
    near: tuple[Floats, ...]


def singles(judge: Evidence, scales: Floats) -> list[Column]:
    """Every member by itself, with the scale that it was given on other rows."""
    scaled = judge.scaled(scales)
    return [
        Column(repr(member), scaled.scores[i], scaled.edited[:, i], tuple(near.scores[i] for near in scaled.near))
        for i, member in enumerate(judge.members)
    ]


def carried(name: str, blend: Blend, fusion: Fusion, judge: Evidence) -> Column:
    """A fusion with its weights, scales and shares, on evidence that it has not seen."""
    n = judge.n_members
    scaled = judge.scaled(blend.scales[:n])
    if len(blend.weights) > n:
        scaled = _with_corpus(scaled, blend, fusion)
    used = scaled.n_members
    each = np.repeat(blend.weights[:used, None], len(judge.words), axis=1) if blend.share is None else blend.share
    return Column(
        name, (each * scaled.scores).sum(axis=0), (each * scaled.edited).sum(axis=1),
        tuple((each * near.scores).sum(axis=0) for near in scaled.near),
    )  # fmt: skip


def _with_corpus(scaled: Evidence, blend: Blend, fusion: Fusion) -> Evidence:
    """The mixture and the corpus score with the shares that were found."""
    assert isinstance(fusion, JointFusion)
    corpus = None if fusion.prior is None else fusion.prior.arms.get(scaled.arm)
    of = None if corpus is None else corpus.reference_among(scaled.members)
    mixture_weight, corpus_weight = blend.weights[-2:]
    share = (1 - blend.local_share - corpus_weight) / mixture_weight if mixture_weight else np.zeros(len(scaled.words))
    found = None if corpus is None or of is None else mixed(scaled, of, corpus.scores, np.clip(share, 0, 1))
    members = without_corpus(scaled, of or 0) if found is None else found.members
    more = [member.times(scale) for member, scale in zip(members, blend.scales[-2:], strict=True)]
    return scaled.with_members(more)
