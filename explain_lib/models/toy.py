"""Small taggers whose true attributions are known, made without any download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from explain_lib.core import TagScheme

from .network import Network
from .pieces import Pieces
from .protocols import Floats, Ints
from .runner import Runner
from .tagging import TagDecoder
from .token_classification import Tagger
from .windows import WindowPlan

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LINEAR_TAGS = ("O", "I-Disease")
PLANTED_TAGS = ("O", "B-Disease", "I-Disease", "B-Reaction", "I-Reaction")
LINEAR_WORDS = (
    *"患者头痛三天无发热腹泻明显既往有哮喘病史予治疗后好转。，",
    "de", "patient", "heeft", "ernstige", "hoofdpijn", "na", "koorts", "geen", "astma", "kreeg", "wegens", "hartfalen",
    "the", "has", "severe", "headache", "after", "fever", "no", "asthma", "received", "for", "since", "days", ".", ",",
)  # fmt: skip


@dataclass(frozen=True)
class PlantedWords:
    """The words of one language that the planted tagger knows; `texts` use them, spans in (start, end, label)."""

    head: str
    modifier: str
    trigger: str
    texts: tuple[str, ...]


PLANTED: dict[str, PlantedWords] = {
    "zh": PlantedWords(
        "病变", "重", "副",
        ("患者有重病变，无发热。", "用药后出现副反应：重病变，已停药。", "检查见病变。"),
    ),
    "nl": PlantedWords(
        "laesie", "ernstige", "bijwerking",
        ("De patient heeft een ernstige laesie .", "Als bijwerking van het middel ontstond een ernstige laesie .",
         "Geen koorts , wel een laesie ."),
    ),
    "en": PlantedWords(
        "lesion", "severe", "adverse",
        ("The patient has a severe lesion .", "An adverse event : severe lesion after the first dose .",
         "No fever but a lesion ."),
    ),
}  # fmt: skip


class _Embedded(nn.Module):
    """What the two toy networks share: an embedding table and the call of a token-classification module."""

    def __init__(self, table: Tensor, tags: Sequence[str]) -> None:
        super().__init__()
        self.embedding = nn.Embedding(table.shape[0], table.shape[1], _weight=table)
        self.config = SimpleNamespace(id2label=dict(enumerate(tags)), num_labels=len(tags))

    def get_input_embeddings(self) -> nn.Embedding:
        return self.embedding

    def forward(
        self, input_ids: Tensor | None = None, attention_mask: Tensor | None = None, inputs_embeds: Tensor | None = None
    ) -> SimpleNamespace:
        x: Tensor = self.embedding(input_ids) if inputs_embeds is None else inputs_embeds
        if attention_mask is not None:
            x = x * attention_mask[..., None].to(x.dtype)
        return SimpleNamespace(logits=self.tag(x))

    def tag(self, x: Tensor) -> Tensor:
        raise NotImplementedError


class LinearNetwork(_Embedded):
    """Logits that add up what the pieces at −2 … +2 contribute: `weight` [5, tags, width]."""

    def __init__(self, table: Tensor, weight: Tensor, bias: Tensor, tags: Sequence[str]) -> None:
        super().__init__(table, tags)
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def tag(self, x: Tensor) -> Tensor:
        """[n, length, tags] from embeddings [n, length, width]."""
        length = x.shape[1]
        padded = nn.functional.pad(x, (0, 0, 2, 2))
        shifted = torch.stack([padded[:, o : o + length] for o in range(5)], dim=2)
        return torch.einsum("nlod,otd->nlt", shifted, self.weight) + self.bias


class PlantedNetwork(_Embedded):
    """Tags by rule: a head is an entity, a modifier before it belongs to it, a trigger anywhere decides the type.

    The embedding has one axis per role: modifier, head, second piece of a head, trigger.
    """

    def __init__(self, table: Tensor, tags: Sequence[str], strength: float) -> None:
        super().__init__(table, tags)
        self.strength = strength

    def tag(self, x: Tensor) -> Tensor:
        """[n, length, tags] from embeddings [n, length, roles]."""
        modifier, head, tail, trigger = x.unbind(-1)
        after, before = nn.functional.pad(head, (0, 1))[:, 1:], nn.functional.pad(modifier, (1, 0))[:, :-1]
        head_before = nn.functional.pad(head, (1, 0))[:, :-1]
        begins = modifier * after + head * (1 - before)
        inside = head * before + tail * head_before
        kind = self.strength / 4 * (2 * trigger.amax(dim=1, keepdim=True) - 1)
        begin, continues = self.strength * (begins - 0.5), self.strength * (inside - 0.5)
        tags = [torch.zeros_like(begin), begin - kind, continues - kind, begin + kind, continues + kind]
        return torch.stack(tags, dim=-1)


@dataclass(frozen=True, eq=False)
class LinearToy:
    """A linear tagger and its truth; with two tags the margin of a boundary is linear in the pieces."""

    tagger: Tagger
    network: LinearNetwork
    tokenizer: PreTrainedTokenizerFast

    def contributions(self, text: str, position: int) -> Floats:
        """float64[pieces, tags]: what each piece of `text` adds to the logits at a position."""
        ids = self.tagger.encode(text).ids
        table = self.network.embedding.weight.detach().double()
        weight = self.network.weight.detach().double()
        result = torch.zeros(len(ids), weight.shape[1], dtype=torch.float64)
        for piece in range(max(0, position - 2), min(len(ids), position + 3)):
            result[piece] = weight[piece - position + 2] @ table[int(ids[piece])]
        return np.asarray(result.numpy())

    def left_margin(self, text: str, position: int) -> Floats:
        """float64[pieces]: exact attributions of the left margin of a span that begins at this position."""
        added = self.contributions(text, position)
        return np.asarray(added[:, 1] - added[:, 0])


@dataclass(frozen=True, eq=False)
class PlantedToy:
    """A planted-rule tagger and its truth."""

    tagger: Tagger
    network: PlantedNetwork
    tokenizer: PreTrainedTokenizerFast

    def relevant(self, text: str) -> Ints:
        """Pieces (indices) that play a part; every other piece is a dummy whose exact attribution is 0."""
        table = self.network.embedding.weight.detach()
        return np.flatnonzero(table[torch.as_tensor(self.tagger.encode(text).ids)].abs().sum(-1).numpy())


def linear_tagger(rng: int | np.random.Generator = 0, *, dtype: torch.dtype = torch.float64) -> LinearToy:
    """A random linear tagger over pieces −2 … +2 (tags O and I-Disease); the mask piece contributes exactly 0."""
    generator = np.random.default_rng(rng)
    tokenizer = word_tokenizer(LINEAR_WORDS)
    table = torch.as_tensor(generator.normal(size=(len(tokenizer), 6)), dtype=dtype)
    table[[tokenizer.convert_tokens_to_ids(s) for s in SPECIAL if s != "[UNK]"]] = 0
    weight = torch.as_tensor(generator.normal(size=(5, len(LINEAR_TAGS), 6)), dtype=dtype)
    bias = torch.as_tensor(generator.normal(size=len(LINEAR_TAGS)), dtype=dtype)
    network = LinearNetwork(table, weight, bias, LINEAR_TAGS)
    return LinearToy(_tagger("toy linear tagger", network, tokenizer, LINEAR_TAGS), network, tokenizer)


def planted_tagger(*, strength: float = 8.0, max_pieces: int = 510, dtype: torch.dtype = torch.float64) -> PlantedToy:
    """A tagger that follows one planted rule in zh, nl and en; the mask piece contributes exactly 0."""
    texts = [text for words in PLANTED.values() for text in words.texts]
    tokenizer = word_tokenizer(_split_words(texts))
    table = torch.zeros(len(tokenizer), 4, dtype=dtype)
    for words in PLANTED.values():
        head, *tail = _split_words([words.head])
        for role, parts in enumerate(([words.modifier], [head], tail, [words.trigger])):
            table[tokenizer.convert_tokens_to_ids(list(parts)), role] = 1
    network = PlantedNetwork(table, PLANTED_TAGS, strength)
    tagger = _tagger("toy planted tagger", network, tokenizer, PLANTED_TAGS, max_pieces)
    return PlantedToy(tagger, network, tokenizer)


def word_tokenizer(words: Sequence[str]) -> PreTrainedTokenizerFast:
    """A fast tokenizer of whole words, one piece per Han character and per mark; case and accents stay."""
    vocabulary = {word: i for i, word in enumerate(dict.fromkeys((*SPECIAL, *words)))}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = [(s, vocabulary[s]) for s in ("[CLS]", "[SEP]")]
    backend.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=special)
    names = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL}
    return PreTrainedTokenizerFast(tokenizer_object=backend, **names)


def _split_words(texts: Sequence[str]) -> list[str]:
    blank = word_tokenizer(())
    split = blank.backend_tokenizer.pre_tokenizer.pre_tokenize_str
    normal = blank.backend_tokenizer.normalizer.normalize_str
    return [word for text in texts for word, _ in split(normal(text))]


def _tagger(
    name: str, network: nn.Module, tokenizer: PreTrainedTokenizerFast, tags: Sequence[str], max_pieces: int = 510
) -> Tagger:
    dtype = next(network.parameters()).dtype
    return Tagger(
        name=name,
        network=Network(network.eval(), network, dtype, torch.device("cpu")),
        pieces=Pieces.of(tokenizer, "first_piece"),
        decoder=TagDecoder(TagScheme.from_tags(tuple(tags))),
        plan=WindowPlan(max_pieces),
        runner=Runner(),
    )
