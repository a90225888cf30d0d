"""Which whole a text belongs to: what the reader kept, what the user says, or the text itself."""

from __future__ import annotations

from explain_lib.core import Document
from explain_lib.statistics import document_names, text_names


def test_readers_keep_documents_and_dialogues_together() -> None:
    texts = [
        Document("a", id="s1", meta={"document": "x"}), Document("b", id="s2", meta={"document": "x"}),
        Document("c", id="t1", meta={"dialogue": 7}), Document("d", id="alone"), Document("e", meta={"document": ""}),
    ]  # fmt: skip
    assert document_names(texts) == ("document x", "document x", "dialogue 7", "alone", "#4")
    assert document_names(texts, lambda one: one.id[:1]) == ("s", "s", "t", "a", "")


def test_texts_without_a_name_of_their_own_are_numbered() -> None:
    texts = [Document("a", id="x"), Document("b", id="x"), Document("c"), Document("d", id="y")]
    assert text_names(texts) == ("x#0", "x#1", "#2", "y")
