"""What a flow is given: the ports, the packs in force, and who is asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from sanshi.catalogue.catalogue import Catalogue
from sanshi.decision.policy import CompiledPolicy
from sanshi.kernel.effects import NOTHING, Effects, Json
from sanshi.ledger.accounts import Chart
from sanshi.ports import Bureau, Clock, Documents, Identity, Ids, Keys, Messages, Payments, Store

Role = Literal[
    "consumer",
    "merchant",
    "product",
    "risk",
    "servicing",
    "conduct",
    "audit",
    "admin",
    "system",
]
"""Lender staff have one of product … admin; `system` is a job or a checked callback."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: an authenticated party in one role, of one entity or being one person."""

    actor_id: str
    role: Role
    entity: str = ""
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """The ports and packs that flows work with; `policies` are decision policies by lender.

    `chart`: the accounts that all books are kept on. `loans_per_shard`: how many loans are closed
    in one turn.
    """

    store: Store
    clock: Clock
    ids: Ids
    keys: Keys
    identity: Identity
    bureau: Bureau
    payments: Payments
    messages: Messages
    documents: Documents
    catalogue: Catalogue
    policies: Mapping[str, CompiledPolicy]
    chart: Chart
    loans_per_shard: int = 8_192


class Command(BaseModel):
    """A request to a flow, checked field by field; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a flow came to: the answer to give, and what must be durable before it is given."""

    answer: Mapping[str, Json]
    effects: Effects = NOTHING


@dataclass(frozen=True, slots=True)
class Flow(Generic[C]):
    """A use case: its name, who may use it, what it takes, and how it decides."""

    name: str
    roles: frozenset[Role]
    command: type[C]
    decide: Callable[[World, Actor, C], Decided]
    # Which fields of the answer are for the caller's eyes only and stay out of logs.
    private: frozenset[str] = field(default_factory=frozenset)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the command."""
        return self.command.model_json_schema()
