"""captum's gradient classes on input embeddings, pooled to units by the alignment."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from explain_lib.attribution.estimate import Estimate
from explain_lib.attribution.target_row import TargetRow
from explain_lib.models.graphs import graphs

from .embedded_scores import EmbeddedScores, check_finite, embedded_estimate, lengths, summed, unchanged
from .seeds import isolated
from .settings import Settings, family_of, sort_settings

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query

FILLED = (
    "forward_func", "model", "layer", "device_ids", "inputs", "baselines", "target", "additional_forward_args",
    "return_convergence_delta", "attribute_to_layer_input", "layer_baselines", "layer_mask", "attribution_method",
)  # fmt: skip
PIECES_A_PASS = 1024
DRAWS = 20


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a class may need: embeddings [1, length, width] of text and baseline, and the group of each column."""

    text: Tensor
    baseline: Tensor
    groups: Tensor

    @property
    def rows_a_pass(self) -> int:
        """Rows in one pass that keeps what its backward pass needs."""
        return max(2, PIECES_A_PASS // self.text.shape[1])


Given = Callable[[Inputs], dict[str, Any]]


def _nothing(inputs: Inputs) -> dict[str, Any]:
    return {}


def _baseline(inputs: Inputs) -> dict[str, Any]:
    return {"baselines": inputs.baseline}


def _path(inputs: Inputs) -> dict[str, Any]:
    return {"baselines": inputs.baseline, "internal_batch_size": inputs.rows_a_pass}


def _draws(inputs: Inputs) -> dict[str, Any]:
    return {"baselines": inputs.baseline, "n_samples": DRAWS}


def _distribution(inputs: Inputs) -> dict[str, Any]:
    return {"baselines": inputs.baseline.repeat(2, 1, 1)}  # these classes want at least two


def _groups(inputs: Inputs) -> dict[str, Any]:
    rows = {"perturbations_per_eval": inputs.rows_a_pass}
    return {"layer_baselines": inputs.baseline, "layer_mask": inputs.groups[None, :, None], **rows}


EMBEDDED_CLASSES: dict[str, Given] = {
    "DeepLiftShap": _distribution, "LayerDeepLiftShap": _distribution,
    "IntegratedGradients": _path, "LayerIntegratedGradients": _path, "LayerConductance": _path,
    "InternalInfluence": _path,
    "DeepLift": _baseline, "LayerDeepLift": _baseline,
    "GradientShap": _draws, "LayerGradientShap": _draws,
    "Saliency": _nothing, "InputXGradient": _nothing, "LayerGradientXActivation": _nothing,
    "GuidedBackprop": _nothing, "Deconvolution": _nothing, "LayerFeatureAblation": _groups, "NoiseTunnel": _nothing,
}  # by name: what each is told about the text  # fmt: skip
BARE_GRADIENTS = ("Saliency", "GuidedBackprop", "Deconvolution", "InternalInfluence")


@graphs()
def embedded_estimate_of(
    cls: Any, name: str, settings: Settings, query: Query, rng: np.random.Generator
) -> Estimate:
    """Score all units of a query by a gradient class, one run per target on the same draws."""
    target_row = TargetRow.of(query)
    scores = EmbeddedScores(target_row)
    text, baseline = scores.ends(target_row)
    run = _Run(cls, name, settings, scores, Inputs(text, baseline, _groups_of(target_row).to(text.device)))
    seed, columns, is_sampled = int(rng.integers(2**32)), [], False
    for target in range(len(target_row.events)):
        with isolated(seed) as draws, unchanged(scores), warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module=r"captum\.")
            columns.append(run.columns(target))
        is_sampled |= draws.happened
        query.evaluations.report(target + 1, len(target_row.events))
    return embedded_estimate(target_row, columns, scores.n_rows, is_sampled)


def _groups_of(target_row: TargetRow) -> Tensor:
    """int[length]: a group per active unit, and one for every column that stays."""
    n_units = target_row.query.n_units
    owner = np.where(target_row.query.active, np.arange(n_units), n_units)[target_row.query.alignment.owner]
    groups = np.full(target_row.row.ids.shape[1], n_units)
    start, (first, last) = target_row.query.model.n_prefix, target_row.window.pieces
    here = target_row.query.alignment.owner[first:last] >= 0
    groups[start : start + last - first] = np.where(here, owner[first:last], n_units)
    return torch.as_tensor(np.unique(groups, return_inverse=True)[1])


@dataclass(frozen=True, eq=False)
class _Run:
    """One class with its settings on one text."""

    cls: Any
    name: str
    settings: Settings
    scores: EmbeddedScores
    inputs: Inputs

    def columns(self, target: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """float64[length]: the attributions of one target, brought from the width of the embedding to one number."""
        name, found = self._noisy(target) if self.name == "NoiseTunnel" else (self.name, self._plain(target))
        check_finite(found, self.cls.__name__)
        if name in BARE_GRADIENTS or self.settings.get("multiply_by_inputs") is False:
            return lengths(found)
        if name != "LayerFeatureAblation":
            return summed(found)
        # The loss of a group stands in each of its numbers: it is shared out among its columns.
        sizes = torch.bincount(self.inputs.groups)[self.inputs.groups]
        return summed(found / sizes[None, :, None] / found.shape[-1])

    def _plain(self, target: int) -> Tensor:
        create, attribute = sort_settings(self.cls, self.settings, [self.cls.__init__, self.cls.attribute], FILLED)
        given = EMBEDDED_CLASSES[self.name](self.inputs)
        method = self.cls(self.scores, *self._layer(self.cls), **create)
        text = self.inputs.text.clone().requires_grad_()
        return _tensor(method.attribute(text, target=target, **{**given, **attribute}))

    def _noisy(self, target: int) -> tuple[str, Tensor]:
        from captum.attr import NoiseTunnel

        rest = {key: value for key, value in self.settings.items() if key != "attribution_method"}
        inner = self.settings.get("attribution_method")
        known = family_of(inner, "captum", EMBEDDED_CLASSES) if isinstance(inner, type) else ""
        if known in ("", "NoiseTunnel"):
            raise ValueError(
                "NoiseTunnel needs the setting 'attribution_method', a gradient class of captum (not an instance), "
                "such as captum.attr.Saliency."
            )
        made: Any = inner
        create, attribute, tunnel = sort_settings(
            self.cls, rest, [made.__init__, made.attribute, NoiseTunnel.attribute], FILLED
        )
        told = EMBEDDED_CLASSES[known](self.inputs)
        given = {"nt_samples": DRAWS, "nt_samples_batch_size": self.inputs.rows_a_pass, **told}
        method = self.cls(made(self.scores, *self._layer(made), **create))
        text = self.inputs.text.clone().requires_grad_()
        return known, _tensor(method.attribute(text, target=target, **{**given, **attribute, **tunnel}))

    def _layer(self, cls: type) -> tuple[Any, ...]:
        from captum.attr import InternalInfluence, LayerAttribution

        return (self.scores.entry,) if issubclass(cls, LayerAttribution | InternalInfluence) else ()


def _tensor(found: Any) -> Tensor:
    """The one tensor that captum returns, alone or as a tuple of one."""
    tensor: Tensor = found[0] if isinstance(found, tuple) else found
    return tensor
