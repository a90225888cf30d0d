"""What can be asked about an entity: all that its model answers, and why the rest is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
import transformers as hf
from tiny_checkpoints import TEXTS, build

import explain_lib as xl
from explain_lib.core import NO_ENTITY, Document, Span, Target, longer
from explain_lib.models import Transitions, load_model
from explain_lib.models.biaffine import BiaffineModel
from explain_lib.models.crf import CrfDecoder
from explain_lib.models.token_classification import Tagger
from explain_lib.models.toy import bag_classifier
from widgets.workbench.explanation.questions import questions, unanswered

FOUND = Span(19, 32, "Reaction")
ENDS = {
    "not one longer on the left": longer(left=1), "not one shorter on the left": longer(left=-1),
    "not one longer on the right": longer(right=1), "not one shorter on the right": longer(right=-1),
}  # fmt: skip


def of_a_span(span: Span, others: list[str]) -> dict[str, Target]:
    """Everything that can be asked about a span of a model with these other labels."""
    return {
        "this span": Target(span),
        **{name: Target(span, versus=versus) for name, versus in ENDS.items()},
        "an entity at all": Target(span, versus=NO_ENTITY),
        "it begins here": Target(span, margin="left"),
        "it ends here": Target(span, margin="right"),
        **{f"{span.label} and not {other}": Target(span, versus=other) for other in others},
    }


def values(query: xl.Query, asked: dict[str, Target]) -> np.ndarray:
    return query.with_targets(list(asked.values())).value(np.ones((1, query.n_units), dtype=bool))[0]


def test_a_tagger_answers_all_questions_about_a_span_with_room_on_both_sides(tagger: Tagger, english: Document) -> None:
    query = xl.Query(tagger, english)
    asked = questions(query, Target(FOUND))
    assert asked == of_a_span(FOUND, ["Disease"])
    assert next(iter(asked)) == "this span"
    assert unanswered(query, Target(FOUND)) == {}
    assert query.n_evals == 0
    answers = dict(zip(asked, values(query, asked).tolist(), strict=True))
    assert all(answers[name] > 0 for name in (*ENDS, "an entity at all", "Reaction and not Disease"))  # it was found


def test_the_own_contrast_of_a_target_plays_no_part(tagger: Tagger, english: Document) -> None:
    query = xl.Query(tagger, english)
    assert questions(query, Target(FOUND, margin="left")) == questions(query, Target(FOUND))


def test_a_word_that_is_the_whole_text_has_fewer_questions(tagger: Tagger) -> None:
    whole = Span(0, 6, "Disease")
    query = xl.Query(tagger, Document("lesion", "en", (whole,)))
    left_out = unanswered(query, Target(whole))
    assert set(left_out) == {*ENDS, "it ends here"}
    assert all("leaves the text or is empty" in left_out[name] for name in ENDS)
    assert "its right boundary has no margin" in left_out["it ends here"]
    everything = of_a_span(whole, ["Reaction"])
    assert questions(query, Target(whole)) == {n: t for n, t in everything.items() if n not in left_out}


def test_chinese_ends_move_by_characters(tagger: Tagger, chinese: Document) -> None:
    query, span = xl.Query(tagger, chinese), chinese.spans[0]
    target = questions(query, Target(span))["not one shorter on the left"]
    shorter = Target(Span(span.start + 1, span.end, span.label))
    row = np.ones((1, query.n_units), dtype=bool)
    contrast, plain, other = (
        query.with_targets([t]).with_score("log_prob").value(row)[0, 0] for t in (target, Target(span), shorter)
    )
    assert np.isclose(contrast, plain - other)


def test_a_crf_answers_them_too(tagger: Tagger, english: Document) -> None:
    size = len(tagger.decoder.scheme.tags)
    flat = Transitions(np.zeros(size), np.zeros((size, size)), np.zeros(size))
    crf = replace(tagger, decoder=CrfDecoder(tagger.decoder.scheme, transitions=flat))
    query = xl.Query(crf, english)
    asked = questions(query, Target(FOUND))
    assert asked == of_a_span(FOUND, ["Disease"])
    assert np.isfinite(values(query, asked)).all()


def test_a_span_model_leaves_out_what_is_wider_than_its_spans() -> None:
    encoder, tokenizer = build("bert", 0, task=hf.AutoModel)
    torch.manual_seed(0)
    model = load_model((BiaffineModel(encoder, ("O", "Disease", "Drug"), width=2, hidden=8).eval(), tokenizer))
    span = Span(44, 57, "Disease")
    query = xl.Query(model, Document(TEXTS[1], "en"))
    asked, left_out = questions(query, Target(span)), unanswered(query, Target(span))
    assert {*asked, *left_out} == set(of_a_span(span, ["Drug"]))
    too_wide = {"not one longer on the left", "not one longer on the right"}
    assert {name for name, why in left_out.items() if "scores spans of 1 to 2" in why} == too_wide
    assert np.isfinite(values(query, asked)).all()


def test_a_class_is_set_against_the_others() -> None:
    classifier = bag_classifier(0).classifier
    query = xl.Query(classifier, Document("患者头痛", "zh"))
    assert questions(query, Target(label="Neurology")) == {
        "this class": Target(label="Neurology"),
        "Neurology and not Cardiology": Target(label="Neurology", versus="Cardiology"),
        "Neurology and not Pneumology": Target(label="Neurology", versus="Pneumology"),
    }


def test_a_span_that_the_model_cannot_have_has_no_question(tagger: Tagger) -> None:
    query = xl.Query(tagger, Document("The lesion .", "en"))
    foreign, cut = Target(Span(4, 10, "Sauce")), Target(Span(4, 7, "Disease"))
    assert questions(query, foreign) == questions(query, cut) == {}
    assert "Sauce" in unanswered(query, foreign)["this span"]
    assert "4–10" in unanswered(query, cut)["this span"]
