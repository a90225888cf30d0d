"""Slabs: arrays come back as they went in, places do not overlap, memory goes back, and the heap stays whole."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from explain_lib.perturbation.slabs import Place, Slabs

DTYPES = st.sampled_from([np.float32, np.float64, np.float16, np.int64, np.bool_])
ARRAYS = DTYPES.flatmap(lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, min_side=0, max_side=9)))


@given(st.lists(ARRAYS, max_size=8), st.sampled_from([64, 256, 4096]))
def test_arrays_come_back_as_they_went_in(arrays, slab_bytes):
    slabs = Slabs(slab_bytes)
    places = [slabs.put(array) for array in arrays]
    for array, place in zip(arrays, places, strict=True):
        found = place.array()
        assert found.dtype == array.dtype and found.shape == array.shape
        np.testing.assert_array_equal(found, array)
        assert found.ctypes.data % 64 == 0 or not found.size


def test_what_is_put_is_a_copy_in_c_order():
    array = np.arange(12.0).reshape(3, 4)
    place = Slabs().put(array.T)
    array[:] = 0
    np.testing.assert_array_equal(place.array(), np.arange(12.0).reshape(3, 4).T)
    assert place.array().flags.c_contiguous


def test_a_large_array_has_a_slab_of_its_own_and_small_ones_go_on_sharing():
    slabs = Slabs(1024)
    small, large, next_small = (slabs.put(np.full(n, n)) for n in (4, 1000, 5))
    assert len(large.slab) >= 8000 and large.slab is not small.slab
    assert small.slab is next_small.slab and next_small.start == 64
    assert [set(p.array().tolist()) for p in (small, large, next_small)] == [{4}, {1000}, {5}]


def test_a_full_slab_goes_when_its_places_do():
    slabs = Slabs(1024)
    places = [slabs.put(np.zeros(128)) for _ in range(3)]
    gone = weakref.ref(places[0].slab)
    assert len({id(place.slab) for place in places}) == 3
    held = places.pop(0).array()
    assert gone() is not None, "the array holds it"
    del held
    assert gone() is None


def test_threads_never_share_a_place():
    slabs = Slabs(1 << 12)
    with ThreadPoolExecutor(8) as pool:
        places: list[Place] = list(pool.map(lambda i: slabs.put(np.full(7, i)), range(4000)))
    assert all((place.array() == i).all() for i, place in enumerate(places))


GROWTH = """
    import os, resource
    import numpy as np, torch
    from transformers import BertConfig, BertForTokenClassification
    from explain_lib.core import Document, Span, Target
    from explain_lib.models import load_model
    from explain_lib.models.toy import word_tokenizer
    from explain_lib.perturbation import Query
    from explain_lib.perturbation.slabs import Slabs

    class Kept:  # as the table did before there were slabs
        def __init__(self, array): self._array = array.copy()
        def array(self): return self._array

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    def grown():
        after = []
        query = Query(model, Document(" ".join(words)), targets=[Target(Span(0, 2, "X"))])
        with query.watched(lambda done, in_all: after.append(resident())):
            query.value(np.random.default_rng(0).random((800, len(words))) < 0.5)
        return (after[-1] - after[1]) // 1_000_000

    torch.set_num_threads(1)
    words = [f"w{i}" for i in range(200)]
    tokenizer = word_tokenizer(words)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=256, num_hidden_layers=1, num_attention_heads=4, intermediate_size=256,
        id2label=dict(enumerate(("O", "B-X", "I-X"))),
    )
    model = load_model((BertForTokenClassification(config), tokenizer), dtype="float32")
    for put in (Slabs.put, lambda self, array: Kept(array)):
        Slabs.put = put
        if not (child := os.fork()):
            print(grown(), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the resident memory from /proc")
def test_the_table_does_not_fragment_the_heap():
    """Rows in ten batches, whose outputs take 2 MB: kept on the heap they split the room of the next activations."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(GROWTH)], capture_output=True, text=True, check=True)
    in_slabs, on_the_heap = map(int, done.stdout.split())
    assert in_slabs < 0.3 * on_the_heap, (in_slabs, on_the_heap)
