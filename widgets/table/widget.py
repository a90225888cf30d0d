"""The table of every gold and predicted entity of a corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from explain_lib.analysis.errors import EntityErrors, Outcome

from ..front_end import module, style
from ..palette import Palette
from ..report.static import report_html
from ..section import Part, Savable, Section, defaults
from ..views import entity_table_report, entity_table_view, find_outcome, outcome_view
from ..views.entity_table import entity_figures

TABLE_FILES = (
    "report/excerpts.js",
    *(f"table/{name}.js" for name in ("data", "scores", "score_table", "filters", "rows", "table")),
)
TABLE_STYLES = ("page/controls.css", "report/report.css", "table/table.css")
TABLE = Part("EntityTable", TABLE_FILES, TABLE_STYLES)


class EntityTable(Savable, anywidget.AnyWidget):
    """Every entity of `errors` in a row: filtered, sorted and searched in the page, with the scores of what is shown.

    `columns` adds figures by name (boundary margin, stability, …): one number for each of `errors.outcomes`, in order,
    NaN where there is none. `part` is the entry of `meta` that tells parts of the corpus apart. Choosing a row sets
    `selected`: {"text": place in the corpus, "document": its name, "start", "end", "label"}, the span that was
    predicted, or the gold one where none was; {} for none. `outcome` is what it speaks of. `shown` are the rows that
    the filters leave, in their order, up to a thousand. `show` puts other entities in the place of these, under the
    same filters. Scores carry no intervals: `errors.scores` and `errors.slices(part)` do. Raises ValueError for a
    column of another length. `palette` gives types other names and colours.
    """

    _esm: ClassVar[str] = module(*TABLE_FILES)
    _css: ClassVar[str] = style(*TABLE_STYLES)
    table = traitlets.Dict().tag(sync=True)
    codes = traitlets.Bytes().tag(sync=True)
    figures = traitlets.Bytes().tag(sync=True)
    selected = traitlets.Dict().tag(sync=True)
    around = traitlets.Dict().tag(sync=True)
    shown = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(
        self,
        errors: EntityErrors,
        columns: Mapping[str, Sequence[float]] | None = None,
        part: str = "section",
        palette: Palette | None = None,
    ) -> None:
        self.errors, self.part, self.palette = errors, part, palette or Palette()
        super().__init__(**_traits(entity_table_view(errors, columns, part), self.palette))

    def show(self, errors: EntityErrors, columns: Mapping[str, Sequence[float]] | None = None) -> None:
        """Show other entities, or other figures of these; filters, order and selection stay."""
        if errors is self.errors:
            return self._show_figures(columns)
        traits = _traits(entity_table_view(errors, columns, self.part), self.palette)
        with self.hold_sync():
            self.errors = errors
            self.set_trait("shown", [])  # numbers of rows that are no longer there
            for name, value in traits.items():
                self.set_trait(name, value)

    def _show_figures(self, columns: Mapping[str, Sequence[float]] | None) -> None:
        figures = entity_figures(self.errors, columns)
        with self.hold_sync():
            self.table = {**self.table, "figures": list(figures)}
            self.figures = _bytes(figures, "<f8")

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that is selected, None for none."""
        return find_outcome(self.errors, self.selected)

    @traitlets.observe("selected")
    def _tell(self, _: Any) -> None:
        self.around = outcome_view(self.errors, self.outcome)

    def sections(self) -> list[Section]:
        """The table with all its rows; for readers without scripts, counts and scores."""
        state = {**defaults(EntityTable), "table": self.table, "codes": None, "figures": None}
        plain = report_html(entity_table_report(self.errors))
        return [Section("Entities", ((TABLE,),), state, plain, {"codes": self.codes, "figures": self.figures})]


def _traits(view: Mapping[str, Any], palette: Palette) -> dict[str, Any]:
    """What the page gets: the names of the columns, and their numbers as bytes."""
    codes, figures = view["codes"], view["figures"]
    paints = [palette.of(label) for label in view["words"]["type"]]
    return {
        "table": {**view, "codes": list(codes), "figures": list(figures), "paints": paints},
        "codes": _bytes(codes, "<i4"), "figures": _bytes(figures, "<f8"),
    }  # fmt: skip


def _bytes(columns: Mapping[str, Sequence[float | None]], kind: str) -> bytes:
    return np.array(list(columns.values()), kind).tobytes()
