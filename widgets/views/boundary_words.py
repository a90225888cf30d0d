"""What a boundary report found, in sentences: neighbours, the smallest edits, and the nearest text edits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explain_lib.analysis import BoundaryReport


def sentences(report: BoundaryReport, at: int) -> list[str]:
    """Neighbours, smallest edits and nearest text edits of one entity in words."""
    text, found = report.units.document.text, report.details["entities"][at]
    said = [
        f"The unit outside its {side} end belongs to {owner[2]} “{text[owner[0] : owner[1]]}”."
        for side, owner in found["beside"].items() if owner
    ]  # fmt: skip
    if found["likeliest_other"]:
        start, end = found["likeliest_other"]["span"]
        said.append(f"The likeliest other span is “{text[start:end]}”.")
    for edit in found["smallest_edits"]:
        hidden = " and ".join(f"“{unit}”" for unit in edit["texts"])
        sure = "no smaller set does it" if edit["is_exact"] else "a smaller set may do it"
        said.append(f"Hiding {hidden} {_effect(edit, text)}; {sure}.")
    for edit in found["nearest_text_edits"]:
        changes = "; ".join(f"“{text[c['start'] : c['end']]}” → “{c['text']}”" for c in edit["changes"])
        said.append(f"Nearest text edit for its {edit['side']} end ({edit['family']}): {changes}.")
    return said


def _effect(edit: Mapping[str, Any], text: str) -> str:
    """What a set of hidden units does, and the span that is found then."""
    if edit["now"] is None:
        return "loses it"
    start, end, label = edit["now"]
    now = f"{label} “{text[start:end]}”"
    return f"turns it into {now}" if edit["outcome"] == "gone" else f"moves its {edit['outcome']} end: {now}"
