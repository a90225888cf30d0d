"""The figures of a model card, written from metrics.json between two marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

AIMS = {"ncbi_disease": 0.807, "bc5cdr": 0.818, "cmedqaner": 0.719, "cmdd": 0.817}
"""What a one-hour trial of the same kind of model had reached."""
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
NAMES = {
    "ncbi_disease": "NCBI-disease devel (en)", "bc5cdr": "BC5CDR devel (en)", "cmedqaner": "cMedQANER dev (zh)",
    "cmdd": "CMDD, held-out dialogues (zh)", "documents_nl": "documents of this project (nl)",
}  # fmt: skip


def write_figures(card: Path, metrics: Mapping[str, Any]) -> None:
    """Put the tables of `metrics` between the marks of a card; which tables depends on the folder's name."""
    tables = masked_lm_table(metrics) if card.parent.name.endswith("mlm") else tagger_tables(metrics)
    text = card.read_text(encoding="utf-8")
    marked = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"{card} has no place for figures; put the lines {BEGIN} and {END} into it.")
    card.write_text(marked.sub(lambda _: f"{BEGIN}\n{tables}\n{END}", text), encoding="utf-8")


def tagger_tables(metrics: Mapping[str, Any]) -> str:
    """Markdown: F1 by set, F1 by type, documents and zero-shot."""
    return "\n\n".join([_devel_table(metrics["devel"]), _type_table(metrics["devel"]), _other_table(metrics)])


def masked_lm_table(metrics: Mapping[str, Any]) -> str:
    """Markdown: loss and accuracy by held-out text."""
    rows = [
        f"| {NAMES[name]} | {m['loss']:.3f} | {m['accuracy']:.3f} | {m['pieces']} |"
        for name, m in metrics["masked_lm"].items()
    ]
    return _table("held-out text | loss (nats) | accuracy | masked pieces", rows)


def _devel_table(devel: Mapping[str, Any]) -> str:
    rows = [
        f"| {NAMES[name]} | {m['f1']:.3f} | {_interval(m)} | {AIMS[name]:.3f} | {m['f1_lenient']:.3f} "
        f"| {m['precision']:.3f} / {m['recall']:.3f} | {m['seen']:.3f} / {m['unseen']:.3f} "
        f"| {m['gold']} | {m['groups']} |"
        for name, m in devel.items()
    ]
    return _table(
        "set | F1 | 95 % interval | aim | lenient F1 | P / R | F1 seen / unseen | gold | resampled groups", rows
    )


def _type_table(devel: Mapping[str, Any]) -> str:
    rows = [f"| {NAMES[name]} | {_types(m)} |" for name, m in devel.items()]
    return _table("set | F1 by type (gold spans)", rows)


def _other_table(metrics: Mapping[str, Any]) -> str:
    named = [(f"documents of this project, {lang}", m) for lang, m in metrics["documents"].items()]
    named += [(f"Mantra EMEA, {lang}, zero-shot", m) for lang, m in metrics["mantra_emea"].items()]
    rows = [
        f"| {name} | {m['f1']:.3f} | {_interval(m)} | {m['gold']} | {m['unreachable']} | {_types(m)} |"
        for name, m in named
    ]
    return _table("text | F1 | 95 % interval | gold | unreachable | F1 by type (gold spans)", rows)


def _types(m: Mapping[str, Any]) -> str:
    return ", ".join(f"{kind} {t['f1']:.2f} ({t['gold']})" for kind, t in m["types"].items())


def _interval(m: Mapping[str, Any]) -> str:
    low, high = m["interval"]
    return f"{low:.3f}–{high:.3f}"


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([f"| {head} |", "|" + "---|" * (head.count("|") + 1), *rows])
