"""The tokenizer of the planted tagger: words of the rule are stems with endings, other words are whole or spelled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields

import numpy as np
from tokenizers import BertWordPieceTokenizer
from transformers import BertTokenizer

from explain_lib.corpora.planted.grammar import Grammar

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyzäëïöüáéíóúèçñ"
MARKS = "0123456789.,:;/()[]-+%?!'\"。，：；、（）？！“”·"


def rule_pieces(grammar: Grammar) -> list[str]:
    """What decides or bounds a mention: stems of triggers and markers, modifiers and suffixes."""
    stems = (grammar.types, grammar.left, grammar.right)
    return [*(s for group in stems for words in group.values() for s in words), *grammar.modifiers, *grammar.suffixes]


def vocabulary(grammars: Iterable[Grammar]) -> dict[str, int]:
    """Pieces and their ids: special ones, marks, letters at the beginning and inside of words, then each language's
    rule, its endings, and the other words (Chinese: characters) of both parts.

    A trigger or marker is never a piece of its own, so that those of the test part are read as a known stem with a
    known ending.
    """
    pieces = [*SPECIAL, *MARKS, *LETTERS, *(f"##{c}" for c in (*LETTERS, *"0123456789"))]
    for grammar in grammars:
        rule = rule_pieces(grammar)
        ending = sorted(_endings(grammar))
        inflected = {stem + tail for stem in rule for tail in ending}
        words = [w for w in _words(grammar) if w not in inflected and w not in rule]
        pieces += [*rule, *(f"##{tail}" for tail in ending), *words]
    return {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}


def tokenizer_of(pieces: Mapping[str, int], longest: int) -> BertTokenizer:
    """A fast uncased WordPiece tokenizer that keeps accents."""
    backend = BertWordPieceTokenizer(dict(pieces), lowercase=True, strip_accents=False)
    return BertTokenizer(
        tokenizer_object=backend._tokenizer, model_max_length=longest, do_lower_case=True, strip_accents=False
    )


def with_words_dropped(
    pieces: Mapping[str, int], rule: Collection[str], share: float, rng: np.random.Generator
) -> dict[str, int]:
    """The same ids without a share of the whole words, which are spelled in letters then."""
    is_word = {p: len(p) > 1 and p not in rule and p not in SPECIAL and not p.startswith("##") for p in pieces}
    return {p: i for p, i in pieces.items() if not (is_word[p] and rng.random() < share)}


def _endings(grammar: Grammar) -> set[str]:
    if not grammar.space:
        return set()
    frames = [frame for part in (grammar.train, grammar.test) for frame in (*part.triggers, *part.left, *part.right)]
    return {re.match(r"\w*", frame.split("{}")[1])[0] for frame in frames} - {""}  # type: ignore[index]


def _words(grammar: Grammar) -> list[str]:
    """Words, or Han characters, of all lists of both parts, in order; places of templates and frames left out."""
    lists = [getattr(part, field.name) for part in (grammar.train, grammar.test) for field in fields(part)]
    text = " ".join([*(entry for entries in lists for entry in entries), *grammar.signs.values()]).lower()
    text = re.sub(r"\{\w*\}[a-z]*", " ", text)  # a place with its ending, which is a piece of its own
    return re.findall(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+", text)
