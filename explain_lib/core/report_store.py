"""Reports as files: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from .attribution import Provenance
from .json_file import read_json, write_json
from .measure import Measure
from .records import document_record, files, provenance_record, read_document, read_target, target_record
from .report import Report
from .units import Units

Kind = TypeVar("Kind", bound=Report)
VERSION = 1


def save(report: Report, path: str | Path) -> None:
    """Write a report; NaN and infinite values are kept as words, so that the JSON is standard."""
    arrays_file, described = files(Path(path), "report")
    record = {
        "format": form(type(report)),
        "document": document_record(report.units.document),
        "targets": [target_record(target) for target in report.targets],
        "measures": [measure_record(measure) for measure in report.measures],
        "details": dict(report.details),
        "n_evals": dict(report.n_evals),
        "provenance": provenance_record(report.provenance),
    }
    write_json(described, record, "the document's meta or the report's details")
    stored: dict[str, Any] = {"bounds": report.units.bounds} | {f"_{name}": a for name, a in report.arrays.items()}
    np.savez_compressed(arrays_file, allow_pickle=False, **stored)


def load(kind: type[Kind], path: str | Path) -> Kind:
    """Read a report of that kind."""
    arrays_file, described = files(Path(path), "report")
    record = read_json(described, form(kind), f"holds no {kind.__name__}")
    with arrays_file.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = dict(stored)
    return kind(
        units=Units(read_document(record["document"]), arrays.pop("bounds")),
        targets=tuple(read_target(target) for target in record["targets"]),
        measures=tuple(read_measure(measure) for measure in record["measures"]),
        arrays={name[1:]: array for name, array in arrays.items()},
        details=record["details"],
        n_evals=record["n_evals"],
        provenance=Provenance(**record["provenance"]),
    )


def form(kind: type[Report]) -> str:
    """The first entry of the JSON file of such a report."""
    return f"explain_lib {kind.__name__} {VERSION}"


def measure_record(measure: Measure) -> dict[str, Any]:
    """A measure as plain values; numbers as words, so that NaN and infinity survive standard JSON."""
    interval = None if measure.interval is None else [repr(bound) for bound in measure.interval]
    fields = {**measure.__dict__, "value": repr(measure.value), "interval": interval, "about": dict(measure.about)}
    return fields


def read_measure(record: dict[str, Any]) -> Measure:
    """A measure from its record."""
    interval = None if record["interval"] is None else tuple(float(bound) for bound in record["interval"])
    return Measure(**{**record, "value": float(record["value"]), "interval": interval})
