"""Text classification: one label and one text a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core import Document, Problem
from .source import Source


@dataclass(frozen=True)
class LabelledLines:
    """Reads lines `label TAB text` (or another `separator`); the label goes to `meta["label"]`."""

    separator: str = "\t"

    def recognises(self, path: Path, head: str) -> bool:
        """At least twenty lines, each with one separator, and five times as many lines as labels: no note looks so."""
        lines = [line for line in head.split("\n")[:-1] if line.strip()]
        labels = {line.partition(self.separator)[0] for line in lines}
        has_one_each = all(line.count(self.separator) == 1 for line in lines)
        return len(lines) >= 20 and has_one_each and 5 * len(labels) <= len(lines)

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a line."""
        for number, line in source.lines():
            label, found, text = line.partition(self.separator)
            if found and label and text.strip():
                yield Document(text, source.lang, (), f"{source.stem}-{number}", {"label": label})
            elif line.strip():
                yield source.problem(
                    number, f"the line has no label and text parted by {self.separator!r}; it is left out"
                )
