"""What the store can keep, and how a value of each kind lies in a folder of its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from explain_lib.analysis.boundary import BoundaryReport
from explain_lib.analysis.errors import EntityErrors
from explain_lib.analysis.stability import StabilityReport
from explain_lib.core import Attribution, CorpusTable, GlobalAttribution, Interactions, Prediction
from explain_lib.core.json_file import read_json, write_json
from explain_lib.core.records import read_span
from explain_lib.evaluation.agreement import AgreementReport
from explain_lib.evaluation.faithfulness import FaithfulnessReport
from explain_lib.evaluation.plausibility import PlausibilityReport
from explain_lib.evaluation.randomization import RandomizationReport

FORMAT = "explain_lib workbench value 1"
_FILE, _TABLE = "value.json", "table.parquet"


class Kept(Protocol):
    """What saves itself into a folder and is read back by its class."""

    def save(self, path: str | Path) -> None:
        """Write it."""
        ...

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read it."""
        ...


_KEPT: tuple[type[Kept], ...] = (
    Attribution, Interactions, GlobalAttribution, EntityErrors, StabilityReport, BoundaryReport, FaithfulnessReport,
    AgreementReport, PlausibilityReport, RandomizationReport,
)  # fmt: skip


def write_value(value: Any, folder: Path) -> str:
    """Write a value into a folder; gives the name of its kind, which reads it back.

    Results and reports, predictions, tuples of them, and plain values (as JSON, without NaN); TypeError for others.
    """
    if type(value) in _KEPT:
        value.save(folder)
    elif isinstance(value, CorpusTable):
        value.write(folder / _TABLE)
    elif isinstance(value, Prediction):
        _write(folder, _prediction_record(value))
    elif isinstance(value, tuple):
        places = [folder / str(at) for at in range(len(value))]
        for place in places:
            place.mkdir(mode=0o700)
        _write(folder, [write_value(one, place) for one, place in zip(value, places, strict=True)])
    else:
        _write(folder, value)
        return "plain"
    return type(value).__name__


def read_value(kind: str, folder: Path) -> Any:
    """What `write_value` wrote; ValueError for a kind that this version does not know."""
    for kept in _KEPT:
        if kept.__name__ == kind:
            return kept.load(folder)
    if kind == "CorpusTable":
        return CorpusTable.read(folder / _TABLE)
    if kind not in ("Prediction", "tuple", "plain"):
        raise ValueError(f"the kind {kind!r} is not known to this version")
    value = read_json(folder / _FILE, FORMAT, "holds no value of the workbench")["value"]
    if kind == "Prediction":
        return _read_prediction(value)
    return value if kind == "plain" else tuple(read_value(one, folder / str(at)) for at, one in enumerate(value))


def _write(folder: Path, value: Any) -> None:
    write_json(folder / _FILE, {"format": FORMAT, "value": value}, f"a {type(value).__name__}")


def _prediction_record(prediction: Prediction) -> dict[str, Any]:
    spans = [asdict(span) for span in prediction.spans]
    return {"spans": spans, "confidence": prediction.confidence.tolist(), "labels": dict(prediction.labels)}


def _read_prediction(record: dict[str, Any]) -> Prediction:
    spans = tuple(read_span(span) for span in record["spans"])
    return Prediction(spans, np.array(record["confidence"], dtype=np.float64), record["labels"])
