"""The corpus table: columns, arrays, data frames, files that are complete or absent."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

from explain_lib.core.table import COLUMNS, CorpusTable, Failure, joined, table_of

FAILURE = Failure("note 2", "Drug 0–4", "ValueError", "the budget is too small")


def columns(n=3, document="note 1"):
    return {
        "document": [document] * n, "method": ["Exact()"] * n, "arm": ["context"] * n, "target": ["Drug 4–9"] * n,
        "target_start": [4] * n, "target_end": [9] * n, "label": ["Drug"] * n, "gold": [True] * n,
        "predicted": [False] * n, "unit": range(n), "unit_start": range(n), "unit_end": range(1, n + 1),
        "unit_text": ["痛", "<b>", "é"][:n], "active": [True] * n, "score": [0.5, -1.0, 2.0][:n],
        "std_error": [0.1, np.nan, 0.0][:n], "dof": [5.0, 1.0, np.inf][:n],
    }  # fmt: skip


def whole_document(n=3):
    return columns(n) | {"target_start": [None] * n, "target_end": [None] * n}


def test_a_table_comes_back_from_its_file(tmp_path):
    table = table_of(columns(), [FAILURE])
    table.write(tmp_path / "shard-00000.parquet")
    for source in (tmp_path, tmp_path / "shard-00000.parquet"):
        again = CorpusTable.read(source)
        assert again.arrow.schema == table.arrow.schema and again.failures == (FAILURE,)
        assert tuple(again.arrow.column_names) == tuple(COLUMNS) and len(again) == 3
        for name in COLUMNS:
            np.testing.assert_array_equal(again.column(name), table.column(name))
    assert [file.name for file in tmp_path.iterdir()] == ["shard-00000.parquet"]


def test_the_same_table_is_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        table_of(columns(), [FAILURE]).write(tmp_path / f"{name}.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_data_frame_has_the_same_columns():
    frame = table_of(columns()).to_pandas()
    assert list(frame.columns) == list(COLUMNS)
    assert frame["unit_text"].tolist() == ["痛", "<b>", "é"] and frame["arm"].dtype == "category"
    assert frame["gold"].dtype == bool and frame["score"].sum() == 1.5 and np.isinf(frame["dof"][2])
    assert isinstance(frame, pandas.DataFrame) and frame["target_start"].tolist() == [4, 4, 4]


def test_a_document_as_a_whole_has_no_positions():
    table = table_of(whole_document())
    assert table.to_pandas()["target_start"].isna().all()
    assert table.column("target_end").tolist() == [-1, -1, -1]


def test_tables_are_joined_in_order():
    both = joined([table_of(columns(2, "b")), table_of(columns(3, "a"), [FAILURE])])
    assert both.documents == ("b", "a") and len(both) == 5 and both.failures == (FAILURE,)
    assert both.column("document").tolist() == ["b", "b", "a", "a", "a"]
    assert repr(both) == "CorpusTable(5 rows of 2 documents, 1 failures)"


def test_shards_are_read_in_order(tmp_path):
    for number in (10, 2, 0):
        table_of(columns(1, f"note {number}")).write(tmp_path / f"shard-{number:05d}.parquet")
    assert CorpusTable.read(tmp_path).documents == ("note 0", "note 2", "note 10")


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no finished shard"):
        CorpusTable.read(tmp_path)
    columns_only = pandas.DataFrame({"score": [1.0]})
    columns_only.to_parquet(tmp_path / "shard-00000.parquet")
    with pytest.raises(ValueError, match="is no shard of a CorpusTable"):
        CorpusTable.read(tmp_path)
    with pytest.raises(ValueError, match="the table has no column 'scores'; it has document, method"):
        table_of(columns()).column("scores")
