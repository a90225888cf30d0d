"""Abbreviations of Dutch and English clinical notes, in lower case and without their last full stop."""

from __future__ import annotations

ALWAYS_FOLLOWED = frozenset(
    """
    dr drs prof mr mrs ms dhr mevr mw ir ing st sr jr zr vpk
    vs cf e.g i.e viz approx ca circa
    o.a m.n d.w.z bijv b.v bv t.g.v i.v.m m.b.t m.b.v i.p.v n.a.v t.a.v o.b.v d.m.v v.w.b zgn evt resp o.l.v i.o.m
    m.i w.s vlgs
    """.split()  # noqa: SIM905  # a word list is easier read and kept without quotes
)
"""Words follow these, so their full stop never ends a sentence."""

SOMETIMES_LAST = frozenset(
    """
    etc enz e.d e.v a.m p.m a.u.b incl excl al no nos nr nrs fig tab vol pp par max min gem tel
    b.i.d t.i.d q.i.d q.d q.h.s b.d o.d p.o i.v i.m s.c p.r.n stat dd mg ml mcg kg cm mm tabl caps inj amp
    pat pt hx dx rx tx fx dept afd
    jan feb mrt mar apr jun jul aug sep sept okt oct nov dec
    """.split()  # noqa: SIM905  # the same
)
"""These may close a sentence: a capital or a Han character after them begins the next one, a figure does not."""

TYPED_BY_A_LETTER = frozenset(
    """
    hepatitis vitamin vitamine type factor groep group graad grade klasse class stadium stage child pugh influenza
    streptokokken streptococcus serogroep serogroup
    """.split()  # noqa: SIM905  # a word list is easier read and kept without quotes
)
"""After these a single capital is a kind, not somebody's initial: "hepatitis B." may end a sentence."""
