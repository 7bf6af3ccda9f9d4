"""Exports of the books 账务导出: what stands in a row of each, in words and types.

The same schemas make CSV and Parquet: each column says its title in both languages. Fen are whole
numbers; the same amount stands beside them in yuan as text, as banks' own systems take it.
"""

from __future__ import annotations

from typing import Literal, get_args

import pyarrow as pa

from sanshi.kernel.money import yuan

What = Literal["journal", "summary", "trial-balance"]
WHATS: tuple[What, ...] = get_args(What)

_DAY, _TEXT, _FEN = pa.date32(), pa.string(), pa.int64()
_WHOSE = (("entity", _TEXT, "机构", "Entity"), ("branch", _TEXT, "机构号", "Branch"))
_ACCOUNT = (
    ("account", _TEXT, "科目", "Account"),
    ("code", _TEXT, "本机构科目号", "Own code"),
    ("name", _TEXT, "科目名称", "Account name"),
)
_SUMS = (
    ("opening", "期初余额", "Opening balance"),
    ("debit", "借方发生额", "Debits"),
    ("credit", "贷方发生额", "Credits"),
    ("closing", "期末余额", "Closing balance"),
)
_AMOUNTS = (
    *((f"{name}_fen", _FEN, f"{zh}（分）", f"{en} (fen)") for name, zh, en in _SUMS),
    *((f"{name}_yuan", _TEXT, f"{zh}（元）", f"{en} (yuan)") for name, zh, en in _SUMS),
)


def _schema(*columns: tuple[str, pa.DataType, str, str]) -> pa.Schema:
    fields = (
        pa.field(name, kind, nullable=False, metadata={"zh": zh, "en": en})
        for name, kind, zh, en in columns
    )
    return pa.schema(list(fields))


SCHEMAS: dict[What, pa.Schema] = {
    "journal": _schema(
        ("booking_date", _DAY, "记账日", "Booking date"),
        ("value_date", _DAY, "起息日", "Value date"),
        *_WHOSE,
        ("source", _TEXT, "来源", "Source"),
        ("component", _TEXT, "构成", "Component"),
        ("payer", _TEXT, "承担方", "Payer"),
        ("debit", _TEXT, "借方科目", "Debit account"),
        ("debit_code", _TEXT, "借方本机构科目号", "Debit own code"),
        ("debit_name", _TEXT, "借方科目名称", "Debit account name"),
        ("credit", _TEXT, "贷方科目", "Credit account"),
        ("credit_code", _TEXT, "贷方本机构科目号", "Credit own code"),
        ("credit_name", _TEXT, "贷方科目名称", "Credit account name"),
        ("amount_fen", _FEN, "金额（分）", "Amount (fen)"),
        ("amount_yuan", _TEXT, "金额（元）", "Amount (yuan)"),
    ),
    "summary": _schema(
        ("booking_date", _DAY, "记账日", "Booking date"), *_WHOSE, *_ACCOUNT, *_AMOUNTS
    ),
    "trial-balance": _schema(*_WHOSE, *_ACCOUNT, *_AMOUNTS),
}
"""Columns by what is exported. Balances are positive on the debit side, whatever the account."""


def yuan_text(amount_fen: int) -> str:
    """Write fen as yuan without separators: -123456 as '-1234.56'."""
    return yuan(amount_fen).replace(",", "")
