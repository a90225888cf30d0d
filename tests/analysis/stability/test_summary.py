"""Figures of a corpus: documents are what was sampled."""

from __future__ import annotations

import numpy as np
import pytest
from edited_texts import EDITS, TARGETS, bank_of, question

from explain_lib.analysis.stability import StabilityReport, stability, stability_summary
from explain_lib.attribution import Occlusion, PermutationShap
from explain_lib.core import Measure, not_available

UNITS = question().units
ABOUT = {"arm": "context", "family": "all families", "method": "M()"}


def made(values, flips=(0, 4)):
    """A report of one text with an entity for each value."""
    measures = []
    for i, value in enumerate(values):
        about = {"target": f"entity {i}", **ABOUT}
        if np.isnan(value):
            measures.append(not_available("stability", "no edit", about=about))
        else:
            measures.append(Measure("stability", value, None, 5, "x; edits of one text", True, about))
        share = "share of the edits, 0 to 1; edits of one text"
        measures.append(Measure("flips", flips[0] / flips[1], None, flips[1], share, False, about))
    return StabilityReport(UNITS, TARGETS, tuple(measures))


def test_means_are_over_entities_and_shares_over_edits():
    found = stability_summary([made([0.2, 0.6]), made([1.0], (3, 6)), made([np.nan], (0, 2))], ["a", "b", "c"])
    by_name = {measure.name: measure for measure in found}
    assert by_name["stability"].value == pytest.approx(0.6) and by_name["stability"].n == 2
    assert by_name["flips"].value == pytest.approx(3 / 16) and by_name["flips"].n == 3
    assert dict(by_name["stability"].about) == ABOUT and by_name["stability"].higher_is_better is True
    assert by_name["stability"].scale == "mean over entities; x; n: 2 documents, 3 entities"


def test_intervals_come_from_documents_not_from_entities():
    rng = np.random.default_rng(0)
    means = rng.normal(0.5, 0.2, size=20)
    alike = [made(np.full(30, mean)) for mean in means]
    measure = stability_summary(alike, [f"d{i}" for i in range(20)])[0]
    low, high = measure.interval
    assert high - low == pytest.approx(2 * 1.96 * means.std(ddof=1) / np.sqrt(20), rel=0.25)


def test_real_reports_of_two_methods_are_kept_apart():
    bank = bank_of(*EDITS)
    reports = [stability(question(), method, bank=bank) for method in (Occlusion(), PermutationShap(60))]
    found = stability_summary(reports, ["a", "a"])
    methods = {m.about["method"] for m in found if m.name == "stability"}
    assert methods == {repr(Occlusion()), repr(PermutationShap(60))}
    one = next(m for m in found if m.name == "stability" and m.about["arm"] == "context"
               and m.about["family"] == "all families" and "Occlusion" in m.about["method"])  # fmt: skip
    entities = reports[0].select("stability", arm="context", family="all families")
    assert one.value == pytest.approx(np.mean([m.value for m in entities]))
    assert one.interval is None and "at least two documents" in one.note


def test_errors_say_what_is_missing():
    with pytest.raises(ValueError, match="there are no stability reports"):
        stability_summary([])
    with pytest.raises(ValueError, match="2 documents are named for 1 reports"):
        stability_summary([made([1.0])], ["a", "b"])
    with pytest.raises(ValueError, match="a text has no document id"):
        stability_summary([made([1.0])])
