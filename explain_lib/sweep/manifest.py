"""What a run folder was begun with, so that a run goes on with the same settings or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from explain_lib.core import Document
from explain_lib.models.protocols import Model

NAME = "manifest.json"
FORMAT = "explain_lib corpus run 1"
_PROBE = "probe"
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
    if out.is_dir() and any(out.iterdir()):
        raise ValueError(
            f"the folder {str(out)!r} is not empty and holds no run of explain_corpus. Name a new folder; nothing was "
            "written."
        )
    out.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
    unfinished.replace(file)


def _check(file: Path, now: dict[str, Any]) -> None:
    then = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(then, dict) or then.get("format") != FORMAT:
        raise ValueError(f"{file} was not written by this version of explain_corpus; name another folder.")
    others = [key for key in now if key != _PROBE and then.get(key) != now[key]]
    what = [_difference(key, then.get(key), now[key]) for key in others if key != "chunks"]
    if not what and not np.allclose(then[_PROBE], now[_PROBE], rtol=_TOLERANCE, atol=_TOLERANCE):
        what = ["the weights of the model have changed (its outputs on the first document differ)"]
    if what:
        raise ValueError(
            f"{file.parent} holds a run with other settings: {'; '.join(what)}. Give the same settings to resume it, "
            "or name another folder."
        )


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


def probe(model: Model, documents: Sequence[Document]) -> list[float]:
    """Some outputs of the model, in float32, on the first text that has any pieces: they tell weights apart."""
    for document in documents:
        encoding = model.encode(document.text)
        if len(encoding.ids):
            outputs = model.exact_outputs(model.row(encoding, model.windows(encoding)[0])).ravel()
            return [float(x) for x in outputs[np.isfinite(outputs)][:16]]
    return []
