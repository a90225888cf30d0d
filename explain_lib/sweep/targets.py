"""Which targets of a document a sweep explains: functions of the document and of the model's prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explain_lib.core import Document, Prediction, Target

Targets = Callable[[Document, Prediction], Sequence[Target]]


def predicted(document: Document, prediction: Prediction) -> list[Target]:
    """What the model finds: each predicted span, or of a classifier each predicted label."""
    return [Target(span) for span in prediction.spans] + [Target(label=label) for label in predicted_labels(prediction)]


def gold(document: Document, prediction: Prediction) -> list[Target]:
    """What the document says: each gold span, found by the model or missed."""
    return [Target(span) for span in document.spans]


def predicted_and_gold(document: Document, prediction: Prediction) -> list[Target]:
    """What the model finds, then what it misses; a span that is both stands once."""
    return list(dict.fromkeys([*predicted(document, prediction), *gold(document, prediction)]))


def predicted_labels(prediction: Prediction) -> list[str]:
    """Labels of the whole document with a probability of at least a half; if there is none, the most probable one."""
    likely = [label for label, probability in prediction.labels.items() if probability >= 0.5]
    return likely or sorted(prediction.labels, key=lambda label: -prediction.labels[label])[:1]
