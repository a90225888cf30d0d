"""The report of a self-check: what was looked at, what was found, what would have been allowed."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Check:
    """One check: `passed` is None where it does not apply, and `meaning` says why or what a failure would mean.

    `value` is what was measured and `allowed` its limit (at most, unless `at_least`).
    """

    name: str
    passed: bool | None
    value: float
    allowed: float
    meaning: str
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """In one word."""
        return "not done" if self.passed is None else "passed" if self.passed else "FAILED"

    @property
    def figures(self) -> str:
        """What was measured against what is allowed."""
        return "" if self.passed is None else f"{self.value:.3g} ({'≥' if self.at_least else '≤'} {self.allowed:.3g})"


@dataclass(frozen=True)
class SelfCheckReport:
    """The checks of one model; prints as a table and shows as one in a notebook. Holds no text of the document."""

    model: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.passed is not False for check in self.checks)

    def __getitem__(self, name: str) -> Check:
        """A check by its name; KeyError names those that there are."""
        found = {check.name: check for check in self.checks}
        if name not in found:
            raise KeyError(f"no check {name!r}; there are {', '.join(map(repr, found))}.")
        return found[name]

    def __str__(self) -> str:
        width = max((len(check.name) for check in self.checks), default=0)
        lines = [f"Self-check of {self.model}: {'passed' if self.passed else 'FAILED'}"]
        for check in self.checks:
            figures = f"{check.figures}  " if check.figures else ""
            lines.append(f"  {check.verdict:8}  {check.name:{width}}  {figures}{check.meaning}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cells = [(check.verdict, check.name, check.figures, check.meaning) for check in self.checks]
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
        head = "".join(f"<th>{name}</th>" for name in ("verdict", "check", "value (allowed)", "meaning"))
        title = f"<caption>Self-check of {escape(self.model)}: {'passed' if self.passed else 'FAILED'}</caption>"
        return f"<table>{title}<tr>{head}</tr>{rows}</table>"


def at_most(name: str, value: float, allowed: float, meaning: str) -> Check:
    """A check of a value that must not be larger; NaN fails."""
    return Check(name, bool(value <= allowed), float(value), float(allowed), meaning)


def at_least(name: str, value: float, allowed: float, meaning: str) -> Check:
    """A check of a value that must not be smaller; NaN fails."""
    return Check(name, bool(value >= allowed), float(value), float(allowed), meaning, at_least=True)


def not_done(name: str, why: str) -> Check:
    """A check that does not apply."""
    return Check(name, None, float("nan"), float("nan"), why)
