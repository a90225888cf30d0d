"""The planted tagger: a small BERT that learns the rule from training documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoModelForTokenClassification, BertConfig, BertForTokenClassification, BertTokenizer

from explain_lib.core import Document, TagScheme
from explain_lib.corpora.planted import planted_documents, planted_swaps
from explain_lib.corpora.planted.languages import GRAMMARS
from explain_lib.models.pieces import Pieces

from ..batching import batch_indices, pad
from ..data import Example, position_tags
from ..loop import Report, fit
from ..masking import IGNORED
from . import recipe
from .noise import Noise
from .vocabulary import rule_pieces, tokenizer_of, vocabulary, with_words_dropped

SCHEME = TagScheme.from_tags(recipe.TAGS)


@dataclass(frozen=True, eq=False)
class Batch:
    """int64[rows, length]: ids as fed, attention mask, and tags (−100 where no label is read)."""

    ids: Tensor
    attended: Tensor
    tags: Tensor


def train_planted(
    n_documents: int = recipe.DOCUMENTS,
    courses: Sequence[recipe.Course] = recipe.COURSES,
    report: Report | None = None,
) -> tuple[BertForTokenClassification, BertTokenizer]:
    """A tagger trained on the training parts of all languages, and its tokenizer."""
    grammars = [GRAMMARS[lang] for lang in recipe.LANGUAGES]
    rule = {piece for grammar in grammars for piece in rule_pieces(grammar)}
    pieces = vocabulary(grammars)
    tokenizer = tokenizer_of(pieces, recipe.LONGEST)
    torch.manual_seed(recipe.SEED)
    # plain attention: in bfloat16 on a CPU the fused kernel trains three times slower
    model = AutoModelForTokenClassification.from_config(_config(len(pieces)), attn_implementation="eager")
    rows = [row for lang in recipe.LANGUAGES for row in _rows(lang, n_documents, pieces, rule)]
    noise = Noise.of(pieces, grammars)
    for course in courses:
        batches = _batches(rows, Pieces.of(tokenizer), noise, course)
        fit(model, batches, lambda batch: _loss(model, batch), course.schedule(), report)
    return model, tokenizer


def _config(n_pieces: int) -> BertConfig:
    config = BertConfig(
        vocab_size=n_pieces,
        hidden_size=recipe.WIDTH,
        num_hidden_layers=recipe.LAYERS,
        num_attention_heads=recipe.HEADS,
        intermediate_size=recipe.INNER,
        max_position_embeddings=recipe.LONGEST,
        type_vocab_size=1,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
        initializer_range=recipe.START,
        pad_token_id=0,
        id2label=dict(enumerate(recipe.TAGS)),
        label2id={tag: i for i, tag in enumerate(recipe.TAGS)},
    )
    config.explain_lib = {"decoder": "bio-strict", "label_positions": "first_piece"}
    return config


def _rows(lang: str, n: int, pieces: Mapping[str, int], rule: Collection[str]) -> list[Example]:
    """One example a document, without special pieces, in several spellings; what is longer than a row is left out."""
    rng = np.random.default_rng(recipe.SEED)
    spellings = [pieces, *(with_words_dropped(pieces, rule, recipe.SPELLED, rng) for _ in range(1, recipe.SPELLINGS))]
    readers = [Pieces.of(tokenizer_of(spelling, recipe.LONGEST)) for spelling in spellings]
    found = [_bare(d, readers[i % len(readers)]) for i, d in enumerate(_texts(lang, n, rng))]
    return [one for one in found if len(one.ids) <= recipe.ROOM]


def _texts(lang: str, n: int, rng: np.random.Generator) -> Iterator[Document]:
    """Each document of the training part and one of its counterfactuals, which need not hold any entity."""
    for document in planted_documents(lang, "train", n, recipe.SEED):
        swaps = planted_swaps(document)
        yield from (document, swaps[int(rng.integers(len(swaps)))].document)


def _bare(document: Document, pieces: Pieces) -> Example:
    encoding = pieces.encode(document.text)
    tags = np.full(len(encoding.ids), IGNORED)
    tags[encoding.labels_at] = position_tags(encoding, document.spans, SCHEME)
    return Example(tuple(encoding.ids.tolist()), tuple(tags.tolist()))


def _batches(rows: Sequence[Example], pieces: Pieces, noise: Noise, course: recipe.Course) -> Iterator[Batch]:
    """Batches without end: documents joined into rows anew in each pass, then noise."""
    rng, stream, step = np.random.default_rng(course.seed), torch.Generator().manual_seed(course.seed), 0
    while True:
        moved = [noise.shifted(row, course.shift * float(rng.random()), rng) if course.shift else row for row in rows]
        joined = list(_joined([row for row in moved if len(row.ids) <= recipe.ROOM], pieces, rng))
        for chosen in batch_indices([len(one.ids) for one in joined], recipe.BATCH, rng):
            ids = pad([joined[i].ids for i in chosen], 0)
            noisy = noise.add(ids, course.strength(step), stream)
            yield Batch(noisy, (ids != 0).long(), pad([joined[i].tags for i in chosen], IGNORED))
            step += 1


def _joined(rows: Sequence[Example], pieces: Pieces, rng: np.random.Generator) -> Iterator[Example]:
    """Some rows with the next one behind it where there is room, so that all positions are learnt."""
    ids: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    for at in rng.permutation(len(rows)):
        one = rows[at]
        if ids and (len(ids) + len(one.ids) > recipe.ROOM or rng.random() >= recipe.JOINED):
            yield _framed(ids, tags, pieces)
            ids, tags = (), ()
        ids, tags = ids + one.ids, tags + one.tags
    yield _framed(ids, tags, pieces)


def _framed(ids: tuple[int, ...], tags: tuple[int, ...], pieces: Pieces) -> Example:
    before, after = (IGNORED,) * len(pieces.prefix), (IGNORED,) * len(pieces.suffix)
    return Example((*pieces.prefix, *ids, *pieces.suffix), (*before, *tags, *after))


def _loss(model: BertForTokenClassification, batch: Batch) -> Tensor:
    logits = model(input_ids=batch.ids, attention_mask=batch.attended).logits
    return functional.cross_entropy(logits.flatten(0, 1).float(), batch.tags.flatten(), ignore_index=IGNORED)
