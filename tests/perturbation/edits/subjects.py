"""Subjects of edits for the tests: the project's own documents, and single texts."""

from __future__ import annotations

from functools import cache

import numpy as np

from explain_lib.core import Document, Span, Target
from explain_lib.corpora import demo_documents
from explain_lib.models import Tagger, demo_model
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import Edit, Family, Subject, TextEdit
from explain_lib.perturbation.edits.bank import protected_spans

LANGS = ("zh", "nl", "en")


@cache
def tagger() -> Tagger:
    """The demo model, read once: every query shares its weights."""
    return demo_model()


@cache
def demo_subjects(lang: str) -> tuple[Subject, ...]:
    """One for every other sentence and each note of a language; gold and predicted spans are protected."""
    documents = demo_documents(lang=lang)
    queries = [Query(tagger(), document, targets=[]) for document in (*documents[:-2:2], *documents[-2:])]
    return tuple(Subject(query, protected_spans(query)) for query in queries)


def subject(text: str, lang: str = "en", *entities: str, asked: bool = False, label: str = "Disease") -> Subject:
    """A text whose protected spans are some of its words; targets are these spans where they are asked for."""
    spans = tuple(Span(text.index(entity), text.index(entity) + len(entity), label) for entity in entities)
    targets = [Target(span) for span in spans] if asked else []
    return Subject(Query(tagger(), Document(text, lang, spans), targets=targets), spans)


def drawn(family: Family, of: Subject, n: int = 8, seed: int = 0) -> list[Edit]:
    """Edits with a seed."""
    return family.draw(of, n, np.random.default_rng(seed))


def texts(family: Family, of: Subject, n: int = 200) -> set[str]:
    """All texts that many draws of text edits give."""
    found = drawn(family, of, n)
    assert all(isinstance(edit, TextEdit) for edit in found)
    return {edit.document.text for edit in found if isinstance(edit, TextEdit)}
