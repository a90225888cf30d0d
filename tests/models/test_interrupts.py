"""What a run leaves behind when it ends well, with an error or by a signal: finished rows, no hooks, no graphs."""

from __future__ import annotations

import gc
import signal
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from tiny_checkpoints import TEXTS, build

from explain_lib.attribution import IntegratedGradients, PermutationShap, PerUnit, explain, explain_many
from explain_lib.core import Document, Target
from explain_lib.models import load_model, predict
from explain_lib.models.runner import PieceBudget
from explain_lib.perturbation import Query


@pytest.fixture(scope="module", params=[{"dtype": "float32"}, {"precision": "exact", "batch_rows": 4}], ids=str)
def tagger(request):
    return load_model(build("bert"), **request.param)


def queries(tagger):
    documents = [Document(text) for text in TEXTS[:3]]
    found = zip(documents, predict(tagger, documents), strict=True)
    return [Query(tagger, d, targets=[Target(p.spans[0])]) for d, p in found if p.spans]


def state(tagger):
    """Everything of a module and of torch that a run could leave changed."""
    modules = list(tagger.network.module.modules())
    return (
        [len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) for m in modules],
        [p.grad for p in tagger.network.module.parameters()],
        [m.training for m in modules],
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.backends.cuda.flash_sdp_enabled(),
        torch.backends.cuda.mem_efficient_sdp_enabled(),
        torch.backends.cuda.math_sdp_enabled(),
    )


def graphs():
    """Tensors that hold on to a graph."""
    gc.collect()
    return [x for x in gc.get_objects() if type(x) is torch.Tensor and x.grad_fn is not None]


@contextmanager
def signal_in_the_forward_pass(tagger):
    """Ctrl-C in the third forward pass, somewhere in the middle of the network."""
    calls = []

    def interrupt(*_):
        calls.append(1)
        if len(calls) == 3:
            signal.raise_signal(signal.SIGINT)

    hook = tagger.network.fast.bert.encoder.layer[1].register_forward_pre_hook(interrupt)
    try:
        yield
    finally:
        hook.remove()


@pytest.mark.parametrize("together", [True, False])
def test_a_signal_in_a_forward_pass_loses_that_batch_only(tagger, together):
    asked, fresh, method = queries(tagger), queries(tagger), PermutationShap(PerUnit(4))
    assert len(asked) == 3
    object.__setattr__(tagger.runner, "budget", PieceBudget(100, is_settled=True))
    run = (lambda: explain_many(asked, method)) if together else (lambda: [explain(q, method) for q in asked])
    before = state(tagger)
    with pytest.raises(KeyboardInterrupt), signal_in_the_forward_pass(tagger):
        run()
    assert state(tagger) == before
    assert sum(q.n_evals for q in asked) > 0
    for one, other in zip(run(), [explain(q, method) for q in fresh], strict=True):
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-3)
    assert [q.n_evals for q in asked] == [q.n_evals for q in fresh], "no row was run twice"


def test_nothing_is_left_behind_by_a_run_or_an_error(tagger):
    asked, before, held = queries(tagger), state(tagger), len(graphs())
    explain_many(asked, PermutationShap(PerUnit(4)))
    explain(asked[0], IntegratedGradients(steps=3))
    assert state(tagger) == before and len(graphs()) == held

    def fail(*_):
        raise RuntimeError("in the middle of the network")

    hook = tagger.network.fast.bert.encoder.layer[1].register_forward_hook(fail)
    try:
        for question in (lambda: explain_many(queries(tagger), PermutationShap(PerUnit(4))),
                         lambda: explain(queries(tagger)[0], IntegratedGradients(steps=3))):  # fmt: skip
            with pytest.raises(RuntimeError, match="in the middle of the network"):
                question()
    finally:
        hook.remove()
    assert state(tagger) == before and len(graphs()) == held
