"""RESULTS.md: one section a script, each replaced as a whole by the run that measured it."""

from __future__ import annotations

import platform
import re
import resource
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import torch

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Results\n\nEach section was written by the script that it names, in one run.\n"


def write_section(script: str, text: str) -> None:
    """Put `text` under the heading of a script, in place of what stood there; sections stay in the order of names."""
    written = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    parts = re.split(r"^## (\S+)\n", written, flags=re.MULTILINE)[1:]
    sections = {**dict(zip(parts[::2], parts[1::2], strict=True)), script: f"\n{text.strip()}\n"}
    body = "".join(f"\n## {name}\n\n{sections[name].strip()}\n" for name in sorted(sections))
    RESULTS.write_text(HEAD + body, "utf-8")


def peak_kilobytes() -> int:
    """The largest resident memory that this process has had.

    On Linux from /proc: what getrusage says there is never below what the parent process held when it forked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def command() -> str:
    """The command line of this script, without the reader's folders."""
    words = [f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]]
    return " ".join(["python", *("FOLDER" if before == "--out" else word for before, word in pairwise(["", *words]))])


def machine() -> str:
    """The machine in words: its processor features and versions; the GPU's name where there is one."""
    features = torch.cpu.get_capabilities()
    has = [name for name in ("avx512_bf16", "amx_bf16") if features.get(name)]
    words = [
        platform.machine(), f"{torch.get_num_threads()} threads", " ".join(has) or "no bfloat16 in hardware",
        f"Python {platform.python_version()}", f"torch {torch.__version__.partition('+')[0]}",
    ]  # fmt: skip
    if torch.cuda.is_available():
        words.append(torch.cuda.get_device_name())
    return ", ".join(words)
