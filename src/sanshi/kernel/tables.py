"""Arrow schemas: what goes from table to table, in process or on a cluster."""

from __future__ import annotations

import pyarrow as pa

_WORD = pa.dictionary(pa.int8(), pa.string())
_DAY = pa.date32()
_FEN = pa.int64()


def _schema(**fields: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in fields.items()])


SCHEDULE_TERMS = _schema(
    row=pa.int64(),
    principal_fen=_FEN,
    rate_ppm=pa.int64(),
    method=_WORD,
    start_date=_DAY,
    first_due=_DAY,
    instalments=pa.int16(),
    every_months=pa.int16(),
    every_days=pa.int16(),
    due_day=pa.int16(),
    day_count=_WORD,
    rounding=_WORD,
    instalment_rounding=_WORD,
    remainder=_WORD,
    interest_round=_WORD,
    round_to_fen=_FEN,
    grace_lines=pa.int16(),
    balloon_fen=_FEN,
    draws=pa.list_(pa.struct({"on": _DAY, "amount_fen": _FEN})),
    rate_changes=pa.list_(pa.struct({"start_date": _DAY, "rate_ppm": pa.int64()})),
)
"""Terms of many schedules, one a row; `row` is the caller's number for it.

Exactly one of `every_months` and `every_days` is not 0. `due_day` is the day of month that short
months clip. The meaning of each field stands at `schedules.Terms`.
"""

SCHEDULE_LINES = _schema(
    row=pa.int64(),
    number=pa.int16(),
    due_date=_DAY,
    opening_fen=_FEN,
    principal_fen=_FEN,
    interest_fen=_FEN,
    closing_fen=_FEN,
)
"""Lines of many schedules, those of one `row` together and in order."""

ANNUAL_RATES = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("cn_irr_nominal_ppm", pa.int64()),
        pa.field("effective_ppm", pa.int64()),
        pa.field("proven", pa.bool_(), nullable=False),
    ]
)
"""What many schedules cost a year; without a figure where no rate can be proven."""
