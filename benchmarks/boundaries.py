"""Does boundary sensitivity find the words that decide an end? Planted documents, whose rule is known.

    python benchmarks/boundaries.py [--documents 40]

Every entity of the planted test documents that the planted model returns, in the context arm: how high the words that
decide an end rank among all context units, by what hiding each does to that end's margin and, for the end's contrast
with the length that the rule knows, by Occlusion; how often the smallest edit hides one of them; and the index beside
its control. Means over ends with 95 % bootstrap intervals over documents. Written to RESULTS.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby

import numpy as np
import numpy.typing as npt

from results import machine, table, write_section
from sklearn.metrics import average_precision_score

import explain_lib as xl
from explain_lib.statistics import bootstrap_mean

Row = tuple[str, str, float]
"""A document, what was measured, and its value for one end."""
MARGIN, CONTRAST = "hiding units, margin", "Occlusion, contrast"
NAMES = (
    f"{MARGIN}: average precision", f"{MARGIN}: strongest unit decides", f"{CONTRAST}: average precision",
    "by chance: average precision", "smallest edit found", "smallest edit hides a deciding unit", "index",
    "control index",
)  # fmt: skip


def rows_of(document: xl.Document, model: object) -> Iterator[Row]:
    """What is found at each end that context words decide."""
    predicted = xl.predict(model, document).spans
    targets = [xl.Target(span) for span in document.spans if span in predicted]
    for target in targets:
        query = xl.Query(model, document, [target]).context()
        report = xl.boundary_sensitivity(query, edits=0, n_contrast_edits=0)
        for at, side in enumerate(report.details["sides"]):
            yield from ((document.id, name, value) for name, value in end_rows(report, query, at, side))


def end_rows(report: xl.BoundaryReport, query: xl.Query, at: int, side: str) -> Iterator[tuple[str, float]]:
    """Figures of one end."""
    target, active = query.targets[0], query.active
    margin = xl.planted_truth(query.document, query.units, xl.Target(target.span, margin=side))[active]
    if margin.any() and not np.isnan(report.arrays["margins"][0, at]):
        sizes = np.abs(report.arrays["losses"][0, at][active])
        yield f"{MARGIN}: average precision", average_precision_score(margin, sizes)
        yield f"{MARGIN}: strongest unit decides", float(margin[np.argmax(sizes)])
        yield "by chance: average precision", by_chance(margin)
    for move, contrast in enumerate(contrasts(target, side)):
        decides = xl.planted_truth(query.document, query.units, contrast)[active]
        scores = np.abs(report.arrays["contrast_scores"][0, 2 * at + move][active])
        if decides.any() and not np.isnan(scores).any():
            yield f"{CONTRAST}: average precision", average_precision_score(decides, scores)
    yield from edit_rows(report, query, side)
    for name in ("index", "control index"):
        found = report.select(name, side=side)
        yield from ((name, one.value) for one in found if one.is_available)


def contrasts(target: xl.Target, side: str) -> tuple[xl.Target, xl.Target]:
    """The two contrasts of an end, in the order of the report."""
    return tuple(xl.Target(target.span, versus=xl.longer(**{side: step})) for step in (1, -1))  # type: ignore[return-value]


def edit_rows(report: xl.BoundaryReport, query: xl.Query, side: str) -> Iterator[tuple[str, float]]:
    """Whether the smallest edit of an end that context decides was found, and whether it hides what decides."""
    decides = xl.planted_truth(query.document, query.units, query.targets[0], side)
    found = [one for one in report.details["entities"][0]["smallest_edits"] if one["outcome"] == side]
    if decides.any():
        yield "smallest edit found", float(bool(found))
        yield from (("smallest edit hides a deciding unit", float(decides[one["units"]].any())) for one in found)


def by_chance(truth: npt.NDArray[np.bool_], draws: int = 50) -> float:
    """The mean average precision of random scores."""
    rng = np.random.default_rng(0)
    return float(np.mean([average_precision_score(truth, rng.random(len(truth))) for _ in range(draws)]))


def summed(rows: list[Row]) -> dict[str, str]:
    """Each figure with its interval and how many ends it stands on."""
    found = {}
    for name, part in groupby(sorted(rows, key=lambda row: row[1]), key=lambda row: row[1]):
        documents, _, values = zip(*part, strict=True)
        figure = bootstrap_mean(np.array(values), documents)
        bounds = "" if figure.interval is None else " ({:.2f} to {:.2f})".format(*figure.interval)
        found[name] = f"{figure.value:.2f}{bounds}, n = {figure.n_items}"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40)
    n, model = parser.parse_args().documents, xl.planted_model()
    columns = {}
    for lang in ("zh", "nl", "en"):
        documents = xl.planted_documents(lang, n=n).documents
        columns[lang] = summed([row for document in documents for row in rows_of(document, model)])
        print(lang, columns[lang], flush=True)
    rows = [[name, *(columns[lang].get(name, "–") for lang in columns)] for name in NAMES]
    write_section(
        "boundaries.py",
        f"{n} planted test documents a language, the planted model, context arm, ends that context words decide; means "
        f"over ends with 95 % bootstrap intervals over documents ({machine()}).\n\n{table(['', *columns], rows)}",
    )


if __name__ == "__main__":
    main()
