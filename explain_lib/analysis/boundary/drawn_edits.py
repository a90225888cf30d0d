"""The edits that a boundary report looks at: those that keep labels and, apart from them, stress edits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explain_lib.core import Prediction
from explain_lib.perturbation.edits import Bank, Edit, bank, label_keeping, stress
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng
from explain_lib.perturbation.together import answers


@dataclass(frozen=True, eq=False)
class DrawnEdits:
    """Two banks of one text; `keeping` is the one that stability draws with the same seed and number."""

    keeping: Bank
    stress: Bank

    @classmethod
    def of(cls, query: Query, edits: int | Bank, rng: Rng) -> DrawnEdits:
        """Draw so many edits of the text, and so many stress edits a target; none for 0; or take apart a bank."""
        if isinstance(edits, Bank):
            kept = edits.label_keeping
            return cls(kept, edits.of(*{name for name in edits.families if name not in kept.families}))
        if edits == 0:
            return cls(Bank((), {}, {}, {}), Bank((), {}, {}, {}))
        return cls(bank(query, label_keeping(), edits, rng), bank(query, stress(), edits * query.n_targets, rng))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All of them, those that keep labels first."""
        return (*self.keeping.edits, *self.stress.edits)

    @property
    def banks(self) -> tuple[Bank, Bank]:
        """Both, those that keep labels first."""
        return self.keeping, self.stress

    @property
    def families(self) -> tuple[str, ...]:
        """Names of all families that were asked, with or without edits."""
        names = [(*one.drawn, *one.unavailable, *one.families) for one in self.banks]
        return tuple(dict.fromkeys(name for each in names for name in each))

    @property
    def unavailable(self) -> dict[str, str]:
        """Why a family has no edits."""
        return {**self.keeping.unavailable, **self.stress.unavailable}

    @property
    def rejection_rate(self) -> dict[str, float]:
        """By family: the share of drawn edits that the gate refused."""
        return {**self.keeping.rejection_rate, **self.stress.rejection_rate}

    def predictions(self, query: Query) -> tuple[list[Prediction], int]:
        """What the model answers after each edit, run together, and how many rows: one a window of each text."""
        plain = query.with_targets([])
        edited = [*self.keeping.on(plain), *self.stress.on(plain)]
        found = dict(answers([partial(_read, one) for one in edited], query.evaluations.report))
        return [_checked(found[i]) for i in range(len(edited))], sum(len(one.evaluations.windows) for one in edited)


def _read(query: Query) -> Prediction:
    return query.predict(query.full_row[None])[0]


def _checked(answer: Prediction | Exception) -> Prediction:
    if isinstance(answer, Exception):
        raise answer
    return answer
