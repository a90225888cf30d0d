"""Hiding by what a masked language model writes instead."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from explain_lib.models.fill_in_model import FillInModel
from explain_lib.models.protocols import Bools, Floats, Ints, PieceRows, Vocabulary
from explain_lib.perturbation.streams import child, keys_of

from .replacing import repeat


def _demo() -> FillInModel:
    from explain_lib.models import demo_fill_in  # brings torch, which nothing here needs without it

    return demo_fill_in()


@dataclass(frozen=True)
class FillIn:
    """Let a masked language model write pieces in place of hidden ones; the value of a row is the mean of its draws.

    All hidden pieces of a row are masked at once and drawn from the model's softmax (temperature 1, special pieces
    never). One forward pass per row serves all draws, so the pieces of one draw are independent of each other given
    the kept text: two pieces of a hidden word need not fit together. Drawing one after the other would mend that at a
    pass per hidden piece and draw, some hundred times the cost, and was not built.

    `mlm` must share the tokenizer's pieces: `demo_fill_in()` (the default) fits the demo model, `load_fill_in` reads
    the checkpoint that your tagger was fine-tuned from. The draws are fixed by `rng` and the text: the same keep-row
    always gives the same rows, whatever else is asked, and a piece hidden in two rows meets the same random number in
    both, so that their difference is less noisy. They are part of the hiding, as a mask piece is: standard errors say
    how well a method knows this value, not how other draws would change it; ask again with another `rng` for that.

    Cost: `draws` model rows and one row of the masked language model per keep-row. Not for units that the model must
    not guess back: a masked name that follows from its context is filled in with itself and seems to play no part.
    """

    mlm: FillInModel = field(default_factory=_demo)
    draws: int = 8
    rng: int = 0

    keeps_length = True

    def __post_init__(self) -> None:
        for name, value, least in (("draws", self.draws, 1), ("rng", self.rng, 0)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
                raise ValueError(f"{name} is {value!r}; it must be an int of at least {least}.")
        if not hasattr(self.mlm, "fill_in"):
            raise TypeError(
                f"mlm is a {type(self.mlm).__name__}; give xl.load_fill_in(folder, hub id or (module, tokenizer))."
            )

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Replace hidden ids by what the masked language model writes, `draws` rows for each row of keep."""
        ids = self.mlm.fill_in(row, ~keep, self._uniforms(row.ids[0]))
        n = len(keep) * self.draws
        return PieceRows(ids.reshape(n, -1), repeat(row.attended, n), repeat(row.labels_at, n))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Names the masked language model; raises ValueError where it has other pieces than the tokenizer."""
        check_pieces(self.mlm, vocabulary)
        return f"FillIn(mlm={self.mlm.name!r}, draws={self.draws}, rng={self.rng})"

    def _uniforms(self, ids: Ints) -> Floats:
        """float64[draws, length]: a Latin hypercube, each draw uniform and together evenly spread at each piece."""
        content = np.ascontiguousarray(ids, dtype="<i8").tobytes()
        generator = np.random.default_rng(child(np.random.SeedSequence(self.rng), *keys_of(content)))
        strata = generator.permuted(np.tile(np.arange(self.draws)[:, None], len(ids)), axis=0)
        return np.asarray((strata + generator.random((self.draws, len(ids)))) / self.draws)


def check_pieces(mlm: FillInModel, vocabulary: Vocabulary) -> None:
    """Both sides must give every piece the same id, since ids are all that they exchange."""
    here, there = vocabulary.pieces(), mlm.pieces
    if here == there:
        return
    foreign = sorted(here.items() ^ there.items(), key=lambda item: item[1])
    raise ValueError(
        f"the masked language model {mlm.name!r} does not share the pieces of this model's tokenizer: it has "
        f"{len(there)}, the tokenizer {len(here)}, and {len(foreign)} entries differ, such as {foreign[0]}. Give "
        "FillIn(mlm=xl.load_fill_in(…)) the checkpoint that your model was fine-tuned from, or one with the same "
        "tokenizer, or use MaskPiece()."
    )

