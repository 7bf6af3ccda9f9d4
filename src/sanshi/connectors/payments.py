"""The `Payments` port over HTTP, and the reading of the rail's signed callbacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar, get_args
from urllib.parse import quote

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

from sanshi.connectors.calls import Caller, Reply
from sanshi.connectors.sandbox.wire import ID_REUSED, NOT_FOUND
from sanshi.kernel.errors import (
    ConflictError,
    ForbiddenError,
    ImpossibleError,
    InputError,
    UnavailableError,
)
from sanshi.ports import Instruction, RailAnswer, RailKind, RailStatus, StatementLine

T = TypeVar("T")

_KINDS: dict[object, RailKind] = {kind: kind for kind in get_args(RailKind)}
_STATUSES: dict[object, RailStatus] = {
    status: status for status in get_args(RailStatus) if status != "not_found"
}


@dataclass(frozen=True, slots=True)
class RailCallback:
    """A verified callback. The message id is the same in every repetition: act on it once."""

    message_id: str
    kind: RailKind
    amount_fen: int
    answer: RailAnswer


class HttpPayments:
    """The payment rail 支付通道 over HTTP.

    UnavailableError `rail.not_reached` means that nothing was sent; `rail.no_answer` and
    `rail.malformed` mean that the outcome is unknown: enquire 查证, never resend blind.
    """

    def __init__(
        self, base_url: str, secret: str, *, timeout_seconds: float, connect_seconds: float = 2.0
    ) -> None:
        """Connect lazily; `timeout_seconds` bounds each wait for an answer."""
        self._caller = Caller(
            base_url,
            secret,
            system="rail",
            timeout_seconds=timeout_seconds,
            connect_seconds=connect_seconds,
            unknown_fix="Enquire by instruction id; never send it again before that.",
        )

    def submit(self, instruction: Instruction) -> RailAnswer:
        """Send an instruction."""
        reply = self._caller.call("POST", "/rail/instructions", asdict(instruction))
        if reply.status == httpx.codes.CONFLICT and reply.fields().get("code") == ID_REUSED:
            raise ConflictError(
                ID_REUSED,
                f"The rail holds {instruction.instruction_id} with other contents.",
                field="instruction_id",
                fix="Enquire it; a changed instruction needs a new id.",
            )
        if reply.status == httpx.codes.UNPROCESSABLE_ENTITY:
            raise ImpossibleError(
                "rail.refused_form",
                f"The rail cannot read {instruction.instruction_id}; it took nothing.",
                field=str(reply.fields().get("field", "")),
                fix="Correct the instruction where it is built.",
            )
        fields = self._fields(reply)
        answer = self._answer(fields, instruction.instruction_id)
        if (fields.get("kind"), fields.get("amount_fen")) != (
            instruction.kind,
            instruction.amount_fen,
        ):
            raise ImpossibleError(
                "rail.other_amount",
                f"The rail answers {instruction.instruction_id} with another kind or amount.",
                field="amount_fen",
                fix="Enquire, and compare with the rail's statement before booking anything.",
            )
        return answer

    def enquire(self, instruction_id: str) -> RailAnswer:
        """Ask what became of an instruction 查证; `not_found` only on the rail's own word."""
        reply = self._caller.call("GET", f"/rail/instructions/{quote(instruction_id, safe='')}")
        if reply.status == httpx.codes.NOT_FOUND and reply.fields().get("code") == NOT_FOUND:
            return RailAnswer(instruction_id, "not_found", "", None, "")
        return self._answer(self._fields(reply), instruction_id)

    def statement(self, value_date: date) -> tuple[StatementLine, ...]:
        """Return the rail's file of a day 对账文件, refused unless it is whole."""
        reply = self._caller.call("GET", f"/rail/statements/{value_date.isoformat()}")
        if reply.status != httpx.codes.OK:
            raise self._caller.malformed(f"status {reply.status}")
        *lines, end = [self._row(text) for text in reply.text.splitlines()] or [{}]
        read = tuple(self._line(line, value_date) for line in lines)
        total_fen = sum(line.amount_fen for line in read)
        expected = {
            "end": True,
            "value_date": value_date.isoformat(),
            "lines": len(read),
            "total_fen": total_fen,
        }
        if end != expected:
            raise self._caller.malformed("the statement is cut short or does not add up")
        return read

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()

    def _fields(self, reply: Reply) -> Mapping[str, object]:
        if reply.status != httpx.codes.OK:
            raise self._caller.malformed(f"status {reply.status}")
        return reply.fields()

    def _answer(self, fields: Mapping[str, object], instruction_id: str) -> RailAnswer:
        try:
            answer = _rail_answer(fields)
        except ValueError as error:
            raise self._caller.malformed(str(error)) from error
        if answer.instruction_id != instruction_id:
            raise ImpossibleError(
                "rail.other_instruction",
                f"The rail answers {instruction_id} with {answer.instruction_id}.",
                field="instruction_id",
                fix="Enquire again; book nothing from this answer.",
            )
        return answer

    def _row(self, text: str) -> dict[str, object]:
        try:
            row = json.loads(text)
        except ValueError as error:
            raise self._caller.malformed("a statement line is no JSON") from error
        if not isinstance(row, dict):
            raise self._caller.malformed("a statement line is no object")
        return row

    def _line(self, row: Mapping[str, object], value_date: date) -> StatementLine:
        try:
            line = StatementLine(
                instruction_id=_text(row, "instruction_id"),
                kind=_one_of(row, "kind", _KINDS),
                amount_fen=_amount(row),
                rail_reference=_text(row, "rail_reference"),
                value_date=date.fromisoformat(_text(row, "value_date")),
            )
        except ValueError as error:
            raise self._caller.malformed(str(error)) from error
        if line.value_date != value_date:
            raise self._caller.malformed(f"a line of {line.value_date} in that of {value_date}")
        return line


def read_callback(secret: str, headers: Mapping[str, str], body: bytes) -> RailCallback:
    """Verify a callback by Standard Webhooks and read it.

    ForbiddenError `rail.callback_refused`: signature or headers are wrong, or its time is more
    than five minutes from now, which a replay betrays itself by. Within that time the message
    id tells a repetition.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(body, lowered, json_parse=False)
    except (WebhookVerificationError, ValueError, OverflowError) as error:
        raise ForbiddenError(
            "rail.callback_refused",
            f"The callback is not genuine or not fresh: {error}.",
            field="webhook-signature",
            fix="Check the callback secret and both clocks.",
        ) from error
    try:
        data = _callback_data(json.loads(body))
        return RailCallback(
            message_id=lowered["webhook-id"],
            kind=_one_of(data, "kind", _KINDS),
            amount_fen=_amount(data),
            answer=_rail_answer(data),
        )
    except ValueError as error:
        raise InputError(
            "rail.callback_malformed",
            f"The callback cannot be read: {error}.",
            field="data",
            fix="Enquire the instruction instead.",
        ) from error


def _callback_data(value: object) -> Mapping[str, object]:
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict):
        raise ValueError("data is missing")  # noqa: TRY004  one kind of fault for the caller
    return data


def _rail_answer(fields: Mapping[str, object]) -> RailAnswer:
    status = _one_of(fields, "status", _STATUSES)
    shown = fields.get("value_date")
    value_date = None if shown is None else date.fromisoformat(_text(fields, "value_date"))
    if status == "succeeded" and value_date is None:
        raise ValueError("a settled instruction has no value_date")
    return RailAnswer(
        instruction_id=_text(fields, "instruction_id"),
        status=status,
        rail_reference=_text(fields, "rail_reference"),
        value_date=value_date,
        failure_code=_text(fields, "failure_code"),
        amount_fen=_amount(fields),
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is missing or no text")  # noqa: TRY004  as above
    return value


def _amount(fields: Mapping[str, object]) -> int:
    value = fields.get("amount_fen")
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError("amount_fen is missing or no positive whole number")
    return value


def _one_of(fields: Mapping[str, object], name: str, known: Mapping[object, T]) -> T:
    value = fields.get(name)
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} is missing or unknown")
    return known[value]


def unknown_outcome(error: UnavailableError) -> bool:
    """Say whether an instruction may have arrived although no usable answer came."""
    return error.code in {"rail.no_answer", "rail.malformed"}
