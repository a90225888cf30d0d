"""The parts of the demo training that need no public set: swaps, vocabulary, joint batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Span
from explain_lib.training.demo.sets import ENTITY_TYPES, NOTE_TYPES, TAGS, plain
from explain_lib.training.demo.swaps import swapped
from explain_lib.training.demo.vocabulary import neighbour_vectors

LEXICON = {"Disease": ["astma", "ziekte van Crohn"], "Body": ["knie"]}


def test_the_label_list_is_fixed() -> None:
    assert NOTE_TYPES == ("Disease", "Chemical", "Symptom", "Body", "Test", "Treatment")
    assert ENTITY_TYPES[6:] == ("Complaint", "Department", "Physiology", "Feature", "Crowd", "Time")
    assert TAGS[:5] == ("O", "B-Disease", "I-Disease", "B-Chemical", "I-Chemical") and len(TAGS) == 25


@given(seed=st.integers(0, 1000), rate=st.sampled_from([0.0, 0.5, 1.0]))
def test_swaps_change_mentions_only_and_offsets_follow(seed: int, rate: float) -> None:
    text = "Eczeem op de elleboog, geen jeuk."
    document = Document(text, "nl", (Span(0, 6, "Disease"), Span(13, 21, "Body"), Span(28, 32, "Symptom")))
    told = swapped(document, LEXICON, rate, np.random.default_rng(seed))
    disease, body, symptom = (told.text[s.start : s.end] for s in told.spans)
    assert told.text == f"{disease} op de {body}, geen {symptom}."
    assert disease in {"Eczeem", "Astma", "Ziekte van Crohn"} and body in {"elleboog", "knie"} and symptom == "jeuk"
    assert rate != 0.0 or told == document
    assert rate != 1.0 or (disease != "Eczeem" and body == "knie")


def test_characters_with_the_same_neighbours_get_like_vectors() -> None:
    rng = np.random.default_rng(0)
    texts = [
        "".join([rng.choice(list("头腹")), rng.choice(list("疼痛")), rng.choice(list("了的"))]) for _ in range(800)
    ]
    vectors = neighbour_vectors(list("头腹疼痛了的"), texts, 8)
    assert vectors.shape == (6, 8)
    likeness = vectors @ vectors.T
    assert min(likeness[0, 1], likeness[2, 3], likeness[4, 5]) > max(likeness[0, 2], likeness[0, 4], likeness[2, 4])


@pytest.mark.parametrize(
    ("text", "expected"), [("Grieks: β-blokker 5%", "grieksβblokker5"), ("头痛，三天。", "头痛三天")]
)
def test_passages_are_compared_by_letters_and_digits(text: str, expected: str) -> None:
    assert plain(text) == expected
