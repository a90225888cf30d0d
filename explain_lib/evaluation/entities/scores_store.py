"""Entity scores as a JSON file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explain_lib.core.json_file import json_file, read_json, write_json
from explain_lib.core.report_store import measure_record, read_measure

from .counts import SchemeCounts

if TYPE_CHECKING:
    from .scores import EntityScores

FORMAT = "explain_lib EntityScores 1"


def save(scores: EntityScores, path: str | Path) -> None:
    """Write `path`/scores.json, or `path` itself where it ends in .json."""
    write_json(json_file(path, "scores"), {"format": FORMAT, **scores_record(scores)}, "the scores")


def load(path: str | Path) -> EntityScores:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for a file of another kind."""
    return read_scores(read_json(json_file(path, "scores"), FORMAT, "holds no EntityScores"))


def scores_record(scores: EntityScores) -> dict[str, Any]:
    """Scores as plain values."""
    return {
        "measures": [measure_record(measure) for measure in scores.measures],
        "counts": {scheme: asdict(counts) for scheme, counts in scores.counts.items()},
        "n_documents": scores.n_documents,
        "note": scores.note,
    }


def read_scores(record: dict[str, Any]) -> EntityScores:
    """Scores from their record."""
    from .scores import EntityScores  # imported here: scores can be asked to save themselves

    measures = tuple(read_measure(measure) for measure in record["measures"])
    counts = {scheme: SchemeCounts(**each) for scheme, each in record["counts"].items()}
    return EntityScores(measures, counts, record["n_documents"], record["note"])
