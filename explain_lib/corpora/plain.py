"""Plain text without annotation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core import Document, Problem
from .source import Source


@dataclass(frozen=True)
class PlainText:
    """Reads a .txt file as one document, or with `one_per_line` every line that is not blank as one."""

    one_per_line: bool = False

    def recognises(self, path: Path, head: str) -> bool:
        """A .txt file without control characters that no text has."""
        return path.suffix.lower() in (".txt", ".text") and "\0" not in head

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """The documents; a file without any visible character is a problem."""
        if not source.text.strip():
            yield source.problem(0, "the text is empty; it is left out")
        elif not self.one_per_line:
            yield Document(source.text, source.lang, (), source.stem)
        else:
            for number, line in source.lines():
                if line.strip():
                    yield Document(line, source.lang, (), f"{source.stem}-{number}")
