"""Private files: who may read them, and that lines neither overwrite nor swallow one another."""

import os
import stat
from pathlib import Path

import pytest

from explain_lib.core.private_file import append_line, private_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_its_file_are_the_users_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = private_folder(tmp_path / "new" / "store")
        append_line(folder / "a.jsonl", "{}", 0)
    finally:
        os.umask(old)
    assert (mode(folder), mode(folder / "a.jsonl")) == (0o700, 0o600)


def test_an_empty_folder_is_closed_and_a_full_one_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert mode(private_folder(tmp_path)) == 0o700
    (tmp_path / "x").touch()
    tmp_path.chmod(0o750)
    with pytest.raises(PermissionError, match=r"others may open it \(mode 750, wanted 700\)\. Close it, chmod 700"):
        private_folder(tmp_path)
    assert mode(tmp_path) == 0o750


def test_lines_follow_one_another_and_sizes_tell_of_other_writers(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    size = append_line(file, "心", append_line(file, "one", 0))
    assert file.read_text(encoding="utf-8") == "one\n心\n"
    assert size == file.stat().st_size
    with pytest.raises(RuntimeError, match=r"\(4 bytes then, 8 now\): another notebook or program writes it"):
        append_line(file, "two", 4)
    assert file.stat().st_size == size


def test_a_torn_last_line_is_ended_first(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'one\n{"to')
    assert append_line(file, "two", 8) == file.stat().st_size
    assert file.read_bytes() == b'one\n{"to\ntwo\n'


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links|Too many levels"):
        append_line(tmp_path / "a.jsonl", "x", 0)
    assert (tmp_path / "elsewhere").stat().st_size == 0
