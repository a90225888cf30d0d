"""`fit_fusion`: what a corpus can teach a fusion, gathered document by document and resumable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explain_lib.attribution.estimate import Method
from explain_lib.core import Document, Prediction, Score, Target
from explain_lib.core.table import whole_or_absent
from explain_lib.models import predict
from explain_lib.models.protocols import Model, Tick
from explain_lib.perturbation.hiding import Hiding, MaskPiece
from explain_lib.perturbation.query import Arm, Query
from explain_lib.perturbation.streams import Rng, child, describe, keys_of, seed_for

from . import evidence_store
from .evidence import Evidence
from .findings import fingerprint
from .fused import members_of
from .gather import Gathering
from .joint_fusion import JointFusion
from .learn_prior import learned
from .prior import ArmPrior, FusionPrior

BOTH_ARMS: tuple[Arm, ...] = ("context", "all units")
MANIFEST, FORMAT = "_manifest.json", "explain_lib fusion run 1"
Targets = Callable[[Document, Prediction], Sequence[Target]]


def predicted_spans(document: Document, prediction: Prediction) -> list[Target]:
    """Every predicted span: what a tagger's fusion is fitted to."""
    return [Target(span) for span in prediction.spans]


def fit_fusion(  # noqa: PLR0913  # the settings of a run meet here; all but the first four have defaults
    model: Model,
    docs: Sequence[Document],
    methods: Sequence[Method],
    out: str | Path,
    rng: Rng = 0,
    *,
    targets: Targets = predicted_spans,
    fusion: JointFusion | None = None,
    arms: Sequence[Arm] = BOTH_ARMS,
    hiding: Hiding = MaskPiece(),  # noqa: B008  # frozen, without state
    score: Score = "log_odds",
    tick: Tick | None = None,
) -> FusionPrior:
    """Learn weights and scores of words from documents; JointFusion(prior=...) leans on them.

    For every target of every document (`targets`: predicted spans, or a function of document and prediction) and both
    arms the members are run and calibrated as `fusion` (default: JointFusion()) would. `out` gets one file per finished
    document, then prior.npz and prior.json; after a kill the same call goes on where it was. Words of the texts and
    scores are written there and nowhere else. The method with the least mean infidelity becomes the reference, whose
    scores in units of the model's score make the corpus scores; each document is left out of its own mixture, and so
    is any document that is asked about later, told by its id, or by its text where it has none.

    Cost: as many rows per target as `query.cost(Fused(methods, fusion))` says. `tick(documents done, in all)` is called
    between batches; what it raises stops the run. What fails in a document is counted in `prior.about["failures"]`.
    Raises ValueError for no documents, a folder with other things or another run in it, and where no target could be
    used at all; TypeError for what are no methods.
    """
    if not docs:
        raise ValueError("there are no documents to fit a fusion to; give at least one, better twenty or more.")
    members = members_of(methods)
    asks = fusion or JointFusion()
    folder = Path(out)
    settings = {
        "format": FORMAT, "methods": list(map(repr, members)), "model": without_addresses(repr(model)),
        "fusion": repr(asks.calibration), "arms": list(arms), "hiding": hiding.describe(model.vocabulary),
        "score": score, "rng": describe(rng), "targets": getattr(targets, "__qualname__", repr(targets)),
        "documents": [fingerprint(doc) for doc in docs],
    }  # fmt: skip
    seed = seed_for(rng, "fit_fusion")
    _begin(folder, settings)
    run = _Run(model, members, asks, seed, tuple(arms), hiding, score, targets)
    files = [folder / f"evidence-{number:05d}.npz" for number in range(len(docs))]
    for number, (doc, file) in enumerate(zip(docs, files, strict=True)):
        if not file.exists():
            evidence_store.write(file, *run.of_document(doc, _watch(tick, number, len(docs))))
    prior = _prior(files, members, asks, settings, tuple(arms))
    prior.save(folder)
    return prior


@dataclass(frozen=True, eq=False)
class _Run:
    """The settings of one run."""

    model: Model
    methods: tuple[Method, ...]
    fusion: JointFusion
    seed: np.random.SeedSequence
    arms: tuple[Arm, ...]
    hiding: Hiding
    score: Score
    targets: Targets

    def of_document(self, document: Document, watch: Tick) -> tuple[list[Evidence], list[str]]:
        """The evidence of all targets in all arms, and what failed, without any text."""
        found: list[Evidence] = []
        failures: list[str] = []
        watch(0, 0)
        try:
            chosen = self.targets(document, predict(self.model, document, progress=False))
            text = Query(self.model, document, hiding=self.hiding, score=self.score)
        except ValueError as error:
            return [], [type(error).__name__]
        seed = child(self.seed, *keys_of(fingerprint(document).encode(), 8))
        with text.watched(watch):
            for query in self._queries(text, chosen):
                try:
                    for _, part in query.parts():
                        gathering = Gathering(part, self.methods, self.fusion.calibration, seed)
                        found += gathering.gathered().evidence
                except ValueError as error:
                    failures.append(type(error).__name__)
        return found, failures

    def _queries(self, text: Query, targets: Sequence[Target]) -> Iterator[Query]:
        usable = [target for target in targets if is_reachable(text, target)]
        if "context" in self.arms:
            yield from (text.with_targets([t]).context() for t in usable if t.span is not None)
        if "all units" in self.arms and usable:
            yield text.with_targets(usable)


def _prior(
    files: Sequence[Path], methods: Sequence[Method], fusion: JointFusion, settings: dict[str, Any], arms: Sequence[Arm]
) -> FusionPrior:
    def stream() -> Iterable[Evidence]:
        return (fusion.prepared(one) for file in files for one in evidence_store.read(file)[0])

    found: dict[str, ArmPrior] = {}
    for arm in arms:
        if (learnt := learned(stream, arm, methods)) is not None:
            found[arm] = learnt
    failures = sum(len(evidence_store.read(file)[1]) for file in files)
    if not found:
        raise ValueError(
            f"none of {len(files)} documents gave a target with units to hide, and {failures} questions failed. "
            + ("Explain one of them with Fused(methods, fusion) to see why: a budget may be too small for its units."
               if failures else "Give documents in which the model finds entities, or a function `targets`.")
        )
    about = {key: value for key, value in settings.items() if key != "documents"}
    return FusionPrior(found, {**about, "n_documents": len(files), "failures": failures})


def _begin(folder: Path, settings: dict[str, Any]) -> None:
    """Make the folder and write down the settings, or check that they are those of the run found there."""
    file = folder / MANIFEST
    if file.exists():
        then = json.loads(file.read_text(encoding="utf-8"))
        others = [key for key in settings if then.get(key) != settings[key]]
        if others:
            raise ValueError(
                f"{str(folder)!r} holds a run with other settings ({', '.join(others)}). Give the same settings to "
                "resume it, or name another folder."
            )
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{str(folder)!r} is a file or holds other things; name a new folder. Nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    with whole_or_absent(file) as unfinished:
        unfinished.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")


def without_addresses(said: str) -> str:
    """A repr in which no object tells where in memory it lies: the same in every process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", said)


def is_reachable(text: Query, target: Target) -> bool:
    """Whether the tokenizer and the windows of a text can tell this target apart."""
    try:
        text.with_targets([target])
    except ValueError:
        return False
    return True


def _watch(tick: Tick | None, done: int, in_all: int) -> Tick:
    def report(_: int, __: int) -> None:
        if tick is not None:
            tick(done, in_all)

    return report
