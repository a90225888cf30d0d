"""Sweeps: what one text gives alone, resumed as if never killed, failures beside results, clear refusals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from explain_lib.attribution import IntegratedGradients, KernelShap, Occlusion, PermutationShap, PerUnit, explain
from explain_lib.core import Document, Span
from explain_lib.core.table import CorpusTable, Failure
from explain_lib.models import load_model, predict
from explain_lib.models.toy import PLANTED, planted_tagger, word_tokenizer
from explain_lib.perturbation import Query
from explain_lib.sweep import document_seed, explain_corpus, gold, predicted, predicted_and_gold

METHOD = PermutationShap(PerUnit(4))
TEXTS = [text for words in PLANTED.values() for text in words.texts]
MISSED = Span(0, 2, "Reaction")  # in the first text no entity begins there


@pytest.fixture(scope="module")
def model():
    return planted_tagger().tagger


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(sys.modules["explain_lib.sweep.explain_corpus"], "CHUNK_DOCUMENTS", 4)


def corpus(n=9):
    return [Document(TEXTS[i], id=f"note {i}", spans=(MISSED,) if i == 3 else ()) for i in range(n)]


def shards(folder):
    return {file.name: file.read_bytes() for file in sorted(Path(folder).glob("*.parquet"))}


def test_rows_are_those_of_explain_in_both_arms(model, tmp_path):
    documents = corpus()
    table = explain_corpus(model, documents, METHOD, tmp_path / "run", rng=5, progress=False)
    frame = table.to_pandas()
    assert not table.failures and set(frame["arm"]) == {"context", "all units"}
    for document in documents:
        targets = predicted_and_gold(document, predict(model, document))
        assert len(targets) >= 1
        query, seed = Query(model, document, targets=targets), document_seed(5, document.id)
        expected = [explain(query, METHOD, rng=seed).target(i) for i in range(len(targets))]
        expected += [explain(query.with_targets([t]).context(), METHOD, rng=seed) for t in targets]
        for one in expected:
            mine = (frame["document"] == document.id) & (frame["target"] == one.targets[0].name)
            rows = frame[mine & (frame["arm"] == one.provenance.arm)]
            for name, values in (("score", one.scores), ("std_error", one.std_error), ("dof", one.dof)):
                np.testing.assert_array_equal(rows[name], values[:, 0])
            np.testing.assert_array_equal(rows["active"], one.active[:, 0])
            assert tuple(rows["unit_text"]) == query.units.texts and set(rows["method"]) == {repr(METHOD)}
            assert list(rows["unit_start"]) == query.units.bounds[:, 0].tolist()


def test_gold_and_predicted_are_told_apart(model, tmp_path):
    frame = explain_corpus(model, corpus(4), METHOD, tmp_path / "run").to_pandas()
    flags = frame.drop_duplicates(["document", "target"]).set_index(["document", "target"])[["gold", "predicted"]]
    assert flags.loc[("note 3", "Reaction 0–2")].tolist() == [True, False]
    assert flags["predicted"].sum() == len(flags) - 1
    both = Document(TEXTS[0], id="both", spans=predict(model, Document(TEXTS[0])).spans)
    frame = explain_corpus(model, [both], METHOD, tmp_path / "both").to_pandas()
    assert frame["gold"].all() and frame["predicted"].all() and frame["target"].nunique() == 1


@pytest.mark.parametrize(("targets", "n"), [(gold, 1), (predicted, 4), (predicted_and_gold, 5)])
def test_targets_are_chosen_by_a_function(model, tmp_path, targets, n):
    frame = explain_corpus(model, corpus(4), METHOD, tmp_path / "run", targets=targets).to_pandas()
    assert len(frame.drop_duplicates(["document", "target"])) >= n
    assert frame["gold"].any() == (targets is not predicted)


def test_order_and_chunks_do_not_matter(model, tmp_path, monkeypatch):
    one = explain_corpus(model, corpus(), METHOD, tmp_path / "one").to_pandas()
    monkeypatch.setattr(sys.modules["explain_lib.sweep.explain_corpus"], "CHUNK_DOCUMENTS", 7)
    other = explain_corpus(model, corpus()[::-1], METHOD, tmp_path / "other").to_pandas()
    keys = ["document", "arm", "target", "unit"]
    as_text = dict.fromkeys(("document", "arm", "target"), str)
    sort = lambda frame: frame.astype(as_text).sort_values(keys).reset_index(drop=True)  # noqa: E731
    for name in ("score", "std_error", "dof"):
        np.testing.assert_array_equal(sort(one)[name], sort(other)[name])


def test_a_cancelled_run_keeps_its_chunks_and_goes_on(model, tmp_path):
    explain_corpus(model, corpus(), METHOD, tmp_path / "whole", progress=False)
    ticks = []

    def tick(done, in_all):
        ticks.append((done, in_all))
        if ticks.count((4, in_all)) == 2:  # one after the first chunk, one in the second
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explain_corpus(model, corpus(), METHOD, tmp_path / "run", tick=tick, progress=False)
    assert list(shards(tmp_path / "run")) == ["shard-00000.parquet"]
    assert len(CorpusTable.read(tmp_path / "run").documents) == 4
    kept = (tmp_path / "run" / "shard-00000.parquet").stat().st_mtime_ns
    table = explain_corpus(model, corpus(), METHOD, tmp_path / "run", progress=False)
    assert shards(tmp_path / "run") == shards(tmp_path / "whole") and len(table.documents) == 9
    assert (tmp_path / "run" / "shard-00000.parquet").stat().st_mtime_ns == kept
    assert {n for _, n in ticks} == {9}


KILLED = """
    import os, signal, sys
    from explain_lib.attribution import PermutationShap, PerUnit
    from explain_lib.core import Document
    from explain_lib.models.toy import PLANTED, planted_tagger
    import explain_lib.sweep
    sweep = sys.modules["explain_lib.sweep.explain_corpus"]
    sweep.CHUNK_DOCUMENTS = 4
    texts = [text for words in PLANTED.values() for text in words.texts]
    seen = []
    def tick(done, in_all):
        seen.append(done)
        if seen.count(4) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
    documents = [Document(texts[i], id=f"note {i}") for i in range(9)]
    sweep.explain_corpus(
        planted_tagger().tagger, documents, PermutationShap(PerUnit(4)), sys.argv[1], tick=tick, progress=False
    )
"""


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_killed_run_resumes_to_the_same_bytes(model, tmp_path):
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "run")], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list(shards(tmp_path / "run")) == ["shard-00000.parquet"]
    (tmp_path / "run" / "_shard-00001.parquet.0f.unfinished").write_bytes(b"half")
    documents = [Document(TEXTS[i], id=f"note {i}") for i in range(9)]
    for folder in ("run", "whole"):
        explain_corpus(model, documents, METHOD, tmp_path / folder, progress=False)
    assert shards(tmp_path / "run") == shards(tmp_path / "whole")
    left = [file.name for file in (tmp_path / "run").iterdir() if file.suffix not in (".json", ".parquet")]
    assert left == ["_shard-00001.parquet.0f.unfinished"]  # no reader sees it, and another run might still write to it


def test_failures_are_listed_and_the_rest_goes_on(model, tmp_path):
    documents = [
        Document("   ", id="blank"),
        Document(TEXTS[3], id="label", spans=(Span(0, 2, "Unheard"),)),
        *corpus(3),
    ]
    table = explain_corpus(model, documents, METHOD, tmp_path / "run")
    failures = {failure.document: failure for failure in table.failures}
    assert set(failures) == {"label"}
    assert failures["label"].kind == "ValueError" and "label 'Unheard' is unknown" in failures["label"].message
    assert failures["label"].target == "Unheard 0–2"
    assert set(table.documents) == {"label", "note 0", "note 1", "note 2"}
    assert CorpusTable.read(tmp_path / "run").failures == table.failures


def test_unreachable_gold_spans_are_failures(model, tmp_path):
    document = Document(TEXTS[6], id="en", spans=(Span(1, 3, "Disease"),))
    table = explain_corpus(model, [document], METHOD, tmp_path / "run")
    assert [(f.document, f.target, f.kind) for f in table.failures] == [("en", "Disease 1–3", "ValueError")]
    assert "reachable" in table.failures[0].message and len(table) > 0


def test_a_method_that_cannot_do_a_text_fails_there_only(model, tmp_path):
    table = explain_corpus(model, corpus(4), KernelShap(budget=34), tmp_path / "run")
    failed = {failure.document for failure in table.failures}
    assert failed and all("four per unit" in failure.message for failure in table.failures)
    assert set(table.documents) - failed


def test_messages_of_others_are_left_out(model, tmp_path):
    def quoting(document, prediction):
        raise RuntimeError(f"cannot read {document.text}")

    table = explain_corpus(model, corpus(2), METHOD, tmp_path / "run", targets=quoting)
    assert table.failures == tuple(Failure(f"note {i}", "", "RuntimeError", "") for i in range(2))
    assert len(table) == 0 and table.documents == ()
    assert TEXTS[0] not in repr(table)


def test_gradient_methods_and_one_arm(model, tmp_path):
    table = explain_corpus(model, corpus(2), IntegratedGradients(steps=4), tmp_path / "run", arms=["context"])
    assert set(table.column("arm")) == {"context"} and set(table.column("std_error")) == {0.0}


def test_classes_of_whole_texts_have_one_arm_and_no_positions(tmp_path):
    torch.manual_seed(0)
    tokenizer = word_tokenizer(["de", "patient", "heeft", "koorts", "geen", "hoest", "."])
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label={0: "routine", 1: "urgent"}, initializer_range=0.5,
    )  # fmt: skip
    classifier = load_model((BertForSequenceClassification(config).eval(), tokenizer), dtype="float64")
    documents = [Document("de patient heeft koorts", id="a"), Document("geen hoest .", id="b")]
    frame = explain_corpus(classifier, documents, METHOD, tmp_path / "run").to_pandas()
    assert set(frame["arm"]) == {"all units"} and frame["predicted"].all() and not frame["gold"].any()
    assert frame["target_start"].isna().all() and len(frame) == 4 + 3
    query = Query(classifier, documents[1], targets=predicted(documents[1], predict(classifier, documents[1])))
    alone = explain(query, METHOD, rng=document_seed(0, "b"))
    np.testing.assert_allclose(frame[frame["document"] == "b"]["score"], alone.scores[:, 0], atol=1e-9)


def test_documents_without_targets_have_no_rows(model, tmp_path):
    documents = [Document("De patient .", id="none"), *corpus(1)]
    assert explain_corpus(model, documents, METHOD, tmp_path / "run").documents == ("note 0",)
    alone = explain_corpus(model, documents[:1], METHOD, tmp_path / "alone")
    assert len(alone) == 0 and not alone.failures


def test_other_settings_are_refused(model, tmp_path):
    explain_corpus(model, corpus(4), METHOD, tmp_path / "run")

    def again(documents=None, method=METHOD, *, other_model=None, **settings):
        return explain_corpus(other_model or model, documents or corpus(4), method, tmp_path / "run", **settings)

    with pytest.raises(ValueError, match="run with other settings: method was 'PermutationShap.*is 'Occlusion"):
        again(method=Occlusion())
    with pytest.raises(ValueError, match="rng was '0' and is '1'"):
        again(rng=1)
    with pytest.raises(ValueError, match="targets was 'predicted_and_gold' and is 'gold'"):
        again(targets=gold)
    with pytest.raises(ValueError, match="it had 4 documents and now has 3"):
        again(corpus(3))
    other = [*corpus(3), Document(TEXTS[3] + " ", id="note 3")]
    with pytest.raises(ValueError, match="document 'note 3' has another text or other gold spans"):
        again(other)
    with pytest.raises(ValueError, match="the weights of the model have changed"):
        again(other_model=planted_tagger(strength=5.0).tagger)
    assert len(again()) > 0


def test_refusals(model, tmp_path):
    with pytest.raises(ValueError, match="there are no documents to explain"):
        explain_corpus(model, [], METHOD, tmp_path / "run")
    with pytest.raises(ValueError, match="1 document ids stand more than once: 'a'"):
        explain_corpus(model, [Document("x", id="a"), Document("y", id="a")], METHOD, tmp_path / "run")
    with pytest.raises(TypeError, match="takes Documents, got a str"):
        explain_corpus(model, ["x"], METHOD, tmp_path / "run")
    with pytest.raises(TypeError, match="the method is the class Occlusion"):
        explain_corpus(model, corpus(1), Occlusion, tmp_path / "run")
    with pytest.raises(ValueError, match=r"arms is \('text',\); allowed are"):
        explain_corpus(model, corpus(1), METHOD, tmp_path / "run", arms=["text"])
    assert not (tmp_path / "run").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(ValueError, match="is a file; name a folder"):
        explain_corpus(model, corpus(1), METHOD, tmp_path / "file")
    with pytest.raises(ValueError, match="is not empty and holds no run of explain_corpus"):
        explain_corpus(model, corpus(1), METHOD, tmp_path)
    (tmp_path / "_manifest.json").write_text(json.dumps({"format": "of another program"}))
    with pytest.raises(ValueError, match="is damaged or of another version"):
        explain_corpus(model, corpus(1), METHOD, tmp_path)


def test_text_is_written_under_out_only_and_never_into_the_manifest(model, tmp_path):
    explain_corpus(model, corpus(4), METHOD, tmp_path / "run")
    manifest = (tmp_path / "run" / "_manifest.json").read_text(encoding="utf-8")
    assert not any(text[:6] in manifest for text in TEXTS)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_seeds_go_by_id():
    assert document_seed(0, "a") == document_seed(0, "a")
    assert len({document_seed(rng, name) for rng in (0, 1) for name in ("a", "b")}) == 4
    assert document_seed(np.random.default_rng(3), "a") == document_seed(np.random.default_rng(3), "a")


def run_of_two(model, folder, **settings):
    return explain_corpus(model, corpus(2), METHOD, folder, progress=False, **settings)


def test_a_damaged_shard_is_named_and_made_anew_once_deleted(model, tmp_path):
    run_of_two(model, tmp_path / "run")
    shard = tmp_path / "run" / "shard-00000.parquet"
    whole = shard.read_bytes()
    shard.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"shard-00000\.parquet is damaged or no parquet file\. .*delete it and run"):
        run_of_two(model, tmp_path / "run")
    shard.unlink()
    run_of_two(model, tmp_path / "run")
    assert shard.read_bytes() == whole


@pytest.mark.parametrize("change", ["half", "no probe", "a list"])
def test_a_damaged_manifest_is_refused(model, tmp_path, change):
    run_of_two(model, tmp_path / "run")
    file = tmp_path / "run" / "_manifest.json"
    text = file.read_text(encoding="utf-8")
    without = {key: value for key, value in json.loads(text).items() if key != "probe"}
    file.write_text({"half": text[: len(text) // 2], "no probe": json.dumps(without), "a list": "[]"}[change])
    with pytest.raises(ValueError, match="_manifest.json is damaged or of another version"):
        run_of_two(model, tmp_path / "run")


@pytest.mark.parametrize(
    ("key", "message"), [("chunks", "cut into other chunks, by another version"), ("probe", "the weights of the model")]
)
def test_other_chunks_and_outputs_are_refused(model, tmp_path, key, message):
    run_of_two(model, tmp_path / "run")
    file = tmp_path / "run" / "_manifest.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**found, key: found[key][:-1]}))
    with pytest.raises(ValueError, match=message):
        run_of_two(model, tmp_path / "run")


def test_another_decoder_of_the_same_weights_is_another_run(model, tmp_path):
    parts = model.network.module, model.pieces.tokenizer
    run_of_two(load_model(parts), tmp_path / "run")
    with pytest.raises(ValueError, match=r"model was .*decoder='bio-lenient'.* and is .*decoder='bio-strict'"):
        run_of_two(load_model(parts, decoder="bio-strict"), tmp_path / "run")


def test_a_run_killed_while_it_began_starts_anew(model, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "_manifest.json.0f.unfinished").write_text("{")
    assert len(run_of_two(model, tmp_path / "run")) > 0


def test_two_runs_on_one_folder_at_once_give_what_one_gives(model, tmp_path):
    alone = run_of_two(model, tmp_path / "alone")
    with ThreadPoolExecutor(2) as pool:
        tables = list(pool.map(lambda _: run_of_two(model, tmp_path / "both"), range(2)))
    assert all(table.arrow.equals(alone.arrow) for table in tables)
    assert shards(tmp_path / "both") == shards(tmp_path / "alone")
    assert len(list((tmp_path / "both").iterdir())) == 2


def test_pandas_reads_the_folder_as_one_data_set(model, tmp_path):
    table = explain_corpus(model, corpus(9), METHOD, tmp_path / "run", progress=False)
    found = pandas.read_parquet(tmp_path / "run")
    assert len(shards(tmp_path / "run")) == 3
    for name in ("document", "label", "unit_text", "score", "active"):
        assert found[name].tolist() == table.to_pandas()[name].tolist()


def test_what_would_fail_for_every_document_is_refused_once(model, tmp_path):
    with pytest.raises(TypeError, match=r"targets is a str; give a function of \(document, prediction\)"):
        run_of_two(model, tmp_path / "run", targets="gold")
    with pytest.raises(ValueError, match="score is 'logit'; allowed are log_odds"):
        run_of_two(model, tmp_path / "run", score="logit")
    with pytest.raises(ValueError, match=r"document id 'a\\ud800' holds half of a surrogate pair"):
        explain_corpus(model, [Document("no fever", id="a\ud800")], METHOD, tmp_path / "run", progress=False)
    assert not (tmp_path / "run").exists()
