"""Reading a checkpoint from a folder: safetensors only, every weight accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import (
    MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING, MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING, AutoConfig, AutoTokenizer,
)  # fmt: skip
from transformers.utils import logging

from .biaffine import BiaffineModel
from .crf_layer import take_layer

TASKS = {
    "ForTokenClassification": MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING,
    "ForSequenceClassification": MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING,
}
SPAN_MODEL = BiaffineModel.__name__
WRAPPERS = ("module.", "_orig_mod.")
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "vocab.json", "spm.model", "sentencepiece.bpe.model", "spiece.model")
CONVERT = (
    "Convert it once, where you trust the file: "
    "AutoModelForTokenClassification.from_pretrained(folder).save_pretrained(new_folder, safe_serialization=True)."
)
OWN_CODE = (
    "If the model is a class of your own code, build it there, load its weights, set module.config.id2label, and give "
    "load_model((module, tokenizer))."
)


def read_checkpoint(folder: Path) -> tuple[nn.Module, Any]:
    """The module, in float32 on the CPU and in evaluation mode, and its fast tokenizer.

    The three weights of a CRF that lie beside a tagger's become its layer `crf`, which its forward pass leaves alone.
    Raises ValueError for a checkpoint of another task, pickled or corrupt weights, and weights that are missing or
    left over. Nothing in the folder is unpickled and none of its code is run.
    """
    config = _read_config(folder)
    weights = unwrapped(_read_weights(folder))
    floats = {name: w.float() if w.is_floating_point() else w for name, w in weights.items()}
    layer = take_layer(floats)
    module = _build(folder, config, floats)
    if layer is not None:
        module.add_module("crf", layer)
    return module.eval(), read_tokenizer(folder)


def unwrapped(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights without the prefixes that data-parallel and compiled training leave on their names."""
    for prefix in WRAPPERS * 2:
        if weights and all(name.startswith(prefix) for name in weights):
            weights = {name.removeprefix(prefix): w for name, w in weights.items()}
    return weights


def _read_config(folder: Path) -> Any:
    if not (folder / "config.json").is_file():
        raise ValueError(f"{folder} has no config.json, so it is no Hugging Face checkpoint; name the folder that has.")
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (json.JSONDecodeError, OSError) as error:
        raise ValueError(f"{folder / 'config.json'} is no valid JSON ({error}); copy the checkpoint again.") from error
    except ValueError as error:
        raise ValueError(
            f"{folder} names model_type {_model_type(folder)!r}, which transformers cannot build without code of the "
            f"checkpoint's own, and none of that is run. {OWN_CODE}"
        ) from error
    for architecture in config.architectures or ():
        if architecture != SPAN_MODEL and not architecture.endswith(tuple(TASKS)):
            raise ValueError(
                f"{folder} is a checkpoint of another task ({architecture}); load_model takes token and sequence "
                f"classification ({', '.join('…' + task for task in TASKS)}) and {SPAN_MODEL}. Fine-tune it for one "
                f"of these first. {OWN_CODE}"
            )
    return config


def _model_type(folder: Path) -> object:
    return json.loads((folder / "config.json").read_text("utf-8")).get("model_type")


def read_tokenizer(folder: Path) -> Any:
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        raise ValueError(
            f"{folder} holds none of {', '.join(TOKENIZER_FILES)}; save the tokenizer that the model was trained with "
            "beside the weights (tokenizer.save_pretrained)."
        )
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # the libraries raise whatever a broken file makes them stumble over
        raise ValueError(
            f"the tokenizer of {folder} cannot be read ({type(error).__name__}: {error}). Save it again beside the "
            "weights (tokenizer.save_pretrained)."
        ) from error


def _read_weights(folder: Path) -> dict[str, Tensor]:
    weights: dict[str, Tensor] = {}
    for file in _weight_files(folder):
        try:
            weights.update(load_file(file))
        except (SafetensorError, OSError) as error:
            raise ValueError(
                f"the weight file {file} is corrupt or incomplete ({error}); copy or download it again."
            ) from error
    return weights


def _weight_files(folder: Path) -> list[Path]:
    if (folder / SINGLE).is_file():
        return [folder / SINGLE]
    if (folder / INDEX).is_file():
        names = _names_in(folder / INDEX)
        files = [folder / Path(name).name for name in names]
        if missing := [f.name for f in files if not f.is_file()]:
            raise ValueError(f"{folder} lacks {', '.join(missing)}, named in {INDEX}; copy the checkpoint again.")
        return files
    pickles = sorted(f.name for f in folder.glob("pytorch_model*.bin"))
    if pickles:
        raise ValueError(
            f"{folder} holds pickled weights only ({', '.join(pickles)}); a pickle can run any code when it is read, "
            f"so load_model refuses it. {CONVERT}"
        )
    raise ValueError(
        f"{folder} has no {SINGLE} and no {INDEX}; name the folder that holds the weights. Of a hub model only "
        f"safetensors are fetched; if it has pickled weights alone: {CONVERT}"
    )


def _names_in(index: Path) -> list[str]:
    try:
        return sorted(set(json.loads(index.read_text("utf-8"))["weight_map"].values()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{index} names no weight files; copy the checkpoint again.") from error


def _build(folder: Path, config: Any, weights: dict[str, Tensor]) -> nn.Module:
    architecture = next(iter(config.architectures or TASKS))
    if architecture == SPAN_MODEL:
        return _build_span_model(folder, config, weights)
    task, mapping = next((task, mapping) for task, mapping in TASKS.items() if architecture.endswith(task))
    if type(config) not in mapping:
        raise ValueError(f"{folder}: transformers has no model {task} for a {config.model_type}.")
    family: Any = mapping[type(config)]
    with quiet():
        module, report = family.from_pretrained(
            None,
            config=config,
            state_dict=weights,
            dtype=torch.float32,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # they are reported, and refused below
        )
    _check_complete(folder, report)
    return module  # type: ignore[no-any-return]


def _build_span_model(folder: Path, config: Any, weights: dict[str, Tensor]) -> nn.Module:
    try:
        module = BiaffineModel.from_config(config)
    except (AttributeError, KeyError) as error:
        raise ValueError(
            f"{folder / 'config.json'} lacks {error} of a {SPAN_MODEL}; save it with its own save_pretrained."
        ) from error
    own = module.state_dict()
    mismatched = [name for name in own if name in weights and own[name].shape != weights[name].shape]
    found = module.load_state_dict({n: w for n, w in weights.items() if n not in mismatched}, strict=False)
    missing = [name for name in found.missing_keys if name not in mismatched]
    report = {"missing_keys": missing, "unexpected_keys": found.unexpected_keys}
    _check_complete(folder, {**report, "mismatched_keys": [(name,) for name in mismatched]})
    return module


def _check_complete(folder: Path, report: dict[str, Any]) -> None:
    # Older library versions saved a pooler with every encoder, whether the model uses it or not.
    left_over = sorted(name for name in report["unexpected_keys"] if ".pooler." not in name)
    mismatched = sorted(str(entry[0]) for entry in report["mismatched_keys"])
    for what, names in (
        ("lacks", sorted(report["missing_keys"])),
        ("has left over", left_over),
        ("has in another shape than config.json says", mismatched),
    ):
        if names:
            shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
            raise ValueError(
                f"the weight file of {folder} {what}: {shown}. Weights are never made up: use a checkpoint that was "
                "saved by save_pretrained of a model for this task."
            )


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bar and no loading report: what matters is raised."""
    had_bar, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if had_bar:
            logging.enable_progress_bar()
