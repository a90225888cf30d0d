"""Words before a noun that tell its kind: Dutch gender, and number in Dutch and English."""

from __future__ import annotations

from . import words

DUTCH_HET = frozenset(words("het dit dat ons elk ieder welk"))
DUTCH_DE = frozenset(words("de die deze onze elke iedere welke"))
BARE_ADJECTIVES = frozenset(
    words(
        "ernstig matig mild licht fors uitgebreid hardnekkig recidiverend chronisch acuut diep nieuw oud bekend "
        "toenemend therapieresistent refractair actief stabiel klein groot lang langdurig kort"
    )
)
"""Dutch adjectives without -e: a het-noun, or an adverb, follows."""
INFLECTED_ADJECTIVES = frozenset(
    words(
        "ernstige matige milde lichte forse uitgebreide hardnekkige recidiverende chronische acute diepe nieuwe oude "
        "bekende toenemende therapieresistente refractaire actieve stabiele kleine grote lange langdurige korte"
    )
)
"""Dutch adjectives with -e: a de-noun or a plural follows, or a noun after de, het, or the like."""
MANY = frozenset(
    words(
        "both these those several many few two three four five six seven eight nine ten "
        "beide deze enkele meerdere veel twee drie vier vijf zes zeven acht negen tien"
    )
)
"""A plural follows these; Dutch deze also stands before a singular de-noun."""
