"""The peers: what each library is asked, as its documentation shows and at its best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from games import BareGame, Floats
from work import Dtype, plain_tokenizer

import explain_lib as xl

CAPTUM_ORDERS, CAPTUM_SAMPLES, SHAP_EVALUATIONS, PER_UNIT, LIME_SAMPLES = 25, 500, 500, 20, 5000


@dataclass(frozen=True)
class Peer:
    """A rival: `run(game, seed)` gives float[units, targets].

    `is_slow` limits the number of sentences. `stands_in`, where scores are not over units: the same algorithm over
    units, untimed, from which the error is read (what re-tokenising strings adds is not counted against the peer).
    """

    name: str
    dtype: Dtype
    run: Callable[[BareGame, int], Floats]
    is_slow: bool = False
    stands_in: Callable[[BareGame, int], Floats] | None = None


def captum_orders(game: BareGame, seed: int, *, is_best: bool) -> Floats:
    from captum.attr import ShapleyValueSampling

    per_call = game.batch if is_best else 1
    return _captum(game, lambda f: ShapleyValueSampling(f), per_call, together=is_best, n_samples=CAPTUM_ORDERS)


def captum_kernel(game: BareGame, seed: int, *, is_best: bool) -> Floats:
    from captum.attr import KernelShap

    per_call = game.batch if is_best else 1
    return _captum(game, lambda f: KernelShap(f), per_call, together=False, n_samples=CAPTUM_SAMPLES)


def _captum(
    game: BareGame, make: Callable[[object], object], per_call: int, *, together: bool, n_samples: int
) -> Floats:
    settings = {
        "baselines": game.baseline, "feature_mask": game.units, "n_samples": n_samples,
        "perturbations_per_eval": per_call,
    }  # fmt: skip
    if together:
        found = make(game.of_ids).attribute(game.ids, **settings)  # type: ignore[attr-defined]
        scores = found.reshape(-1, game.ids.shape[1])
    else:
        each = [make(game.of_target(t)).attribute(game.ids, **settings) for t in range(game.query.n_targets)]  # type: ignore[attr-defined]
        scores = np.stack([one.numpy().ravel() for one in each])
    by_piece = np.asarray(scores, dtype=np.float64)
    first = [int(np.flatnonzero(game.units[0].numpy() == unit)[0]) for unit in range(game.query.n_units)]
    return by_piece[:, first].T


def shap_units(game: BareGame, seed: int) -> Floats:
    """shap's permutation explainer over units as binary features."""
    import shap

    n = game.query.n_units
    explainer = shap.explainers.Permutation(lambda x: game.of_keep(x > 0.5), np.zeros((1, n)), seed=seed)
    found = explainer(np.ones((1, n)), max_evals=max(SHAP_EVALUATIONS, 2 * n + 1), batch_size=game.batch, silent=True)
    return np.asarray(found.values[0], dtype=np.float64).reshape(n, -1)


def shap_text(game: BareGame, seed: int) -> Floats:
    """shap on the string, as its text examples do: its seconds count, its scores are over pieces of strings."""
    import shap

    tokenizer = plain_tokenizer()
    masker = shap.maskers.Text(tokenizer, mask_token=tokenizer.mask_token, collapse_mask_token=False)
    explainer = shap.explainers.Permutation(game.of_strings, masker, seed=seed)
    found = explainer([game.query.document.text], silent=True)
    return np.asarray(found.values[0], dtype=np.float64)


def shapiq_units(game: BareGame, seed: int, *, kind: str) -> Floats:
    import shapiq

    n, known = game.query.n_units, dict[bytes, Floats]()

    def value(keep: np.ndarray) -> Floats:
        keys = [row.tobytes() for row in np.asarray(keep, dtype=bool)]
        new = [i for i, key in enumerate(keys) if key not in known]
        if new:
            known.update(zip([keys[i] for i in new], game.of_keep(np.asarray(keep, dtype=bool)[new]), strict=True))
        return np.stack([known[key] for key in keys])

    scores = np.empty((n, game.query.n_targets))
    for target in range(game.query.n_targets):  # the same seed draws the same rows, which are then known
        approximator = getattr(shapiq, kind)(n=n, random_state=seed)
        found = approximator.approximate(budget=PER_UNIT * n, game=lambda keep, t=target: value(keep)[:, t])
        scores[:, target] = [found[(unit,)] for unit in range(n)]
    return scores


def shap_partition(game: BareGame, seed: int) -> Floats:
    """shap's Partition explainer over units, on the tree of `halves`."""
    import shap

    n = game.query.n_units
    masker = shap.maskers.Partition(np.zeros((1, n)), clustering=linkage_of(halves(n).tree, n))
    explainer = shap.explainers.Partition(lambda x: game.of_keep(x > 0.5), masker)
    found = explainer(np.ones((1, n)), max_evals=SHAP_EVALUATIONS, batch_size=game.batch, silent=True)
    return np.asarray(found.values[0], dtype=np.float64).reshape(n, -1)


def shap_partition_text(game: BareGame, seed: int) -> Floats:
    """shap on the string with its default for texts: its seconds count, its tree and scores are over pieces."""
    import shap

    tokenizer = plain_tokenizer()
    explainer = shap.Explainer(game.of_strings, shap.maskers.Text(tokenizer))
    found = explainer([game.query.document.text], silent=True)
    return np.asarray(found.values[0], dtype=np.float64)


def halves(n_units: int) -> xl.Hierarchy:
    """Neighbouring units in halves of halves."""
    return xl.Hierarchy(tuple(range(n_units))).halved()


def linkage_of(tree: object, n_units: int) -> Floats:
    """The same binary tree as SciPy writes it: float64[units − 1, 4]."""
    rows: list[list[float]] = []

    def node(part: object) -> tuple[int, int]:
        if isinstance(part, int):
            return part, 1
        (left, a), (right, b) = (node(child) for child in part)  # type: ignore[attr-defined]
        rows.append([left, right, len(rows) + 1, a + b])
        return n_units + len(rows) - 1, a + b

    node(tree)
    return np.array(rows)


def lime_text(game: BareGame, seed: int, *, n_samples: int) -> Floats:
    """lime on the string, as its examples do: its seconds count, its words are not our units."""
    from lime.lime_text import LimeTextExplainer

    explainer = LimeTextExplainer(random_state=seed)
    labels = tuple(range(game.query.n_targets))
    explainer.explain_instance(game.query.document.text, game.of_strings_in_batches, labels, num_samples=n_samples)
    return np.zeros((game.query.n_units, game.query.n_targets))


def lime_units(game: BareGame, seed: int, *, n_samples: int) -> Floats:
    """lime's regression over units, one character each, all targets from one sample."""
    from lime.lime_text import LimeTextExplainer

    n = game.query.n_units
    explainer = LimeTextExplainer(
        char_level=True, bow=False, mask_string="0", feature_selection="none", random_state=seed
    )
    values = lambda texts: game.of_keep(np.array([[letter == "1" for letter in text] for text in texts]))  # noqa: E731
    labels = tuple(range(game.query.n_targets))
    found = explainer.explain_instance("1" * n, values, labels, num_features=n, num_samples=n_samples)
    return np.stack([[dict(found.local_exp[t])[u] for u in range(n)] for t in labels], axis=1)


SHAPLEY = (
    Peer("captum ShapleyValueSampling(25 orders), documented", "float32", partial(captum_orders, is_best=False), True),
    Peer("captum ShapleyValueSampling(25 orders), best", "auto", partial(captum_orders, is_best=True)),
    Peer("captum KernelShap(500 samples), documented", "float32", partial(captum_kernel, is_best=False), True),
    Peer("captum KernelShap(500 samples), best", "auto", partial(captum_kernel, is_best=True)),
    Peer("shap Permutation(500 evaluations) on text, documented", "float32", shap_text, True, shap_units),
    Peer("shap Permutation(500 evaluations) over units, best", "auto", shap_units),
    Peer("shapiq KernelSHAP(20 rows per unit), best", "auto", partial(shapiq_units, kind="KernelSHAP")),
)
OWEN = (
    Peer("shap Partition(500 evaluations) on text, documented", "float32", shap_partition_text, True, shap_partition),
    Peer("shap Partition(500 evaluations) over units, best", "auto", shap_partition),
)
LIME = (
    Peer(
        "lime(5000 samples) on text, documented", "float32", partial(lime_text, n_samples=LIME_SAMPLES), True,
        partial(lime_units, n_samples=LIME_SAMPLES),
    ),
    Peer("lime(1000 samples) over units, best", "auto", partial(lime_units, n_samples=1000)),
)  # fmt: skip
