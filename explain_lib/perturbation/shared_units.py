"""Units that several models can read alike, whatever their tokenizers."""

from __future__ import annotations

from collections.abc import Sequence

from explain_lib.core import Document, Units, align
from explain_lib.corpora import default_units
from explain_lib.models.protocols import Model


def shared_units(models: Sequence[Model], document: Document, units: Units | None = None) -> Units:
    """The finest units that no piece of any of the models splits: `Query(model, document, units=…)` keeps them.

    `units` are the ones asked for (default: those of a query); they are joined where a piece of any model spans
    several. Cost: one tokenization for each model. Raises ValueError for units of another document.
    """
    joined = default_units(document) if units is None else units
    if joined.document != document:
        raise ValueError("the units belong to another document. Build units from the same Document.")
    for model in models:
        joined, _ = align(joined, model.encode(document.text).offsets)
    return joined
