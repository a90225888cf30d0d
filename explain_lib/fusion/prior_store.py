"""A prior on disk: arrays as npz, the rest as JSON, nothing pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core.table import whole_or_absent

from .corpus_scores import CorpusScores
from .prior import ArmPrior, FusionPrior
from .programme import Losses
from .quadratic import Quadratic

FORMAT = "explain_lib fusion prior 1"
LOSSES = ("faith", "stability", "boundary")
SCORES = ("word", "kind", "document", "sums")
Arrays = dict[str, npt.NDArray[Any]]


def save(prior: FusionPrior, folder: Path) -> None:
    """Write folder/prior.npz and folder/prior.json."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: Arrays = {}
    record: dict[str, Any] = {"format": FORMAT, "about": dict(prior.about), "arms": {}}
    for name, arm in prior.arms.items():
        arrays |= {f"{name} {key}": array for key, array in _arrays(arm).items()}
        plain = {key: getattr(arm, key) for key in ("methods", "reference", "n_documents", "n_targets")}
        names = {key: getattr(arm.scores, key) for key in ("words", "kinds", "documents")}
        constants = {key: loss.constant for key in LOSSES if (loss := getattr(arm.losses, key)) is not None}
        record["arms"][name] = {**plain, **names, "constants": constants}
    with whole_or_absent(folder / "prior.npz") as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    with whole_or_absent(folder / "prior.json") as unfinished:
        unfinished.write_text(json.dumps(record, indent=1), encoding="utf-8")


def load(folder: Path) -> FusionPrior:
    """Read what `save` wrote."""
    file = folder / "prior.json"
    if not file.exists():
        raise FileNotFoundError(f"{folder} holds no finished prior; run fit_fusion(..., out=...) with it first.")
    record = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{file} is no prior of this version; its first entry must be {FORMAT!r}.")
    with np.load(folder / "prior.npz", allow_pickle=False) as stored:
        arrays: Arrays = dict(stored)
    return FusionPrior({name: _arm(name, one, arrays) for name, one in record["arms"].items()}, record["about"])


def _arrays(arm: ArmPrior) -> Arrays:
    found: Arrays = {"weights": arm.weights, **{key: getattr(arm.scores, key) for key in SCORES}}
    for key in LOSSES:
        if (loss := getattr(arm.losses, key)) is not None:
            found |= {f"{key} matrix": loss.matrix, f"{key} linear": loss.linear}
    return found


def _arm(name: str, record: dict[str, Any], arrays: Arrays) -> ArmPrior:
    def loss(key: str) -> Quadratic | None:
        if key not in record["constants"]:
            return None
        at = f"{name} {key}"
        return Quadratic(arrays[f"{at} matrix"], arrays[f"{at} linear"], record["constants"][key])

    faith = loss("faith")
    assert faith is not None
    words, kinds, documents = (tuple(record[key]) for key in ("words", "kinds", "documents"))
    scores = CorpusScores(words, kinds, documents, *(arrays[f"{name} {key}"] for key in SCORES))
    return ArmPrior(
        tuple(record["methods"]), arrays[f"{name} weights"], Losses(faith, loss("stability"), loss("boundary")),
        record["reference"], scores, record["n_documents"], record["n_targets"],
    )  # fmt: skip
