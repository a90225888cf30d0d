"""What ships: an ordinary checkpoint in half precision, and the figures in its model card."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import BertForTokenClassification, BertTokenizer

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
NAMES = {"zh": "Chinese", "nl": "Dutch", "en": "English"}


def export(model: BertForTokenClassification, tokenizer: BertTokenizer, folder: Path) -> None:
    """config.json, model.safetensors in float16, tokenizer.json."""
    copy.deepcopy(model).half().save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def write_figures(folder: Path, figures: Mapping[str, Any]) -> None:
    """metrics.json, and the table between the marks of README.md if there is one; ValueError where it has no marks."""
    (folder / "metrics.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    card = folder / "README.md"
    if not card.is_file():
        return
    text, marked = card.read_text(encoding="utf-8"), re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"{card} has no place for figures; put the lines {BEGIN} and {END} into it.")
    card.write_text(marked.sub(lambda _: f"{BEGIN}\n{table(figures)}\n{END}", text), encoding="utf-8")


def table(figures: Mapping[str, Any]) -> str:
    """Markdown: one row a language."""
    head = (
        "language | texts right | swaps right | 95 % interval | type | left end | right end | idle units | texts, swaps"
    )
    rows = [
        f"| {NAMES[lang]} | {m['documents']:.3f} | {m['swaps']:.4f} | {m['interval'][0]:.4f}–{m['interval'][1]:.4f} "
        f"| {m['type']:.4f} | {m['left']:.4f} | {m['right']:.4f} | {m['idle']:.3f} "
        f"| {m['n_documents']}, {m['n_swaps']} |"
        for lang, m in figures.items()
    ]
    return "\n".join([f"| {head} |", "|" + "---|" * (head.count("|") + 1), *rows])
