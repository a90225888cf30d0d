"""Front-end files of the widgets, read from the package: no build step, no network."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def module(*names: str) -> str:
    """One ES module made of the shared page functions and the named files.

    The page loads each widget's module on its own, so that files cannot import one another; they are joined instead.
    """
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("page/elements.js", *names))


def style(*names: str) -> str:
    """The named style sheets in one text."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)
