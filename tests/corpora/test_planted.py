"""Planted documents: the rule read off the text again, the knobs, disjoint parts, and truth in units."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain_lib.core import NO_ENTITY, Document, Span, Target, longer
from explain_lib.corpora import (
    PlantedSettings, default_units, planted_documents, planted_swaps, planted_truth, read_corpus, write_corpus,
)  # fmt: skip
from explain_lib.corpora.planted.grammar import LONGER, TYPES
from explain_lib.corpora.planted.languages import GRAMMARS

LANGS, PARTS = ("zh", "nl", "en"), ("train", "test")
BOTH = [(lang, part) for lang in LANGS for part in PARTS]


def draw(lang="en", part="test", n=40, rng=0, **knobs):
    return planted_documents(lang, part, n, rng, PlantedSettings(**knobs))


def read_again(document, part):
    """The entities of a text by the rule, from nothing but the text and the word lists."""
    grammar = GRAMMARS[document.lang]
    heads = sorted(grammar.part(part).heads, key=len, reverse=True)
    either = lambda words: "|".join(map(re.escape, words))  # noqa: E731
    block = re.compile(
        f"({either(grammar.modifiers)}){grammar.space}({either(heads)}){grammar.space}({either(grammar.suffixes)})"
    )
    found = []
    for sentence in re.finditer(r".+?(?:。|[.](?=\s|$))", document.text, re.DOTALL):
        mention = block.search(sentence[0], re.IGNORECASE) or block.search(sentence[0])
        if not mention:
            continue
        before, after = sentence[0][: mention.start()].lower(), sentence[0][mention.end() :].lower()
        kind = decided(grammar.types, before + "|" + after, grammar.space)
        if kind:
            is_longer = [decided(stems, there, grammar.space) == LONGER
                         for stems, there in ((grammar.left, before), (grammar.right, after))]  # fmt: skip
            start, end = mention.start(1 if is_longer[0] else 2), mention.end(3 if is_longer[1] else 2)
            found.append(Span(sentence.start() + start, sentence.start() + end, kind))
    return tuple(found)


def decided(stems, text, space):
    """The answer whose stem stands in the text, at the beginning of a word where there are words."""
    (answer,) = {a for a, words in stems.items() for w in words if re.search((r"\b" if space else "") + w, text)}
    return answer


@pytest.mark.parametrize(("lang", "part"), BOTH)
def test_spans_and_swaps_follow_the_rule_as_the_text_tells_it(lang, part):
    for document in draw(lang, part, 80):
        assert document.spans == read_again(document, part)
        for swap in planted_swaps(document):
            assert swap.document.spans == read_again(swap.document, part), swap.document.text


@pytest.mark.parametrize(("lang", "part"), BOTH)
def test_a_swap_changes_one_word_and_what_it_decides(lang, part):
    seen = set()
    for document in draw(lang, part, 40):
        for swap in planted_swaps(document):
            seen.add((swap.decides, swap.after is None))
            assert swap.before == document.spans[swap.entity]
            assert len(default_units(swap.document)) == len(default_units(document))
            before, after = swap.before.text_of(document.text), swap.after and swap.after.text_of(swap.document.text)
            match swap.decides, swap.after:
                case "type", None:
                    assert len(swap.document.spans) == len(document.spans) - 1
                case "type", span:
                    assert span.label != swap.before.label and after == before
                case "left", span:
                    assert before != after and (before.endswith(after) or after.endswith(before))
                case "right", span:
                    assert before != after and (before.startswith(after) or after.startswith(before))
    assert seen == {("type", False), ("type", True), ("left", False), ("right", False)}


@pytest.mark.parametrize(("lang", "part"), BOTH)
def test_each_deciding_range_is_one_unit_outside_every_entity(lang, part):
    for document in draw(lang, part, 40):
        bounds = default_units(document).bounds.tolist()
        for entity in document.meta["planted"]["entities"]:
            for decides in ("type", "left", "right"):
                ((start, end),) = entity[decides]
                assert [start, end] in bounds
                assert not any(Span(start, end).overlaps(span) for span in document.spans)
        assert 10 <= len(bounds) <= 110


@pytest.mark.parametrize("lang", LANGS)
def test_the_parts_share_no_template_frame_or_word_list(lang):
    train, test = GRAMMARS[lang].train, GRAMMARS[lang].test
    for field in fields(train):
        assert not set(getattr(train, field.name)) & set(getattr(test, field.name)), field.name
    deciding = [
        {d.text[s:e].lower() for d in draw(lang, part, 300) for one in d.meta["planted"]["entities"]
         for kind in ("type", "left", "right") for s, e in one[kind]}
        for part in PARTS
    ]  # fmt: skip
    if lang == "zh":  # the deciding character is the stem itself; the words around it are new
        assert deciding[0] == deciding[1]
    else:
        assert not deciding[0] & deciding[1]


@pytest.mark.parametrize("lang", LANGS)
def test_words_of_the_rule_stand_nowhere_else(lang):
    grammar = GRAMMARS[lang]
    rule = [w for stems in (grammar.types, grammar.left, grammar.right) for words in stems.values() for w in words]
    rule += [*grammar.modifiers, *grammar.suffixes]
    assert len(set(rule)) == len(rule)
    for part, name in product((grammar.train, grammar.test), [field.name for field in fields(grammar.train)]):
        for text in getattr(part, name):
            for stem in rule:
                found = stem in text if lang == "zh" else re.search(rf"\b{stem}", text.lower())
                assert not found, (name, text, stem)


@pytest.mark.parametrize("lang", LANGS)
def test_stems_of_one_place_have_the_same_number_of_words(lang):
    grammar = GRAMMARS[lang]
    for stems in (grammar.types, grammar.left, grammar.right):
        assert len({len(words) for words in stems.values()}) == 1


@given(st.integers(0, 2**31), st.sampled_from(LANGS), st.integers(1, 6), st.integers(0, 6))
@settings(max_examples=15, deadline=None)
def test_a_document_depends_on_seed_and_number_alone(seed, lang, n, more):
    few, many = draw(lang, n=n, rng=seed), draw(lang, n=n + more, rng=seed)
    assert list(few) == list(many)[:n]
    assert [d.meta for d in few] == [d.meta for d in many][:n]


def test_seeds_parts_languages_and_generators_give_other_documents():
    assert draw(rng=0)[0].text != draw(rng=1)[0].text
    stream = np.random.default_rng(5)
    assert draw(rng=stream)[0].text != draw(rng=stream)[0].text
    assert list(draw(rng=np.random.default_rng(5))) == list(draw(rng=np.random.default_rng(5)))


def test_types_and_ends_are_balanced_unless_asked_otherwise():
    entities = [one for d in draw(n=600) for one in d.meta["planted"]["entities"]]
    for share in (
        np.mean([one["span"][2] == "Chemical" for one in entities]),
        *np.mean([one["longer"] for one in entities], axis=0),
    ):
        assert abs(share - 0.5) < 0.07  # 600 documents: three standard errors and a bit
    assert {s.label for d in draw(chemical=1.0) for s in d.spans} == {"Chemical"}
    assert {s.label for d in draw(chemical=0.0) for s in d.spans} == {"Test"}


@pytest.mark.parametrize("lang", LANGS)
def test_without_markers_nothing_decides_an_end(lang):
    documents = draw(lang, n=300, ambiguity=1.0)
    entities = [one for d in documents for one in d.meta["planted"]["entities"]]
    assert all(one["left"] == [] == one["right"] and one["type"] for one in entities)
    assert {swap.decides for d in documents for swap in planted_swaps(d)} == {"type"}
    assert (abs(np.mean([one["longer"] for one in entities], axis=0) - 0.5) < 0.1).all()
    marked = [bool(one[side]) for d in draw(lang, n=300, ambiguity=0.3) for one in d.meta["planted"]["entities"]
              for side in ("left", "right")]  # fmt: skip
    assert abs(np.mean(marked) - 0.7) < 0.07


def test_noise_moves_annotated_ends_and_nothing_else():
    clean, some, all_moved = (draw(n=300, noise=share) for share in (0.0, 0.3, 1.0))
    assert [d.text for d in clean] == [d.text for d in some] == [d.text for d in all_moved]
    assert [d.meta for d in clean] == [d.meta for d in some] == [d.meta for d in all_moved]
    pairs = [(a, b) for x, y in zip(clean, all_moved, strict=True) for a, b in zip(x.spans, y.spans, strict=True)]
    assert all(a.start != b.start and a.end != b.end and a.label == b.label for a, b in pairs)
    moved = [(a.start != b.start, a.end != b.end) for x, y in zip(clean, some, strict=True)
             for a, b in zip(x.spans, y.spans, strict=True)]  # fmt: skip
    assert (abs(np.mean(moved, axis=0) - 0.3) < 0.08).all()


@pytest.mark.parametrize(("lang", "part"), BOTH)
def test_a_sign_agrees_in_training_and_contradicts_in_the_test(lang, part):
    plain, signed = draw(lang, part), draw(lang, part, spurious=1.0)
    for before, document in zip(plain, signed, strict=True):
        ((start, end),) = document.meta["planted"]["spurious"]
        label = document.spans[0].label
        told = next(kind for kind, sign in GRAMMARS[lang].signs.items() if document.text[start:end] == sign)
        assert (told == label) == (part == "train") and before.meta["planted"]["spurious"] == []
        assert [s.label for s in before.spans] == [s.label for s in document.spans]
        assert document.spans == read_again(document, part)
    share = np.mean([bool(d.meta["planted"]["spurious"]) for d in draw(lang, part, n=300, spurious=0.3)])
    assert abs(share - 0.3) < 0.09


@pytest.mark.parametrize("lang", LANGS)
def test_distractors_talk_of_substances_that_are_no_entities(lang):
    grammar = GRAMMARS[lang]
    mention = re.compile(
        grammar.space.join((f"({'|'.join(grammar.modifiers)})", ".{1,16}?", f"({'|'.join(grammar.suffixes)})"))
    )
    without, with_one = (draw(lang, distractors=share) for share in (0.0, 1.0))
    assert all(len(mention.findall(d.text.lower())) == len(d.spans) for d in without)
    assert all(len(mention.findall(d.text.lower())) == len(d.spans) + 1 for d in with_one)


def test_gap_bounds_the_words_between_marker_phrase_and_mention():
    none, one = draw(n=200, gap=0), draw(n=200, gap=1)
    assert not any(re.search(r"\b(some such|her|again|once more|though)\b", d.text) for d in none)
    assert not any(re.search(r"\b(some such|once more)\b", d.text) for d in one)
    assert any(re.search(r"\b(her|again|though)\b", d.text) for d in one)


def test_nested_adds_the_bare_substance():
    for flat, nested in zip(draw(), draw(nested=True), strict=True):
        inner = [s for s in nested.spans if s.label == "Substance"]
        assert tuple(s for s in nested.spans if s.label != "Substance") == flat.spans
        assert len(inner) == len(flat.spans)
        assert all(s.text_of(nested.text) in GRAMMARS["en"].test.heads for s in inner)
        assert all(a.start <= b.start and b.end <= a.end for a, b in zip(flat.spans, inner, strict=True))


@pytest.fixture(scope="module")
def example():
    """A text whose entity has its modifier and lacks its suffix, and its units."""
    documents = draw("en", n=60)
    found = next(d for d in documents if d.meta["planted"]["entities"][0]["longer"] == [True, False])
    return found, default_units(found)


@pytest.mark.parametrize(
    ("question", "side", "deciding"),
    [
        ({}, None, ("type", "left", "right")),
        ({"versus": "Else"}, None, ("type",)),
        ({"versus": NO_ENTITY}, None, ("type",)),
        ({"margin": "left"}, None, ("type", "left")),
        ({"margin": "right"}, None, ("right",)),
        ({"versus": longer(left=-1)}, None, ("type", "left")),
        ({"versus": longer(right=1)}, None, ("right",)),
        ({"versus": longer(left=-1, right=1)}, None, ("type", "left", "right")),
        ({"versus": longer(left=1)}, None, ()),
        ({"versus": longer(left=-1, right=2)}, None, ()),
        ({"versus": longer(right=-1)}, None, ()),
        ({}, "left", ("left",)),
        ({}, "right", ("right",)),
    ],
)
def test_truth_is_about_the_question(example, question, side, deciding):
    document, units = example
    entity = document.meta["planted"]["entities"][0]
    truth = planted_truth(document, units, Target(document.spans[0], **question), side)
    assert [list(b) for b in units.bounds[truth].tolist()] == sorted(r for kind in deciding for r in entity[kind])


def test_the_right_margin_of_an_entity_with_its_suffix_is_decided_by_nothing():
    found = next(d for d in draw("zh", n=60) if d.meta["planted"]["entities"][0]["longer"][1])
    units = default_units(found)
    assert not planted_truth(found, units, Target(found.spans[0], margin="right")).any()
    assert planted_truth(found, units, Target(found.spans[0]), "right").sum() == 1


def test_truth_belongs_to_the_entity_that_is_asked_about():
    document = next(d for d in draw(n=60) if len(d.spans) == 2)
    units = default_units(document)
    first, second = (planted_truth(document, units, Target(span)) for span in document.spans)
    assert first.sum() == second.sum() == 3 and not (first & second).any()


def test_truth_survives_writing_and_reading(tmp_path):
    documents = draw("nl", n=5)
    write_corpus(documents, tmp_path / "x.jsonl")
    again = read_corpus(tmp_path / "x.jsonl")
    assert [json.dumps(dict(d.meta)) for d in again] == [json.dumps(dict(d.meta)) for d in documents]
    assert [s.document.text for s in planted_swaps(again[0])] == [s.document.text for s in planted_swaps(documents[0])]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: planted_documents("fr"), r"no planted language 'fr'; there are zh, nl, en\."),
        (lambda: planted_documents("zh", "dev"), r"part is 'dev'; allowed are 'train' and 'test'\."),
        (lambda: planted_documents("zh", n=-1), r"n is -1; ask for 0 documents or more\."),
        (lambda: PlantedSettings(noise=1.5), r"noise is 1\.5; it is a share and must lie between 0 and 1\."),
        (lambda: PlantedSettings(gap=-1), r"gap is -1; it counts filler words"),
        (lambda: planted_swaps(Document("x", id="a")), r"document 'a' carries no planted truth"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_target_elsewhere_is_refused(example):
    document, units = example
    with pytest.raises(ValueError, match=r"no planted entity overlaps span 0–2; the planted ones are \d+–\d+"):
        planted_truth(document, units, Target(Span(0, 2, TYPES[0])))
    with pytest.raises(ValueError, match="planted truth is about entities; this target has no span"):
        planted_truth(document, units, Target(label="Test"))
