"""One text file of a corpus: decoded, with its lines numbered."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import regex

from ..core import Document, Problem

_UNDECODED = regex.compile("[\udc80-\udcff]")  # how Python's "surrogateescape" keeps a byte that it could not decode
_UNDECODED_RUN = regex.compile("[\udc80-\udcff]{2,}")
_HAN = regex.compile(r"\p{Han}")


@dataclass(frozen=True)
class Source:
    """A file as readers see it: `text` is decoded, bytes that could not be decoded stand as U+DC80–U+DCFF."""

    path: Path
    text: str = field(repr=False)  # may be clinical, and a repr ends up in logs
    lang: str = ""
    encoding: str = "utf-8"

    @classmethod
    def load(cls, path: Path, lang: str = "", encoding: str = "utf-8") -> Source:
        """Read a file, unpacked where its name ends in .gz; byte order marks decide the encoding and are dropped."""
        return cls(path, _decoded(_bytes_of(path), encoding), lang, encoding)

    def sibling(self, suffix: str) -> Source:
        """The file beside this one whose name ends in `suffix`."""
        return Source.load(self.path.with_suffix(suffix), self.lang, self.encoding)

    @property
    def stem(self) -> str:
        """The file's name without its suffixes .gz, .jsonl and the like: the beginning of made-up document ids."""
        return unzipped(self.path).stem

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers from 1 and lines without their ends; only LF and CR LF end a line."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            yield number, line.removesuffix("\r")

    def problem(self, line: int, what: str) -> Problem:
        """A problem in this file."""
        return Problem(str(self.path), line, what)

    def undecoded(self) -> Iterator[Problem]:
        """One problem for each line that holds bytes of another encoding."""
        if _UNDECODED.search(self.text) is None:
            return
        for number, line in self.lines():
            if _UNDECODED.search(line):
                yield self.problem(number, _what_is_undecoded(line, self.encoding))


class Reader(Protocol):
    """Reads one file format. A new format is one such class and one line in `READERS`."""

    def recognises(self, path: Path, head: str) -> bool:
        """Whether the file is of this format, from its name (without .gz) and the beginning of its text."""
        ...

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """The file's documents, and on the way what could not be taken as it stood."""
        ...


def unzipped(path: Path) -> Path:
    """The path without a final .gz."""
    return path.with_suffix("") if path.suffix == ".gz" else path


def _bytes_of(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix != ".gz":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise ValueError(f"{path} is no complete gzip file ({error}). Copy it again, or unpack it first.") from error


def _decoded(data: bytes, encoding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    return data.removeprefix(b"\xef\xbb\xbf").decode(encoding, errors="surrogateescape")


def _what_is_undecoded(line: str, encoding: str) -> str:
    raw = line.encode(encoding, errors="surrogateescape")
    place = _UNDECODED.search(line)
    assert place is not None
    guess = "gb18030" if _looks_chinese(line, raw) else "cp1252"
    return (
        f"byte 0x{ord(place[0]) - 0xDC00:02x} at character {place.start()} is not {encoding}; what holds this line is "
        f"left out. If the whole file is written so, pass encoding={guess!r}; a file of mixed encodings must be mended."
    )


def _looks_chinese(line: str, raw: bytes) -> bool:
    """Chinese bytes come in pairs, accented letters alone; the latter may decode as rare Han characters by chance."""
    in_pairs = sum(len(match[0]) for match in _UNDECODED_RUN.finditer(line))
    try:
        return 2 * in_pairs > len(_UNDECODED.findall(line)) and _HAN.search(raw.decode("gb18030")) is not None
    except UnicodeDecodeError:
        return False
