"""Where the demo documents and weights lie: they are no part of the wheel."""

from __future__ import annotations

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]


def data_folder(*parts: str) -> Path:
    """The existing path `parts` below the data folder of the source checkout, else below `EXPLAIN_LIB_DATA`.

    Raises FileNotFoundError, naming both places, where neither has it; nothing is ever downloaded.
    """
    in_checkout = (_CHECKOUT / "pyproject.toml").is_file()  # elsewhere the neighbour `data` is somebody else's
    places = [_CHECKOUT / "data"] if in_checkout else []
    if named := os.environ.get("EXPLAIN_LIB_DATA"):
        places.append(Path(named))
    for place in places:
        if (found := place.joinpath(*parts)).exists():
            return found
    raise FileNotFoundError(
        f"no {'/'.join(('data', *parts))} here. It was looked for in the source checkout "
        f"({'which lacks it' if in_checkout else 'the package is not installed from one'}) and in the folder named "
        f"by EXPLAIN_LIB_DATA ({named or 'not set'}). Install from a checkout with `pip install -e .`, or set "
        "EXPLAIN_LIB_DATA to a copy of its data folder. Nothing is downloaded."
    )
