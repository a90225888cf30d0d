"""Small models whose true attributions are known, made without any download."""

from .bag import BagToy, bag_classifier
from .linear import LINEAR_TAGS, LINEAR_WORDS, LinearToy, linear_tagger
from .planted import PLANTED, PLANTED_TAGS, PlantedToy, PlantedWords, planted_tagger
from .words import word_tokenizer

__all__ = [
    "LINEAR_TAGS", "LINEAR_WORDS", "PLANTED", "PLANTED_TAGS", "BagToy", "LinearToy", "PlantedToy", "PlantedWords",
    "bag_classifier", "linear_tagger", "planted_tagger", "word_tokenizer",
]  # fmt: skip
