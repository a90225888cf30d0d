"""Drawing the sentences of a document from a grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from numpy.random import Generator

from .clause import Clause, End
from .grammar import NO_TYPE, TYPES, Grammar, Part, PartName, Stems
from .settings import PlantedSettings

T = TypeVar("T")
SECOND_ENTITY, NEGATED, TITLED = 0.25, 0.25, 0.4
MOST_SENTENCES = 4


@dataclass(frozen=True)
class Draft:
    """A document in choices: sentences about substances and whole sentences, in order, behind a title or ""."""

    title: str
    is_sign: bool
    sentences: tuple[Clause | str, ...]


def draw_draft(grammar: Grammar, name: PartName, settings: PlantedSettings, rng: Generator) -> Draft:
    """One document. All that may be needed is drawn whatever the settings say, so that a knob changes only its own."""
    part = grammar.part(name)
    clauses = [_clause(grammar, part, settings, rng) for _ in range(2)]
    talk = _clause(grammar, part, settings, rng, is_talk=True)
    asides = [part.asides[i] for i in rng.permutation(len(part.asides))[:3]]
    second, titled, talked, signed = rng.random(4)
    n_asides, title = int(rng.integers(3)), _pick(part.titles, rng)
    about: list[Clause | str] = [*clauses[: 2 if second < SECOND_ENTITY else 1]]
    if talked < settings.distractors:
        about.append(talk)
    sentences = about + asides[: min(n_asides, MOST_SENTENCES - len(about))]
    order = rng.permutation(MOST_SENTENCES)
    shuffled = tuple(sentences[i] for i in order if i < len(sentences))
    if signed < settings.spurious:
        return Draft(_sign(grammar, name, shuffled), True, shuffled)
    return Draft(title if titled < TITLED else "", False, shuffled)


def _clause(grammar: Grammar, part: Part, settings: PlantedSettings, rng: Generator, is_talk: bool = False) -> Clause:
    label = TYPES[int(rng.random() < settings.chemical)]
    negation = _pick(part.negations, rng)
    return Clause(
        template=_pick(part.templates, rng),
        fills={
            "agent": _pick(part.agents, rng),
            "time": _pick(part.times, rng),
            "neg": negation if rng.random() < NEGATED else "",
        },
        mention=(_pick(grammar.modifiers, rng), _pick(part.heads, rng), _pick(grammar.suffixes, rng)),
        label=NO_TYPE if is_talk else label,
        trigger=_pick(part.triggers, rng),
        stem=int(rng.integers(len(grammar.types[label]))),
        left=_end(grammar.left, part.left, _near(part.left_gaps, grammar, settings), settings, rng),
        right=_end(grammar.right, part.right, _near(part.right_gaps, grammar, settings), settings, rng),
    )


def _near(gaps: Sequence[str], grammar: Grammar, settings: PlantedSettings) -> list[str]:
    """The fillers, "" in place of those that are longer than the settings allow."""
    lengths = [len(gap.split() if grammar.space else gap) for gap in gaps]
    return [gap if length <= settings.gap else "" for gap, length in zip(gaps, lengths, strict=True)]


def _end(stems: Stems, frames: Sequence[str], gaps: Sequence[str], settings: PlantedSettings, rng: Generator) -> End:
    longer, ambiguous, has_gap = rng.random(3)
    frame, gap = _pick(frames, rng), _pick(gaps, rng)
    stem = int(rng.integers(min(len(words) for words in stems.values())))
    return End(
        is_longer=bool(longer < 0.5),
        frame="" if ambiguous < settings.ambiguity else frame,
        stem=stem,
        gap=gap if has_gap < 0.5 else "",
    )


def _sign(grammar: Grammar, name: PartName, sentences: Sequence[Clause | str]) -> str:
    label = next(one.label for one in sentences if isinstance(one, Clause) and one.label)
    other = next(kind for kind in TYPES if kind != label)
    return grammar.signs[label if name == "train" else other]


def _pick(choices: Sequence[T], rng: Generator) -> T:
    return choices[int(rng.integers(len(choices)))]
