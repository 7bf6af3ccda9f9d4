"""The payment rail 支付通道: takes an instruction once, settles it, writes the 对账文件."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sanshi.connectors.sandbox.book import Book, get_state, set_state
from sanshi.connectors.sandbox.callbacks import announce
from sanshi.connectors.sandbox.faults import Fault, Faults
from sanshi.connectors.sandbox.messages import InstructionBody
from sanshi.connectors.sandbox.wire import ID_REUSED
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.dates import parse_date
from sanshi.kernel.errors import ConflictError, UnavailableError

_VALUE_DATE = "value_date"
_LIMIT = "max_amount_fen"


@dataclass(frozen=True, slots=True)
class Told:
    """What the rail would say, and the fault that befalls the saying."""

    answer: Mapping[str, object] | None
    fault: Fault | None


class Rail:
    """The rail over its book."""

    def __init__(self, book: Book, faults: Faults) -> None:
        """Work on a book, with faults on purpose."""
        self._book = book
        self._faults = faults

    def submit(self, body: InstructionBody) -> Told:
        """Take an instruction once; a repeated one is answered from the book."""
        with self._book.write() as db:
            fault = self._faults.draw(db, "submit")
            if fault is not None and fault.kind in {"timeout_before", "http_500"}:
                return Told(None, fault)
            row = _find(db, body.instruction_id)
            if row is None:
                row = self._take(db, body, fault)
            elif row["body"] != _canonical(body):
                raise ConflictError(
                    ID_REUSED,
                    f"Instruction {body.instruction_id} was taken with other contents.",
                    field="instruction_id",
                    fix="Enquire it; use a new id for a new instruction.",
                )
            return Told(_answer(row), fault)

    def enquire(self, instruction_id: str) -> Told:
        """Tell what became of an instruction; answer None when it never arrived."""
        with self._book.write() as db:
            fault = self._faults.draw(db, "enquire")
            row = _find(db, instruction_id)
            if row is None or (fault is not None and fault.kind == "lost"):
                return Told(None, fault)
            return Told(_answer(row), fault)

    def settle(self, instruction_ids: Sequence[str] | None) -> int:
        """Settle accepted instructions at the current value date; None for all. Says how many."""
        with self._book.write() as db:
            rows = db.execute(
                "SELECT * FROM instructions WHERE status = 'accepted' ORDER BY seq"
            ).fetchall()
            chosen = [
                row
                for row in rows
                if instruction_ids is None or row["instruction_id"] in instruction_ids
            ]
            for row in chosen:
                self._settle(db, row)
            return len(chosen)

    def statement(self, day: date) -> tuple[list[dict[str, object]], Fault | None]:
        """Return the settled movements of a day, as a fault may have bent them."""
        with self._book.write() as db:
            rows = db.execute(
                "SELECT * FROM instructions WHERE status = 'succeeded' AND value_date = ?"
                " ORDER BY seq",
                (day.isoformat(),),
            ).fetchall()
            fault = self._faults.draw(db, "statement")
        lines = [_line(row) for row in rows]
        return self._bend(lines, fault, day), fault

    def set_date(self, text: str) -> None:
        """Move the value date forward."""
        day = parse_date(text, "date")
        with self._book.write() as db:
            now = get_state(db, _VALUE_DATE)
            if now is not None and day < date.fromisoformat(now):
                raise ConflictError(
                    "rail.date_backwards",
                    f"The rail is at {now} and cannot go back to {day}.",
                    field="date",
                    fix="Start a new sandbox folder for an earlier date.",
                )
            set_state(db, _VALUE_DATE, day.isoformat())

    def set_accounts(self, accounts: Mapping[str, int | None]) -> None:
        """Set balances; None makes an account unlimited again."""
        with self._book.write() as db:
            for account, balance_fen in accounts.items():
                db.execute("DELETE FROM accounts WHERE account = ?", (account,))
                if balance_fen is not None:
                    db.execute("INSERT INTO accounts VALUES (?, ?)", (account, balance_fen))

    def accounts(self) -> dict[str, int]:
        """Return the balances of all accounts that have one."""
        with self._book.write() as db:
            rows = db.execute("SELECT account, balance_fen FROM accounts ORDER BY account")
            return {row["account"]: row["balance_fen"] for row in rows}

    def set_limit(self, max_amount_fen: int | None) -> None:
        """Set the largest amount of one instruction."""
        with self._book.write() as db:
            set_state(db, _LIMIT, None if max_amount_fen is None else str(max_amount_fen))

    def _take(
        self, db: sqlite3.Connection, body: InstructionBody, fault: Fault | None
    ) -> sqlite3.Row:
        _today(db)  # a rail without a value date takes nothing
        db.execute(
            "INSERT INTO instructions (instruction_id, body, kind, amount_fen, payer_account,"
            " payee_account, status, value_date, failure_code)"
            " VALUES (?, ?, ?, ?, ?, ?, 'accepted', NULL, '')",
            (
                body.instruction_id,
                _canonical(body),
                body.kind,
                body.amount_fen,
                body.payer_account,
                body.payee_account,
            ),
        )
        row = _get(db, body.instruction_id)
        if fault is not None and fault.kind == "reject":
            return self._end(db, row, "failed", "rejected")
        if fault is not None and fault.kind == "unsettled":
            return row
        return self._settle(db, row)

    def _settle(self, db: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
        limit = get_state(db, _LIMIT)
        if limit is not None and row["amount_fen"] > int(limit):
            return self._end(db, row, "failed", "amount_limit")
        payer = db.execute(
            "SELECT balance_fen FROM accounts WHERE account = ?", (row["payer_account"],)
        ).fetchone()
        if payer is not None and payer["balance_fen"] < row["amount_fen"]:
            return self._end(db, row, "failed", "insufficient_funds")
        for account, change_fen in (
            (row["payer_account"], -row["amount_fen"]),
            (row["payee_account"], row["amount_fen"]),
        ):
            db.execute(
                "UPDATE accounts SET balance_fen = balance_fen + ? WHERE account = ?",
                (change_fen, account),
            )
        return self._end(db, row, "succeeded", "")

    def _end(
        self, db: sqlite3.Connection, row: sqlite3.Row, status: str, failure_code: str
    ) -> sqlite3.Row:
        db.execute(
            "UPDATE instructions SET status = ?, value_date = ?, failure_code = ? WHERE seq = ?",
            (status, _today(db), failure_code, row["seq"]),
        )
        ended = _get(db, row["instruction_id"])
        announce(db, self._faults, _answer(ended))
        return ended

    def _bend(
        self, lines: list[dict[str, object]], fault: Fault | None, day: date
    ) -> list[dict[str, object]]:
        kind = "" if fault is None else fault.kind
        if kind == "unknown_line":
            return [*lines, _unknown_line(day)]
        if not lines or kind not in {"lost", "duplicate", "wrong_amount"}:
            return lines
        hit = self._faults.pick(len(lines))
        instead = {"lost": [], "duplicate": [lines[hit]] * 2, "wrong_amount": [bent(lines[hit])]}
        return [*lines[:hit], *instead[kind], *lines[hit + 1 :]]


def bent(answer: Mapping[str, object]) -> dict[str, object]:
    """Return a message that names one fen more than was booked."""
    amount_fen = answer["amount_fen"]
    return {**answer, "amount_fen": amount_fen + 1} if isinstance(amount_fen, int) else {**answer}


def _find(db: sqlite3.Connection, instruction_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM instructions WHERE instruction_id = ?", (instruction_id,)
    ).fetchone()
    return row


def _get(db: sqlite3.Connection, instruction_id: str) -> sqlite3.Row:
    row = _find(db, instruction_id)
    if row is None:
        raise LookupError(instruction_id)
    return row


def _today(db: sqlite3.Connection) -> str:
    today = get_state(db, _VALUE_DATE)
    if today is None:
        raise UnavailableError(
            "rail.no_date",
            "The rail has no value date yet.",
            field="date",
            fix="POST /rail/date first, or start it with --date.",
        )
    return today


def _canonical(body: InstructionBody) -> str:
    return canonical_json(body.model_dump()).decode()


def _reference(row: sqlite3.Row) -> str:
    return f"R{row['seq']:010d}"


def _answer(row: sqlite3.Row) -> dict[str, object]:
    return {
        "instruction_id": row["instruction_id"],
        "kind": row["kind"],
        "amount_fen": row["amount_fen"],
        "status": row["status"],
        "rail_reference": _reference(row),
        "value_date": row["value_date"],
        "failure_code": row["failure_code"],
    }


def _line(row: sqlite3.Row) -> dict[str, object]:
    return {
        "instruction_id": row["instruction_id"],
        "kind": row["kind"],
        "amount_fen": row["amount_fen"],
        "rail_reference": _reference(row),
        "value_date": row["value_date"],
    }


def _unknown_line(day: date) -> dict[str, object]:
    return {
        "instruction_id": f"unknown-{day.isoformat()}",
        "kind": "collect",
        "amount_fen": 4_242,
        "rail_reference": f"U{day:%Y%m%d}",
        "value_date": day.isoformat(),
    }


def statement_text(lines: Sequence[Mapping[str, object]], day: date) -> str:
    """Write the daily file: one JSON line a movement, and a last line that counts them."""
    amounts = [line["amount_fen"] for line in lines]
    total_fen = sum(amount for amount in amounts if isinstance(amount, int))
    end = {"end": True, "value_date": day.isoformat(), "lines": len(lines), "total_fen": total_fen}
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in [*lines, end])
