"""The views of one workbench, each made when it is first looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .desk import Desk
from .panel import Panel
from .views import View


class Rooms(Mapping[str, View]):
    """Views by their names. A page that had to start the widgets of all of them at once would lose some when slow."""

    def __init__(self, kinds: Sequence[type[View]], desk: Desk, panel: Panel) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._desk, self._panel = desk, panel
        self._made: dict[str, View] = {}
        panel.hold(list(self._kinds))

    def __getitem__(self, name: str) -> View:
        if name not in self._made:
            self._made[name] = self._kinds[name](self._desk)
            self._panel.fill(name, self._made[name].widget)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)
