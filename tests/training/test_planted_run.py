"""The planted tagger's training: its pieces, its noise, and all stages on a handful of documents."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import product

import numpy as np
import pytest
import torch

from explain_lib.corpora import planted_documents
from explain_lib.corpora.planted.languages import GRAMMARS
from explain_lib.models import load_model
from explain_lib.training.planted import __main__ as command
from explain_lib.training.planted import recipe
from explain_lib.training.planted.export import BEGIN, END, export, table, write_figures
from explain_lib.training.planted.measure import measure
from explain_lib.training.planted.noise import Noise
from explain_lib.training.planted.tagger import _rows, train_planted
from explain_lib.training.planted.vocabulary import SPECIAL, rule_pieces, tokenizer_of, vocabulary, with_words_dropped

PIECES = vocabulary(GRAMMARS.values())
RULE = {piece for grammar in GRAMMARS.values() for piece in rule_pieces(grammar)}
TOKENIZER = tokenizer_of(PIECES, 128)


@pytest.mark.parametrize(("lang", "part"), list(product(GRAMMARS, ("train", "test"))))
def test_a_deciding_word_is_a_known_stem_with_a_known_ending(lang, part):
    grammar = GRAMMARS[lang]
    stems = {s for group in (grammar.types, grammar.left, grammar.right) for words in group.values() for s in words}
    for document in planted_documents(lang, part, 60):
        for entity in document.meta["planted"]["entities"]:
            for kind in ("type", "left", "right"):
                ((start, end),) = entity[kind]
                stem, *ending = TOKENIZER.tokenize(document.text[start:end])
                assert stem in stems and len(ending) <= 1


def test_no_word_of_the_texts_is_unknown_and_few_are_spelled():
    texts = [d.text for lang, part in product(GRAMMARS, ("train", "test")) for d in planted_documents(lang, part, 60)]
    pieces = [piece for text in texts for piece in TOKENIZER.tokenize(text)]
    assert "[UNK]" not in pieces
    assert np.mean([piece.startswith("##") and len(piece) == 3 for piece in pieces]) < 0.05
    assert TOKENIZER.tokenize("fenytoïne zzz") == ["fenytoïne", "z", "##z", "##z"]


def test_dropped_words_are_spelled_with_the_same_ids():
    fewer = with_words_dropped(PIECES, RULE, 0.5, np.random.default_rng(0))
    assert set(fewer) > RULE | set(SPECIAL) and 0.3 < len(fewer) / len(PIECES) < 1
    assert all(PIECES[piece] == i for piece, i in fewer.items())
    word = next(p for p in PIECES if p.isascii() and len(p) > 5 and p.isalpha() and p not in fewer)
    spelled = tokenizer_of(fewer, 128)(word, add_special_tokens=False)["input_ids"]
    assert "".join(TOKENIZER.convert_ids_to_tokens(spelled)).replace("##", "") == word and len(spelled) > 1


def test_noise_spares_the_rule_and_keeps_kinds():
    noise = Noise.of(PIECES, list(GRAMMARS.values()))
    ids = torch.arange(len(PIECES)).repeat(60, 1)
    out = noise.add(ids, 1.0, torch.Generator().manual_seed(0))
    changed = (out != ids) & (out != PIECES["[MASK]"])
    never = torch.tensor([i for p, i in PIECES.items() if p in RULE or p in SPECIAL or re.fullmatch(r"\W|\d", p)])
    assert changed.any() and not changed[:, never].any()
    assert (noise.kind[out[changed]] == noise.kind[ids[changed]]).all()
    assert not (out[:, : len(SPECIAL)] != ids[:, : len(SPECIAL)]).any()
    assert (noise.add(ids, 0.0, torch.Generator().manual_seed(0)) == ids).all()


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("She injected free vitamin B12 salt and raw calcium mixture.", ["vitamin", "b", "##1", "##2", "calcium"]),
        ("已敷纯胃泌素液（简称）", ["胃", "泌", "素"]),
        ("The family was present.", []),
    ],
)
def test_substances_stand_between_modifier_and_suffix(text, substances):
    noise, ids = Noise.of(PIECES, list(GRAMMARS.values())), TOKENIZER(text, return_tensors="pt")["input_ids"]
    assert TOKENIZER.convert_ids_to_tokens(ids[noise.substances(ids)].tolist()) == substances


def test_shifted_rows_keep_mentions_and_the_rule():
    noise, rng = Noise.of(PIECES, list(GRAMMARS.values())), np.random.default_rng(0)
    rows = [row for lang in recipe.LANGUAGES for row in _rows(lang, 15, PIECES, RULE)]
    shifted = [noise.shifted(row, 0.6, rng) for row in rows]

    def spoken(row):
        """What must stay, in order: tagged pieces and those of the rule."""
        rule = {PIECES[piece] for piece in RULE}
        return [(i, t) for i, t in zip(row.ids, row.tags, strict=True) if t > 0 or i in rule]

    assert [spoken(row) for row in rows] == [spoken(row) for row in shifted]
    lengths = np.array([[len(a.ids), len(b.ids)] for a, b in zip(rows, shifted, strict=True)])
    assert (lengths[:, 0] > lengths[:, 1]).any() and (lengths[:, 0] < lengths[:, 1]).any()
    assert [noise.shifted(row, 0.0, rng) for row in rows] == rows


def test_noise_rises_after_a_calm_start():
    course = recipe.Course(1, 40, 10, 1e-3, 0.0)
    assert [course.strength(step) for step in (0, 10, 15, 20, 39)] == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert recipe.Course(1, 40, 0, 1e-3, 0.0).strength(0) == 1.0


def test_all_stages_run(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "BATCH", 256)
    losses = []
    courses = recipe.Course(1, 8, 3, 1e-3, 0.0), recipe.Course(2, 2, 0, 1e-3, 0.5)
    model, tokenizer = train_planted(12, courses, lambda _, loss: losses.append(loss))
    assert len(losses) == 10 and losses[7] < losses[0]
    export(model, tokenizer, tmp_path)
    loaded = load_model(tmp_path)
    assert (loaded.decoder.name, loaded.pieces.label_positions) == ("bio-strict", "first_piece")
    figures = measure(tmp_path, n=3, n_hidden=2)
    assert set(figures) == set(recipe.LANGUAGES) and figures["zh"]["n_swaps"] >= 12
    write_figures(tmp_path, figures)
    assert json.loads((tmp_path / "metrics.json").read_text("utf-8"))["zh"]["n_swaps"] == figures["zh"]["n_swaps"]
    (tmp_path / "README.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="has no place for figures; put the lines"):
        write_figures(tmp_path, figures)
    (tmp_path / "README.md").write_text(f"a\n{BEGIN}\n{END}\nb", encoding="utf-8")
    write_figures(tmp_path, figures)
    assert (tmp_path / "README.md").read_text("utf-8") == f"a\n{BEGIN}\n{table(figures)}\n{END}\nb"


def test_the_command_leaves_weights_and_figures(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(recipe, "BATCH", 256)
    monkeypatch.setattr(command, "EVERY", 2)
    monkeypatch.setattr(command, "train_planted", partial(train_planted, 6, [recipe.Course(1, 3, 0, 1e-3, 0.5)]))
    monkeypatch.setattr(command, "measure", partial(measure, n=2, n_hidden=1))
    monkeypatch.setattr("sys.argv", ["planted", "--out", str(tmp_path)])
    n_threads = torch.get_num_threads()
    command.main()
    torch.set_num_threads(n_threads)
    told = capsys.readouterr().out
    assert told.startswith("step 2, loss ") and "| Dutch |" in told
    figures = json.loads((tmp_path / "planted-ner" / "metrics.json").read_text("utf-8"))
    assert set(figures) == set(recipe.LANGUAGES)
    assert load_model(tmp_path / "planted-ner").decoder.name == "bio-strict"
