"""Proofs: what is judged, what is said, and the controls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from drawn_evidence import evidence

from explain_lib.attribution import GradientInput, KernelShap, Occlusion
from explain_lib.core import Document, Span, Target
from explain_lib.fusion import FusionCalibration, FusionProof, JointFusion, MeanFusion, ProofSettings, prove_fusion
from explain_lib.fusion.blend import blended
from explain_lib.fusion.proof.column import carried, singles
from explain_lib.fusion.proof.judging import Judged, Judging
from explain_lib.models.toy import planted_tagger
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import ContextDeletion, ContextMask

MEMBERS = (KernelShap(60), Occlusion(), GradientInput())
JOINT = JointFusion(calibration=FusionCalibration(n_rows=16, n_edits=2))
SETTINGS = ProofSettings((ContextMask(),), (ContextDeletion(),), bound_rows=50, n_edits=2)
TEXTS = [
    "The patient has a severe lesion , adverse event .", "An adverse event : severe lesion after the first dose .",
    "No fever but an adverse lesion .", "After the first dose the patient has a lesion : adverse event .",
]  # fmt: skip


def found(document, prediction) -> list[Target]:
    if "lesion" not in document.text:
        return []
    end = document.text.index("lesion") + 6
    return [Target(Span(end - (13 if "severe" in document.text else 6), end, "Reaction"))]


@cache
def proof(folder, n_fit: int = 2, arm="context") -> FusionProof:
    docs = [Document(text, "en", id=str(i)) for i, text in enumerate(TEXTS)]
    settings = replace(SETTINGS, arm=arm)
    model = planted_tagger(strength=4.0).tagger
    return prove_fusion(model, docs[:n_fit], docs[2:], MEMBERS, folder, JOINT, targets=found, settings=settings)


def test_a_proof_from_start_to_end(tmp_path) -> None:
    one = proof(tmp_path)
    members = tuple(map(repr, MEMBERS))
    assert one.members == members
    over_edits = tuple(f"{name}, averaged over edits" for name in members)
    made_up = ("random member", "constant member")
    assert one.names == (*members, "fused", "fused, weights held", "mean", *over_edits, *made_up)
    assert one.values.shape == (2, 11, 5)
    assert len(one.measures) == 55
    assert "a test needs at least 20 documents and there are 2" in " ".join(one.verdict)
    assert one.verdict[-1].startswith("In all: fusing is not shown to help here, since")
    assert len(one.randomised) == 2
    stamps = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("judged-*.json")}
    again = proof.__wrapped__(tmp_path)
    assert np.array_equal(again.values, one.values, equal_nan=True)
    assert stamps == {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("judged-*.json")}
    loaded = FusionProof.load(tmp_path / "proof.json")
    assert loaded.verdict == one.verdict
    assert np.array_equal(loaded.values, one.values, equal_nan=True)
    assert list(one.to_pandas()["method"]) == list(one.names)
    written = "".join(p.read_text() for p in tmp_path.glob("*.json"))
    assert "severe" not in written


@dataclass(frozen=True)
class ByLength:
    """All weight on one member, which one by the number of units: an edit that deletes one turns it round."""

    calibration: FusionCalibration

    def blend(self, evidence):
        weights = np.eye(evidence.n_members)[len(evidence.words) % 2]
        return blended(evidence, weights, np.ones(evidence.n_members), "")


def test_the_headline_is_fitted_to_each_edited_text() -> None:
    model = planted_tagger(strength=4.0).tagger
    query = Query(model, Document(TEXTS[0], "en"), [Target(Span(18, 31, "Reaction"))]).context()
    fit = FusionCalibration(n_rows=16, n_edits=0, n_near=0)
    judge = replace(fit, n_edits=2, families=(ContextDeletion(),))
    judging = Judging((Occlusion(), GradientInput()), ByLength(fit), {}, judge, 0)
    one = judging.judged(query, np.random.SeedSequence(0))[0]
    figure = dict(zip(one.names, one.figures, strict=True))
    first = "Occlusion(window=1)" if query.n_units % 2 == 0 else "GradientInput()"
    assert np.allclose(figure["fused, weights held"], figure[next(n for n in one.names if n == first)], equal_nan=True)
    assert figure["fused"][1] == figure["fused, weights held"][1]  # one and the same on the text itself
    assert figure["fused"][3] > figure["fused, weights held"][3] + 1e-3  # the other member on every edited text


def test_all_units_are_judged_target_by_target(tmp_path) -> None:
    """Two targets of one text, in one question: each has the figures that it has alone."""
    text, model = "A severe lesion after an adverse lesion .", planted_tagger(strength=4.0).tagger
    spans = [Target(Span(2, 15, "Reaction")), Target(Span(33, 39, "Reaction"))]
    settings = replace(SETTINGS, arm="all units")
    docs = [Document(text, "en", id="one")]
    several = [
        prove_fusion(model, [], docs, MEMBERS, tmp_path / str(i), JOINT, targets=lambda *_, t=t: t, settings=settings)
        for i, t in enumerate((spans, spans[:1]))
    ]
    both, alone = (one.values for one in several)
    assert len(both) == 2
    members = slice(len(MEMBERS))
    assert np.allclose(both[0, members, 1], alone[0, members, 1])
    assert not np.allclose(both[0, members, 1], both[1, members, 1])


def test_a_fusion_is_carried_as_it_was_fitted() -> None:
    seen, fresh = evidence((0.4, 0.6), 1), evidence((0.4, 0.6), 2)
    blend = MeanFusion().blend(seen)
    column = carried("mean", blend, MeanFusion(), seen)
    assert np.allclose(column.scores, blend.scores)
    other = carried("mean", blend, MeanFusion(), fresh)
    assert np.allclose(other.scores, (blend.weights * blend.scales) @ fresh.scores)
    alone = singles(fresh, np.array([2.0, 3.0]))
    assert np.allclose(alone[1].edited, 3 * fresh.edited[:, 1])


def test_rows_that_were_fitted_to_are_not_judged_on() -> None:
    seen, fresh = evidence((0.4,), 1, n_units=6), evidence((0.4,), 2, n_units=6)
    known = {row.tobytes() for rows in (seen.rows, seen.fresh, seen.near[0].rows) for row in rows.hidden}
    left = fresh.apart(seen)
    for rows, before in ((left.rows, fresh.rows), (left.fresh, fresh.fresh), (left.near[0].rows, fresh.near[0].rows)):
        unseen = np.array([row.tobytes() not in known for row in before.hidden])
        assert not unseen.all()
        assert np.array_equal(rows.hidden, before.hidden[unseen])
        assert np.array_equal(rows.change, before.change[unseen])


def made(values: np.ndarray, control=(0.0, 0.0), n: int = 24) -> FusionProof:
    """A proof of `n` documents from mean figures [names, figures] and a little noise."""
    rng = np.random.default_rng(0)
    names = ("A", "B", "fused", "mean")
    entities = [
        Judged(names, values + rng.normal(size=values.shape) * 0.01, np.array([0.5, 0.5]), np.array(control), "")
        for _ in range(n)
    ]
    return FusionProof(tuple(entities), tuple(f"d{i}" for i in range(n)), ("A", "B"), np.array([0.1]))


GOOD = np.array([
    [0.5, 0.3, 0.3, 0.2, 0.7], [0.6, 0.4, 0.4, 0.3, 0.6], [0.8, 0.2, 0.2, 0.1, 0.8], [0.7, 0.3, 0.3, 0.2, 0.7],
])  # fmt: skip


def test_it_says_where_fusing_helps() -> None:
    told = made(GOOD).verdict
    assert told[0] == "stability: better than A, B, mean; not shown to be better than none."
    assert told[-1] == "In all: more stable than every member, and no worse on the rest within the margins."
    assert "gets a mean weight of 0.000, as it should" in " ".join(told)


def test_it_says_where_fusing_does_not_help() -> None:
    worse = GOOD.copy()
    worse[2] = [0.55, 0.5, 0.2, 0.1, 0.8]
    told = made(worse, control=(0.3, 0.9)).verdict
    assert told[0] == "stability: better than A; not shown to be better than B, mean."
    lost = "infidelity against the best member, A: could be worse by more than 0.015"
    assert any(line.startswith(lost) for line in told)
    assert "which is not below 0.05: the fusion falls for noise" in " ".join(told)
    assert "and wins: the fusion trades faithfulness away" in " ".join(told)
    assert told[-1].startswith("In all: fusing is not shown to help here, since stability is not shown to be higher")


def test_bad_input_is_refused(tmp_path) -> None:
    model = planted_tagger().tagger
    docs = [Document(text, "en") for text in TEXTS]
    with pytest.raises(ValueError, match="1 texts stand among those to fit and to judge on; hold whole documents out"):
        prove_fusion(model, docs[:2], docs[1:], MEMBERS, tmp_path, JOINT)
    parts = [Document(text, "en", id=str(i), meta={"document": "one note"}) for i, text in enumerate(TEXTS)]
    with pytest.raises(ValueError, match="1 documents, by id or meta, stand among those to fit and to judge on"):
        prove_fusion(model, parts[:2], parts[2:], MEMBERS, tmp_path, JOINT)
    with pytest.raises(ValueError, match="there are no documents to judge on"):
        prove_fusion(model, docs, [], MEMBERS, tmp_path, JOINT)
    both = ProofSettings((ContextMask(),), (ContextMask(),))
    with pytest.raises(ValueError, match="must be some and differ; both hold context mask"):
        prove_fusion(model, [], docs, MEMBERS, tmp_path, JOINT, settings=both)
    with pytest.raises(ValueError, match="no target of the documents could be judged"):
        prove_fusion(model, [], [Document("No fever .", "en")], MEMBERS, tmp_path, JOINT, settings=SETTINGS)
