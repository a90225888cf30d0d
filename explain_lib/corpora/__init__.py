"""Corpora: reading and writing annotated documents, and cutting texts into units."""

from .brat import Brat
from .cmeee import Cmeee
from .conll import Conll
from .corrections import Correction, CorrectionKind, Corrections, corrected
from .demo import demo_documents
from .dialogues import TaggedDialogues
from .jsonl import JsonLines
from .labelled_lines import LabelledLines
from .mentions import MentionList
from .plain import PlainText
from .planted import PlantedSettings, PlantedSwap, planted_documents, planted_swaps, planted_truth
from .pubtator import PubTator
from .read import READERS, read_corpus
from .segmentation import characters, clauses, default_units, join_spans, sections, sentences, words
from .source import Reader, Source
from .token_spans import TokenSpans
from .write import Writer, write_corpus

__all__ = [
    "READERS", "Brat", "Cmeee", "Conll", "Correction", "CorrectionKind", "Corrections", "JsonLines",
    "LabelledLines", "MentionList", "PlainText", "PlantedSettings", "PlantedSwap", "PubTator", "Reader", "Source",
    "TaggedDialogues", "TokenSpans", "Writer", "characters", "clauses", "corrected", "default_units",
    "demo_documents", "join_spans", "planted_documents", "planted_swaps", "planted_truth", "read_corpus",
    "sections", "sentences", "words", "write_corpus",
]  # fmt: skip
