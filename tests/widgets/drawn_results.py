"""Results to draw, made by hand so that the numbers are known, and a wait for worker threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from explain_lib.core import Attribution, Document, Provenance, Target
from explain_lib.corpora import default_units

HOSTILE = "</script><img src=x onerror=alert(1)><!--\u2028\u202e&amp;<b data-commandlinker-command=x>"


@dataclass(frozen=True)
class Fixed:
    """A method in name only."""

    budget: int = 8


def attribution_of(document: Document, targets: list[Target], scores: Any, **changes: Any) -> Attribution:
    """An attribution with these scores [units, targets], unit errors of 0.5 and five degrees of freedom."""
    units = default_units(document)
    table = np.asarray(scores, dtype=float).reshape(len(units), len(targets))
    active = changes.get("active", np.ones(table.shape, dtype=bool))
    fields: dict[str, Any] = {
        "scores": table, "std_error": np.where(active, 0.5, 0.0), "dof": np.full_like(table, 5.0),
        "base_value": np.zeros(len(targets)), "full_value": np.nansum(table, axis=0),
        "active": active, "method": Fixed(), "n_evals": 8,
        "provenance": Provenance(model="toy", hiding="MaskPiece", score="log_odds", arm="context"),
    }  # fmt: skip
    return Attribution(units, tuple(targets), **{**fields, **changes})


def wait_until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for a worker thread; fails loudly instead of hanging."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.005)
