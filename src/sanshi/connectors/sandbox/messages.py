"""What the sandbox is sent: strict, frozen documents. Errors never echo what was sent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sanshi.connectors.sandbox.faults import MAX_HOLD_MS, FaultKind, FaultPoint
from sanshi.kernel.money import MAX_FEN, PPM

InstructionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Account = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Person = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Body(BaseModel):
    """Base: nothing unknown, nothing converted."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class InstructionBody(Body):
    """One payment order."""

    instruction_id: InstructionId
    kind: Literal["pay", "collect", "refund"]
    amount_fen: int = Field(ge=1, le=MAX_FEN)
    currency: Literal["CNY"]
    payer_account: Account
    payee_account: Account
    memo: Annotated[str, StringConstraints(max_length=200)]


class DateBody(Body):
    """The rail's new value date."""

    date: str


class AccountsBody(Body):
    """Balances by account; null makes an account unlimited again."""

    accounts: dict[Account, Annotated[int, Field(ge=0, le=MAX_FEN)] | None]


class LimitBody(Body):
    """The largest amount of one instruction; null for none."""

    max_amount_fen: int | None = Field(ge=1, le=MAX_FEN)


class SettleBody(Body):
    """Which accepted instructions to settle; null for all."""

    instruction_ids: list[InstructionId] | None = None


class FaultBody(Body):
    """One fault to commit, once."""

    at: FaultPoint
    kind: FaultKind
    hold_ms: int = Field(default=2000, ge=0, le=MAX_HOLD_MS)


class FaultsBody(Body):
    """Faults in the order in which they shall happen."""

    faults: list[FaultBody]


class RateBody(Body):
    """How often a fault happens by itself."""

    at: FaultPoint
    kind: FaultKind
    ppm: int = Field(ge=0, le=PPM)
    hold_ms: int = Field(default=2000, ge=0, le=MAX_HOLD_MS)


class RatesBody(Body):
    """All rates; they replace those before."""

    rates: list[RateBody]


class TargetBody(Body):
    """Where callbacks go and what signs them; a null address stops them."""

    url: str | None
    secret: str = ""


class ReleaseBody(Body):
    """Which callbacks to send after all."""

    states: list[Literal["held", "lost", "given_up", "sent"]] = ["held"]


class SmsBody(Body):
    """One text message."""

    message_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    mobile: Annotated[str, StringConstraints(pattern=r"^1[3-9][0-9]{9}$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class PersonBody(Body):
    """The three elements 三要素 of a person."""

    full_name: Person
    id_number: Person
    mobile: Person
