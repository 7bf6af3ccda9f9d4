"""The outside world in this process: the sandbox's own rail, verifier and bureau, called directly.

What is left out is the wire: HTTP, its time-outs and its readers are tested with the connectors
and driven by the stories. The adapters say of each fault what the HTTP ports say of it, so that
flows and jobs meet the same answers and the same errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sanshi.connectors.sandbox import persons
from sanshi.connectors.sandbox.book import Book, get_state
from sanshi.connectors.sandbox.data import Desk, QueryBody, SourceName
from sanshi.connectors.sandbox.faults import Fault, FaultKind, FaultPoint, Faults, queue
from sanshi.connectors.sandbox.messages import InstructionBody
from sanshi.connectors.sandbox.rail import Rail, bent
from sanshi.kernel.errors import ImpossibleError, UnavailableError
from sanshi.ports import IdentityAnswer, Instruction, RailAnswer, Report, StatementLine

_SILENT = {
    "timeout_before": "no_answer",
    "timeout_after": "no_answer",
    "http_500": "no_answer",
    "garbled": "malformed",
}


class Outside:
    """The sandbox over one folder. It lives on when the engine's process dies."""

    def __init__(self, folder: Path) -> None:
        self.book = Book(folder)
        self.faults = Faults("machine")
        self.rail = Rail(self.book, self.faults)
        self.desk = Desk(self.book, self.faults)

    def queue_fault(self, at: FaultPoint, kind: FaultKind) -> None:
        with self.book.write() as db:
            queue(db, [(at, kind, 0)])

    def rail_date(self) -> date:
        """Return the rail's value date."""
        with self.book.write() as db:
            return date.fromisoformat(get_state(db, "value_date") or "")

    def clear_faults(self) -> None:
        with self.book.write() as db:
            db.execute("DELETE FROM faults")

    def instructions(self) -> dict[str, dict[str, Any]]:
        """Return what the rail really holds, by our id."""
        with self.book.write() as db:
            rows = db.execute("SELECT * FROM instructions").fetchall()
        return {row["instruction_id"]: dict(row) for row in rows}

    def close(self) -> None:
        self.book.close()


class RailHere:
    """The `Payments` port over the sandbox's rail."""

    def __init__(self, outside: Outside, after_send: Callable[[], None]) -> None:
        self._outside = outside
        self._after_send = after_send

    def submit(self, instruction: Instruction) -> RailAnswer:
        told = self._outside.rail.submit(InstructionBody(**asdict(instruction)))
        self._after_send()
        fields = _heard("rail", told.answer, told.fault)
        if fields is None:
            raise _silent("rail", "malformed")
        if (fields["kind"], fields["amount_fen"]) != (instruction.kind, instruction.amount_fen):
            raise ImpossibleError("rail.other_amount", "The rail answers with another amount.")
        return _answer(fields)

    def enquire(self, instruction_id: str) -> RailAnswer:
        told = self._outside.rail.enquire(instruction_id)
        fields = _heard("rail", told.answer, told.fault)
        if fields is None:
            return RailAnswer(instruction_id, "not_found", "", None, "")
        return _answer(fields)

    def statement(self, value_date: date) -> tuple[StatementLine, ...]:
        lines, fault = self._outside.rail.statement(value_date)
        _heard("rail", {}, fault)
        return tuple(_line(line) for line in lines)


class IdentityHere:
    """The `Identity` port over the sandbox's verifier."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def verify(self, *, full_name: str, id_number: str, mobile: str) -> IdentityAnswer:
        with self._outside.book.write() as db:
            fault = self._outside.faults.draw(db, "identity")
        _heard("identity", {}, fault)
        found = persons.verify(full_name, id_number, mobile)
        return IdentityAnswer(
            "idv_here", found.matched, found.sanctions_hits, found.court_dishonest
        )


class NoPhones:
    """The `Messages` port of a machine in which nobody signs in."""

    def send(self, *, message_id: str, mobile: str, text: str) -> None:
        raise AssertionError((message_id, mobile, text))


class BureauHere:
    """The `Bureau` port over the sandbox's desk."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def credit_report(self, *, full_name: str, id_number: str, consent_id: str) -> Report:
        return self._ask("bureau", full_name, id_number, consent_id)

    def public_data(self, *, full_name: str, id_number: str, consent_id: str) -> Report:
        return self._ask("public_data", full_name, id_number, consent_id)

    def _ask(self, source: SourceName, full_name: str, id_number: str, consent_id: str) -> Report:
        body = QueryBody(full_name=full_name, id_number=id_number, consent_id=consent_id)
        told = self._outside.desk.ask(source, body)
        _heard(source, {}, told.fault)
        return Report(told.reference, date.fromisoformat(told.as_of), dict(told.values))


def _heard(
    system: str, answer: Mapping[str, object] | None, fault: Fault | None
) -> Mapping[str, Any] | None:
    """Let the fault befall the saying; None is the rail's own word that it knows nothing."""
    kind = "" if fault is None else fault.kind
    if kind in _SILENT:
        raise _silent(system, _SILENT[kind])
    return bent(answer) if answer and kind == "wrong_amount" else answer


def _silent(system: str, how: str) -> UnavailableError:
    return UnavailableError(f"{system}.{how}", "No usable answer came.", field=system)


def _answer(fields: Mapping[str, Any]) -> RailAnswer:
    shown = fields["value_date"]
    return RailAnswer(
        instruction_id=fields["instruction_id"],
        status=fields["status"],
        rail_reference=fields["rail_reference"],
        value_date=None if shown is None else date.fromisoformat(shown),
        failure_code=fields["failure_code"],
        amount_fen=fields["amount_fen"],
    )


def _line(line: Mapping[str, Any]) -> StatementLine:
    return StatementLine(
        instruction_id=line["instruction_id"],
        kind=line["kind"],
        amount_fen=line["amount_fen"],
        rail_reference=line["rail_reference"],
        value_date=date.fromisoformat(line["value_date"]),
    )
