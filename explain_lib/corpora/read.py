"""Reading a corpus: every format that the readers recognise, from a file or a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..core import Corpus, Document, Problem
from .brat import Brat
from .cmeee import Cmeee
from .conll import Conll
from .dialogues import TaggedDialogues
from .jsonl import JsonLines
from .labelled_lines import LabelledLines
from .mentions import MentionList
from .plain import PlainText
from .pubtator import PubTator
from .source import Reader, Source, unzipped
from .token_spans import TokenSpans

# Tried in order: the first that recognises a file reads it.
READERS: tuple[Reader, ...] = (
    Brat(), MentionList(), Cmeee(), TaggedDialogues(), TokenSpans(), JsonLines(), PubTator(), Conll(), LabelledLines(),
    PlainText(),
)  # fmt: skip

_HEAD = 1 << 16  # characters that a reader may look at to recognise its format
_NO_CORPUS = re.compile(
    r"(licen[cs]e|readme|changelog|notice)\b.*|.*\.(conf|md|rst|py|ipynb|pdf|png|jpg)", re.IGNORECASE
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_corpus(
    path: str | Path,
    lang: str = "",
    strict: bool = False,
    *,
    reader: Reader | None = None,
    encoding: str = "utf-8",
) -> Corpus:
    """Read the documents of a file, or of all files below a folder, in the order of their names.

    `lang` is given to documents that bring no language of their own. Each file is read by the first of `READERS` that
    recognises it, or by `reader`; .gz files are unpacked. What cannot be taken as it stands is listed in
    `Corpus.problems` with file and line, and the rest is kept; problems never quote the text.
    Raises FileNotFoundError where nothing is, ValueError where no document can be read, and with `strict` for any
    problem.
    """
    root = Path(path)
    if not root.exists():
        raise FileNotFoundError(f"there is no file or folder {root}. Relative paths start at {Path.cwd()}.")
    found = [item for file in _files(root) for item in _read_file(file, root, lang, reader, encoding)]
    documents = tuple(item for item in found if isinstance(item, Document))
    problems = tuple(item for item in found if isinstance(item, Problem))
    if strict and problems:
        raise ValueError(f"{_listed(problems, root)} Read without strict to keep the rest.")
    if not documents:
        kind = "folder" if root.is_dir() else "file"
        raise ValueError(
            f"{kind} {root} holds no document. {_listed(problems, root) if problems else _known_formats()}"
        )
    return Corpus(documents, problems)


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    files = sorted(file for file in root.rglob("*") if file.is_file())
    return [file for file in files if not _is_no_corpus(file, root)]


def _is_no_corpus(file: Path, root: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    is_half_of_a_pair = file.suffix == ".ann" and file.with_suffix(".txt").is_file()  # read from its text's side
    return is_hidden or is_half_of_a_pair or _NO_CORPUS.fullmatch(file.name) is not None


def _read_file(file: Path, root: Path, lang: str, reader: Reader | None, encoding: str) -> Iterator[Document | Problem]:
    try:
        source = Source.load(file, lang, encoding)
    except (OSError, ValueError) as error:
        yield Problem(str(file), 0, f"the file cannot be read: {error}")
        return
    chosen = reader or _first_that_recognises(source)
    if chosen is None:
        yield source.problem(0, "no reader recognises the file; it is left out. Name one with reader=.")
        return
    undecoded = list(source.undecoded())
    yield from undecoded
    for item in chosen.read(source):
        if isinstance(item, Problem) or not _is_broken(item):
            yield item
            if isinstance(item, Document) and "\ufffd" in item.text:
                yield source.problem(
                    0, f"document {item.id!a} holds U+FFFD, left by a wrong decoding earlier; it is kept"
                )
        elif not undecoded:
            yield source.problem(0, f"document {item.id!a} holds half of a surrogate pair; it is left out")


def _is_broken(document: Document) -> bool:
    parts = (document.text, document.id, *(span.label for span in document.spans))
    return any(_SURROGATE.search(part) for part in parts)


def _first_that_recognises(source: Source) -> Reader | None:
    path, head = unzipped(source.path), source.text[:_HEAD]
    return next((reader for reader in READERS if reader.recognises(path, head)), None)


def _listed(problems: tuple[Problem, ...], root: Path) -> str:
    shown = "; ".join(str(problem) for problem in problems[:5])
    rest = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
    return f"{len(problems)} problem(s) in {root}: {shown}{rest}."


def _known_formats() -> str:
    return f"Known formats: {', '.join(type(reader).__name__ for reader in READERS)}."
