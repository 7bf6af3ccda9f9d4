"""Rules of a purchase: quote, application, decision, contract, consent."""

from __future__ import annotations

from flows.machine_base import Base
from flows.machine_rule import EITHER, PICK, SELDOM, some, step
from flows.machine_walk import FRIDGE, LENDER, PLANS, WASHER, staff
from sanshi.flows.applying import APPLY
from sanshi.flows.consents import GRANT, WITHDRAW
from sanshi.flows.contracts import OFFER, SERVE, SIGN
from sanshi.flows.deciding import DECIDE
from sanshi.flows.quoting import QUOTE


class Purchases(Base):
    """What leads to a loan."""

    @step(pick=PICK, sku=[FRIDGE, WASHER], part=[0, 1, 3, 0, 99])
    def quote(self, pick: int, sku: str, part: int) -> None:
        buyer = self.buyers[pick % len(self.buyers)]
        self.attempt(QUOTE, buyer.actor, buyer.asks(sku, part * 100_000), keyed=True)

    @step(pick=PICK, plan=PICK, device=range(4), stale=SELDOM)
    def apply(self, *, pick: int, plan: int, device: int, stale: bool) -> None:
        """Accept a quote of today, asking for one first; now and then one from before."""
        buyer = self.buyers[pick % len(self.buyers)]
        if not stale and not self.quotes_of_today():
            request = buyer.asks(WASHER if pick % 2 else FRIDGE, pick % 4 * 50_000)
            if self.attempt(QUOTE, buyer.actor, request, keyed=True) is None:
                return
            self.all_holds()
        found = self.now.in_stage("quote", "open", "accepted") if stale else self.quotes_of_today()
        if not found:
            return
        quote_id = found[pick % len(found)]
        buyer = self.buyer_of("quote", quote_id=quote_id)
        request = {
            "quote_id": quote_id,
            "plan_key": f"shenpu_appliance.{PLANS[plan % len(PLANS)]}",
            "job_months": 60,
            "device": f"phone-{buyer.person_id}-{device}",
            "device_tampered": False,
        }
        self.attempt(APPLY, buyer.actor, request, keyed=True)

    def quotes_of_today(self) -> list[str]:
        open_ones = self.now.in_stage("quote", "open")
        return [name for name in open_ones if self.now.quotes[name] == self.now.today]

    @step(some("application", "draft", "referred"), pick=PICK, decided=SELDOM)
    def decide(self, *, pick: int, decided: bool) -> None:
        stages = ("approved", "declined") if decided else ()
        at = (*stages, "draft", "referred")
        application_id = self.choose(pick, "application", *at)
        answer = self.attempt(DECIDE, staff("risk"), {"application_id": application_id})
        if answer is not None:
            self.came[f"decide: {answer['outcome']}"] += 1

    @step(lambda self: self.unoffered(), pick=PICK, again=SELDOM)
    def offer(self, *, pick: int, again: bool) -> None:
        found = self.now.in_stage("application", "approved") if again else self.unoffered()
        application_id = found[pick % len(found)]
        buyer = self.buyer_of("application", application_id=application_id)
        self.attempt(OFFER, buyer.actor, {"application_id": application_id}, keyed=True)

    def unoffered(self) -> list[str]:
        approved = self.now.in_stage("application", "approved")
        return [name for name in approved if name not in self.now.contracts.values()]

    @step(pick=PICK)
    def serve(self, pick: int) -> None:
        offered = some("contract", "offered")(self)
        contract_id = self.choose(pick, "contract", "offered" if offered else "signed")
        buyer = self.buyer_of("contract", contract_id=contract_id)
        self.attempt(SERVE, buyer.actor, {"contract_id": contract_id})

    @step(
        some("contract", "offered"),
        pick=PICK,
        how=["read"] * 5 + ["unread", "other text", "signed"],
    )
    def sign(self, pick: int, how: str) -> None:
        """Confirm a contract that was read, not long enough, not this one, or is signed."""
        stages = ("signed", "offered") if how == "signed" else ("offered",)
        contract_id = self.choose(pick, "contract", *stages)
        buyer = self.buyer_of("contract", contract_id=contract_id)
        self.attempt(SERVE, buyer.actor, {"contract_id": contract_id})
        self.life.time.move(seconds=9 if how == "unread" else 10)
        request = self.read(contract_id, right=how != "other text")
        self.attempt(SIGN, buyer.actor, request, keyed=True)

    @step(
        some("consent", "granted"),
        pick=PICK,
        again=EITHER,
        purpose=["credit_report", "housing_fund"],
    )
    def withdraw_consent(self, *, pick: int, again: bool, purpose: str) -> None:
        """Withdraw a consent, and perhaps give one."""
        consent_id = self.choose(pick, "consent", "granted")
        buyer = self.buyer_of("consent", consent_id=consent_id)
        self.attempt(WITHDRAW, buyer.actor, {"consent_id": consent_id})
        if again:
            request = {
                "person_id": buyer.person_id,
                "purpose": purpose,
                "recipient": LENDER,
                "ticked": True,
                "days": 1 + pick % 365,
            }
            self.attempt(GRANT, buyer.actor, request, keyed=True)
