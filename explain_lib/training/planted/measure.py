"""The figures of the planted tagger as shipped: does it follow the rule on the test part, and nothing but the rule?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from explain_lib.core import Document, Target
from explain_lib.corpora.planted import planted_documents, planted_swaps, planted_truth
from explain_lib.models import load_model, predict
from explain_lib.models.token_classification import Tagger
from explain_lib.perturbation import Query
from explain_lib.statistics import bootstrap_mean

from . import recipe

TEST_DOCUMENTS, TEST_SEED, HIDDEN_DOCUMENTS = 300, 2027, 50


def measure(folder: Path, n: int = TEST_DOCUMENTS, n_hidden: int = HIDDEN_DOCUMENTS) -> dict[str, Any]:
    """Per language, on `n` documents of the test part: `rule_share`s, and of `n_hidden` of them `idle_share`."""
    model = load_model(folder, dtype="float32")
    assert isinstance(model, Tagger)
    parts = {lang: list(planted_documents(lang, "test", n, TEST_SEED)) for lang in recipe.LANGUAGES}
    return {
        lang: {**rule_shares(model, documents), "idle": idle_share(model, documents[:n_hidden])}
        for lang, documents in parts.items()
    }


def rule_shares(model: Tagger, documents: Sequence[Document]) -> dict[str, Any]:
    """Share of texts and of counterfactual texts whose entities are exactly those of the rule, all of them.

    `documents` the texts themselves; `swaps` all counterfactuals, with a bootstrap interval over documents; `type`,
    `left` and `right` those in which the word that decides this was swapped.
    """
    swaps = [(i, swap) for i, document in enumerate(documents) for swap in planted_swaps(document)]
    right = _follows(model, [swap.document for _, swap in swaps])
    by_kind = {
        kind: float(np.mean([ok for (_, swap), ok in zip(swaps, right, strict=True) if swap.decides == kind]))
        for kind in ("type", "left", "right")
    }
    return {
        "documents": float(np.mean(_follows(model, documents))),
        "swaps": float(np.mean(right)),
        "interval": bootstrap_mean(right, [i for i, _ in swaps]).interval,
        "n_documents": len(documents),
        "n_swaps": len(swaps),
        **by_kind,
    }


def idle_share(model: Tagger, documents: Sequence[Document]) -> float:
    """Share of the units outside entities that decide nothing and can be hidden alone without any entity changing."""
    unchanged = []
    for document in documents:
        query = Query(model, document)
        idle = np.ones(query.n_units, dtype=bool)
        for span in document.spans:
            idle &= ~(query.units.inside(span) | planted_truth(document, query.units, Target(span)))
        rows = np.ones((int(idle.sum()), query.n_units), dtype=bool)
        rows[np.arange(len(rows)), np.flatnonzero(idle)] = False
        full = set(query.predict()[0].spans)
        unchanged += [set(one.spans) == full for one in query.predict(rows)]
    return float(np.mean(unchanged))


def _follows(model: Tagger, documents: Sequence[Document]) -> list[bool]:
    found = predict(model, documents, progress=False)
    return [set(d.spans) == set(p.spans) for d, p in zip(documents, found, strict=True)]
