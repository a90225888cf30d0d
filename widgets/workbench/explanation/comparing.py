"""Several methods on one selection: what is known of each, finished or not, and how the rest is worked out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from explain_lib.attribution import Method, explain
from explain_lib.core import Attribution
from explain_lib.core.records import SavedMethod
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ..desk import Desk
from .explaining import KIND
from .fusing import fusing
from .growing import growing

FUSED = "fused"
Key = tuple[str, ...]


class Comparing:
    """Attributions of the selection on the desk, by method; `came` is called whenever one got better."""

    def __init__(self, desk: Desk, came: Callable[[], None]) -> None:
        self.desk, self._came = desk, came
        self._so_far: dict[Key, Attribution] = {}

    def of(self, method: Method) -> tuple[Attribution | None, bool]:
        """The attribution by a method, and whether it is finished; None where nothing is known yet.

        What came from a store knows only the name of its method; it gets the method itself again.
        """
        known, on_screen = self.desk.known(KIND, repr(method)), self.desk.result
        if known is not None:
            return (replace(known, method=method) if isinstance(known.method, SavedMethod) else known), True
        if method is self.desk.method and on_screen is not None and self._is_here(on_screen):
            return on_screen, repr(on_screen.method) == repr(method)
        return self._so_far.get(self.desk.here(repr(method))), False

    def fused(self, attributions: Sequence[Attribution]) -> tuple[Attribution | None, bool]:
        """The fusion of finished attributions, and whether it is finished."""
        names = [repr(one.method) for one in attributions]
        known = self.desk.known(FUSED, *names)
        return (known, True) if known is not None else (self._so_far.get(self.desk.here(FUSED, *names)), False)

    def explain(self, query: Query, methods: Sequence[Method]) -> None:
        """Explain the selection with each method in turn, beside the notebook."""
        keys = [self.desk.here(repr(method)) for method in methods]

        def work(tick: Tick) -> None:
            with query.watched(tick):
                for method, key in zip(methods, keys, strict=True):
                    for step in growing(method, query):
                        self._keep(key, explain(query, step, rng=0))
                    self._finish(KIND, key)
            self.desk.say(f"Explained with {len(methods)} more method{'' if len(methods) == 1 else 's'}.")

        self.desk.submit("Explaining with the other methods …", work)

    def fuse(self, query: Query, attributions: Sequence[Attribution]) -> None:
        """Fuse finished attributions, beside the notebook."""
        names = [repr(one.method) for one in attributions]
        key, last = self.desk.here(FUSED, *names), self.desk.here(*names)

        def work(tick: Tick) -> None:
            with query.watched(tick):
                for found in fusing(attributions, query):
                    self._keep(key, found)
            self._finish(FUSED, key, last)
            self.desk.say("Fused.")

        self.desk.submit("Fusing …", work)

    def _is_here(self, result: Attribution) -> bool:
        query = self.desk.query()
        return query is not None and (result.units.document, result.targets, result.provenance.arm) == (
            query.document, query.targets, query.arm,
        )  # fmt: skip

    def _keep(self, key: Key, found: Attribution) -> None:
        self._so_far[key] = found
        self._came()

    def _finish(self, kind: str, key: Key, kept: Key = ()) -> None:
        self.desk.put(kind, self._so_far.pop(key), kept or key)
        self._came()
