"""A visit: somebody of the demo city who does something, and how their things are found.

An act finds what it is about in the database, by the person or by the shop's order number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanshi.connectors.sandbox.faults import FaultKind
from sanshi.demo.city_plan import Shopper
from sanshi.demo.personas import Stage
from sanshi.flows.identify import IDENTIFY
from sanshi.flows.loans import LoanFile, open_file
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, Flow
from sanshi.jobs.outbox import JOB, deliver
from sanshi.ports import Record

_SECONDS = 20
"""Between one thing that somebody does and the next: longer than any lender wants read."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A shopper who does something now."""

    stage: Stage
    who: Shopper

    def do(self, actor: Actor, flow: Flow[Any], **request: object) -> Mapping[str, Any]:
        """Run one flow, a little later than what came before."""
        self.stage.time.move(seconds=_SECONDS)
        return perform(self.stage.world, actor, flow, request)

    @property
    def shop(self) -> Actor:
        """The till of the shop they buy in."""
        return Actor("till", "merchant", self.who.basket.merchant)

    @property
    def lender(self) -> str:
        """The lender whose product they want."""
        return self.stage.world.catalogue.products[self.who.product].lender

    def staff(self, role: str) -> Actor:
        """Somebody at that lender."""
        return Actor(f"{self.lender}:{role}", role, self.lender)  # type: ignore[arg-type] # perform refuses a wrong role

    def buyer(self) -> Actor:
        """The person, who is identified when they first come."""
        person = self.who.resident
        keys, store = self.stage.world.keys, self.stage.world.store
        row = store.row("person", id_number_blind=keys.blind("id_number", person.id_number))
        known = row["person_id"] if row else self._identified()
        return Actor(f"consumer:{known}", "consumer", person_id=known)

    def _identified(self) -> str:
        person = self.who.resident
        answer = self.do(
            JOB,
            IDENTIFY,
            full_name=person.full_name,
            id_number=person.id_number,
            mobile=person.mobile,
        )
        return str(answer["person_id"])

    def rows(self, table: str, key: str, *stages: str) -> tuple[Record, ...]:
        """Return what of theirs stands in one of the stages, oldest first."""
        where = {"person_id": self.buyer().person_id}
        return self.stage.world.store.in_stage(table, key, stages, where)

    def session(self) -> Record | None:
        """Return their checkout session."""
        store = self.stage.world.store
        where = {"entity": self.who.basket.merchant, "reference": self.who.reference}
        return next(iter(store.rows("checkout_session", where)), None)

    def loans(self, *stages: str) -> list[LoanFile]:
        """Return their loans that stand in one of the stages."""
        rows = self.rows("loan", "loan_id", *stages)
        return [open_file(self.stage.world, row["loan_id"]) for row in rows]

    def send(self, *faults: FaultKind, rounds: int = 1) -> None:
        """Send what waits to the rail; the first of it meets with these faults, nobody else.

        A second round sends what the first gave rise to.
        """
        outside = self.stage.outside
        for fault in faults:
            outside.queue_fault("submit", fault, hold_ms=0)
        for _ in range(rounds):
            deliver(self.stage.world)
        if faults:
            outside.clear_faults()
