"""`prove_fusion`: fit on some documents and edit families, judge on others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np

from explain_lib.attribution.estimate import Method
from explain_lib.attribution.explain import explain
from explain_lib.core import Document
from explain_lib.core.table import whole_or_absent
from explain_lib.fusion.blend import Fusion
from explain_lib.fusion.evidence import Floats
from explain_lib.fusion.findings import fingerprint, source
from explain_lib.fusion.fit_fusion import Targets, fit_fusion, is_reachable, predicted_spans, without_addresses
from explain_lib.fusion.fused import Fused, members_of
from explain_lib.fusion.joint_fusion import JointFusion
from explain_lib.fusion.mean_fusion import MeanFusion
from explain_lib.models import predict
from explain_lib.models.protocols import Model, Randomizable
from explain_lib.perturbation.edits import Family, label_keeping
from explain_lib.perturbation.query import Arm, Query
from explain_lib.perturbation.streams import Rng, child, describe, seed_for
from explain_lib.statistics import corrected_similarity

from .fusion_proof import FusionProof, finite
from .judging import Judged, Judging

N_RANDOMISED = 3


@dataclass(frozen=True)
class ProofSettings:
    """How a proof is made.

    `fit_families` and `judge_families` (default: every other label-keeping family each) must not overlap. `rivals` are
    fusions to stand beside the mean, by name, none of ranks. `bound_rows` of the model are spent on the best and worst
    order of each entity for NAOPC (0 leaves it out). `n_edits` edits of each text are judged on. `arm` is explained.
    """

    fit_families: Sequence[Family] | None = None
    judge_families: Sequence[Family] | None = None
    rivals: Mapping[str, Fusion] | None = None
    bound_rows: int = 1000
    n_edits: int = 8
    arm: Arm = "context"

    def families(self) -> tuple[tuple[Family, ...], tuple[Family, ...]]:
        """Families to fit and to judge on; ValueError where one is in both."""
        known = label_keeping()
        fit = tuple(self.fit_families) if self.fit_families is not None else known[::2]
        judge = tuple(self.judge_families) if self.judge_families is not None else known[1::2]
        both = {family.name for family in fit} & {family.name for family in judge}
        if both or not fit or not judge:
            shared = ", ".join(sorted(both)) or "none"
            raise ValueError(f"families to fit and to judge on must be some and differ; both hold {shared}.")
        return fit, judge


def prove_fusion(  # noqa: PLR0913  # what a proof needs; all but the first five have defaults
    model: Model,
    fit_docs: Sequence[Document],
    docs: Sequence[Document],
    methods: Sequence[Method],
    out: str | Path,
    fusion: JointFusion | None = None,
    rng: Rng = 0,
    *,
    targets: Targets = predicted_spans,
    settings: ProofSettings | None = None,
) -> FusionProof:
    """Is a fusion better than its members and their mean, on edits and documents that it was not fitted to?

    A prior is fitted to `fit_docs` (none: no prior) and some families of edits; every target of `docs` is then
    fused with edits of these families, and judged on edits of other families and on fresh rows: stability, infidelity,
    boundary infidelity, squared change and NAOPC of each member, the mean, the fusion and two made-up controls. All
    competitors see the same rows and edits. Tests are paired, on document means, one-sided, with Holm's correction over
    rivals; below 20 documents there is none, and the verdict says so. Texts whose `meta` names the same "document" (or
    "dialogue") are parts of one, and are held out and tested together. `out` gets the prior, a file for each judged
    document (the same call goes on where it was, another begins anew), and proof.json.

    The fusion is fitted anew on every edited text that it is judged on, as it would be in use; weights held fixed,
    without averaging over edits, stand beside it. Members, the mean and other rivals are single explanations (rivals
    with weights held), so that a gain in stability over them is bought with the rows of the fusion's edits too.

    Cost: for each target twice what a fused explanation costs, and as much again for every edit that is judged on; in
    the arm "all units" the targets of a text share that.
    Raises ValueError for no documents, a text in both parts, families in both, and where no target could be judged.
    """
    chosen, members, folder = settings or ProofSettings(), members_of(methods), Path(out)
    _check(fit_docs, docs)
    families, others = chosen.families()
    start = fusion or JointFusion()
    asked = replace(start.calibration, families=families)
    fitted = replace(start, calibration=asked)
    if fit_docs:
        prior = fit_fusion(
            model, fit_docs, members, folder / "prior", rng, targets=targets, fusion=fitted, arms=(chosen.arm,)
        )
        fitted = replace(fitted, prior=prior)
    near = 2 * asked.n_near, asked.reach + 1
    judge = replace(asked, families=others, n_edits=chosen.n_edits, n_near=near[0], reach=near[1])
    rivals = {"mean": MeanFusion(asked.n_rows), **(chosen.rivals or {})}
    judging = Judging(members, fitted, rivals, judge, chosen.bound_rows)
    run = _Run(model, judging, rng, chosen.arm, targets)
    found = [(doc, one) for number, doc in enumerate(docs) for one in run.kept(doc, folder, number)]
    if not found:
        raise ValueError("no target of the documents could be judged; give texts in which the model finds entities.")
    about = {
        "fitted on": [family.name for family in families], "judged on": [family.name for family in others],
        "fit documents": len(set(map(source, fit_docs))), "documents": len(set(map(source, docs))),
        "arm": chosen.arm, "fusion": repr(fitted),
        "model": model.name, "rng": describe(rng),
    }  # fmt: skip
    documents = tuple(source(doc) for doc, _ in found)
    names = tuple(map(repr, members))
    proof = FusionProof(tuple(one for _, one in found), documents, names, run.randomised(docs), about)
    proof.save(folder / "proof.json")
    return proof


@dataclass(frozen=True, eq=False)
class _Run:
    """Judging of documents, one file each."""

    model: Model
    judging: Judging
    rng: Rng
    arm: Arm
    targets: Targets

    @cached_property
    def settings(self) -> str:
        """A short hash of all that a judged document depends on but its text."""
        named = getattr(self.targets, "__qualname__", repr(self.targets))
        said = repr((self.model.name, self.judging, describe(self.rng), self.arm, named))
        return blake2b(without_addresses(said).encode(), digest_size=4).hexdigest()

    @cached_property
    def seed(self) -> np.random.SeedSequence:
        """The root of all draws."""
        return seed_for(self.rng, "prove_fusion")

    def kept(self, document: Document, folder: Path, number: int) -> list[Judged]:
        """The entities of one document, from its file if it is there."""
        file = folder / f"judged-{number:05d}-{fingerprint(document)}-{self.settings}.json"
        if not file.exists():
            found = [one for query, seed in self._queries(document) for one in self.judging.judged(query, seed)]
            folder.mkdir(parents=True, exist_ok=True)
            with whole_or_absent(file) as unfinished:
                unfinished.write_text(json.dumps(finite([one.record() for one in found])), encoding="utf-8")
        return [Judged.of(record) for record in json.loads(file.read_text(encoding="utf-8"))]

    def randomised(self, documents: Sequence[Document]) -> Floats:
        """float64[targets]: how alike fused scores are on the model and on a copy with random weights."""
        if not isinstance(self.model, Randomizable):
            return np.zeros(0)
        copy, alike = self.model.randomized(0), []
        method = Fused(self.judging.methods, self.judging.fusion)
        for document in documents[:N_RANDOMISED]:
            for query, _ in list(self._queries(document))[:1]:
                other = Query(copy, document, query.targets, query.units)
                there = other.context() if self.arm == "context" else other
                both = [explain(q, method).scores[query.active, 0] for q in (query, there)]
                alike.append(float(corrected_similarity(*both)))
        return np.array(alike)

    def _queries(self, document: Document) -> Iterator[tuple[Query, np.random.SeedSequence]]:
        """One question for each target in the context arm; for all targets of a window where all units are active."""
        chosen = self.targets(document, predict(self.model, document, progress=False))
        text = Query(self.model, document)
        usable = [target for target in chosen if is_reachable(text, target)]
        if self.arm == "context":
            queries = [text.with_targets([target]).context() for target in usable if target.span is not None]
        else:
            queries = [part for _, part in text.with_targets(usable).parts()] if usable else []
        digest = int(fingerprint(document), 16)
        for number, query in enumerate(queries):
            if query.active.sum() > 1:
                yield query, child(self.seed, digest, number)


def _check(fit_docs: Sequence[Document], docs: Sequence[Document]) -> None:
    if not docs:
        raise ValueError("there are no documents to judge on; give at least one, twenty or more for tests.")
    for what, name in (("texts", fingerprint), ("documents, by id or meta,", source)):
        both = {name(doc) for doc in fit_docs} & {name(doc) for doc in docs}
        if both:
            raise ValueError(f"{len(both)} {what} stand among those to fit and to judge on; hold whole documents out.")
