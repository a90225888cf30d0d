"""Every public name resolves on first use and says what it is."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

FACES = ("explain_lib", "widgets")
NAMES = [(face, name) for face in FACES for name in import_module(face).__all__]


@pytest.mark.parametrize(("face", "name"), NAMES, ids=lambda part: part)
def test_a_public_name_is_documented(face: str, name: str) -> None:
    thing = getattr(import_module(face), name)
    owner = thing if inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing) else type(thing)
    doc = inspect.getdoc(owner) or ""
    generated = doc.startswith(f"{getattr(owner, '__name__', '')}(")  # what a dataclass writes by itself
    assert doc and not generated, f"{face}.{name} needs a docstring: one sentence, then shapes, units and errors"


@pytest.mark.parametrize("face", FACES)
def test_public_names_are_listed_once(face: str) -> None:
    module = import_module(face)
    assert len(set(module.__all__)) == len(module.__all__)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("face", FACES)
def test_an_unknown_name_is_an_attribute_error(face: str) -> None:
    with pytest.raises(AttributeError, match="no attribute 'Explaner'"):
        import_module(face).Explaner  # noqa: B018
