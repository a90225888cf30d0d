"""Tag schemes: how a tagger's label list spells entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SchemeName = Literal["BIO", "IO", "BIOES"]
_ROLES = {"B": "B", "I": "I", "E": "E", "S": "S", "L": "E", "U": "S", "M": "I"}


@dataclass(frozen=True)
class TagScheme:
    """The tags of a model in its own order, read as BIO, IO or BIOES.

    `roles[i]` is one of O, B, I, E, S and `types[i]` the entity type of tag i ("" for O).
    BILOU and BMES spellings are read as BIOES; bare type names ("Disease") as IO; prefixes may be split
    from the type by "-" or "_", and the type may come first ("Disease-B"). Beside B and I tags, a tag without a role
    ("X", "[CLS]", as some training codes leave them for special pieces) is no entity: its role is O.
    """

    tags: tuple[str, ...]
    roles: tuple[str, ...]
    types: tuple[str, ...]

    @classmethod
    def from_tags(cls, tags: tuple[str, ...] | list[str]) -> TagScheme:
        """Read roles and types off a label list; raises ValueError when it has no O tag or is no tag scheme."""
        if "O" not in tags:
            raise ValueError(
                f"the label list {list(tags)[:8]} has no 'O' tag, so it is no tagging scheme. "
                "Set id2label in the model's configuration to tags such as O, B-Disease, I-Disease."
            )
        parsed = [_parse(tag) for tag in tags]
        roles = {role for role, _ in parsed}
        if None in roles and {"B", "I"} <= roles:
            parsed = [(role, kind) if role else ("O", "") for role, kind in parsed]
        elif None in roles:  # bare type names: every tag but O is an inside tag
            parsed = [("O", "") if tag == "O" else ("I", tag) for tag in tags]
        return cls(tuple(tags), tuple(role or "O" for role, _ in parsed), tuple(kind for _, kind in parsed))

    @property
    def name(self) -> SchemeName:
        """BIOES if any end or single tag exists, BIO if any beginning tag exists, else IO."""
        roles = set(self.roles)
        return "BIOES" if roles & {"E", "S"} else "BIO" if "B" in roles else "IO"

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The entity types in the order of their first tag."""
        return tuple(dict.fromkeys(kind for kind in self.types if kind))

    def index(self, role: str, kind: str) -> int | None:
        """Index of the tag with this role and type, or None when the model has no such tag."""
        for i, (r, k) in enumerate(zip(self.roles, self.types, strict=True)):
            if r == role and k == kind:
                return i
        return None

    @property
    def outside(self) -> int:
        """Index of the O tag."""
        return self.tags.index("O")


def _parse(tag: str) -> tuple[str | None, str]:
    if tag == "O":
        return "O", ""
    for separator in ("-", "_"):
        head, found, rest = tag.partition(separator)
        if found and head in _ROLES and rest:
            return _ROLES[head], rest
        rest, found, tail = tag.rpartition(separator)
        if found and tail in _ROLES and rest:
            return _ROLES[tail], rest
    return (_ROLES[tag], "entity") if tag in ("B", "I", "E", "S") else (None, tag)
