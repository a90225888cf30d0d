"""A tiny random BERT tagger and a query on it, shared by the tests of bridges and relevance."""

from __future__ import annotations

from functools import cache

from tiny_checkpoints import TEXTS, build

from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.perturbation import Query

NL, EN, ZH = TEXTS[:3]
DRUG, DISEASE = Target(Span(14, 24, "Drug")), Target(Span(32, 41, "Disease"))


@cache
def tagger(architecture="bert", dtype="float32"):
    return load_model(build(architecture), dtype=dtype, device="cpu", label_positions="first_piece")


def dutch(targets=(DRUG, DISEASE), architecture="bert", dtype="float32", **settings):
    """Six units, two targets."""
    return Query(tagger(architecture, dtype), Document(NL), targets=targets, **settings)
