"""The whole report: every family of models, awkward entities, hidings and arms, costs, and clear errors."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import transformers as hf
from rule_model import question, tagger
from tiny_checkpoints import TEXTS, build

from explain_lib.analysis.boundary import BoundaryReport, boundary_cost, boundary_sensitivity
from explain_lib.analysis.boundary.contrasts import N_ROWS
from explain_lib.attribution import GradientInput, KernelShap, Occlusion, PermutationShap, explain
from explain_lib.core import Document, Span, Target, longer
from explain_lib.models import load_model
from explain_lib.models.biaffine import BiaffineModel
from explain_lib.perturbation import AttentionOff, Delete, Query
from explain_lib.perturbation.edits import Concatenation, ContextMask, bank

EN, ZH = Document(TEXTS[1], "en", id="en"), Document(TEXTS[2], "zh", id="zh")
DRUG, DISEASE = Target(Span(22, 32, "Drug")), Target(Span(37, 57, "Disease"))
BIOES = ("O", *(f"{role}-{kind}" for kind in ("Disease", "Drug") for role in "BIES"))
IO = ("O", "I-Disease", "I-Drug")
FEW = {"edits": 4, "max_rows": 10, "n_contrast_edits": 2, "n_controls": 4}


def tagged(decoder=None, tags=None, architecture="bert", **settings):
    names = {} if tags is None else {"id2label": dict(enumerate(tags)), "label2id": {t: i for i, t in enumerate(tags)}}
    return load_model(build(architecture, **names), dtype="float32", decoder=decoder, **settings)


def spans(labels):
    encoder, tokenizer = build("bert", 0, task=hf.AutoModel)
    torch.manual_seed(0)
    module = BiaffineModel(encoder, labels, width=5, hidden=8, label_positions="first_piece").eval()
    return load_model((module, tokenizer), dtype="float32")


MODELS = {
    "strict": lambda: tagged("bio-strict"), "lenient": lambda: tagged("bio-lenient"), "io": lambda: tagged("io", IO),
    "bioes": lambda: tagged("bioes", BIOES), "viterbi": lambda: tagged("bio-viterbi"),
    "softmax": lambda: spans(("O", "Disease", "Drug")), "sigmoid": lambda: spans(("Disease", "Drug")),
    "byte-bpe": lambda: tagged(architecture="roberta"), "windows": lambda: tagged(max_length=20),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_every_family_of_models_has_a_report(name, tmp_path):
    query = Query(MODELS[name](), EN, [DRUG, DISEASE])
    report = boundary_sensitivity(query, **FEW)
    for target in (DRUG, DISEASE):
        for side in ("left", "right"):
            asked = query.with_targets([Target(target.span, margin=side)])
            margin = report.measure("margin", target=target.name, side=side)
            assert margin.value == pytest.approx(float(asked.value(query.full_row[None])[0, 0]))
        assert report.measure("sharpness", target=target.name).is_available
    scores = explain(query.with_targets([Target(DRUG.span, margin="right")]), Occlusion()).scores[:, 0]
    there = ~np.isnan(report.arrays["losses"][0, 1])
    np.testing.assert_allclose(report.arrays["losses"][0, 1, there], scores[there], atol=1e-12)
    assert not scores[~there].any()
    report.save(tmp_path / "report")
    read = BoundaryReport.load(tmp_path / "report")
    assert [str(m) for m in read.measures] == [str(m) for m in report.measures]
    np.testing.assert_array_equal(read.arrays["landscape"], report.arrays["landscape"])


def test_rows_are_counted_by_part_and_shared():
    query = Query(tagged(), EN, [DRUG])
    explain(query, Occlusion())
    before = query.n_evals
    report = boundary_sensitivity(query, edits=0, max_rows=0)
    n = query.n_units
    assert report.n_evals == {
        "text": 1, "single units": n + 1, "sets of units": 0, "edited texts": 0, "contrasts": n + 2,
        "contrast faithfulness": N_ROWS, "contrast stability": 0, "passes at embeddings": 20,
    }  # fmt: skip
    assert query.n_evals <= before + N_ROWS


@pytest.mark.parametrize("method", [Occlusion(), KernelShap(88), GradientInput()], ids=repr)
@pytest.mark.parametrize("in_context", [False, True])
def test_the_cost_is_known_beforehand(method, in_context):
    query = Query(tagged(), EN, [DRUG, DISEASE])
    query = query.with_targets([DRUG]).context() if in_context else query
    settings = {"method": method, "edits": 4, "max_rows": 10, "n_contrast_edits": 2}
    cost = boundary_cost(query, 3, **settings)
    assert query.n_evals == 1  # the text itself
    report = boundary_sensitivity(query, 3, **settings)
    assert cost.keys() == report.n_evals.keys()
    exact = "text", "single units", "edited texts", "contrast faithfulness", "passes at embeddings", "contrasts"
    assert {part: cost[part] for part in exact} == {part: report.n_evals[part] for part in exact}
    assert all(cost[part] >= n for part, n in report.n_evals.items())


def test_an_edit_on_which_the_method_fails_is_left_out():
    """A budget of four rows a unit is too small for a text with a sentence more."""
    query = Query(tagged(), EN, [DRUG])
    longer_text, method = bank(query, [Concatenation()], 2), KernelShap(4 * query.n_units)
    report = boundary_sensitivity(query, method=method, edits=longer_text)
    assert report.n_evals["contrasts"] and not report.n_evals["contrast stability"]
    assert boundary_cost(query, method=method, edits=longer_text)["contrast stability"] == 0


def test_the_same_seed_gives_the_same_report_in_any_company():
    method, drawn = PermutationShap(budget=40), bank(Query(tagged(), EN, [DRUG, DISEASE]), [ContextMask()], 4)
    alone, again, both = (
        boundary_sensitivity(Query(tagged(), EN, targets), 3, method, drawn, max_rows=5, n_controls=3)
        for targets in ([DRUG], [DRUG], [DRUG, DISEASE])
    )  # fmt: skip
    values = [[(m.name, dict(m.about), str(m)) for m in r.select(target=DRUG.name)] for r in (alone, again, both)]
    assert values[0] == values[1]
    # beside another entity there are fewer places for controls; all else is the same
    others = [[v for v in row if "control" not in v[0]] for row in values]
    assert others[0] == others[2]
    other_seed = boundary_sensitivity(Query(tagged(), EN, [DRUG]), 4, method, edits=0, max_rows=5)
    assert not np.array_equal(other_seed.arrays["contrast_scores"], alone.arrays["contrast_scores"])


def test_a_contrast_or_margin_of_an_entity_is_about_the_entity():
    targets = [Target(DRUG.span, versus=longer(left=1)), Target(DRUG.span, margin="left"), DRUG]
    report = boundary_sensitivity(Query(tagged(), EN, targets), **FEW)
    assert report.targets == (DRUG,)


@pytest.mark.parametrize(
    ("words", "span", "why"),
    [
        ("y o k o", (0, 1), {("index", "left"): "no unit outside", ("region effect", "interior"): "no units between"}),
        ("o k x y", (4, 7), {("margin", "right"): "ends where the text ends", ("index", "right"): "ends where the text",
                             ("distance", "right"): "ends where the text ends"}),
        ("k x y y", (0, 7), {("index", "left"): "no unit outside", ("smallest edit", "left"): "does not return",
                             ("control index", "left"): "no other place"}),
        ("y", (0, 1), {("index", "left"): "no unit outside", ("contrast", "right"): "no such span",
                       ("sharpness", None): "no other span", ("region effect", "far context"): "no unit stands"}),
    ],
)  # fmt: skip
def test_awkward_entities_say_what_is_missing(words, span, why):
    report = boundary_sensitivity(question(words, *span), edits=4)
    for (name, key), reason in why.items():
        about = {} if key is None else {"side": key} if key in ("left", "right") else {"side": "left", "region": key}
        notes = [m.note for m in report.select(name, **about)]
        assert notes and all(reason in note for note in notes), (name, notes)


def test_adjacent_entities_are_named():
    document = Document("o k x y y o", id="two")
    query = Query(tagger(), document, [Target(Span(4, 7, "Disease")), Target(Span(8, 9, "Drug"))])
    report = boundary_sensitivity(query, **FEW)
    assert report.details["entities"][0]["beside"] == {"left": None, "right": [8, 9, "Drug"]}
    assert report.details["entities"][1]["beside"]["left"] == [4, 7, "Disease"]
    alone = boundary_sensitivity(query.with_targets(query.targets[:1]), **FEW).details["entities"][0]
    assert alone["beside"]["right"] is None  # the model makes it part of this one: no other entity


@pytest.mark.parametrize("hiding", [Delete(), AttentionOff()])
def test_other_hidings(hiding):
    report = boundary_sensitivity(Query(tagged(), EN, [DRUG], hiding=hiding), **FEW)
    inside = report.select("region effect", region="this end")
    assert all(("cannot remove" in m.note) == isinstance(hiding, Delete) for m in inside)
    assert all(m.is_available for m in report.select("index"))


def test_the_context_arm():
    query = Query(tagged(), EN, [DISEASE])
    report = boundary_sensitivity(query.context(), **FEW)
    whole = boundary_sensitivity(query, **FEW)
    assert report.provenance.arm == "context"
    assert all("context arm" in m.note for m in report.select("region effect", region="other end"))
    for side in ("left", "right"):
        assert report.measure("index", side=side).about["arm"] == "context"
        assert report.measure("index", side=side).value == pytest.approx(whole.measure("index", side=side).value)
    assert not report.arrays["contrast_scores"][0][:, query.units.inside(DISEASE.span)].any()


def test_chinese_characters_are_units():
    drug = Span(ZH.text.index("二甲双胍"), ZH.text.index("治疗"), "Drug")
    report = boundary_sensitivity(Query(tagged(), ZH, [Target(drug)]), **FEW)
    assert report.measure("region effect", side="left", region="interior").n == 2
    assert report.arrays["losses"].shape == (1, 2, len(report.units))


def test_clear_errors():
    model = tagged()
    with pytest.raises(ValueError, match="the query has no targets, so there is no boundary to look at"):
        boundary_sensitivity(Query(model, EN))
    with pytest.raises(ValueError, match="reach is 0; it must be at least 1"):
        boundary_sensitivity(Query(model, EN, [DRUG]), reach=0)
    with pytest.raises(TypeError, match="the method is the class Occlusion"):
        boundary_sensitivity(Query(model, EN, [DRUG]), method=Occlusion, edits=0)


def test_a_document_as_a_whole_has_no_boundary():
    from explain_lib.models.toy import bag_classifier

    query = Query(bag_classifier().classifier, Document("de patient heeft koorts ."), [Target(label="Neurology")])
    with pytest.raises(ValueError, match="target 'Neurology' is about the text as a whole, which has no boundary"):
        boundary_sensitivity(query)


def test_a_run_can_be_cancelled():
    query = Query(tagged(), EN, [DRUG])

    def stop(done, in_all):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), query.watched(stop):
        boundary_sensitivity(query, edits=0)
