"""What is explained in the comparisons: real sentences with 2–6 predicted entities, the demo model or a base-size BERT.

The corpora lie in `../shared/data` beside the checkout, or in the folder named by EXPLAIN_LIB_SHARED_DATA.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import torch
from transformers import AutoConfig, AutoTokenizer, BertConfig, BertForTokenClassification

import explain_lib as xl
from explain_lib.core.data_folder import data_folder
from explain_lib.models import Tagger, load_model

Dtype = Literal["auto", "float32"]
FILES = {"en": "en_ncbi_disease/conll/devel.tsv", "zh": "zh_cmedqaner/dev.json"}
MOST_PIECES, MOST_CHARACTERS = 80, 400
BATCH = 50
HEAD_SCALE = 12.0


@dataclass(frozen=True)
class Sentence:
    """One text and the entities to explain in it."""

    document: xl.Document
    targets: tuple[xl.Target, ...]


def shared_data() -> Path:
    """The folder of the public corpora."""
    return Path(os.environ.get("EXPLAIN_LIB_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def sentences(n_each: int) -> list[Sentence]:
    """`n_each` English and Chinese sentences in which the demo model predicts 2–6 entities, in file order."""
    model, found = xl.demo_model(), list[Sentence]()
    for lang, name in FILES.items():
        documents = [d for d in xl.read_corpus(shared_data() / name, lang=lang) if 20 <= len(d.text) <= MOST_CHARACTERS]
        chosen: list[Sentence] = []
        for start in range(0, len(documents), BATCH):
            chosen += _chosen(model, documents[start : start + BATCH])
            if len(chosen) >= n_each:
                break
        found += chosen[:n_each]
    return found


def _chosen(model: Tagger, documents: list[xl.Document]) -> Iterator[Sentence]:
    for document, prediction in zip(documents, xl.predict(model, documents, progress=False), strict=True):
        if 2 <= len(prediction.spans) <= 6 and len(model.encode(document.text).ids) <= MOST_PIECES:
            yield Sentence(document, tuple(xl.Target(span) for span in prediction.spans))


@cache
def plain_tokenizer() -> Any:
    """The demo model's tokenizer as the transformers library gives it to peers."""
    return AutoTokenizer.from_pretrained(data_folder("models", "medical-ner"), local_files_only=True)


def load(name: str, dtype: Dtype = "auto") -> Tagger:
    """The demo model, or a BERT of base size with random weights under the demo model's tokenizer and labels."""
    folder = data_folder("models", "medical-ner")
    if name == "demo":
        return load_model(folder, dtype=dtype)
    own = AutoConfig.from_pretrained(folder, local_files_only=True)
    torch.manual_seed(0)
    module = BertForTokenClassification(BertConfig(vocab_size=own.vocab_size, id2label=own.id2label)).eval()
    with torch.no_grad():
        module.classifier.weight *= HEAD_SCALE  # at the usual scale all scores of random weights are nearly alike
    written: dict[str, Any] = own.explain_lib
    return load_model((module, plain_tokenizer()), dtype=dtype, **written)
