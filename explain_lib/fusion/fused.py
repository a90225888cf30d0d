"""Several methods and a way of fusing them, as one method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from explain_lib.attribution.estimate import Estimate, Method
from explain_lib.core import Attribution, FusionDetail
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.query import Query

from .blend import Blend, Fusion
from .gather import Gathered, Gathering


@dataclass(frozen=True)
class Fused:
    """A method made of methods: all of them are run on a text, and the fusion is fitted to that text.

    On every text it is fitted anew; `held(attribution)` keeps the weights of one text for others. Members draw the rows
    that they draw alone with the same `rng`, so that they share them. Edits are drawn from the seed, or are those of
    `bank`, which must belong to the text. TypeError for a game, which has neither edits nor boundaries; ValueError for
    no members, or two that are the same. Cost: all members, what the fusion's `calibration` says, and each member on
    each edit; `query.cost` tells beforehand what it is at most. Source: as the fusion says.
    """

    methods: Sequence[Method]
    fusion: Fusion
    bank: Bank | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "methods", members_of(self.methods))
        check_fusion(self.fusion)

    @property
    def may_ask_less(self) -> bool:
        """Whether edits that change the answer are left out, which is known only when they have been run."""
        return bool(self.fusion.calibration.n_edits)

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query whose targets are read in one window."""
        query, seed = checked(question), seed_of(rng)
        gathering = Gathering(query, tuple(self.methods), self.fusion.calibration, seed, self.bank)
        gathered = gathering.gathered()
        return estimate_of(gathered, [self.fusion.blend(evidence) for evidence in gathered.evidence])

    def held(self, attribution: Attribution) -> Method:
        """The method that fuses with the weights, scales and local shares found on one text.

        It costs the members alone. ValueError for an attribution that was not fused from these methods.
        """
        from .held import Held  # imported here: it is a method of its own, which knows this one

        return Held.of(self, attribution)


def check_fusion(fusion: object) -> None:
    """TypeError for what is no fusion."""
    if isinstance(fusion, type) or not hasattr(fusion, "blend"):
        got = f"the class {fusion.__name__}" if isinstance(fusion, type) else f"a {type(fusion).__name__}"
        raise TypeError(f"the fusion is {got}; give one with its settings, such as JointFusion().")


def members_of(methods: Sequence[Method]) -> tuple[Method, ...]:
    """The methods as members; ValueError or TypeError for what cannot be fused."""
    if not isinstance(methods, Sequence):
        raise TypeError(f"members must be a list of methods, got {type(methods).__name__}; write [method] for one.")
    check_members(methods)
    return tuple(methods)


def check_members(methods: Sequence[object]) -> None:
    """ValueError or TypeError for what cannot be fused."""
    if not methods:
        raise ValueError("there is nothing to fuse; give at least one method.")
    for method in methods:
        if isinstance(method, type) or not hasattr(method, "attribute"):
            got = f"the class {method.__name__}" if isinstance(method, type) else f"a {type(method).__name__}"
            raise TypeError(f"a member is {got}; give methods with their settings, such as KernelShap(budget=512).")
    names = [repr(method) for method in methods]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{twice[0]} stands more than once among the members; give each once.")


def checked(question: Query | Game) -> Query:
    """The question, if it is one that a fusion can be fitted to."""
    if isinstance(question, Game):
        raise TypeError("a fusion needs a Query on a model; a Game is a plain function without edits and boundaries.")
    return question


def seed_of(rng: np.random.Generator) -> np.random.SeedSequence:
    """The seed that a Generator was made from."""
    seed = rng.bit_generator.seed_seq
    if not isinstance(seed, np.random.SeedSequence):
        raise TypeError("this Generator has no SeedSequence; make it with numpy.random.default_rng(seed).")
    return seed


def estimate_of(gathered: Gathered, blends: Sequence[Blend]) -> Estimate:
    """The blends of all targets side by side, with the detail of how."""
    columns = {name: _columns(blends, name) for name in ("scores", "std_error", "weights", "scales", "local_share")}
    detail = FusionDetail(
        blends[0].members, columns["weights"], columns["local_share"], columns["scales"],
        np.stack([blend.losses for blend in blends], axis=-1), tuple(blend.note for blend in blends), gathered.n_evals,
        np.stack([blend.parts for blend in blends], axis=-1),
    )  # fmt: skip
    dof = np.array([blend.dof for blend in blends])
    ends = gathered.base, gathered.full
    return Estimate(
        columns["scores"], columns["std_error"], dof, *ends, sum(gathered.n_evals.values()), fusion=detail
    )


def _columns(blends: Sequence[Blend], name: str) -> np.ndarray:
    return np.stack([getattr(blend, name) for blend in blends], axis=1)
