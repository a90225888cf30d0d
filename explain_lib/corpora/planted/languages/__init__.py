"""The planted languages."""

from ..grammar import Grammar
from . import en, nl, zh

GRAMMARS: dict[str, Grammar] = {grammar.lang: grammar for grammar in (zh.GRAMMAR, nl.GRAMMAR, en.GRAMMAR)}

__all__ = ["GRAMMARS"]
