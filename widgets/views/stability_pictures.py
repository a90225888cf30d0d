"""What a stability report leads with: its figures on one axis, every edit as a point, and how far each word moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explain_lib.analysis import StabilityReport
from explain_lib.core import Measure, Span, Target

from .edited_text import regions
from .heat import largest, number, target_name
from .pictures import group, in_words, own_units, range_row, ranges, scored, stretch, stretch_view
from .report_parts import View
from .text import visible

ALL = "all families"
SHARE = "explained share"
"""Named as in the reports."""


@dataclass(frozen=True, eq=False)
class StabilityPictures:
    """The pictures of one target, by its place in the report, in one arm."""

    report: StabilityReport
    arm: str
    index: int

    def group(self) -> View:
        """All of them under the headline in words."""
        title = f"{target_name(self.target, self.report.units.document.text)}, {self.arm}"
        pictures = [self._figures(), self._faithfulness()]
        has_scores = bool(np.nan_to_num(self._array("scores")).any())
        pictures += [self._edits()] if len(self.report.arrays["family"]) else []
        return group(title, self._lead(), pictures + ([self._spread()] if has_scores else []))

    @property
    def target(self) -> Target:
        """The target."""
        return self.report.targets[self.index]

    @property
    def _span(self) -> Span | None:
        return self.target.span

    @property
    def _place(self) -> int:
        """The place of the arm in the arrays."""
        return int(self.report.details["arms"].index(self.arm))

    def _array(self, name: str) -> Any:
        """One array without the axes of arms and targets."""
        return self.report.arrays[name][self._place, ..., self.index]

    def _measure(self, name: str, family: str | None = ALL) -> Measure | None:
        about = {"target": self.target.name, "arm": self.arm} | ({"family": family} if family else {})
        return next(iter(self.report.select(name, **about)), None)

    def _lead(self) -> list[str]:
        stable, noise = self._measure("stability"), self._measure("noise_arm")
        share, same = self._measure(SHARE, None), self._measure(f"{SHARE}, the same score everywhere", None)
        if stable is None or not stable.is_available:
            return [f"Stability is not available, because {stable.note if stable else 'no edit was compared'}."]
        flips = self._measure("flips")
        count = "" if flips is None else f" {round(flips.value * flips.n)} of {flips.n} edits change the prediction."
        over = (
            f"Stability {in_words(stable)} over edits of this text; between explanations of the text itself with other"
        )
        told = f"It explains {in_words(share)} of the score's changes; the same score for every word explains"
        return [f"{over} seeds: {in_words(noise)}.{count}", f"{told} {in_words(same)}."]

    def _figures(self) -> View:
        rows = [
            range_row("edited texts", self._measure("stability")),
            range_row("worst tenth of the edits", self._measure("worst_tenth")),
            range_row("the text itself, other seeds", self._measure("noise_arm"), "control"),
        ]
        held = self._measure("stability, weights held", None)
        rows += [] if held is None else [range_row("edited texts, weights of the fusion held", held)]
        caption = "How alike the explanations are: 0 is chance, 1 the same"
        return ranges(caption, rows, (0.0, 1.0), {"chance": 0.0})

    def _faithfulness(self) -> View:
        names = {SHARE: "this explanation", f"{SHARE}, the same score everywhere": "the same score everywhere",
                 f"{SHARE}, all on the span's own units": "all on the entity's own words"}  # fmt: skip
        rows = [
            range_row(words, self._measure(name, None), "main" if name == SHARE else "control")
            for name, words in names.items()
        ]
        caption = "How much of the score's changes it explains: what is stable may still be wrong"
        return ranges(caption, rows, (0.0, 1.0))

    def _edits(self) -> View:
        """{"kind": "edits", "families", "edits", "text", "scores", "own", "full"}; families as `_family` has them.

        Edits: {"number", "family", "value", "noise", "fate", "what", "regions", "hidden", "scores"}, the last three
        told by the units that are shown; `value` is None where an edit is not compared.
        """
        units, numbers = self.report.units, range(len(self.report.arrays["family"]))
        own = own_units(units, self._span)
        shown = stretch(units, own)
        after = self._array("edit_scores") if "edit_scores" in self.report.arrays else None
        full = max(largest(self._array("scores")), 0.0 if after is None else largest(after))
        families = [self._family(at, name) for at, name in enumerate(self.report.details["families"])]
        return {
            "kind": "edits", "caption": "Every edit: how alike the explanation of the edited text is",
            "families": families, "edits": [self._edit(k, shown, after) for k in numbers],
            "text": stretch_view(units, shown), "scores": scored(units, self._array("scores"), shown),
            "own": list(own), "full": number(full),
        }  # fmt: skip

    def _family(self, at: int, name: str) -> View:
        """Its name, the median over its edits, and between which values the noise arm lies on their words."""
        mine = self.report.arrays["family"] == at
        values, noise = (self._array(key)[mine] for key in ("by_edit", "noise_by_edit"))
        values, noise = values[np.isfinite(values)], noise[np.isfinite(noise)]
        band = [number(noise.min()), number(noise.max())] if len(noise) else None
        return {"name": visible(name), "median": number(np.median(values)) if len(values) else None, "noise": band}

    def _edit(self, k: int, shown: tuple[int, int], after: Any) -> View:
        report, edit = self.report, self.report.details["edits"][k]
        kept, value = bool(report.arrays["kept"][k, self.index]), number(self._array("by_edit")[k])
        fate = "compared" if value is not None else "not compared" if kept else "flipped"
        last = shown[1] + (shown[1] == len(report.units))  # the rest of the text is shown where its last unit is
        in_view = [one for one in regions(report.units, edit) if shown[0] <= one["at"] and one["until"] <= last]
        return {
            "number": k + 1, "family": int(report.arrays["family"][k]), "value": value,
            "noise": number(self._array("noise_by_edit")[k]), "fate": fate, "what": edit_in_words(edit, report),
            "regions": in_view, "hidden": [i for i in edit.get("hidden", ()) if shown[0] <= i < shown[1]],
            "scores": None if after is None or value is None else scored(report.units, after[k], shown),
        }  # fmt: skip

    def _spread(self) -> View:
        """{"kind": "spread", "text", "scores", "spread", "noise", "own", "full"}: how far each score moves."""
        units, own = self.report.units, own_units(self.report.units, self._span)
        shown = stretch(units, own)
        arrays = {name: scored(units, self._array(name), shown) for name in ("scores", "spread", "noise_spread")}
        return {
            "kind": "spread", "caption": "The explanation, and how far each score moves",
            "text": stretch_view(units, shown), "scores": arrays["scores"], "spread": arrays["spread"],
            "noise": arrays["noise_spread"], "own": list(own), "full": number(largest(self._array("scores"))),
        }  # fmt: skip


def edit_in_words(edit: Mapping[str, Any], report: StabilityReport) -> str:
    """Replacements as old → new, hidden units by their words, anything else by its fields."""
    if "changes" in edit:
        text = report.units.document.text
        changes = [(text[c["start"] : c["end"]], c["text"]) for c in edit["changes"]]
        return "; ".join(f"“{visible(old)}” → “{visible(new)}”" for old, new in changes)
    if "hidden" in edit:
        return "hides " + ", ".join(f"“{visible(report.units.texts[i])}”" for i in edit["hidden"])
    return ", ".join(f"{name} {value}" for name, value in edit.items() if name != "family")
