"""Priors: fitted document by document, resumed, kept, and leaned on."""

from __future__ import annotations

import numpy as np
import pytest

from explain_lib.attribution import GradientInput, KernelShap, Occlusion, explain
from explain_lib.core import Document, Span, Target
from explain_lib.fusion import Fused, FusionCalibration, FusionPrior, JointFusion, fit_fusion
from explain_lib.fusion.findings import source
from explain_lib.fusion.mixture import CorpusScore, Mixture
from explain_lib.models.toy import planted_tagger
from explain_lib.perturbation import Query

MEMBERS = (KernelShap(60), Occlusion(), GradientInput())
JOINT = JointFusion(calibration=FusionCalibration(n_rows=16, n_edits=2))
TEXTS = [
    "The patient has a severe lesion , adverse event .", "An adverse event : severe lesion after the first dose .",
    "No fever but an adverse lesion .",
]  # fmt: skip
DOCS = [Document(text, "en", id=str(i)) for i, text in enumerate(TEXTS)]
ADVERSE = Target(Span(19, 32, "Reaction"))


def fit(folder, docs=DOCS, **settings) -> FusionPrior:
    return fit_fusion(planted_tagger(strength=4.0).tagger, docs, MEMBERS, folder, fusion=JOINT, **settings)


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> FusionPrior:
    return fit(tmp_path_factory.mktemp("run") / "prior")


def test_what_a_prior_holds(prior) -> None:
    for arm in ("context", "all units"):
        found = prior.arms[arm]
        assert found.weights.sum() == pytest.approx(1)
        assert found.weights.shape == (5,)
        assert found.methods == tuple(map(repr, MEMBERS))
        assert found.reference in found.methods
        assert (found.n_documents, found.n_targets) == (3, 3)
        assert found.losses.faith.constant == pytest.approx(1)
    words = prior.arms["context"].words
    entry = words.entry("adverse", "Reaction")
    assert (entry.count, entry.documents) == (3, 3)
    assert entry.score > max(words.entry(word, "Reaction").score for word in ("the", ".", "event"))
    assert repr(prior) == "FusionPrior(context: 3 targets, all units: 3 targets, of 3 documents)"


def test_a_prior_is_kept(prior, tmp_path) -> None:
    prior.save(tmp_path / "kept")
    again = FusionPrior.load(tmp_path / "kept")
    for name, arm in prior.arms.items():
        other = again.arms[name]
        assert np.array_equal(other.weights, arm.weights)
        assert np.array_equal(other.losses.faith.matrix, arm.losses.faith.matrix)
        assert np.array_equal(other.scores.sums, arm.scores.sums)
        assert other.scores.words == arm.scores.words
    with pytest.raises(FileNotFoundError, match="holds no finished prior; run fit_fusion"):
        FusionPrior.load(tmp_path)
    (tmp_path / "prior.json").write_text("{}")
    with pytest.raises(ValueError, match="is no prior of this version"):
        FusionPrior.load(tmp_path)


def test_a_run_goes_on_where_it_was(tmp_path) -> None:
    whole = fit(tmp_path / "whole")
    seen = []

    def tick(done: int, in_all: int) -> None:
        seen.append((done, in_all))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "cut", tick=tick)
    assert seen[0] == (0, 3)
    assert len(list((tmp_path / "cut").glob("evidence-*.npz"))) == 1
    resumed = fit(tmp_path / "cut")
    assert np.array_equal(resumed.arms["context"].weights, whole.arms["context"].weights)
    assert np.array_equal(resumed.arms["context"].scores.sums, whole.arms["context"].scores.sums)
    with pytest.raises(ValueError, match=r"holds a run with other settings \(rng\)"):
        fit(tmp_path / "cut", rng=1)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("")
    with pytest.raises(ValueError, match="is a file or holds other things; name a new folder"):
        fit(tmp_path / "other")


def test_a_fusion_leans_on_a_prior(prior) -> None:
    text = "An adverse event : a severe lesion , no fever ."
    query = Query(planted_tagger(strength=4.0).tagger, Document(text, "en"), [Target(Span(21, 34, "Reaction"))])
    for here in (query, query.context()):
        joint = JointFusion(prior, calibration=JOINT.calibration)
        method = Fused(MEMBERS, joint)
        found = explain(here, method)
        cost = here.cost(method, is_timed=False)
        assert cost.is_bound  # an edit that changes the answer is left out
        assert found.n_evals <= cost.rows
        detail = found.fusion
        assert len(detail.members) == 5
        assert isinstance(detail.members[3], Mixture)
        assert detail.members[4] == CorpusScore()
        assert detail.local_share.min() >= 0
        assert detail.local_share.max() <= 1
        held = explain(here, method.held(found))
        assert np.allclose(held.scores, found.scores)


def test_a_prior_of_other_methods_or_targets_is_said(prior) -> None:
    tagger = planted_tagger(strength=4.0).tagger
    query = Query(tagger, Document(TEXTS[1], "en"), [ADVERSE]).context()
    joint = JointFusion(prior, calibration=JOINT.calibration)
    other = query.with_targets([Target(ADVERSE.span, versus="Disease")]).context()
    known = explain(other, Fused(MEMBERS, joint))
    assert "no mixture with the corpus: it has no such target" in known.fusion.notes[0]
    assert known.fusion.weights[3:].tolist() == [[0], [0]]
    reference = prior.arms["context"].reference
    others = tuple(m for m in MEMBERS if repr(m) != reference)
    assert f"its member {reference} is not among these" in explain(query, Fused(others, joint)).fusion.notes[0]
    lone = FusionPrior({"all units": prior.arms["all units"]})
    found = explain(query, Fused(MEMBERS, JointFusion(lone, calibration=JOINT.calibration)))
    assert "the prior knows nothing of the arm 'context'" in found.fusion.notes[0]


def test_an_edited_document_is_left_out_by_its_id(prior) -> None:
    words = ("severe", "lesion", "adverse", "event")
    knows = [
        prior.arms["context"].scores.about(words, "Reaction", source(Document(text, "en", id=name))).n.tolist()
        for text, name in ((TEXTS[0], "0"), (TEXTS[0].lower(), "0"), (TEXTS[0], "other"))
    ]
    assert knows[0] == knows[1]
    assert sum(knows[0]) < sum(knows[2])


def test_parts_of_one_note_are_left_out_together() -> None:
    one, other = (Document(text, "en", id=str(i), meta={"document": "note"}) for i, text in enumerate(TEXTS[:2]))
    assert source(one) == source(other) != source(Document(TEXTS[0], "en", id="0"))
    assert source(Document("a")) != source(Document("b"))


def test_a_prior_says_how_much_failed(tmp_path) -> None:
    few = (KernelShap(8), Occlusion())
    with pytest.raises(ValueError, match="and 2 questions failed. Explain one of them with Fused"):
        fit_fusion(planted_tagger(strength=4.0).tagger, DOCS[:1], few, tmp_path / "a", fusion=JOINT)
    assert "; 2 questions failed)" in repr(FusionPrior({}, {"failures": 2}))


def test_nothing_to_learn_from(tmp_path) -> None:
    with pytest.raises(ValueError, match="there are no documents to fit a fusion to"):
        fit(tmp_path, [])
    with pytest.raises(ValueError, match="none of 1 documents gave a target with units to hide"):
        fit(tmp_path / "a", [Document("No fever .", "en")])
    with pytest.raises(ValueError, match="there is nothing to fuse"):
        fit_fusion(planted_tagger().tagger, DOCS, (), tmp_path / "b")


def test_one_document_gives_weights_and_nothing_to_mix(tmp_path) -> None:
    one = fit(tmp_path, DOCS[:1], arms=("context",))
    assert one.arms["context"].n_documents == 1
    assert list(one.arms) == ["context"]
