"""Train the demo model: `python -m explain_lib.training.demo --start FOLDER --run FOLDER --out FOLDER`.

`--start` is a folder with the 6-layer, 384-wide MiniLM (BERT layout). The pre-trained encoder is kept in
`--run` and not trained again. The finished weights and metrics.json are written below `--out`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import deque
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertForMaskedLM, PreTrainedTokenizerBase

from explain_lib.core import data_folder

from ..loop import Report
from . import recipe
from .card import write_figures
from .export import export_head, export_tagger
from .head import fit_head
from .measure import measure
from .pretrain import Passages, pretrain
from .sets import shared_data, tagged_sets
from .swaps import read_lexicon
from .tagger import train_tagger
from .text import pretraining_text


def main() -> None:
    """Run all stages."""
    options = _options()
    torch.set_num_threads(recipe.THREADS)
    shared = shared_data()
    sets = tagged_sets(shared)
    text = pretraining_text(shared, sets)
    model, tokenizer = _pretrained(options.start, options.run / "pretrained", text.passages)
    lexicon = read_lexicon(data_folder("training", "nl", "lexicon.tsv"))
    joint = train_tagger(model, tokenizer, sets, lexicon, _printer("tagger"))
    tagger_folder, head_folder = options.out / "medical-ner", options.out / "medical-mlm"
    export_tagger(joint, tokenizer, tagger_folder)
    fit_head(model, tokenizer, text.passages, _printer("masked-LM head"))
    export_head(model, head_folder)
    figures = measure(tagger_folder, head_folder, sets, shared)
    (tagger_folder / "metrics.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for folder in (tagger_folder, head_folder):
        write_figures(folder / "README.md", figures)


def _pretrained(start: Path, folder: Path, passages: Passages) -> tuple[BertForMaskedLM, PreTrainedTokenizerBase]:
    if not (folder / "config.json").is_file():
        model, tokenizer = pretrain(start, passages, _printer("masked LM"))
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    model = BertForMaskedLM.from_pretrained(folder, attention_probs_dropout_prob=0.0)
    return model, AutoTokenizer.from_pretrained(folder)


def _printer(stage: str, every: int = 50) -> Report:
    began, recent = time.monotonic(), deque[float](maxlen=every)

    def report(step: int, loss: float) -> None:
        recent.append(loss)
        if step % every == every - 1:
            mean = sum(recent) / len(recent)
            print(f"{stage}: step {step + 1}, {time.monotonic() - began:.0f} s, loss {mean:.3f}", flush=True)

    return report


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m explain_lib.training.demo", description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="folder with the start encoder and its tokenizer")
    parser.add_argument("--run", type=Path, required=True, help="folder for what is between the stages")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets medical-ner and medical-mlm")
    return parser.parse_args()


if __name__ == "__main__":
    main()
