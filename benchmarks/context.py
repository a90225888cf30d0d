"""How much text at once suits the demo model: F1 on whole abstracts, on a few sentences, and on one.

    python benchmarks/context.py

NCBI-disease devel as PubTator has it (title and abstract joined), strict entity F1 with intervals over abstracts. The
same text is read whole; in runs of neighbouring sentences (`xl.sentences`); in windows (`max_length`); and whole again
with all sentences but one out of sight (`AttentionOff`), which leaves every piece at its position. Recall of the first
pieces of the abstracts tells positions from company: there the positions are those of a sentence alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from results import machine, table, write_section
from work import shared_data

import explain_lib as xl
from explain_lib.core.data_folder import data_folder
from explain_lib.models import Tagger

CORPUS, LABEL = "en_ncbi_disease/pubtator/NCBIdevelopset_corpus.txt", "Disease"
RUNS, WINDOWS, FIRST = (1, 2, 3, 5), (48, 64, 128, 256), 30


def parts(document: xl.Document, n_sentences: int) -> list[tuple[int, int]]:
    """Characters of each run of so many neighbouring sentences."""
    bounds = xl.sentences(document).bounds.tolist()
    return [(run[0][0], run[-1][1]) for i in range(0, len(bounds), n_sentences) if (run := bounds[i : i + n_sentences])]


def in_runs(model: Tagger, document: xl.Document, n_sentences: int) -> xl.Prediction:
    """What the model says of each run alone, moved to its place."""
    at = parts(document, n_sentences)
    found = xl.predict(model, [xl.Document(document.text[s:e], document.lang) for s, e in at], progress=False)
    return together((moved(span, s), p) for (s, _), one in zip(at, found, strict=True) for span, p in pairs(one))


def in_place(model: Tagger, document: xl.Document) -> xl.Prediction:
    """What the model says of each sentence at its place when it sees no other."""
    query, at = xl.Query(model, document, targets=[], hiding=xl.AttentionOff()), parts(document, 1)
    starts, ends = query.units.bounds.T
    found = query.predict(np.array([(starts >= s) & (ends <= e) for s, e in at]))
    seen = zip(at, found, strict=True)
    return together((span, p) for (s, e), one in seen for span, p in pairs(one) if s <= span.start and span.end <= e)


def pairs(prediction: xl.Prediction) -> Iterator[tuple[xl.Span, float]]:
    """Spans with their confidences."""
    return zip(prediction.spans, prediction.confidence.tolist(), strict=True)


def together(found: Iterator[tuple[xl.Span, float]]) -> xl.Prediction:
    """One prediction of them all."""
    spans, confidence = list(zip(*found, strict=True)) or ((), ())
    return xl.Prediction(spans, np.array(confidence))


def moved(span: xl.Span, by: int) -> xl.Span:
    """The span, so many characters to the right."""
    return replace(span, start=span.start + by, end=span.end + by)


def row(name: str, model: Tagger, documents: Sequence[xl.Document], found: Sequence[xl.Prediction]) -> list[str]:
    """F1, precision, recall, and recall of mentions that begin within the first pieces of their abstract."""
    scores = xl.entity_scores(documents, found, labels=[LABEL])
    f1, *rest = (scores.measure(figure) for figure in ("F1", "precision", "recall"))
    low, high = f1.interval or (np.nan, np.nan)
    hits = [
        gold in one.spans
        for document, one in zip(documents, found, strict=True)
        for gold in document.spans
        if gold.start < model.encode(document.text).offsets[FIRST][0]
    ]
    print(name, f1, flush=True)
    return [
        name, f"{f1.value:.3f} ({low:.3f}–{high:.3f})", *(f"{one.value:.3f}" for one in rest),
        f"{np.mean(hits):.3f} of {len(hits)}",
    ]  # fmt: skip


def main() -> None:
    model = xl.demo_model()
    documents = [
        replace(document, spans=tuple(replace(span, label=LABEL) for span in document.spans))
        for document in xl.read_corpus(shared_data() / CORPUS, lang="en")
    ]
    rows = [row("whole abstracts", model, documents, xl.predict(model, documents, progress=False))]
    for n in RUNS:
        found = [in_runs(model, document, n) for document in documents]
        rows.append(row(f"{n} sentence{'s' * (n > 1)} at once", model, documents, found))
    found = [in_place(model, document) for document in documents]
    rows.append(row("1 sentence in sight, at its place in the whole", model, documents, found))
    for limit in WINDOWS:
        short = xl.load_model(data_folder("models", "medical-ner"), max_length=limit)
        found = xl.predict(short, documents, progress=False)
        rows.append(row(f"windows, `max_length={limit}`", model, documents, found))
    lengths = [len(model.encode(document.text).ids) for document in documents]
    head = ("read", "F1 (95 %)", "precision", "recall", f"recall, first {FIRST} pieces")
    write_section(
        "context.py",
        f"`python benchmarks/context.py`, one run on {machine()}. {len(documents)} abstracts of {min(lengths)}–"
        f"{max(lengths)} pieces (median {np.median(lengths):.0f}).\n\n{table(head, rows)}",
    )


if __name__ == "__main__":
    main()
