"""The words that drive each entity of a corpus, read from a table of attributions."""

from __future__ import annotations

from collections.abc import Sequence

from explain_lib.core import CorpusTable, Target

from .outcome import Outcome

Profile = dict[str, float]


def profiles(table: CorpusTable, outcomes: Sequence[Outcome]) -> list[Profile | None]:
    """For each outcome the sum of scores of every word, letter case ignored; None where it was not explained.

    The rows of the predicted span, or of the gold one where nothing was predicted; in the context arm if the table has
    it, else over all units. Raises ValueError for a table of several methods, whose scores count different things.
    """
    import pyarrow
    from pyarrow import compute

    methods = table.arrow["method"].unique().to_pylist()
    if len(methods) > 1:
        raise ValueError(
            f"the table holds scores of {len(methods)} methods: {'; '.join(methods[:3])}; choose one: "
            'table.select(table.column("method") == repr(method)).'
        )
    keys = [_key(one) for one in outcomes]
    arms = table.arrow["arm"].unique().to_pylist()
    wanted = {"arm": arms[:1] if "context" not in arms else ["context"]}
    wanted |= {name: sorted({key[at] for key in keys}) for at, name in enumerate(("document", "target"))}
    rows = table.arrow.filter(table.arrow["active"])
    for name, values in wanted.items():
        rows = rows.filter(compute.is_in(rows[name].cast("string"), pyarrow.array(values, "string")))
    found: dict[tuple[str, str], Profile] = {}
    for document, target, word, score in zip(
        *(rows[name].to_pylist() for name in ("document", "target", "unit_text", "score")), strict=True
    ):
        profile = found.setdefault((document, target), {})
        profile[word.casefold()] = profile.get(word.casefold(), 0.0) + score
    return [found.get(key) for key in keys]


def _key(one: Outcome) -> tuple[str, str]:
    return one.document, Target(one.predicted or one.gold).name
