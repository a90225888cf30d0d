"""What ships: the tagger as an ordinary checkpoint in half precision, and the masked-LM head beside it."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from safetensors.torch import save_file
from transformers import BertForMaskedLM, PreTrainedTokenizerBase

from .tagger import JointTagger

HEAD_CONFIG = {
    "explain_lib": {
        "joins": "medical-ner",
        "how": "names below cls.predictions of BertForMaskedLM; bert.* is the tagger's, and so is the output layer, "
        "which is tied to bert.embeddings.word_embeddings. explain_lib.models.demo.demo_mlm() joins them.",
    }
}


def export_tagger(joint: JointTagger, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """config.json, model.safetensors in float16, tokenizer.json."""
    tagger = copy.deepcopy(joint.tagger).half()
    tagger.config.attention_probs_dropout_prob = tagger.config.hidden_dropout_prob  # the usual value for who trains on
    tagger.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def export_head(model: BertForMaskedLM, folder: Path) -> None:
    """The head's own weights in float16: transform, LayerNorm and output bias."""
    folder.mkdir(parents=True, exist_ok=True)
    predictions = model.cls.predictions
    weights = {f"transform.{name}": weight for name, weight in predictions.transform.state_dict().items()}
    weights["bias"] = predictions.bias
    halves = {name: weight.detach().half().contiguous() for name, weight in weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(HEAD_CONFIG, indent=2) + "\n", encoding="utf-8")
