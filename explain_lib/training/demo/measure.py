"""Stage 4: the figures of the weights as shipped, read by the library's own loading and decoding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from explain_lib.core import Document, Span, data_folder
from explain_lib.corpora import read_corpus
from explain_lib.models import Model, load_model, predict
from explain_lib.models.checkpoint import read_checkpoint
from explain_lib.models.demo import join_head

from .head import held_out_loss
from .scoring import counts_by_group, f1, flat, score, seen_and_unseen
from .sets import NOTE_TYPES, TaggedSet

MANTRA_TYPES = {"DISO": "Disease", "CHEM": "Chemical"}


def measure(folder: Path, head_folder: Path, sets: Sequence[TaggedSet], shared: Path) -> dict[str, Any]:
    """Strict F1 per annotated set on its devel split, on the documents of this project, and zero-shot on Mantra; and
    the masked-LM loss on text that nothing was trained on."""
    model, lenient = load_model(folder), load_model(folder, decoder="bio-lenient")
    return {
        "decoder": model.decoder.name,
        "precision": model.precision,
        "devel": {one.name: devel_score(model, lenient, one) for one in sets if one.devel},
        "documents": {lang: documents_score(model, lang) for lang in ("zh", "nl", "en")},
        "mantra_emea": {lang: mantra_score(model, shared, lang) for lang in ("nl", "en")},
        "masked_lm": masked_lm_scores(folder, head_folder, sets),
    }


def masked_lm_scores(folder: Path, head_folder: Path, sets: Sequence[TaggedSet]) -> dict[str, Any]:
    """Loss and accuracy of the joined masked language model: devel texts, and for Dutch the project's documents."""
    tagger, tokenizer = read_checkpoint(folder)
    model = join_head(tagger, load_file(head_folder / "model.safetensors"))
    texts = {one.name: [d.text for d in one.devel] for one in sets if one.devel and one.name != "bc5cdr"}
    texts["documents_nl"] = [d.text for d in read_corpus(data_folder("documents", "nl.jsonl"), lang="nl")]
    return {name: held_out_loss(model, tokenizer, those) for name, those in texts.items()}


def devel_score(model: Model, lenient: Model, one: TaggedSet) -> dict[str, Any]:
    """Figures on the devel split of a set, on its own types; dialogues stay together in the interval.

    F1 of the `lenient` decoding stands beside.
    """
    found, other = (predict(m, one.devel, progress=False) for m in (model, lenient))
    figures = score(one.devel, found, one.entity_types, lambda d: str(d.meta.get("dialogue", d.id)))
    figures["f1_lenient"] = f1(counts_by_group(one.devel, other, one.entity_types, lambda d: d.id))
    return figures | seen_and_unseen(one.train, one.devel, found, one.entity_types)


def documents_score(model: Model, lang: str) -> dict[str, Any]:
    """Figures on the flattened gold of the documents written for this project."""
    documents = list(read_corpus(data_folder("documents", f"{lang}.jsonl"), lang=lang))
    flattened = [replace(d, spans=tuple(flat(d))) for d in documents]
    left_out = sum(len(d.spans) for d in documents) - sum(len(d.spans) for d in flattened)
    return _with_unreachable(model, flattened, NOTE_TYPES) | {"nested_or_discontinuous": left_out}


def mantra_score(model: Model, shared: Path, lang: str) -> dict[str, Any]:
    """Zero-shot figures on EMEA leaflets: disorders as diseases, chemicals as chemicals."""
    file = shared / "nl_en_mantra" / {"nl": "emea_dutch.jsonl", "en": "emea_english.jsonl"}[lang]
    documents = [_mantra_document(json.loads(line), lang) for line in file.read_text("utf-8").splitlines()]
    return _with_unreachable(model, documents, tuple(MANTRA_TYPES.values()))


def _with_unreachable(model: Model, documents: Sequence[Document], types: Sequence[str]) -> dict[str, Any]:
    figures = score(documents, predict(model, documents, progress=False), types)
    spans = [(d, s) for d in documents for s in d.spans if s.label in types]
    return figures | {"unreachable": sum(not _is_reachable(model, d, s) for d, s in spans)}


def _is_reachable(model: Model, document: Document, span: Span) -> bool:
    extents = model.encode(document.text).extents
    return not span.is_discontinuous and span.start in extents[:, 0] and span.end in extents[:, 1]


def _mantra_document(record: dict[str, Any], lang: str) -> Document:
    wanted = [e for e in record["entities"] if e["group"] in MANTRA_TYPES]
    spans = {Span.from_fragments([tuple(f) for f in e["fragments"]], MANTRA_TYPES[e["group"]]) for e in wanted}
    return Document(record["text"], lang, tuple(sorted(spans)), record["id"])
