"""What an edit changes of the input, the output and the states, against embeddings and passes read by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from edited_texts import EDITS, TARGETS, bank_of, changed, masked, question
from tiny_query import DRUG, NL, dutch, tagger

from explain_lib.analysis.stability import stability
from explain_lib.analysis.stability.answers import answer
from explain_lib.analysis.stability.change import Readings
from explain_lib.analysis.stability.drawn import Drawn
from explain_lib.analysis.stability.figures import _median
from explain_lib.analysis.stability.moves import Moves
from explain_lib.analysis.stability.reading import Reading
from explain_lib.attribution import GradientInput, Occlusion, explain
from explain_lib.core import Document, Prediction, Span, Target
from explain_lib.models.toy import linear_tagger
from explain_lib.perturbation import AttentionOff, Query

TEXT = "de patient heeft ernstige hoofdpijn na koorts , geen astma , kreeg wegens hartfalen ."
SPAN = Target(Span(36, 45, "Disease"))  # na koorts, as the random tagger says


def embedding(toy, word):
    table = toy.network.embedding.weight.detach().numpy()
    return table[toy.tokenizer.convert_tokens_to_ids(word)]


@pytest.fixture(scope="module")
def toy():
    return linear_tagger(0)


def changes_of(query, *edits):
    drawn = Drawn.of(bank_of(*edits), query)
    assert drawn.kept.all()
    return Readings(query, drawn).of(np.ones(len(edits), bool))[0]


def test_inputs_of_as_many_pieces_are_compared_piece_by_piece(toy):
    query = Query(toy.tagger, Document(TEXT, "nl"), targets=[SPAN])
    found = changes_of(query, changed(("hartfalen", "astma"), text=TEXT), changed(("geen", "patient"), text=TEXT))
    for value, (old, new) in zip(found.inputs, [("hartfalen", "astma"), ("geen", "patient")], strict=True):
        assert value == pytest.approx(np.linalg.norm(embedding(toy, old) - embedding(toy, new)))


def test_an_input_that_stays_is_no_change_to_divide_by(toy):
    class Twin:
        def __getattr__(self, name):
            return getattr(toy.tagger, name)

    query = Query(toy.tagger, Document(TEXT, "nl"), targets=[SPAN])
    here, there = (Reading.each(one, np.ones(1, bool))[0] for one in (query, query.on_model(Twin())))
    inputs, elementwise, outputs, _ = here.changes(there, np.arange(query.n_units))
    assert inputs == outputs == 0 and np.isnan(elementwise)


def test_inputs_of_other_length_count_what_only_one_side_has(toy):
    query = Query(toy.tagger, Document(TEXT, "nl"), targets=[SPAN])
    found = changes_of(query, changed(("wegens", ""), text=TEXT), changed(("hartfalen", "astma na astma"), text=TEXT))
    assert found.inputs[0] == pytest.approx(np.linalg.norm(embedding(toy, "wegens")))
    new = [embedding(toy, word) for word in ("hartfalen", "astma", "na", "astma")]
    assert found.inputs[1] == pytest.approx(np.linalg.norm(new))
    assert np.isnan(found.elementwise_inputs).all()


@pytest.mark.parametrize("hiding", [None, AttentionOff()], ids=["mask", "attention"])
def test_hidden_units_lose_their_embedding(toy, hiding):
    query = Query(toy.tagger, Document(TEXT, "nl"), targets=[SPAN], **({} if hiding is None else {"hiding": hiding}))
    found = changes_of(query, masked(query, 13))
    assert found.inputs[0] == pytest.approx(np.linalg.norm(embedding(toy, "hartfalen")))  # the mask piece is all 0


def test_outputs_are_the_logits_where_the_target_lies(toy):
    query = Query(toy.tagger, Document(TEXT, "nl"), targets=[SPAN])
    edit = changed(("geen", "patient"), text=TEXT)  # two positions behind the last one of the target
    rows = [toy.tagger.row(one.encoding, one.evaluations.windows[0]) for one in (query, edit.on(query))]
    before, after = (next(iter(toy.tagger.iter_outputs(row)))[1][0][5:7] for row in rows)
    assert changes_of(query, edit).outputs[0] == pytest.approx(np.linalg.norm(after - before))
    assert changes_of(query, changed(("hartfalen", "astma"), text=TEXT)).outputs[0] == 0  # out of its sight


def test_states_are_those_before_the_last_layer():
    query = dutch([DRUG])
    edit = changed(("Zij", "Hij"), text=NL) if "Zij" in NL else changed((NL.split()[0], "Hij"), text=NL)
    drawn = Drawn.of(bank_of(edit), query)
    model, found = tagger(), []
    for one in (query, drawn.edited[0]):
        row, (first, last) = (
            model.row(one.encoding, one.evaluations.windows[0]),
            model.reach(one.targets[0], one.encoding),
        )
        with torch.no_grad():
            states = model.network.module.base_model(torch.as_tensor(row.ids), output_hidden_states=True).hidden_states
        found.append(states[-2][0, row.labels_at[0, first:last]].numpy().astype(float))
    ratios = (found[1] - found[0]) / np.maximum(np.abs(found[0]), 1e-3 * np.abs(found[0]).max())
    drawn.kept[:] = True  # a random tagger may change its mind; the states do not mind
    assert Readings(query, drawn).of(np.ones(drawn.kept.shape[0], bool))[0].hidden[0] == pytest.approx(
        np.linalg.norm(ratios), rel=1e-4
    )


def test_a_model_without_embeddings_says_so():
    report = stability(question(), Occlusion(), bank=bank_of(*EDITS))
    about = {"arm": "context", "target": TARGETS[0].name, "family": "all families"}
    assert report.measure("local_lipschitz", **about).note == "no edit moves the embeddings of the input"
    assert "no hidden states" in report.measure("relative_representation_stability", **about).note


def test_the_papers_ratios_are_made_of_these_changes(toy):
    query = Query(toy.tagger, Document(TEXT, "nl"), targets=[SPAN])
    edits = changed(("geen", "patient"), text=TEXT), changed(("heeft", "has"), text=TEXT), masked(query, 0)
    report = stability(query, GradientInput(), bank=bank_of(*edits))
    drawn = Drawn.of(bank_of(*edits), query)
    numbers, changes = (
        np.flatnonzero(drawn.kept[:, 0]),
        Readings(query, drawn).of(np.ones(drawn.kept.shape[0], bool))[0],
    )
    about = {"arm": "all units", "family": "all families"}
    a = report.arrays["scores"][0, :, 0]
    size, ratio = [], []
    for k in numbers:
        place = edits[k].unit_of(query, drawn.edited[k])
        units = (place >= 0) & query.active & drawn.edited[k].active[place]
        b = explain(drawn.edited[k], GradientInput()).scores[place[units], 0]
        size.append(np.linalg.norm(b - a[units]))
        ratio.append(np.linalg.norm((b - a[units]) / np.maximum(np.abs(a[units]), 1e-3 * np.abs(a[units]).max())))
    assert report.measure("local_lipschitz", **about).value == pytest.approx(max(size / changes.inputs[numbers]))
    ratios = np.array(ratio) / np.maximum(changes.outputs[numbers], 1e-6)
    assert report.measure("relative_output_stability", **about).value == pytest.approx(np.log10(ratios.max()))
    found = report.measure("relative_output_stability, median", **about)
    assert 10**found.value == pytest.approx(np.median(ratios))
    ratios = np.array(ratio) / changes.elementwise_inputs[numbers]
    assert report.measure("relative_input_stability", **about).value == pytest.approx(np.log10(ratios.max()))


def test_changes_too_small_to_divide_by_count_as_a_millionth():
    moves = Moves(*(np.array([v]) for v in (1.0, 1.0, 2.0, 0.0, 0.0, 1e-9, np.nan)))
    assert moves.relative_stability(moves.outputs)[0] == pytest.approx(2e6)
    assert np.isnan(moves.lipschitz()).all() and np.isnan(moves.relative_stability(moves.hidden)).all()


def test_what_a_classifier_answers():
    whole = Target(label="A")
    exclusive = Prediction(labels={"A": 0.3, "B": 0.45, "C": 0.25})
    assert answer(exclusive, whole) == {"B"}
    assert answer(Prediction(labels={"A": 0.7, "B": 0.9, "C": 0.1}), whole) == {"A", "B"}
    span = Span(0, 3, "X")
    found = Prediction((span, Span(0, 3, "Y"), Span(0, 4, "Z")), np.ones(3))
    assert answer(found, Target(span)) == {"X", "Y"} and answer(Prediction(), Target(span)) == frozenset()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("logs", "expected"),
    [([1.0, 3.0], 2.0), ([-np.inf, 1.0, np.inf], 1.0), ([-np.inf, np.inf], np.inf), ([-np.inf, -np.inf], -np.inf)],
)
def test_the_median_of_ratios_without_end_is_on_the_safe_side(logs, expected):
    assert _median(np.array(logs)) == expected
