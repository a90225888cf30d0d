"""Kendall's tau-b of many pairs of rankings at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_CELLS = 2_000_000  # comparisons of two units held at once


def kendall_tau_b(x: Floats, y: Floats, present: Bools) -> Floats:
    """float[...] of float[..., units]: from −1 to 1, NaN where one side has only ties.

    Cost: units² comparisons per pair, a block of pairs at a time.
    """
    n_units = x.shape[-1]
    first, second, known = x.reshape(-1, n_units), y.reshape(-1, n_units), present.reshape(-1, n_units)
    size = max(1, _CELLS // max(1, n_units**2))
    taus = [
        _block(first[at : at + size], second[at : at + size], known[at : at + size])
        for at in range(0, len(first), size)
    ]
    return np.asarray(np.concatenate([*taus, np.zeros(0)]).reshape(x.shape[:-1]))


def _block(x: Floats, y: Floats, known: Bools) -> Floats:
    later = np.triu_indices(x.shape[-1], 1)
    both = known[:, later[0]] & known[:, later[1]]
    orders = [np.where(both, np.sign(values[:, later[0]] - values[:, later[1]]), 0.0) for values in (x, y)]
    agreed = (orders[0] * orders[1]).sum(axis=-1)
    told_apart = [np.abs(order).sum(axis=-1) for order in orders]
    with np.errstate(invalid="ignore"):
        return np.asarray(agreed / np.sqrt(told_apart[0] * told_apart[1]))
