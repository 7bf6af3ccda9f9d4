"""Accruals 计提: what one close booked for each loan of a shard, kept as one Arrow file.

The general ledger holds the sum, posted for the shard as one source; the file is its sub-ledger.
Each line is a double entry of its loan on the day of the close.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sanshi.kernel.errors import ImpossibleError
from sanshi.ledger.accounts import Chart

_WORD = pa.dictionary(pa.int8(), pa.string())
LINES = pa.schema(
    [
        pa.field("loan", pa.int64(), nullable=False),
        pa.field("component", _WORD, nullable=False),
        pa.field("debit", _WORD, nullable=False),
        pa.field("credit", _WORD, nullable=False),
        pa.field("amount_fen", pa.int64(), nullable=False),
    ]
)
"""`loan` is its number. An amount below zero moves the other way: from the debit account."""

_PACKED = pa.ipc.IpcWriteOptions(compression="zstd")

_CLOSE = "close"
Sums = Mapping[str, int]
"""Component → fen."""


@dataclass(frozen=True, slots=True)
class Accruals:
    """What one close booked for a shard's loans.

    Args:
        lines: the Arrow stream (`LINES`).
        rows: how many lines it has.
        sums: what they come to.
    """

    lines: bytes
    rows: int
    sums: Sums


def digest(lines: bytes) -> bytes:
    """Return a file's SHA-256."""
    return hashlib.sha256(lines).digest()


def source(entity: str, shard: int) -> str:
    """Return the source under which a shard's accruals are posted."""
    return f"{_CLOSE}:{entity}:{shard}"


def shard_of(source: str) -> int | None:
    """Return the shard whose accruals are posted under a source; None: it is none of these."""
    kind, _, rest = source.partition(":")
    _, _, shard = rest.rpartition(":")
    return int(shard) if kind == _CLOSE else None


def accruals(earned: pa.RecordBatch, components: Sequence[str], chart: Chart) -> Accruals:
    """Write a line for each loan's component that moved.

    Args:
        earned: columns loan, component (its place in `components`) and amount_fen.
        components: names.
        chart: gives each its accounts.
    """
    loans, codes, amounts = (earned.column(name).to_numpy() for name in earned.schema.names)
    legs = list(zip(*(chart.legs[name] for name in components), strict=True))
    words = [pa.DictionaryArray.from_arrays(codes, list(one)) for one in (components, *legs)]
    values = (pa.array(loans), *words, pa.array(amounts))
    file = pa.BufferOutputStream()
    with pa.ipc.new_stream(file, LINES, options=_PACKED) as stream:
        stream.write(pa.RecordBatch.from_arrays(list(values), schema=LINES))
    places = range(len(components))
    sums = {components[code]: int(amounts[codes == code].sum()) for code in places}
    return Accruals(
        file.getvalue().to_pybytes(), len(loans), {name: fen for name, fen in sums.items() if fen}
    )


def read(lines: bytes, loan: int | None = None) -> pa.Table:
    """Return the lines of a file, or those of one loan."""
    try:
        with pa.ipc.open_stream(lines) as stream:
            table = stream.read_all()
    except (pa.ArrowException, OSError) as error:
        raise ImpossibleError("accruals.torn", "This is no file of accruals.") from error
    if table.schema.names != LINES.names:
        raise ImpossibleError("accruals.columns", f"A file with columns {table.schema.names}.")
    return table if loan is None else of_loan(table, loan)


def of_loan(lines: pa.Table, loan: int) -> pa.Table:
    """Return the lines of one loan, by its number."""
    return lines.filter(pc.equal(lines.column("loan"), loan))


def sums_of(lines: pa.Table) -> Sums:
    """Return what lines come to."""
    return {key[0]: fen for key, fen in _grouped(lines, "component")}


def totals(lines: pa.Table) -> Iterator[Mapping[str, str | int]]:
    """Yield what lines come to by component, with its accounts and how many lines it has."""
    names = ("component", "debit", "credit")
    found = lines.group_by(list(names)).aggregate([("amount_fen", "sum"), ("amount_fen", "count")])
    for row in found.to_pylist():
        said = {name: row[name] for name in names}
        yield {**said, "lines": row["amount_fen_count"], "amount_fen": row["amount_fen_sum"]}


def by_loan(files: Iterable[pa.Table]) -> Mapping[tuple[int, str], int]:
    """Return (loan, component) → fen, over any number of files."""
    total: dict[tuple[int, str], int] = {}
    for lines in files:
        for key, fen in _grouped(lines, "loan", "component"):
            total[key] = total.get(key, 0) + fen
    return total


def _grouped(lines: pa.Table, *names: str) -> Iterator[tuple[tuple[Any, ...], int]]:
    found = lines.group_by(list(names)).aggregate([("amount_fen", "sum")])
    columns = [found.column(name).to_pylist() for name in (*names, "amount_fen_sum")]
    for *key, fen in zip(*columns, strict=True):
        yield tuple(key), fen
