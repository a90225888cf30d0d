"""Sweeps: a method over a whole corpus, in chunks that survive a kill."""

from .explain_corpus import explain_corpus
from .seeds import document_seed
from .targets import gold, predicted, predicted_and_gold

__all__ = ["document_seed", "explain_corpus", "gold", "predicted", "predicted_and_gold"]
