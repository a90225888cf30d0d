"""Groups of pictures as plain HTML: the figures of each as a table, edits with what they took out and put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from .static_table import Markup, table_html

Part = Mapping[str, Any]


def group_html(group: Part) -> Iterator[str]:
    """The title, the findings in words and every picture."""
    yield f"<h4>{escape(group['title'])}</h4>" + "".join(f"<p>{escape(line)}</p>" for line in group["lead"])
    for picture in group["pictures"]:
        yield from _DRAWN[picture["kind"]](picture)


def curve_html(curve: Part) -> str:
    """The numbers of a curve."""
    lines = [(y["name"], y["values"]) for y in curve["ys"]]
    bounds = [(f"{band['name']}, {end}", band[end]) for band in curve["bands"] for end in ("low", "high")]
    names, values = zip(*lines, *bounds, strict=True) if lines or bounds else ((), ())
    return table_html(curve["caption"], [curve["x_label"] or "x", *names], list(zip(curve["x"], *values, strict=True)))


def _ranges(picture: Part) -> Iterator[str]:
    rows = [[row["name"], row["value"], row["low"], row["high"], row["note"]] for row in picture["rows"]]
    yield table_html(picture["caption"], ("", "value", "low", "high", "note"), rows)
    yield f"<p>{escape(picture.get('note', ''))}</p>" * bool(picture.get("note"))


def _edits(picture: Part) -> Iterator[str]:
    rows: list[list[Any]] = [
        [edit["number"], picture["families"][edit["family"]]["name"], edit["value"], edit["noise"], edit["fate"],
         Markup(" … ".join(_runs(region["runs"]) for region in edit["regions"]) or escape(edit["what"]))]
        for edit in sorted(picture["edits"], key=_rank)
    ]  # fmt: skip
    columns = "edit", "family", "stability", "other seeds", "prediction", "what it does"
    yield table_html(f"{picture['caption']}, worst first", columns, rows)


def _rank(edit: Part) -> tuple[float, int]:
    value = -2.0 if edit["fate"] == "flipped" else 2.0 if edit["value"] is None else edit["value"]
    return value, edit["number"]


def _runs(runs: Sequence[Sequence[Any]]) -> str:
    return "".join(f"<{kind}>{escape(text)}</{kind}>" if kind != "same" else escape(text) for kind, text, _ in runs)


def _spread(picture: Part) -> Iterator[str]:
    values = zip(_words(picture["text"]), picture["scores"], picture["spread"], picture["noise"], strict=True)
    yield table_html(picture["caption"], ("unit", "score", "over edits", "over seeds"), list(values))


def _landscape(picture: Part) -> Iterator[str]:
    rows = [[name, *row] for name, row in zip(picture["rows"], picture["values"], strict=True)]
    yield table_html(picture["caption"], ["starts at", *(f"ends at {name}" for name in picture["columns"])], rows)


def _flips(picture: Part) -> Iterator[str]:
    ends = [f"{verb} at {one['text']}" for verb in ("starts", "ends") for one in picture[verb]]
    columns = [*ends, "another type", "lost"]
    counts = {(cell["family"], cell["column"]): len(cell["edits"]) for cell in picture["cells"]}
    rows = [
        [one["name"], one["n"], *(counts.get((f, c), 0) for c in range(len(columns)))]
        for f, one in enumerate(picture["families"])
    ]
    yield table_html(picture["caption"], ["family", "edits", *columns], rows)
    told: list[list[Any]] = [
        [one["number"], one["family"], Markup("".join(map(_excerpt_run, one["runs"]))), one["then"]]
        for one in picture["edits"]
    ]
    yield table_html("The edits that changed it", ("edit", "family", "text", "then"), told)


def _excerpt_run(run: Part) -> str:
    tag = {"del": "del", "hidden": "del", "ins": "ins"}.get(run["kind"])
    text = f"<u>{escape(run['text'])}</u>" if run["now"] else escape(run["text"])
    return f"<{tag}>{text}</{tag}>" if tag else text


def _contrasts(picture: Part) -> Iterator[str]:
    names = [f"{row['name']} ({row['note']})" for row in picture["rows"]]
    columns = [row["scores"] for row in picture["rows"]]
    yield table_html(picture["caption"], ["unit", *names], list(zip(_words(picture["text"]), *columns, strict=True)))


def _words(text: Part) -> list[str]:
    return [word for _, word in text["units"]]


def _curve(picture: Part) -> Iterator[str]:
    yield curve_html(picture)


_DRAWN: Mapping[str, Callable[[Part], Iterator[str]]] = {
    "ranges": _ranges, "edits": _edits, "spread": _spread, "landscape": _landscape, "flips": _flips,
    "contrasts": _contrasts, "curve": _curve,
}  # fmt: skip
