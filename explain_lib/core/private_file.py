"""Files that the user alone may read, grown line by line: what was written stays, whatever happens afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # a link could lead out of the folder that the user named
_BYTES = getattr(os, "O_BINARY", 0)  # Windows would write a line end as two bytes


def private_folder(path: Path) -> Path:
    """Make a folder that its owner alone may open (0700), or make an empty one so; parents must not be secret.

    Raises PermissionError for a folder that holds something and that others may open: closing it is the owner's to do.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_open_to_others(path):
        if any(path.iterdir()):
            mode = path.stat().st_mode & 0o777
            raise PermissionError(
                f"{path} holds files and others may open it (mode {mode:o}, wanted 700). "
                f"Close it, chmod 700 {path}, or name a new folder."
            )
        path.chmod(0o700)
    return path


def is_open_to_others(path: Path) -> bool:
    """Whether the group or all users may open a folder; never so on Windows, which has other rules."""
    return sys.platform != "win32" and bool(path.stat().st_mode & 0o077)


def append_line(file: Path, line: str, known_size: int) -> int:
    """Append one line (without its end) to a private file, on the disk before this returns; gives the new size.

    The file is made with mode 0600. A last line without an end is ended first, so that it cannot swallow the new one.
    Raises RuntimeError, and writes nothing, if the file has not `known_size` bytes: then somebody else writes it too.
    """
    data = (line + "\n").encode("utf-8", errors="backslashreplace")  # a lone surrogate becomes an escape of JSON
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | _NO_LINK | _BYTES, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as opened, _alone(handle):
        size = os.fstat(handle).st_size
        if size != known_size:
            raise RuntimeError(
                f"{file} was changed since it was read ({known_size} bytes then, {size} now): another notebook or "
                "program writes it. Nothing was written; open it again and repeat the last step."
            )
        if size and _last_byte(opened, size) != b"\n":
            data = b"\n" + data
        _write_all(handle, data)
        os.fsync(handle)
    return size + len(data)


def _last_byte(opened: FileIO, size: int) -> bytes:
    opened.seek(size - 1)
    return opened.read(1)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


@contextmanager
def _alone(handle: int) -> Iterator[None]:
    """Keep other writers out while one line is written; on Windows the size alone tells."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX)  # let go when the file is closed
    yield
