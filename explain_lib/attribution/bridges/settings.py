"""Settings of a foreign class: each goes to the call that knows its name, and a name that nobody knows is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

Settings = Mapping[str, Any]


def sort_settings(
    cls: type, settings: Settings, calls: list[Callable[..., Any]], filled: Collection[str], extra: Collection[str] = ()
) -> list[dict[str, Any]]:
    """One dict of keyword arguments per call of `calls`.

    `filled` are arguments that the bridge itself gives; `extra` are names that the last call takes without showing
    them in its signature. Raises ValueError for both kinds of wrong name, with the names that are allowed.
    """
    names = [_names(call) - set(filled) for call in calls]
    names[-1] |= set(extra)
    found: list[dict[str, Any]] = [{} for _ in calls]
    for name, value in settings.items():
        home = next((i for i, known in enumerate(names) if name in known), None)
        if home is None:
            why = "is filled in from the query" if name in filled else "is unknown"
            allowed = ", ".join(sorted(set().union(*names))) or "none"
            raise ValueError(f"the setting {name!r} of {cls.__name__} {why}; allowed are {allowed}.")
        found[home][name] = value
    for call, given in zip(calls, found, strict=True):
        if missing := [name for name in _required(call) if name not in given and name not in filled]:
            raise ValueError(f"{cls.__name__} needs the settings {', '.join(missing)}.")
    return found


def _required(call: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(call).parameters.values()
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    return [p.name for p in parameters if p.kind in kinds and p.default is p.empty and p.name != "self"]


def _names(call: Callable[..., Any]) -> set[str]:
    kinds = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
    return {p.name for p in inspect.signature(call).parameters.values() if p.kind not in kinds} - {"self"}


def written(name: str, cls: type, settings: Settings, **rest: object) -> str:
    """The repr of a bridge: its provenance, so without addresses of objects."""
    pairs = ", ".join(f"{key!r}: {_plain(value)}" for key, value in settings.items())
    others = "".join(f", {key}={value!r}" for key, value in rest.items())
    return f"{name}({_plain(cls)}, settings={{{pairs}}}{others})"


def _plain(value: object) -> str:
    if inspect.isroutine(value) or isinstance(value, type):
        return f"{value.__module__.split('.')[0]}.{value.__qualname__}"
    shown = repr(value)
    return f"<{type(value).__name__}>" if " at 0x" in shown else shown


def family_of(cls: type, library: str, known: Collection[str]) -> str:
    """The name of the nearest among `cls` and its bases that the library defines and that is known, else ""."""
    names = (base.__name__ for base in cls.__mro__ if base.__module__.split(".")[0] == library)
    return next((name for name in names if name in known), "")


def check_class(cls: Any, library: str, example: str) -> None:
    """Refuse what is no class of the library, such as an instance, a name or a class of another one."""
    is_class = isinstance(cls, type)
    if not is_class or not any(base.__module__.split(".")[0] == library for base in cls.__mro__):
        got = f"the class {cls.__name__}" if isinstance(cls, type) else f"a {type(cls).__name__}"
        raise TypeError(f"got {got}; give a class of {library} (not an instance), such as {example}.")
