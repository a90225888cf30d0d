"""The command line: `python -m explain_lib explain --input notes/ --out report.html`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:  # what these load takes seconds; bad arguments are answered before
    from explain_lib.attribution import Method
    from explain_lib.core import Attribution, Corpus, Document, Prediction
    from explain_lib.models.protocols import Model
    from explain_lib.perturbation import Query
    from widgets.picture import Picture

METHODS = (
    "PermutationShap", "KernelShap", "Lime", "Occlusion", "Exact", "GradientInput", "IntegratedGradients",
)  # fmt: skip
UNEXPECTED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class BadInput(Exception):
    """Something the user gave cannot be used; the message is one plain line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, or 2 after one plain line about bad input, or 130 when interrupted."""
    try:
        settings = _parser().parse_args(argv)
        print(_explain(settings))
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except (BadInput, OSError, ValueError, TypeError, RuntimeError, FloatingPointError) as error:
        print(f"error: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr)
        return BAD_INPUT
    except Exception as error:  # a bug: still one line, and another status, so that scripts can tell
        print(f"unexpected {type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr)
        return UNEXPECTED
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of usage and traceback; `main` prints it."""
        raise BadInput(f"{message}; see python -m explain_lib explain --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m explain_lib", description="Explain what a model finds in texts.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="explain")
    explain = commands.add_parser("explain", help="explain every predicted entity or class, write one HTML report")
    explain.add_argument("--input", required=True, help="file or folder of any known corpus format, or - for stdin")
    explain.add_argument("--out", required=True, type=Path, help="the report, one self-contained HTML file")
    explain.add_argument("--model", type=Path, help="folder of a checkpoint (default: the demo's)")
    explain.add_argument("--method", default=METHODS[0], choices=METHODS, help="default: %(default)s")
    explain.add_argument("--budget", help="model rows per explanation: 20/unit (the default) or a number")
    explain.add_argument("--arm", default="context", choices=("context", "all", "both"),
                         help="context (the default) keeps the entity's own words; all hides any word")  # fmt: skip
    explain.add_argument("--lang", default="", help="language of texts that do not say theirs: zh, nl, en, …")
    explain.add_argument("--limit", type=int, help="take only the first so many documents")
    return parser


def _explain(settings: argparse.Namespace) -> str:
    """Check everything that is cheap to check, then read, predict, explain and write."""
    out: Path = settings.out
    _check_out(out)
    if settings.limit is not None and settings.limit < 1:
        raise BadInput(f"--limit is {settings.limit}; it must be 1 or more")
    method = chosen_method(settings.method, settings.budget)
    corpus = _read(settings.input, settings.lang)
    documents = list(corpus)[: settings.limit]
    report = Report(_load(settings.model), method, settings.arm)
    return _write(report, documents, out, corpus)


def _check_out(out: Path) -> None:
    why = ""
    if out.is_dir():
        why = "it is a folder; name a file in it"
    elif not out.parent.is_dir():
        why = f"there is no folder {out.parent}"
    elif not os.access(out.parent, os.W_OK):
        why = f"no permission to write in {out.parent}"
    if why:
        raise BadInput(f"--out {out} cannot be written: {why}")


def chosen_method(name: str, budget: str | None) -> Method:
    """The method of that name; `budget` like "20/unit" or "512" where the method has one."""
    from explain_lib import attribution

    kind = getattr(attribution, name)
    if budget is None:
        return kind()  # type: ignore[no-any-return]
    if not any(field.name == "budget" for field in fields(kind)):
        raise BadInput(f"--budget: {name} has no budget; leave --budget out")
    return kind(budget=parse_budget(budget))  # type: ignore[no-any-return]


def parse_budget(text: str) -> object:
    """Rows from "512", rows per active unit from "20/unit"."""
    from explain_lib.attribution import PerUnit

    rows, _, per = text.partition("/")
    if not rows.isascii() or not rows.isdigit() or per not in ("", "unit"):
        raise BadInput(f"--budget is {text!r}; give a number of rows such as 512, or rows per unit such as 20/unit")
    if int(rows) < (1 if per else 2):
        raise BadInput(f"--budget is {text!r}, which is too few; give 2 rows or more, or 1/unit or more")
    return PerUnit(int(rows)) if per else int(rows)


def _read(source: str, lang: str) -> Corpus:
    """The documents of a file, a folder, or stdin; what a reader reported goes to stderr (it quotes no text)."""
    from explain_lib.core import Corpus, Document
    from explain_lib.corpora import read_corpus

    if source != "-":
        corpus = read_corpus(source, lang=lang)
    else:
        try:
            text = sys.stdin.buffer.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(f"--input -: the text is not UTF-8 (byte {error.start})") from None
        if not text.strip():
            raise BadInput("--input -: the text is empty")
        corpus = Corpus((Document(text, lang, id="stdin"),))
    for problem in corpus.problems:
        print(f"noticed: {problem}", file=sys.stderr)
    return corpus


def _load(folder: Path | None) -> Model:
    from explain_lib import models  # resolves its names lazily

    if folder is not None and not folder.is_dir():
        raise BadInput(f"--model {folder}: there is no such folder; give the folder of a checkpoint")
    model: Model = models.demo_model() if folder is None else models.load_model(folder)
    return model


@dataclass(frozen=True)
class Report:
    """What the report is made of; documents that the model cannot read are named on stderr, not lost silently."""

    model: Model
    method: Method
    arm: str

    def predict(self, documents: Sequence[Document]) -> list[tuple[Document, Prediction]]:
        """Every document that the model can read, with its prediction."""
        from tqdm import tqdm

        from explain_lib.perturbation import Query

        read = []
        for document in tqdm(documents, desc="predicting", unit=" texts", file=sys.stderr):
            try:
                read.append((document, Query(self.model, document).predict()[0]))
            except ValueError as error:
                tqdm.write(f"left out: document {document.id!r}: {error}", file=sys.stderr)
        return read

    def pictures(self, read: Sequence[tuple[Document, Prediction]]) -> Iterator[tuple[Prediction, Picture]]:
        """One picture per document that can be explained, with a progress bar over targets."""
        from tqdm import tqdm

        from explain_lib.sweep.targets import predicted

        total = sum(len(predicted(*pair)) for pair in read)
        with tqdm(total=total, desc="explaining", unit=" targets", file=sys.stderr) as bar:
            for document, prediction in read:
                try:
                    yield prediction, self._picture(document, prediction, lambda: bar.update())
                except ValueError as error:  # such as a budget too small for this text
                    tqdm.write(f"left out: document {document.id!r}: {error}", file=sys.stderr)

    def _picture(self, document: Document, prediction: Prediction, explained: Callable[[], object]) -> Picture:
        from explain_lib.perturbation import Query
        from explain_lib.sweep.targets import predicted
        from widgets.picture import attributions_picture, picture

        query = Query(self.model, document)
        results: list[Attribution] = []
        for target in predicted(document, prediction):
            results += self._arms(query.with_targets([target]))
            explained()
        return attributions_picture(results, prediction) if results else picture(document, prediction=prediction)

    def _arms(self, query: Query) -> Iterator[Attribution]:
        from explain_lib.attribution import explain

        has_context = query.targets[0].span is not None  # a class is about the text as a whole
        if has_context and self.arm in ("context", "both"):
            yield explain(query.context(), self.method, rng=0)
        if not has_context or self.arm in ("all", "both"):
            yield explain(query, self.method, rng=0)


def _write(report: Report, documents: Sequence[Document], out: Path, corpus: Corpus) -> str:
    """Predict, explain, and write the page in one piece at the very end."""
    from explain_lib.sweep.targets import predicted_labels
    from widgets.export import picture_section, save_page

    read = report.predict(documents)
    if not read:
        raise BadInput("no document could be read by the model; no report was written")
    explained = list(report.pictures(read))
    if not explained:
        raise BadInput("no document could be explained; no report was written")
    n_targets = sum(len(prediction.spans) or len(predicted_labels(prediction)) for prediction, _ in explained)
    one, many = ("class", "classes") if any(found.labels for found, _ in explained) else ("entity", "entities")
    counts = f"{_counted(n_targets, one, many)} in {_counted(len(explained), 'document', 'documents')}"
    done = f"{counts} explained by {report.method!r} on {report.model.name}"
    left_out = len(corpus.problems) + len(documents) - len(explained)
    what = _counted(left_out, "problem was", "problems were")
    notes = [done, *([f"{what} reported; what it concerns was left out."] if left_out else [])]
    save_page([picture_section(picture) for _, picture in explained], out, title=f"Why these {many}?", notes=notes)
    return f"{done}: {out}"


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
