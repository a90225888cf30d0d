"""A page that stands alone: one HTML file, no network, no live model."""

from __future__ import annotations

import html
import json
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explain_lib.core import Attribution, Document, Prediction

from ..front_end import module, style
from ..palette import Palette
from ..picture import Picture, attributions_picture, picture
from ..report import REPORT_FILES, REPORT_STYLES
from ..report.static import report_html
from ..text import TEXT_FILES
from ..views import Reported, report_view
from .static import static_html

SAVED = "A saved page: it shows what was computed and has no live model, so words cannot be hidden here."
_WIDGETS = {
    "Text": TEXT_FILES, "Entities": ("entities/entities.js",), "Bars": ("export/bars.js",), "Report": REPORT_FILES,
}  # fmt: skip
_EXPORT = "export default { render };"


def to_html(
    result: Attribution | Prediction | Document | Reported | Sequence[Attribution],
    path: str | Path,
    document: Document | None = None,
    prediction: Prediction | None = None,
    palette: Palette | None = None,
) -> Path:
    """Save what `show` would show as one self-contained HTML file and return its path.

    Several attributions are grouped by document, one section each; `palette` is as there. The file asks nothing of the
    network, and is written whole or not at all: a page that was there before stays until the new one is ready.
    TypeError for what is no result.
    """
    report = report_view(result)
    if report is not None:
        return save_page([], path, title=report["title"], reports=[{**report, "title": ""}])
    if not isinstance(result, Sequence) or not all(isinstance(one, Attribution) for one in result):
        return save_page([picture(result, document, prediction, palette)], path)
    groups: dict[Document, list[Attribution]] = {}
    for attribution in result:
        groups.setdefault(attribution.units.document, []).append(attribution)
    return save_page([attributions_picture(group, prediction, palette) for group in groups.values()], path)


def save_page(
    pictures: Sequence[Picture],
    path: str | Path,
    title: str = "Explanations",
    notes: Sequence[str] = (),
    reports: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write pictures and report views, one section each, under a title and some lines of notes.

    Raises ValueError when there are none.
    """
    if not pictures and not reports:
        raise ValueError("there is nothing to save; give at least one result.")
    about = [SAVED] if pictures else []
    return write_whole(Path(path), page_text(pictures, title, [*about, *notes], reports))


def page_text(
    pictures: Sequence[Picture], title: str, notes: Sequence[str], reports: Sequence[Mapping[str, Any]] = ()
) -> str:
    """The page; document text stands in it as escaped JSON and in escaped HTML for readers without scripts."""
    nonce = secrets.token_urlsafe(16)
    own = f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'"
    policy = f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
    drawn = [asdict(one) for one in pictures]
    state = {"title": title, "notes": list(notes), "pictures": drawn, "reports": list(reports)}
    plain = "\n".join([*map(static_html, pictures), *map(report_html, reports)])
    css = style("text/text.css", "entities/entities.css", *REPORT_STYLES, "export/page.css")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style nonce="{nonce}">{css}</style>
</head>
<body>
<main><noscript>{plain}</noscript></main>
<script type="application/json" id="state" nonce="{nonce}">{json_for_html(state)}</script>
<script type="module" nonce="{nonce}">{_script()}</script>
</body>
</html>
"""


def json_for_html(value: object) -> str:
    """JSON in which no markup can begin or end; NaN raises ValueError."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def write_whole(path: Path, text: str) -> Path:
    """Write a file so that a reader finds the old one or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _script() -> str:
    """The widgets' modules, each in a scope of its own, and the page that runs them."""
    widgets = ", ".join(f"{name}: {_scoped(files)}" for name, files in _WIDGETS.items())
    start = 'openPage(JSON.parse(document.querySelector("#state").textContent), widgets);'
    return f"{module('export/host.js')}\nconst widgets = {{ {widgets} }};\n{start}"


def _scoped(files: Sequence[str]) -> str:
    text = module(*files).rstrip()
    if not text.endswith(_EXPORT):
        raise ValueError(f"{files[-1]} must end with {_EXPORT!r}, so that a saved page can hold it.")
    return f"(() => {{ {text.removesuffix(_EXPORT)} return {{ render }}; }})()"
