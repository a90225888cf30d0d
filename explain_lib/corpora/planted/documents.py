"""Planted documents: texts whose entities follow a rule, with the truth of each in their meta."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import Generator

from explain_lib.core import Corpus, Document, Span

from .clause import Clause, Decides, Range, Written, write
from .draw import Draft, draw_draft
from .grammar import NO_TYPE, TYPES, Grammar, PartName
from .languages import GRAMMARS
from .settings import PlantedSettings

INNER = "Substance"


def planted_documents(
    lang: str,
    part: PartName = "test",
    n: int = 200,
    rng: int | Generator = 0,
    settings: PlantedSettings = PlantedSettings(),  # noqa: B008  # frozen, without state
) -> Corpus:
    """Made-up clinical texts in "zh", "nl" or "en" whose entities follow a rule that is known word by word.

    A trigger near the mention decides its type (Chemical, Test, or no entity at all), a marker to the left whether the
    modifier belongs to it, a marker to the right whether the suffix does; nothing else matters. All three stand outside
    the mention. Templates, triggers, markers and all other words of the test part do not occur in the training part;
    stems, modifiers and suffixes do. `meta["planted"]` says per entity which characters decide (`planted_truth` turns
    them into units) and lists swaps of these words with what they turn the entities into (`planted_swaps`).

    Texts have about 10 to 90 units and one or two entities. Document i of a seed does not depend on `n`. Spans are
    flat, or nested with `settings.nested`; there are no discontinuous ones.
    Raises ValueError for another language or part, or a negative `n`.
    """
    if lang not in GRAMMARS:
        raise ValueError(f"there is no planted language {lang!r}; there are {', '.join(GRAMMARS)}.")
    if n < 0:
        raise ValueError(f"n is {n}; ask for 0 documents or more.")
    grammar = GRAMMARS[lang]
    streams = _generator(lang, part, rng).spawn(n)
    return Corpus(tuple(_document(grammar, part, settings, i, streams[i]) for i in range(n)))


def _generator(lang: str, part: PartName, rng: int | Generator) -> Generator:
    """A stream of its own for each language and part of a seed, so that no two parts are parallel."""
    return rng if isinstance(rng, Generator) else np.random.default_rng([rng, *lang.encode(), *part.encode()])


def _document(grammar: Grammar, part: PartName, settings: PlantedSettings, i: int, rng: Generator) -> Document:
    draft = draw_draft(grammar, part, settings, rng)
    text, written = _lay_out(grammar, draft)
    spans = [span for one in written if one.label for span in _annotated(one, settings, rng)]
    truth = {
        "entities": [_truth(grammar, draft, k, one) for k, one in enumerate(written) if one.label],
        "spurious": [[0, len(draft.title)]] if draft.is_sign else [],
    }
    meta = {"source": "planted", "part": part, "planted": truth}
    return Document(text, grammar.lang, tuple(sorted(spans)), f"planted-{grammar.lang}-{part}-{i:05d}", meta)


def _annotated(written: Written, settings: PlantedSettings, rng: Generator) -> list[Span]:
    """The gold spans of one entity: by the rule, but for ends that noise has moved."""
    moved = rng.random(2) < settings.noise
    left, right = (bool(is_longer) != bool(m) for is_longer, m in zip(written.is_longer, moved, strict=True))
    return [written.span((left, right)), *([Span(*written.edges[1], INNER)] if settings.nested else [])]


def _lay_out(grammar: Grammar, draft: Draft) -> tuple[str, list[Written]]:
    """The text of a draft and its sentences about substances."""
    text, written = draft.title, []
    for sentence in draft.sentences:
        text += grammar.space if text else ""
        if isinstance(sentence, Clause):
            written.append(write(grammar, sentence, len(text)))
        text += sentence if isinstance(sentence, str) else written[-1].text
    return text, written


def _truth(grammar: Grammar, draft: Draft, k: int, written: Written) -> dict[str, Any]:
    """What decides about entity `k`, JSON-safe: its span by the rule, deciding ranges, and swaps."""
    asked: list[tuple[Decides, str]] = [
        *(("type", label) for label in (*TYPES, NO_TYPE) if label != written.label), ("left", ""), ("right", ""),
    ]  # fmt: skip
    return {
        "span": _plain(written.span()),
        "longer": list(written.is_longer),
        **{decides: [list(written.deciding[decides])] if decides in written.deciding else [] for decides, _ in asked},
        "swaps": [_swap(grammar, draft, k, *swap, written.deciding[swap[0]]) for swap in asked
                  if swap[0] in written.deciding],
    }  # fmt: skip


def _swap(grammar: Grammar, draft: Draft, k: int, decides: Decides, label: str, where: Range) -> dict[str, Any]:
    """One word put in place of another, and all entities of the text that comes of it."""
    at = [i for i, one in enumerate(draft.sentences) if isinstance(one, Clause)][k]
    sentence = draft.sentences[at]
    assert isinstance(sentence, Clause)
    other = replace(
        draft, sentences=(*draft.sentences[:at], sentence.swapped(decides, label), *draft.sentences[at + 1 :])
    )
    text, written = _lay_out(grammar, other)
    start, end = written[k].deciding[decides]
    return {
        "of": decides, "start": where[0], "end": where[1], "text": text[start:end],
        "after": _plain(written[k].span()) if written[k].label else None,
        "spans": [_plain(one.span()) for one in written if one.label],
    }  # fmt: skip


def _plain(span: Span) -> list[Any]:
    return [span.start, span.end, span.label]
