"""Whatever a cell says, a table program shows it and does nothing with it."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sanshi.documents.tables import BOM, words_only, write_table

TITLES = {"zh": "列", "en": "Column"}
SCHEMA = pa.schema(
    [
        pa.field("said", pa.string(), metadata=TITLES),
        pa.field("sum_fen", pa.int64(), metadata=TITLES),
    ]
)
lines = st.lists(st.tuples(st.text(max_size=12), st.integers(-(2**62), 2**62)), max_size=5)


@given(lines)
def test_words_stay_words_and_sums_stay_sums(rows: list[tuple[str, int]]) -> None:
    out = io.BytesIO()
    write_table(out, "csv", SCHEMA, [rows], language="en")
    text = out.getvalue().decode("utf-8", "surrogatepass").removeprefix(BOM)
    head, *found = csv.reader(io.StringIO(text, newline=""))
    assert head == ["Column", "Column"]
    for (said, fen), (cell, number) in zip(rows, found, strict=True):
        assert int(number) == fen
        assert cell in {said, f"\t{said}", f"'{said}"}
        assert cell[:1] not in set("=+-@＝＋－＠0123456789\r\n")


@given(st.from_regex(r"-?[0-9][0-9.-]{0,11}", fullmatch=True))
def test_a_code_is_never_taken_for_a_figure_or_a_date(code: str) -> None:
    assert words_only(code) == f"\t{code}"
