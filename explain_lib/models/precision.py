"""Device and precision of forward passes."""

from __future__ import annotations

import copy
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from .biaffine import BiaffineHead
from .network import Network

Dtype = Literal["auto", "float64", "float32", "bfloat16", "float16"]


def place(module: nn.Module, n_tags: int, device: str, dtype: Dtype) -> Network:
    """Put a module that is ours on a device and choose the precision of its forward passes.

    The module itself stays in float32 (float64 if asked for); reduced precision runs through a second copy.
    """
    where = choose_device(device)
    chosen = choose_dtype(dtype, where)
    full = torch.float64 if chosen == torch.float64 else torch.float32
    module = module.to(device=where, dtype=full).requires_grad_(False).eval()
    fast = module if chosen == full else reduced(module, chosen, n_tags)
    return Network(module, fast, chosen, where)


def choose_device(device: str) -> torch.device:
    """The device by name; "auto" is a GPU where there is one."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        where = torch.device(device)
    except RuntimeError as error:
        raise ValueError(f"device is {device!r}; allowed are 'auto', 'cpu', 'cuda', 'cuda:0', 'mps'.") from error
    if where.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"device is {device!r}, but torch sees no GPU here; use device='auto' or 'cpu'.")
    return where


def choose_dtype(dtype: Dtype, device: torch.device) -> torch.dtype:
    """The precision by name; "auto" is bfloat16 where the hardware multiplies it, else float32."""
    if dtype == "auto":
        return torch.bfloat16 if has_bfloat16(device) else torch.float32
    if dtype not in get_args(Dtype):
        raise ValueError(f"dtype is {dtype!r}; allowed are {', '.join(map(repr, get_args(Dtype)))}.")
    return {"float64": torch.float64, "float32": torch.float32, "float16": torch.float16}.get(dtype, torch.bfloat16)


def has_bfloat16(device: torch.device) -> bool:
    """Whether the hardware multiplies bfloat16 natively (emulation is slower than float32)."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu":
        return _cpu_says("avx512_bf16") or _cpu_says("amx_bf16")
    return False


def _cpu_says(feature: str) -> bool:
    return bool(torch.backends.cpu.get_cpu_capability() == "AVX512" and torch.cpu.get_capabilities().get(feature))


def reduced(module: nn.Module, dtype: torch.dtype, n_tags: int) -> nn.Module:
    """A copy in reduced precision whose classification head stays in float32."""
    fast = copy.deepcopy(module).to(dtype)
    heads = [name for name, m in module.named_modules() if _is_head(m, n_tags)]
    if heads:
        fast.set_submodule(heads[-1], Float32Head(copy.deepcopy(module.get_submodule(heads[-1]))))
    return fast


def _is_head(module: nn.Module, n_labels: int) -> bool:
    return isinstance(module, BiaffineHead) or (isinstance(module, nn.Linear) and module.out_features == n_labels)


class Float32Head(nn.Module):
    """A head that computes in float32 whatever comes in: logits decide scores, and a head costs next to nothing."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, hidden: Tensor) -> Tensor:
        return self.head(hidden.float())  # type: ignore[no-any-return]
