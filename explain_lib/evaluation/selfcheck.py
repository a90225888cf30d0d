"""`selfcheck`: does this checkpoint keep the promises that explanations rest on?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from explain_lib.core import Document, Prediction, Span, Target
from explain_lib.models.protocols import Model
from explain_lib.perturbation import Query

from . import attribution_checks, model_checks, text_checks
from .check_report import Check, SelfCheckReport

TEXTS = (
    "The patient received methotrexate for severe eczema; no fever, no headache.",
    "患者因湿疹服用甲氨蝶呤，无发热，无头痛。",
    "Patiënt kreeg methotrexaat wegens ernstig eczeem; geen koorts, geen hoofdpijn.",
)
MOST_TARGETS = 4


def selfcheck(
    model: Model, document: Document | None = None, rng: int = 0, max_copy_bytes: int = 2_000_000_000
) -> SelfCheckReport:
    """Check a model, its tokenizer and its decoder on one short text; prints as a table.

    Batch and length invariance, `value(all kept)`, the noise floor, offsets and spellings, the decoder against the
    score, sums of Shapley values, the gap of integrated gradients, a planted rule in place of the scores, and random
    weights in a copy, whose memory the report states; above `max_copy_bytes` it is left out. Without a document the
    first of three built-in sentences is taken in which the model predicts something. Costs about 30 rows per unit, on
    a sentence a few seconds. A check that raises has failed, and says what was raised.
    """
    query = Query(model, *_question(model, document))
    rows = partial(model_checks.Rows, query)
    checks: dict[str, Callable[[], Check]] = {
        "offsets cover the text": lambda: text_checks.offsets_cover(query),
        "pieces stand where they say": lambda: text_checks.pieces_spell_the_text(query),
        "batch invariance": lambda: model_checks.batch_invariance(rows()),
        "length invariance": lambda: model_checks.length_invariance(rows()),
        "all kept is the text itself": lambda: model_checks.full_value(rows()),
        "noise floor": lambda: model_checks.noise_floor(rows()),
        "decoder and score agree": lambda: model_checks.decoder_consistency(query),
        "scores add up": lambda: attribution_checks.sums(query, rng),
        "integrated gradients close their gap": lambda: attribution_checks.gradient_gap(query),
        "a planted rule is recovered": lambda: attribution_checks.recovers_a_planted_rule(query, rng),
        "explanation follows the weights": lambda: model_checks.randomization(query, rng, max_copy_bytes),
    }
    return SelfCheckReport(model.name, tuple(_done(name, check) for name, check in checks.items()))


def _done(name: str, check: Callable[[], Check]) -> Check:
    """The check, or its failure where it raised; the message of an error may hold text and is left out."""
    try:
        return check()
    except Exception as error:
        return Check(name, False, float("nan"), 0.0, f"raised {type(error).__name__}")


def _question(model: Model, document: Document | None) -> tuple[Document, list[Target]]:
    """A text and up to four targets read in one window: predicted spans, or the likeliest class, or any word."""
    documents = [Document(text) for text in TEXTS] if document is None else [document]
    tried = [(one, _targets(model, one)) for one in documents]
    chosen, targets = max(tried, key=lambda pair: len(pair[1]) > 0)
    if not targets:
        query = Query(model, chosen)
        start, end = query.encoding.extents[len(query.encoding.extents) // 2].tolist()
        targets = [Target(Span(start, end, model.labels[0]))]
    first = Query(model, chosen, targets).parts()[0][0]
    return chosen, [targets[i] for i in first]


def _targets(model: Model, document: Document) -> list[Target]:
    prediction: Prediction = Query(model, document).predict()[0]
    if prediction.labels:
        return [Target(label=max(prediction.labels, key=lambda name: prediction.labels[name]))]
    return [Target(span) for span in prediction.spans][:MOST_TARGETS]
