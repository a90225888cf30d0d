"""A page that stands alone: one HTML file, no network, no live model."""

from __future__ import annotations

import html
import json
import os
import secrets
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from explain_lib.core import Attribution, Document, Prediction

from ..chart import CHART, plotly_source
from ..front_end import module, style
from ..palette import Palette
from ..section import Part, Savable, Section
from ..views import Reported
from .sections import sections_of

TITLE = "Explanations"
_EXPORT = "export default { render };"
Result = Attribution | Prediction | Document | Reported | Savable


def to_html(  # noqa: PLR0913  # what to save and where; the rest is that of `show`, and one switch
    result: Result | Sequence[Result],
    path: str | Path,
    document: Document | None = None,
    prediction: Prediction | None = None,
    palette: Palette | None = None,
    *,
    interactive: bool = False,
) -> Path:
    """Save what `show` would show, a widget of this package, or a sequence of both, as one file; returns its path.

    Several attributions are grouped by document, one section each; `palette` is as there. A workbench is saved with
    all that is known on it. The file asks nothing of a kernel or the network. Bars are drawn without a chart library;
    `interactive` adds plotly.js, once (5 MB), to zoom and hover. The file is written whole or not at all: a page that
    was there before stays until the new one is ready. TypeError for what is no result.
    """
    sections = sections_of(result, document, prediction, palette)
    if len(sections) > 1 or not sections or not sections[0].title or sections[0].note:
        return save_page(sections, path, interactive=interactive)
    return save_page([replace(sections[0], title="")], path, sections[0].title, interactive=interactive)


def save_page(
    sections: Sequence[Section],
    path: str | Path,
    title: str = TITLE,
    notes: Sequence[str] = (),
    *,
    interactive: bool = False,
) -> Path:
    """Write sections under a title and some lines of notes; `interactive` as in `to_html`.

    Raises ValueError when there are none.
    """
    if not sections:
        raise ValueError("there is nothing to save; give at least one result.")
    about = dict.fromkeys(section.note for section in sections if section.note)
    return write_whole(Path(path), page_text(sections, title, [*about, *notes], interactive))


def page_text(sections: Sequence[Section], title: str, notes: Sequence[str], interactive: bool = False) -> str:
    """The page; document text stands in it as escaped JSON and in escaped HTML for readers without scripts."""
    nonce = secrets.token_urlsafe(16)
    is_charted = interactive and any(section.charts for section in sections)
    drawn = [_drawn(section, interactive) for section in sections]
    parts = list(dict.fromkeys(part for _, rows in drawn for row in rows for part in row))
    state = {"title": title, "notes": list(notes), "sections": [one for one, _ in drawn]}
    css = style(*dict.fromkeys(sheet for part in parts for sheet in part.styles), "export/page.css")
    library = f'<script type="text/plain" id="plotly" nonce="{nonce}">{_plotly()}</script>' if is_charted else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(nonce, is_charted)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style nonce="{nonce}">{css}</style>
</head>
<body>
<main><noscript>{chr(10).join(section.plain for section in sections)}</noscript></main>
<script type="application/json" id="state" nonce="{nonce}">{json_for_html(state)}</script>
{library}
<script type="module" nonce="{nonce}">{_script(parts)}</script>
</body>
</html>
"""


def _policy(nonce: str, is_charted: bool) -> str:
    """Nothing is fetched and no script runs but ours; plotly.js is run from a blob and writes styles into the page."""
    scripts = f"'nonce-{nonce}' blob:" if is_charted else f"'nonce-{nonce}'"
    styles = "'unsafe-inline'" if is_charted else f"'nonce-{nonce}'"
    images = " img-src data:;" if is_charted else ""  # a heat map is drawn as one
    return f"default-src 'none'; script-src {scripts}; style-src {styles};{images} base-uri 'none'; form-action 'none'"


def _drawn(section: Section, interactive: bool) -> tuple[dict[str, Any], tuple[tuple[Part, ...], ...]]:
    """What the page is told about a section, and its rows of parts, the last one a chart where that is asked for."""
    rows, charts = section.rows, dict[str, Any]()
    if interactive and section.charts:
        rows = (*rows[:-1], (*rows[-1][:-1], CHART))
        charts = {key: make() for key, make in section.charts.items()}
    names = [[part.name for part in row] for row in rows]
    binary = {name: b64encode(value).decode() for name, value in section.binary.items()}
    told = {"title": section.title, "rows": names, "state": dict(section.state), "binary": binary, "charts": charts}
    return told, rows


def _plotly() -> str:
    """plotly.js as the text of a script element: the two marks that would end it or change its meaning, escaped."""
    return plotly_source().replace("</script", "<\\/script").replace("<!--", "<\\!--")


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


def _script(parts: Sequence[Part]) -> str:
    """The widgets' modules, each in a scope of its own, and the page that runs them."""
    widgets = ", ".join(f"{part.name}: {_scoped(part.files)}" for part in parts)
    start = 'openPage(JSON.parse(document.querySelector("#state").textContent), widgets);'
    return f"{module('export/host.js')}\nconst widgets = {{ {widgets} }};\n{start}"


def _scoped(files: Sequence[str]) -> str:
    text = module(*files).rstrip()
    if not text.endswith(_EXPORT):
        raise ValueError(f"{files[-1]} must end with {_EXPORT!r}, so that a saved page can hold it.")
    return f"(() => {{ {text.removesuffix(_EXPORT)} return {{ render }}; }})()"
