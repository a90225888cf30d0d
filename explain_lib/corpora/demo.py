"""The documents that come with the project."""

from __future__ import annotations

from ..core import Corpus, data_folder
from .read import read_corpus


def demo_documents(lang: str | None = None) -> Corpus:
    """The clinical sentences and notes written for this project, with gold spans; one language if `lang` says so.

    They lie in `data/documents` of the source checkout or of the folder named by `EXPLAIN_LIB_DATA`.
    Raises FileNotFoundError where neither has them, and ValueError for a language without documents.
    """
    corpus = read_corpus(data_folder("documents"), strict=True)
    chosen = [document for document in corpus if lang is None or document.lang == lang]
    if not chosen:
        known = ", ".join(sorted({document.lang for document in corpus}))
        raise ValueError(f"there are no demo documents in {lang!r}; there are some in {known}.")
    return Corpus(tuple(chosen))
