"""A tokenizer of whole words for the toys."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


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


def split_words(texts: Sequence[str]) -> list[str]:
    """The words of texts as `word_tokenizer` cuts them."""
    blank = word_tokenizer(())
    split = blank.backend_tokenizer.pre_tokenizer.pre_tokenize_str
    normal = blank.backend_tokenizer.normalizer.normalize_str
    return [word for text in texts for word, _ in split(normal(text))]
