"""Names of layers: the method, the arm and the contrast, and as much more as tells each from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from explain_lib.core import Attribution, Target

from .text import visible

_OF_THE_ROWS = ("model", "hiding", "score", "precision")
_LONGEST_SETTING = 40


def layer_names(cells: Sequence[tuple[Attribution, int]]) -> list[str]:
    """A name for each (attribution, number of a target); no two about the same target are alike.

    Settings of a method, the model, the hiding, the score and the seed are named only where they differ.
    """
    attributions = [attribution for attribution, _ in cells]
    rows = [name for name in _OF_THE_ROWS if len({getattr(a.provenance, name) for a in attributions} - {""}) > 1]
    methods = [a.method for a in attributions]
    names = [
        " · ".join([method_name(a.method, methods), *(getattr(a.provenance, name) for name in rows), a.provenance.arm])
        + contrast(a.targets[i])
        for a, i in cells
    ]
    return [visible(name) for name in _numbered(_seeded(names, cells), cells)]


def method_name(method: Any, others: Sequence[Any] = ()) -> str:
    """The class, a class of another library that it runs, and the settings in which others of the class differ."""
    kind = type(method)
    if not is_dataclass(method):
        return kind.__name__
    alike = [settings_of(other) for other in others if type(other) is kind]
    own = settings_of(method)
    parts = [
        own[field.name] if isinstance(getattr(method, field.name), type) else f"{field.name}={own[field.name]}"
        for field in fields(method)
        if isinstance(getattr(method, field.name), type) or len({other[field.name] for other in alike}) > 1
    ]
    return f"{kind.__name__}({', '.join(parts)})" if parts else kind.__name__


def contrast(target: Target) -> str:
    """What a target is set against, as `Target.name` says it; "" for a plain target."""
    return target.name[len(Target(target.span, target.label).name) :]


def settings_of(method: Any) -> dict[str, str]:
    """The settings of a method in words: functions and classes by their names, long ones cut."""
    return {field.name: _said(getattr(method, field.name)) for field in fields(method)}


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_said, value))})"
    words = str(getattr(value, "__name__", "") or repr(value))
    return words if len(words) <= _LONGEST_SETTING else words[: _LONGEST_SETTING - 1] + "…"


def _seeded(names: Sequence[str], cells: Sequence[tuple[Attribution, int]]) -> list[str]:
    """Names with their seed, where others of that name about the same target had another."""
    seeds: dict[tuple[str, Any, Any], set[str]] = {}
    for key, (attribution, _) in zip(_keys(names, cells), cells, strict=True):
        seeds.setdefault(key, set()).add(attribution.provenance.rng)
    return [
        f"{name} · rng {attribution.provenance.rng}" if len(seeds[key]) > 1 else name
        for name, key, (attribution, _) in zip(names, _keys(names, cells), cells, strict=True)
    ]


def _numbered(names: Sequence[str], cells: Sequence[tuple[Attribution, int]]) -> list[str]:
    seen: dict[tuple[str, Any, Any], int] = {}
    numbered = []
    for name, key in zip(names, _keys(names, cells), strict=True):
        seen[key] = seen.get(key, 0) + 1
        numbered.append(name if seen[key] == 1 else f"{name} ({seen[key]})")
    return numbered


def _keys(names: Sequence[str], cells: Sequence[tuple[Attribution, int]]) -> list[tuple[str, Any, Any]]:
    targets = [attribution.targets[i] for attribution, i in cells]
    return [(name, target.span, target.label) for name, target in zip(names, targets, strict=True)]
