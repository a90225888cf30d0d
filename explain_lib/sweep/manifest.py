"""What a run folder was begun with, so that a run goes on with the same settings or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from explain_lib.core import Document
from explain_lib.core.table import whole_or_absent
from explain_lib.models.protocols import Model

NAME = "_manifest.json"  # readers of the folder as one parquet data set pass over an underscore
FORMAT = "explain_lib corpus run 2"
_PROBE, _CHUNKS = "probe", "chunks"
_TOLERANCE = 0.01  # of the probe, which is in float32 on every machine


def begin(out: Path, settings: Mapping[str, Any]) -> None:
    """Make the folder and write its manifest, or check that the run found there has the same settings.

    Raises ValueError for a file, for a folder with other things in it, and for a run with other settings.
    """
    if out.exists() and not out.is_dir():
        raise ValueError(f"out={str(out)!r} is a file; name a folder of its own for the run.")
    file = out / NAME
    if file.exists():
        _check(file, json.loads(json.dumps(settings)))
        return
    if out.is_dir() and any(entry.suffix != ".unfinished" for entry in out.iterdir()):
        raise ValueError(
            f"the folder {str(out)!r} is not empty and holds no run of explain_corpus. Name a new folder; nothing was "
            "written."
        )
    out.mkdir(parents=True, exist_ok=True)
    with whole_or_absent(file) as unfinished:
        unfinished.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")


def _check(file: Path, now: dict[str, Any]) -> None:
    try:
        then = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        then = None
    if not isinstance(then, dict) or then.get("format") != FORMAT or then.keys() != now.keys():
        raise ValueError(f"{file} is damaged or of another version of explain_corpus; name another folder.")
    others = [key for key in now if key not in (_PROBE, _CHUNKS) and then[key] != now[key]]
    what = [_difference(key, then[key], now[key]) for key in others]
    if not what and then[_CHUNKS] != now[_CHUNKS]:  # the same documents: other documents make other chunks anyway
        what = ["its documents were cut into other chunks, by another version"]
    if not what and not _is_close(then[_PROBE], now[_PROBE]):
        what = ["the weights of the model have changed (its outputs on the first document differ)"]
    if what:
        raise ValueError(
            f"{file.parent} holds a run with other settings: {'; '.join(what)}. Give the same settings to resume it, "
            "or name another folder."
        )


def _is_close(then: Sequence[float], now: Sequence[float]) -> bool:
    return len(then) == len(now) and bool(np.allclose(then, now, rtol=_TOLERANCE, atol=_TOLERANCE))


def _difference(key: str, then: Any, now: Any) -> str:
    if key != "documents":
        return f"{key} was {then!r} and is {now!r}"
    if len(then) != len(now):
        return f"it had {len(then)} documents and now has {len(now)}"
    at = next(i for i, (a, b) in enumerate(zip(then, now, strict=True)) if a != b)
    if then[at][0] == now[at][0]:
        return f"document {then[at][0]!r} has another text or other gold spans"
    return f"document number {at} was {then[at][0]!r} and is {now[at][0]!r}"


def fingerprint(document: Document) -> list[str]:
    """A document's id and a hash of all that its explanation depends on."""
    spans = [[span.start, span.end, span.label, list(span.fragments)] for span in document.spans]
    content = json.dumps([document.text, document.lang, spans], ensure_ascii=False)
    return [document.id, sha256(content.encode("utf-8", "surrogatepass")).hexdigest()]


def named(model: Model) -> str:
    """The repr of a model, which tells decoders and label positions apart; without addresses, which tell nothing."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(model))


def probe(model: Model, documents: Sequence[Document]) -> list[float]:
    """Some outputs of the model, in float32, on the first text that has any pieces: they tell weights apart."""
    for document in documents:
        encoding = model.encode(document.text)
        if len(encoding.ids):
            outputs = model.exact_outputs(model.row(encoding, model.windows(encoding)[0])).ravel()
            return [float(x) for x in outputs[np.isfinite(outputs)][:16]]
    return []
