"""Transition weights: what a linear chain of tags adds to the logits, learned by a CRF or fixed by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import TagScheme

from .protocols import Floats

NEVER = -1000.0


@dataclass(frozen=True, eq=False)
class Transitions:
    """Weights of a linear chain of tags, added to the logits, in the tag order of the model.

    Shapes: `start` float64[tags], for the first tag of a text; `between` float64[tags, tags], from a tag (row) to the
    next (column); `end` float64[tags]. −inf forbids, and so does every weight of −1000 or less, since exp(−1000) is 0
    in float64 and many trainers write "never" as −10000. Raises ValueError for other shapes, NaN and +inf.

    The chain runs over the label positions of a text. Of a CRF that was trained over the special pieces too, with tag O
    (index o) on them, give `start=between[o]` and `end=between[:, o]`.
    """

    start: Floats
    between: Floats
    end: Floats

    def __post_init__(self) -> None:
        for name, shape in (("start", (self.n_tags,)), ("between", (self.n_tags,) * 2), ("end", (self.n_tags,))):
            weights = np.array(getattr(self, name), dtype=np.float64)
            if weights.shape != shape:
                raise ValueError(
                    f"transitions: {name} has shape {weights.shape}; with {self.n_tags} tags it is {shape}."
                )
            if np.isnan(weights).any() or np.isposinf(weights).any():
                raise ValueError(
                    f"transitions: {name} holds NaN or +inf; weights are finite, and −inf where forbidden."
                )
            weights[weights <= NEVER] = -np.inf
            weights.setflags(write=False)
            object.__setattr__(self, name, weights)

    def __repr__(self) -> str:
        return f"Transitions({self.n_tags} tags, {self.n_forbidden} forbidden)"

    @classmethod
    def legal(cls, scheme: TagScheme) -> Transitions:
        """Weights 0 where the scheme allows one tag after another (or at an end of the text), −inf elsewhere."""
        tags = list(zip(scheme.roles, scheme.types, strict=True))
        border = ("O", "")  # a text begins and ends as if O stood around it
        return cls(
            np.array([_weight(scheme, border, tag) for tag in tags]),
            np.array([[_weight(scheme, one, other) for other in tags] for one in tags]),
            np.array([_weight(scheme, tag, border) for tag in tags]),
        )

    @property
    def n_tags(self) -> int:
        """How many tags the model has."""
        return len(np.atleast_1d(self.start))

    @property
    def n_forbidden(self) -> int:
        """How many starts, ends and pairs of neighbours have weight −inf."""
        return int(np.isneginf(self.matrix).sum()) - 1  # without the empty text

    @property
    def matrix(self) -> Floats:
        """float64[tags + 1, tags + 1] from row to column, with the border of the text as one more tag, the last."""
        corner = np.full((1, 1), -np.inf)
        return np.block([[self.between, self.end[:, None]], [self.start[None], corner]])

    def plus(self, other: Transitions) -> Transitions:
        """Both at once: what either forbids is forbidden."""
        return Transitions(self.start + other.start, self.between + other.between, self.end + other.end)


def _weight(scheme: TagScheme, one: tuple[str, str], other: tuple[str, str]) -> float:
    """0 if the scheme allows the tag (role, type) `other` after `one`, else −inf."""
    is_open = one[0] in ("B", "I")
    continues = other[0] in ("I", "E")
    fits = is_open and one[1] == other[1]
    match scheme.name:
        case "BIO":
            is_legal = fits or not continues
        case "BIOES":
            is_legal = fits if continues else not is_open
        case _:
            is_legal = True
    return 0.0 if is_legal else -np.inf


def best_path(logits: npt.NDArray[np.floating], transitions: Transitions) -> list[int]:
    """The likeliest tag sequence (Viterbi) of logits [positions, tags]; the first one of equally likely tags."""
    if not len(logits):
        return []
    score, origins = transitions.start + logits[0], []
    for emission in logits[1:]:
        through = score[:, None] + transitions.between
        origins.append(through.argmax(axis=0))
        score = through.max(axis=0) + emission
    path = [int((score + transitions.end).argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]
