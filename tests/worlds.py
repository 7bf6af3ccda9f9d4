"""A world for tests of flows: a fresh database, real packs, and a real sandbox process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sanshi.connectors.clock import HandTime
from sanshi.connectors.process import SandboxProcess
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.flows.perform import perform
from sanshi.flows.registry import FLOWS
from sanshi.flows.world import Actor, World
from sanshi.jobs.outbox import deliver
from sanshi.settings import Settings
from sanshi.wiring import Content, open_world, set_up

MONDAY = date(2026, 11, 2)
PLAN = "shenpu_appliance.3.equal_instalment"
LENDER = "shenpu_bank"
LOANS_PER_SHARD = 2
"""So few that a handful of loans fills several shards."""
XIAOMAN = {
    "full_name": "林小满",
    "id_number": "990000199205200015",
    "mobile": "16100000001",
}
LIXIA = {
    "full_name": "周立夏",
    "id_number": "99000019851106001X",
    "mobile": "16100000002",
}


def staff(role: str, entity: str = LENDER) -> Actor:
    """Someone of a lender's staff."""
    return Actor(f"test:{role}", role, entity)  # type: ignore[arg-type] # tests may invent roles


@dataclass(slots=True)
class Desk:
    """A world, its hand-moved time, the outside, and the moves that tests repeat."""

    world: World
    time: HandTime
    outside: SandboxControl
    url: str
    persons: dict[str, str] = field(default_factory=dict)

    def do(
        self,
        flow: str,
        actor: Actor,
        key: str | None = None,
        **request: Any,  # noqa: ANN401 - as a caller would send it
    ) -> Mapping[str, Any]:
        """Run one flow."""
        return perform(self.world, actor, FLOWS[flow], request, key)

    def person(self, elements: Mapping[str, str]) -> Actor:
        """Identify someone (once) and return them as an actor."""
        name = elements["full_name"]
        if name not in self.persons:
            answer = self.do("identify", Actor("door", "system"), **elements)
            self.persons[name] = answer["person_id"]
        return Actor(name, "consumer", person_id=self.persons[name])

    def quoted(self, who: Actor, sku: str = "HT-FRIDGE-520", **more: object) -> Mapping[str, Any]:
        """Quote a purchase with sensible declarations."""
        declared = {
            "student": False,
            "monthly_income_fen": 1_500_000,
            "monthly_debt_service_fen": 100_000,
            "total_debt_fen": 1_000_000,
        }
        request = {"person_id": who.person_id, "merchant": "haitai", "sku": sku}
        asked = {**request, **declared, **more}
        return perform(self.world, who, FLOWS["quote_purchase"], asked)

    def agreed(self, who: Actor) -> list[str]:
        """Give both consents; returns their ids."""
        return [
            self.do(
                "grant_consent",
                who,
                person_id=who.person_id,
                purpose=purpose,
                recipient=LENDER,
                ticked=True,
            )["consent_id"]
            for purpose in ("credit_report", "housing_fund")
        ]

    def applied(self, who: Actor, plan: str = PLAN, **more: Any) -> str:  # noqa: ANN401 - as above
        """Quote, agree and apply; returns the application's id."""
        quote_id = self.quoted(who, **more)["quote_id"]
        self.agreed(who)
        answer = self.do(
            "apply_for_plan",
            who,
            quote_id=quote_id,
            plan_key=plan,
            job_months=60,
            device="phone-1",
            device_tampered=False,
        )
        return str(answer["application_id"])

    def offered(self, who: Actor, plan: str = PLAN, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as above
        """Apply, have it decided and the contract offered."""
        application_id = self.applied(who, plan, **more)
        self.do("decide_application", staff("risk"), application_id=application_id)
        return self.do("offer_contract", who, application_id=application_id)

    def signed(self, who: Actor, plan: str = PLAN, **more: Any) -> str:  # noqa: ANN401 - as above
        """Do everything up to the signed loan; returns its id."""
        offer = self.offered(who, plan, **more)
        self.do("serve_contract", who, contract_id=offer["contract_id"])
        self.time.move(seconds=10)
        answer = self.do(
            "sign_contract",
            who,
            contract_id=offer["contract_id"],
            content_hash=offer["content_hash"],
            confirmed=True,
        )
        return str(answer["loan_id"])

    def paid_out(self, who: Actor, plan: str = PLAN, **more: Any) -> str:  # noqa: ANN401 - as above
        """Do everything up to money at the merchant; returns the loan's id."""
        loan_id = self.signed(who, plan, **more)
        self.do("order_disbursement", staff("servicing"), loan_id=loan_id)
        deliver(self.world)
        return loan_id


@contextmanager
def open_desk(
    url: str,
    folder: Path,
    content: Content,
    outside: SandboxProcess,
    business_date: date = MONDAY,
) -> Iterator[Desk]:
    """Open a world at ten in the morning of a business date, on a running sandbox."""
    set_up(url, business_date)
    time = HandTime(datetime.combine(business_date, datetime.min.time(), UTC) + timedelta(hours=2))
    settings = Settings(
        database=url,
        keys=folder / "keys.json",
        packs=(),
        outside_url=outside.base_url,
        outside_secret=outside.secret,
        loans_per_shard=LOANS_PER_SHARD,
    )
    control = SandboxControl(outside.base_url, outside.secret)
    control.clear_faults()
    try:
        with open_world(settings, content, time) as world:
            yield Desk(world, time, control, url)
    finally:
        control.close()
