"""Arrays in a figure's JSON as plain lists."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np


def with_plain_lists(value: Any) -> Any:
    """A figure's JSON without plotly's packed arrays ({"dtype", "bdata", "shape"}); what is not finite becomes None.

    So that its points can be read by keys and its numbers stand in a table, however they were given.
    """
    if isinstance(value, dict) and "bdata" in value:
        return _unpacked(value)
    if isinstance(value, dict):
        return {name: with_plain_lists(one) for name, one in value.items()}
    return [with_plain_lists(one) for one in value] if isinstance(value, list) else value


def _unpacked(packed: dict[str, Any]) -> list[Any]:
    flat = np.frombuffer(base64.b64decode(packed["bdata"]), np.dtype(packed["dtype"]).newbyteorder("<"))
    array = flat.reshape([int(n) for n in packed["shape"].split(",")]) if "shape" in packed else flat
    boxed = array.astype(object)
    boxed[~np.isfinite(array)] = None
    return list(boxed.tolist())
