"""The corrections of a corpus, kept apart from texts and predictions in a file that only grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import overload

from explain_lib.core import Document, Problem, Span
from explain_lib.core.private_file import append_line, private_folder

from .correction import Correction, CorrectionKind, text_digest
from .record import line_of, may_be_ours, read_line, undo_line

FILE = "corrections.jsonl"


class Corrections(Sequence[Correction]):
    """Corrections under `folder`, in `corrections.jsonl`: those that stand, in the order in which they were made.

    Each is on the disk before the call returns, as one line more; an undo is a line too, so that the file tells what
    happened. After a kill at most the last line is torn: it is read past and stands in `problems`. The folder is made
    at the first correction and is the user's alone (0700, the file 0600). It holds ids, hashes, offsets, labels and
    notes, no text; with `surfaces=True` also the words of the corrected spans.

    Raises ValueError for a file of another kind. Cost: one file read when made, one synchronised write a correction.
    Not for two people at a time: who writes after somebody else did is refused (RuntimeError) and reads it again.
    Without a folder (None) they are kept in memory only.
    """

    def __init__(self, folder: str | Path | None, surfaces: bool = False) -> None:
        self.file = None if folder is None else Path(folder) / FILE
        self.surfaces = surfaces
        self.problems: tuple[Problem, ...] = ()
        self._standing: dict[int, Correction] = {}
        self._last = 0  # the number of the last correction, standing or not
        self._size = 0
        if self.file is not None and self.file.is_file():
            self._read(self.file, self.file.read_bytes())

    def __len__(self) -> int:
        return len(self._standing)

    def __iter__(self) -> Iterator[Correction]:
        return iter(tuple(self._standing.values()))

    @overload
    def __getitem__(self, index: int) -> Correction: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Correction, ...]: ...
    def __getitem__(self, index: int | slice) -> Correction | tuple[Correction, ...]:
        return tuple(self._standing.values())[index]

    def __repr__(self) -> str:
        problems = f", {len(self.problems)} problems" if self.problems else ""
        return f"Corrections({len(self)} corrections of {len(self.documents)} documents{problems})"

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that have corrections, in the order of their first one."""
        return tuple(dict.fromkeys(one.document for one in self))

    @property
    def is_current(self) -> bool:
        """Whether nobody else wrote to the file since it was read; looks at its size only."""
        if self.file is None:
            return True
        return (self.file.stat().st_size if self.file.is_file() else 0) == self._size

    def of(self, document: Document) -> tuple[Correction, ...]:
        """The corrections of a document; ValueError where they were made on another text of that id."""
        found = tuple(one for one in self if one.document == document.id)
        if {one.digest for one in found} - {text_digest(document)}:
            raise ValueError(
                f"document {document.id!r} has corrections that were made on another text. Give the text as it was "
                "read then, or give documents of different texts different ids."
            )
        return found

    def accept(self, document: Document, span: Span, note: str = "") -> Correction:
        """Say that a span, predicted or gold, is right."""
        return self._write(document, CorrectionKind.ACCEPT, span, span, note)

    def change(self, document: Document, before: Span, after: Span, note: str = "") -> Correction:
        """Put another span, of other ends or another label, in the place of one."""
        return self._write(document, CorrectionKind.CHANGE, before, after, note)

    def delete(self, document: Document, span: Span, note: str = "") -> Correction:
        """Say that a span is no entity."""
        return self._write(document, CorrectionKind.DELETE, span, None, note)

    def add(self, document: Document, span: Span, note: str = "") -> Correction:
        """Say that a span, which nobody marked, is an entity."""
        return self._write(document, CorrectionKind.ADD, None, span, note)

    def undo(self, document: Document | None = None) -> Correction:
        """Take back the last correction that stands, of one document or of all; gives it. ValueError if there is none.

        Only the last one: those before may be what it was made on.
        """
        numbers = [n for n, one in self._standing.items() if document is None or one.document == document.id]
        if not numbers:
            raise ValueError(f"there is no correction{'' if document is None else f' of {document.id!r}'} to undo.")
        self._append(undo_line(numbers[-1], datetime.now(UTC).replace(microsecond=0)))
        return self._standing.pop(numbers[-1])

    def _write(
        self, document: Document, kind: CorrectionKind, before: Span | None, after: Span | None, note: str
    ) -> Correction:
        made = Correction(document.id, text_digest(document), kind, before, after, note=note)
        _check(document, made, self.of(document))
        self._append(line_of(self._last + 1, made, document if self.surfaces else None))
        self._last += 1
        self._standing[self._last] = made
        return made

    def _append(self, line: str) -> None:
        if self.file is not None:
            private_folder(self.file.parent)
            self._size = append_line(self.file, line, self._size)

    def _read(self, file: Path, data: bytes) -> None:
        self._size = len(data)
        lines = data.split(b"\n")
        if not may_be_ours(lines[0]):
            raise ValueError(f"{file} holds no corrections of this version; its first line is something else.")
        problems = []
        for at, line in enumerate(lines, start=1):
            try:
                if line:
                    self._take(*read_line(line))
            except ValueError as error:
                torn = "; it may be torn: a program was stopped as it wrote" if at == len(lines) else ""
                problems.append(Problem(str(file), at, f"{error}; it is left out{torn}"))
        self.problems = tuple(problems)

    def _take(self, number: int, correction: Correction | None) -> None:
        self._last = max(self._last, number)
        if correction is not None:
            self._standing[number] = correction
        elif self._standing.pop(number, None) is None:
            raise ValueError(f"it takes back correction {number}, which is not there")


def _check(document: Document, made: Correction, earlier: Sequence[Correction]) -> None:
    """Refuse what would leave it open which spans the document has now."""
    if not document.id:
        raise ValueError("the document has no id to find it by; give it one: dataclasses.replace(document, id='…').")
    end = max(span.end for span in (made.before, made.after) if span)
    if end > len(document.text):
        raise ValueError(f"a span that ends at {end} leaves the text, which has {len(document.text)} characters.")
    is_there = _is_there(earlier)
    if made.before and not is_there.get(made.before, True):
        raise ValueError(
            f"span {made.before.start}–{made.before.end} was changed or deleted before; undo that, or correct what "
            "it has become."
        )
    if made.after and made.after != made.before and is_there.get(made.after, False):
        raise ValueError(f"span {made.after.start}–{made.after.end} is there already, with the same label.")


def _is_there(corrections: Sequence[Correction]) -> dict[Span, bool]:
    """Whether a span of one text is there after its corrections; those that no correction names are not said."""
    said: dict[Span, bool] = {}
    for one in corrections:
        said |= {span: False for span in (one.removes,) if span} | {span: True for span in (one.after,) if span}
    return said
