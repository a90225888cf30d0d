"""Where a model comes from: a local folder, a hub id, or a module with its tokenizer."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch import nn

Source = str | Path | tuple[nn.Module, Any]
Read = Callable[[Path], tuple[nn.Module, Any]]
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_HUB_FILES = ("*.json", "*.safetensors", "*.txt", "*.model")


def resolve(source: Source, read: Read, verb: str) -> tuple[nn.Module, Any, str]:
    """The module, its tokenizer and the name of where they came from; `read` opens a folder, `verb` asks."""
    if isinstance(source, tuple):
        if len(source) != 2 or not isinstance(source[0], nn.Module):
            raise TypeError(
                f"{verb} got a tuple of {[type(part).__name__ for part in source]}; it takes (module, tokenizer)."
            )
        module = _bare(source[0])
        return copy.deepcopy(module), source[1], type(module).__name__
    if not isinstance(source, str | Path):
        raise TypeError(
            f"{verb} got a {type(source).__name__}; it takes a folder, a hub id or (module, tokenizer)."
        )
    folder = _local_folder(source)
    return *read(folder), _name(source)


def _bare(module: nn.Module) -> nn.Module:
    """The module inside a compiled or data-parallel wrapper."""
    if isinstance(module, nn.DataParallel | nn.parallel.DistributedDataParallel):
        return _bare(module.module)
    inner = getattr(module, "_orig_mod", None)
    return _bare(inner) if isinstance(inner, nn.Module) else module


def _local_folder(source: str | Path) -> Path:
    folder = Path(source).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_file():
        raise ValueError(f"{source} is a file; name the folder that holds config.json, the weights and the tokenizer.")
    if isinstance(source, Path) or not _HUB_ID.fullmatch(source) or Path(Path(source).parts[0]).exists():
        raise FileNotFoundError(
            f"there is no folder {source} (looked from {Path.cwd()}). Hub models are named 'owner/name'; "
            "nothing was asked of the hub."
        )
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(source, allow_patterns=list(_HUB_FILES), ignore_patterns=["*/*"]))


def _name(source: str | Path) -> str:
    """How provenance names the model: as the user wrote it; of an absolute path the last two parts."""
    path = Path(source).expanduser()
    return "/".join(path.parts[-2:]) if path.is_absolute() else str(source)
