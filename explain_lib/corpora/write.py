"""Writing a corpus: JSON lines (everything), brat (text and spans) or columns (flat spans)."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ..core import Document, Problem
from .brat import Brat
from .conll import Conll
from .jsonl import JsonLines
from .source import unzipped


class Writer(Protocol):
    """Writes one file format; without `suffixes` it fills a folder."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of file names by which the format is chosen."""
        ...

    def fitted(self, document: Document) -> tuple[Document, tuple[str, ...]]:
        """What the format can hold of the document, and what it cannot."""
        ...

    def contents(self, documents: Sequence[Document], name: str) -> dict[str, str]:
        """File names and texts; a format that fills a folder does not use `name`."""
        ...


WRITERS: tuple[Writer, ...] = (JsonLines(), Conll(), Brat())


def write_corpus(
    documents: Iterable[Document], path: str | Path, writer: Writer | None = None, strict: bool = True
) -> tuple[Problem, ...]:
    """Write documents in the format of `writer`, or of the path's suffix; a path without suffix is a new brat folder.

    Nothing is written outside `path`; an existing file there is replaced, a folder must be empty or new. `.gz` packs.
    Raises ValueError if the format cannot hold something; with `strict=False` that is left out and returned as
    problems.
    """
    target, wanted = Path(path), list(documents)
    chosen = writer or _by_suffix(target)
    _check_text(wanted)
    fitted = [chosen.fitted(document) for document in wanted]
    problems = tuple(
        Problem(str(target), 0, f"document {document.id!r}: {complaint}")
        for document, complaints in fitted
        for complaint in complaints
    )
    if problems and strict:
        raise ValueError(
            f"{type(chosen).__name__} cannot hold {len(problems)} span(s), the first: {problems[0].what}. Write JSON "
            "lines, which hold everything, or pass strict=False to leave them out."
        )
    contents = chosen.contents([document for document, _ in fitted], target.name)
    _write(target, contents, is_folder=not chosen.suffixes)
    return problems


def _check_text(documents: Sequence[Document]) -> None:
    for number, document in enumerate(documents, start=1):
        if any("\ud800" <= character <= "\udfff" for character in document.text):
            raise ValueError(
                f"document {document.id or number!r} holds half of a surrogate pair, which UTF-8 cannot hold."
            )


def _by_suffix(path: Path) -> Writer:
    suffix = unzipped(path).suffix
    for writer in WRITERS:
        if suffix in writer.suffixes or (not suffix and not writer.suffixes):
            return writer
    known = ", ".join(ending for writer in WRITERS for ending in writer.suffixes)
    raise ValueError(f"no format is known for the suffix {suffix!r} of {path}; use {known}, none for brat, or writer=.")


def _write(path: Path, contents: dict[str, str], is_folder: bool) -> None:
    packed = {name: text.encode("utf-8") for name, text in contents.items()}  # all or nothing: encoded before writing
    folder = path if is_folder else path.parent
    if is_folder and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists and is not an empty folder. Name a new one; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in packed.items():
        (folder / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
