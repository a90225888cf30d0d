"""What browser and node tests need from the machine, and how to say plainly what is not there."""

from __future__ import annotations

import os
import shutil
import subprocess

NODE_AT_LEAST = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The browser's path: the one named in CHROMIUM, or the first on the PATH."""
    names = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else BROWSERS
    return next((path for name in names if (path := shutil.which(name))), None)


def missing_tools() -> list[str]:
    """One line for each thing that is not there, with the package that brings it."""
    found = {
        "Chromium on the PATH, or named in CHROMIUM (Debian: apt-get install chromium)": find_chromium() is not None,
        "a font with Chinese glyphs (Debian: apt-get install fontconfig fonts-noto-cjk)": _has_cjk_font(),
        f"node {NODE_AT_LEAST} or newer on the PATH (Debian: apt-get install nodejs)": _node_major() >= NODE_AT_LEAST,
    }
    return [what for what, is_there in found.items() if not is_there]


def _has_cjk_font() -> bool:
    return bool(_output_of("fc-list", ":lang=zh", "family"))


def _node_major() -> int:
    major = _output_of("node", "--print", "process.versions.node.split('.')[0]")
    return int(major) if major.isdigit() else 0


def _output_of(program: str, *args: str) -> str:
    if not shutil.which(program):
        return ""
    return subprocess.run([program, *args], capture_output=True, text=True, check=False).stdout.strip()
