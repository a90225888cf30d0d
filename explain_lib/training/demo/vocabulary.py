"""A small vocabulary for three languages, cut from an English one, and embeddings to begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from scipy.sparse import coo_array, hstack
from scipy.sparse.linalg import svds
from tokenizers import BertWordPieceTokenizer
from transformers import BertModel, BertTokenizer, PreTrainedTokenizerBase

from .dutch_words import dutch_pieces

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
N_ORDINARY = 6_000  # the first pieces of the English list are its most frequent ones
WINDOW = (-2, -1, 1, 2)


def choose_pieces(old: PreTrainedTokenizerBase, passages: Mapping[str, list[str]]) -> list[str]:
    """Special pieces; English pieces that the texts use, the commonest, and all single characters; Han characters and
    Dutch words that occur at least twice."""
    ids = old.get_vocab()
    spelled = sorted(ids, key=lambda piece: ids[piece])
    ordinary = [piece for piece in spelled if not piece.startswith("[")]
    used = _pieces_used(old, [text for texts in passages.values() for text in texts])
    kept = set(ordinary[:N_ORDINARY]) | {p for p in ordinary if used[p] or len(p.removeprefix("##")) == 1}
    kept -= {p for p in kept if _is_han(p[-1]) and (not used[p] or p.startswith("##"))}
    english = [p for p in ordinary if p in kept and p not in SPECIAL]
    new = _frequent(c for text in passages["zh"] for c in text if _is_han(c))
    new += _frequent(word for text in passages["nl"] for word in _words(old, text) if word.isalpha()) + dutch_pieces()
    return list(dict.fromkeys([*SPECIAL, *english, *new]))


def make_tokenizer(pieces: Sequence[str], max_length: int) -> BertTokenizer:
    """A fast uncased WordPiece tokenizer over `pieces`; the index of a piece is its id."""
    backend = BertWordPieceTokenizer({piece: i for i, piece in enumerate(pieces)}, lowercase=True)
    return BertTokenizer(tokenizer_object=backend._tokenizer, model_max_length=max_length, do_lower_case=True)


def start_embeddings(
    model: BertModel, old: PreTrainedTokenizerBase, new: BertTokenizer, passages: Mapping[str, list[str]]
) -> torch.Tensor:
    """float32[pieces, width]: the old vector where there is one; neighbour vectors for new Han characters; else the
    mean of the old pieces that the word fell into."""
    table = model.embeddings.word_embeddings.weight.detach()
    old_ids, pieces = old.get_vocab(), sorted(new.get_vocab(), key=new.get_vocab().__getitem__)
    vectors = torch.stack([table[_old_ids(piece, old, old_ids)].mean(0) for piece in pieces])
    fresh = [i for i, piece in enumerate(pieces) if _is_han(piece[-1]) and piece not in old_ids]
    spread = torch.from_numpy(neighbour_vectors([pieces[i] for i in fresh], passages["zh"], table.shape[1]))
    centre, scale = vectors.mean(0), (vectors - vectors.mean(0)).norm(dim=1).mean()
    vectors[fresh] = centre + scale * spread
    return vectors


def neighbour_vectors(characters: Sequence[str], texts: Iterable[str], width: int) -> npt.NDArray[np.float32]:
    """float32[characters, width] of unit length: SVD of the positive PMI of neighbours one and two places away."""
    index = {c: i for i, c in enumerate(characters)}
    stream = np.fromiter((index.get(c, -1) for text in texts for c in f"{text}\n\n"), dtype=np.int64)
    n, blocks = len(characters), []
    for step in WINDOW:
        here, there = (stream[: -step or None], stream[step:]) if step > 0 else (stream[-step:], stream[:step])
        both = (here >= 0) & (there >= 0)
        counts = coo_array((np.ones(both.sum()), (here[both], there[both])), shape=(n, n)).tocsr()
        blocks.append(_positive_pmi(counts.tocoo()).tocsr())
    left, singular, _ = svds(hstack(blocks).tocsr(), k=min(width, n - 1), rng=np.random.default_rng(0))
    vectors = left * np.sqrt(singular)
    vectors -= vectors.mean(axis=0)  # the first component is shared by all characters and tells none apart
    vectors = np.pad(vectors, ((0, 0), (0, width - vectors.shape[1])))
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((width, width)))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors @ turn / (lengths + 1e-9), np.float32)


def _positive_pmi(counts: coo_array) -> coo_array:
    rows, columns = np.asarray(counts.sum(1)).ravel(), np.asarray(counts.sum(0)).ravel()
    at, to = counts.coords
    pmi = np.log(counts.data * counts.data.sum() / (rows[at] * columns[to]))
    return coo_array((np.maximum(pmi, 0.0), (at, to)), shape=counts.shape)


def _pieces_used(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> Counter[str]:
    rows = tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
    return Counter(tokenizer.convert_ids_to_tokens([i for row in rows for i in row]))


def _words(tokenizer: PreTrainedTokenizerBase, text: str) -> list[str]:
    backend = tokenizer.backend_tokenizer
    return [word for word, _ in backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(text))]


def _old_ids(piece: str, old: PreTrainedTokenizerBase, ids: dict[str, int]) -> list[int]:
    if piece in ids:
        return [ids[piece]]
    return [ids[part] for part in old.tokenize(piece.removeprefix("##"))]


def _frequent(things: Iterable[str]) -> list[str]:
    return [thing for thing, count in Counter(things).most_common() if count >= 2]


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"
