"""Train the planted tagger: `python -m explain_lib.training.planted --out FOLDER`.

Needs no data: the training documents are made on the spot. FOLDER/planted-ner gets the weights, the tokenizer, the
figures (metrics.json), and its README.md, if there is one with a place for it, the table.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .export import export, table, write_figures
from .measure import measure
from .tagger import train_planted

EVERY = 50


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m explain_lib.training.planted", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder that gets planted-ner")
    folder = parser.parse_args().out / "planted-ner"
    torch.set_num_threads(1)
    model, tokenizer = train_planted(report=_print)
    export(model, tokenizer, folder)
    figures = measure(folder)
    print(table(figures), flush=True)
    write_figures(folder, figures)


def _print(step: int, loss: float) -> None:
    if step % EVERY == EVERY - 1:
        print(f"step {step + 1}, loss {loss:.4f}", flush=True)


if __name__ == "__main__":
    main()
