"""Single Han characters that are words: they may go without breaking a longer word."""

from __future__ import annotations

PARTICLES = frozenset(
    "了就才都又也还仍均皆已曾便即再先后拟须需要起着过得地的其之于以把被将却但而且并及与和或若因故则很较更最约近"
)
