"""What a full look at one entity costs: rows announced, asked for and really run, and seconds, part by part.

    python benchmarks/cost.py [--lang zh nl en]

The surest entity of the first sentence of 26 units in the demo documents, on the demo model (6 layers, 384 wide): six
explainers at 128 rows, the stability of each (20 edits, noise arm) and its faithfulness with bounds, a boundary report,
and a fusion of all six, fitted to the same edits. First in the context arm; then with all units, on the same table of
rows, which is what that arm adds. "Announced" is said before the part runs, "asked" is what its results say that they
asked for, "run" what the networks computed: rows that are known are not run again. Points are places in embedding
space, each a forward and a backward pass in float32: what gradient methods take. Everything is seeded by 0. Written
to RESULTS.md.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from results import machine, table, write_section

import explain_lib as xl
from explain_lib.attribution import Method
from explain_lib.models.network import Network

ROWS, LONG, UNITS, EDITS, FIRST = 128, 512, 26, 20, 2
METHODS: tuple[Method, ...] = (
    xl.KernelShap(ROWS), xl.Lime(ROWS), xl.PermutationShap(ROWS), xl.Occlusion(), xl.GradientInput(),
    xl.IntegratedGradients(),
)  # fmt: skip
FUSION = xl.JointFusion(calibration=xl.FusionCalibration(edit_budget=ROWS))
HEAD = ["part", "announced", "asked", "run", "points", "processor s", "wall s"]


@dataclass
class Spent:
    """What was computed so far: rows, points of embedding space, and seconds."""

    rows: int = 0
    points: int = 0
    processor: float = 0.0
    wall: float = 0.0

    def plus(self, other: Spent, sign: int = 1) -> Spent:
        """The sum, or the difference."""
        return Spent(*(getattr(self, f.name) + sign * getattr(other, f.name) for f in fields(self)))

    def cells(self) -> list[str]:
        """As they are printed."""
        return [str(self.rows), str(self.points), f"{self.processor:.1f}", f"{self.wall:.1f}"]


@dataclass
class Meter:
    """Counts what all networks compute."""

    rows: int = 0
    points: int = 0

    def now(self) -> Spent:
        """All so far."""
        return Spent(self.rows, self.points, time.process_time(), time.perf_counter())

    @contextmanager
    def on(self) -> Iterator[None]:
        """Stand in front of every network."""
        outputs, at = Network._outputs, Network.outputs_at

        def counted_outputs(network: Network, module: Any, rows: Any, *others: Any) -> Any:
            self.rows += len(rows)
            return outputs(network, module, rows, *others)

        def counted_at(network: Network, points: Any, *others: Any) -> Any:
            self.points += len(points)
            return at(network, points, *others)

        Network._outputs, Network.outputs_at = counted_outputs, counted_at  # type: ignore[method-assign]
        try:
            yield
        finally:
            Network._outputs, Network.outputs_at = outputs, at  # type: ignore[method-assign]


@dataclass
class Look:
    """All parts of one look at one query, in order."""

    query: xl.Query
    meter: Meter
    lines: list[list[str]] = field(default_factory=list)
    total: Spent = field(default_factory=Spent)

    def part(self, name: str, announced: int, run: Callable[[], Any]) -> Any:
        """Run one part and write down what it took."""
        before = self.meter.now()
        found = run()
        spent = self.meter.now().plus(before, -1)
        self.total = self.total.plus(spent)
        asked = found.n_evals if isinstance(found.n_evals, int) else sum(found.n_evals.values())
        self.lines.append([name, str(announced), str(asked), *spent.cells()])
        print(" | ".join(self.lines[-1]), flush=True)
        return found

    def all(self) -> None:
        """Every part."""
        query = self.query
        bank = xl.bank(query, n_edits=EDITS, rng=0)
        shown = {}
        for m in METHODS:
            announced = query.cost(m, 0, is_timed=False).rows
            shown[m] = self.part(f"explain, {name_of(m)}", announced, partial(xl.explain, query, m, rng=0))
        for m in METHODS:
            announced = xl.stability_cost(query, m, rng=0, bank=bank, is_timed=False).total.rows
            self.part(f"stability, {name_of(m)}", announced, partial(xl.stability, query, m, rng=0, bank=bank))
        announced = sum(xl.boundary_cost(query, 0).values())
        self.part("boundary report", announced, partial(xl.boundary_sensitivity, query, rng=0))
        for m, one in shown.items():
            announced = sum(xl.faithfulness_cost(query).values())
            self.part(f"faithfulness, {name_of(m)}", announced, partial(xl.faithfulness, one, query, rng=0))
        announced = query.cost(xl.Fused(METHODS, FUSION, bank=bank), 0, is_timed=False).rows
        self.part("fusion", announced, partial(xl.fuse, [*shown.values()], query, FUSION, rng=0, bank=bank))

    def summary(self) -> str:
        """In all."""
        spent = self.total
        return (
            f"{spent.rows} rows, {spent.rows / LONG:.1f} times those of KernelShap({LONG}), and {spent.points} points; "
            f"{spent.processor:.0f} s of the processor, {spent.wall:.0f} s on the wall"
        )


def first_figures(query: xl.Query, meter: Meter) -> str:
    """How soon the first explanation, and the first figure of its stability, are there on a text that is new."""
    began, method = meter.now(), METHODS[0]
    xl.explain(query, method, rng=0)
    shown = meter.now().plus(began, -1)
    next(xl.stability_rounds(query, method, rng=0, n_edits=EDITS, first=FIRST))
    judged = meter.now().plus(began, -1)
    return "; ".join(
        f"{what} after {spent.rows} rows, {spent.processor:.1f} s of the processor, {spent.wall:.1f} s on the wall"
        for what, spent in (("first explanation", shown), (f"stability over {FIRST} edits", judged))
    )


def name_of(method: Method) -> str:
    """In short."""
    return type(method).__name__


def sentence(lang: str) -> xl.Query:
    """The surest entity of the first sentence of so many units."""
    model = xl.demo_model()
    texts = [part.strip() for d in xl.demo_documents(lang=lang) for part in re.split(r"(?<=[。.;；\n])", d.text)]
    for text in filter(None, texts):
        query = xl.Query(model, xl.Document(text, lang=lang))
        found = query.predict()[0]
        if query.n_units == UNITS and len(found.spans):
            return xl.Query(model, query.document, [xl.Target(found.spans[int(found.confidence.argmax())])])
    raise SystemExit(f"the demo documents in {lang!r} have no sentence of {UNITS} units with an entity")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", nargs="+", default=["zh", "nl", "en"])
    asked, meter, written = parser.parse_args(), Meter(), []
    sentence(asked.lang[0]).predict()  # the first pass of a model sets up what later ones use
    for lang in asked.lang:
        query = sentence(lang)
        with meter.on():
            written.append(f"**{lang}**: {first_figures(sentence(lang).context(), meter)}.\n")
            print(written[-1], flush=True)
            for arm, one in (("context arm", query.context()), ("all units, added", query)):
                look = Look(one, meter)
                look.all()
                written.append(f"**{lang}, {arm}**: {look.summary()}.\n\n{table(HEAD, look.lines)}")
                print(written[-1].partition("\n")[0], flush=True)
    how = f"{query.model.precision}, {machine()}, other work on the same cores"
    write_section("cost.py", f"`python benchmarks/cost.py {' '.join(sys.argv[1:])}`, {how}.\n\n" + "\n".join(written))


if __name__ == "__main__":
    main()
