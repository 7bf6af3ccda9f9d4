"""Ports: what flows need from the outside world. The shell implements them, the core never sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

RailKind = Literal["pay", "collect", "refund"]
RailStatus = Literal["accepted", "succeeded", "failed", "not_found"]


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""

    def business_date(self) -> date:
        """Return the open business date 会计日期 (Asia/Shanghai), which the date switch 日切 moves."""


class Ids(Protocol):
    """The only source of new identifiers."""

    def new(self, prefix: str) -> str:
        """Return a fresh id with a prefix of `kernel.ids.PREFIXES`."""


class Keys(Protocol):
    """Ciphers and signatures; callers see bytes, never key material.

    A person's data key is created wrapped; the wrapped form is stored with the person and its
    deletion is the erasure of everything sealed with it.
    """

    def new_data_key(self) -> bytes:
        """Return a fresh data key, wrapped under the master key."""

    def seal(self, wrapped_key: bytes, plain: bytes, context: str) -> bytes:
        """Encrypt and authenticate; `context` must be the same to open."""

    def unseal(self, wrapped_key: bytes, sealed: bytes, context: str) -> bytes:
        """Decrypt, or raise ImpossibleError `keys.tampered`."""

    def blind(self, kind: str, value: str) -> str:
        """Return a keyed digest of a normalised value, to find it without storing it in clear."""

    def salt(self) -> bytes:
        """Return 32 fresh random bytes for a salted commitment."""

    def sign(self, payload: bytes) -> bytes:
        """Return the Ed25519 signature of the log's key."""

    def public_key(self) -> bytes:
        """Return the raw 32-byte public key that checks `sign`."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment order to the rail. The id is ours, and the rail must not act on it twice."""

    instruction_id: str
    kind: RailKind
    amount_fen: int
    currency: str
    payer_account: str
    payee_account: str
    memo: str


@dataclass(frozen=True, slots=True)
class RailAnswer:
    """What the rail says of an instruction. `not_found`: it never arrived there."""

    instruction_id: str
    status: RailStatus
    rail_reference: str
    value_date: date | None
    failure_code: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One settled movement in the rail's daily file 对账文件."""

    instruction_id: str
    kind: RailKind
    amount_fen: int
    rail_reference: str
    value_date: date


class Payments(Protocol):
    """The payment rail 支付通道."""

    def submit(self, instruction: Instruction) -> RailAnswer:
        """Send an instruction. UnavailableError means *unknown*: enquire, never resend blind."""

    def enquire(self, instruction_id: str) -> RailAnswer:
        """Ask what became of an instruction 查证."""

    def statement(self, value_date: date) -> tuple[StatementLine, ...]:
        """Return the rail's file of a day."""


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """Result of an identity check 身份核验 with the sanctions list hits that came with it."""

    reference: str
    matched: bool
    sanctions_hits: tuple[str, ...]


class Identity(Protocol):
    """The identity verifier."""

    def verify(self, *, full_name: str, id_number: str, mobile: str) -> IdentityAnswer:
        """Check the three elements 三要素; UnavailableError when no answer came."""
