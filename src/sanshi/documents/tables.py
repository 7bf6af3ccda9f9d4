"""Tables as files: CSV that Excel opens as it is, and Parquet; rows come in parts and go on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from sanshi.kernel.reasons import Language

Form = Literal["csv", "parquet"]
BOM = "\ufeff"
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?%?")
_STARTS_A_FORMULA = re.compile(r"[=+\-@\t\r\n]|[＝＋－＠]")
_BEGINS_AS_A_FIGURE = re.compile(r"[-+]?\.?\d")
_LONG_DIGITS = re.compile(r"0[0-9]+|[0-9]{12,}")
_YUAN = "_yuan"


def safe(text: str) -> str:
    """Write a cell so that no program takes it for a formula, or an id for a number."""
    if _LONG_DIGITS.fullmatch(text):
        return f"\t{text}"  # a tab makes it text, and is not seen
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def words_only(text: str) -> str:
    """Write a cell that is words or a code, so that nothing takes it for a figure or a date."""
    return f"\t{text}" if _BEGINS_AS_A_FIGURE.match(text) else safe(text)


def write_table(
    out: IO[bytes],
    form: Form,
    schema: pa.Schema,
    parts: Iterable[Sequence[tuple[object, ...]]],
    *,
    language: Language = "zh",
    about: Mapping[str, str] | None = None,
) -> None:
    """Write rows under a schema; titles of a CSV file are in a language.

    `about`: what a Parquet file says of itself beside its schema.
    """
    if form == "csv":
        _write_csv(out, schema, parts, language)
    else:
        _write_parquet(out, schema.with_metadata(dict(about or {})), parts)


def _write_csv(
    out: IO[bytes],
    schema: pa.Schema,
    parts: Iterable[Sequence[tuple[object, ...]]],
    language: Language,
) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        text.write(BOM)
        writer = csv.writer(text)
        writer.writerow(field.metadata[language.encode()].decode() for field in schema)
        guarded = [
            index
            for index, field in enumerate(schema)
            if field.type == pa.string() and not field.name.endswith(_YUAN)
        ]
        for part in parts:
            for row in part:
                cells = list(row)
                for index in guarded:
                    cells[index] = words_only(str(cells[index]))
                writer.writerow(cells)
    finally:
        text.detach()


def _write_parquet(
    out: IO[bytes], schema: pa.Schema, parts: Iterable[Sequence[tuple[object, ...]]]
) -> None:
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for part in parts:
            columns = zip(*part, strict=True)
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
