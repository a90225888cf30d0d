"""`explain_corpus`: a method over a whole corpus, one parquet shard per finished chunk of documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explain_lib.attribution import Method
from explain_lib.attribution.explain import explanation
from explain_lib.core import SCORES, Document, Score
from explain_lib.core.table import CorpusTable
from explain_lib.models.protocols import Model, Tick
from explain_lib.perturbation import Game, Hiding, MaskPiece
from explain_lib.perturbation.query import Arm
from explain_lib.perturbation.streams import Rng, describe

from . import manifest
from .chunk import Chunk, Settings
from .seeds import corpus_seed
from .targets import Targets, predicted_and_gold

BOTH_ARMS: tuple[Arm, ...] = ("context", "all units")
CHUNK_DOCUMENTS, CHUNK_CHARACTERS = 16, 8000
_HALF = re.compile("[\ud800-\udfff]")  # what no file can hold


def explain_corpus(  # noqa: PLR0913  # the settings of a run meet here; all but the first four have defaults
    model: Model,
    documents: Sequence[Document],
    method: Method,
    out: str | Path,
    targets: Targets = predicted_and_gold,
    rng: Rng = 0,
    *,
    arms: Sequence[Arm] = BOTH_ARMS,
    hiding: Hiding = MaskPiece(),  # noqa: B008  # frozen, without state
    score: Score = "log_odds",
    progress: bool | None = None,
    tick: Tick | None = None,
) -> CorpusTable:
    """Explain the targets of every document, and return the table that stands in the folder `out` at the end.

    Documents go in chunks (16 texts, or fewer long ones); the rows of a chunk run together, and when it is done it is
    one parquet file in `out`, complete or absent. After a kill or a cancel the same call goes on with the chunk that
    was lost; with `precision="exact"` models the files are the same bytes as if nothing had happened. `out` must be
    new, empty, or a run with the same settings. Texts of units are written there and nowhere else.

    `targets` maps (document, prediction) to the targets to explain: `predicted`, `gold`, `predicted_and_gold`, or a
    function of your own. `arms`: "context" keeps a span's own units and is explained span by span (a target without a
    span has no such arm); "all units" explains all targets of a text from the same rows. Each document draws with
    `document_seed(rng, document.id)`, so that order and company do not matter.

    What fails (a span that the tokenizer cannot reach, a budget too small for a text) is listed in
    `table.failures`, by document and target, while the rest goes on. `progress`: True shows a bar, False never does,
    None shows one when it takes more than two seconds. `tick(documents done, documents in all)` is called between
    batches; what it raises stops the run, and finished chunks stay.

    Plain readers take the folder as one parquet data set. Two processes on one folder share no work and do no harm.

    Raises ValueError for no documents, two with the same id, an unknown score, a folder with other things or another
    run in it, and a damaged shard; TypeError for what are no Documents, no method, or no function of targets.
    """
    texts = tuple(documents)
    _check(texts, arms)
    _check_settings(targets, score)
    seed, source = corpus_seed(rng), describe(rng)
    explanation(Game(np.zeros, 0), method)  # refuses what is no method now rather than once per document
    settings = Settings(model, method, targets, seed, tuple(arms), hiding, score)
    chunks = list(_chunks(texts))
    folder = Path(out)
    manifest.begin(folder, _described(settings, texts, source, chunks))
    run = _Run(folder, settings, len(texts), tick)
    return run.all(chunks, progress)


@dataclass(frozen=True, eq=False)
class _Run:
    """One call: chunks that have a shard are done."""

    folder: Path
    settings: Settings
    n_documents: int
    tick: Tick | None

    def all(self, chunks: Sequence[tuple[Document, ...]], progress: bool | None) -> CorpusTable:
        from tqdm.auto import tqdm

        delay, done, failed = 0.0 if progress else 2.0, 0, 0
        with tqdm(total=self.n_documents, unit=" texts", disable=progress is False, delay=delay) as bar:
            for number, chunk in enumerate(chunks):
                shard = self.folder / f"shard-{number:05d}.parquet"
                if not shard.exists():
                    table = Chunk(self.settings, chunk).explained(self._watch(done))
                    table.write(shard)
                    failed += len(table.failures)
                done += len(chunk)
                bar.update(len(chunk))
                if failed:
                    bar.set_postfix(failures=failed)
                self._watch(done)(0, 0)
        return CorpusTable.read(self.folder)

    def _watch(self, done: int) -> Tick:
        """A tick for rows that reports documents."""

        def report(_: int, __: int) -> None:
            if self.tick is not None:
                self.tick(done, self.n_documents)

        return report


def _chunks(documents: Sequence[Document]) -> Iterator[tuple[Document, ...]]:
    """Runs of neighbours: a function of the documents alone, so that a resumed run cuts where the first one did."""
    chunk: list[Document] = []
    for document in documents:
        size = sum(len(one.text) for one in chunk) + len(document.text)
        if chunk and (len(chunk) == CHUNK_DOCUMENTS or size > CHUNK_CHARACTERS):
            yield tuple(chunk)
            chunk = []
        chunk.append(document)
    if chunk:
        yield tuple(chunk)


def _check(documents: Sequence[object], arms: Sequence[str]) -> None:
    if not documents:
        raise ValueError("there are no documents to explain; give at least one.")
    for document in documents:
        if not isinstance(document, Document):
            got = type(document).__name__
            raise TypeError(f"explain_corpus takes Documents, got a {got}. Wrap a text: Document(text, id=...).")
    halves = [document.id for document in documents if isinstance(document, Document) and _HALF.search(document.id)]
    if halves:
        raise ValueError(f"the document id {halves[0]!a} holds half of a surrogate pair; give the Document another id.")
    ids = Counter(document.id for document in documents if isinstance(document, Document))
    twice = [name for name, count in ids.items() if count > 1]
    if twice:
        raise ValueError(
            f"{len(twice)} document ids stand more than once: {', '.join(map(repr, twice[:5]))}. Rows and seeds go by "
            "id; give each Document one of its own."
        )
    if not arms or set(arms) - set(BOTH_ARMS) or len(set(arms)) < len(arms):
        raise ValueError(f"arms is {tuple(arms)!r}; allowed are {BOTH_ARMS!r}, or one of them.")


def _check_settings(targets: object, score: str) -> None:
    """What would fail for every document is refused once."""
    if not callable(targets):
        raise TypeError(
            f"targets is a {type(targets).__name__}; give a function of (document, prediction), such as "
            "explain_lib.sweep.predicted_and_gold."
        )
    if score not in SCORES:
        raise ValueError(f"score is {score!r}; allowed are {', '.join(SCORES)}.")


def _described(
    settings: Settings, documents: Sequence[Document], rng: str, chunks: Sequence[Sequence[Document]]
) -> dict[str, Any]:
    model, targets = settings.model, settings.targets
    return {
        "format": manifest.FORMAT,
        "method": repr(settings.method),
        "model": manifest.named(model),
        "precision": model.precision,
        "labels": list(model.labels),
        "hiding": settings.hiding.describe(model.vocabulary),
        "score": settings.score,
        "arms": list(settings.arms),
        "targets": getattr(targets, "__qualname__", repr(targets)),
        "rng": rng,
        "chunks": [len(chunk) for chunk in chunks],
        "documents": [manifest.fingerprint(document) for document in documents],
        "probe": manifest.probe(model, documents),
    }
