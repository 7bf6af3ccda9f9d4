"""Real answers of flows for every page: made once, in a world with days that pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanshi.catalogue.catalogue import Catalogue
from sanshi.consent.grants import Grant
from sanshi.flows.consents import grants_of
from sanshi.flows.papers import read_paper
from sanshi.flows.parts import seen_from
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import deliver
from sanshi.web.consumer.pages import Shelf
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

FRIDGE_3 = "shenpu_appliance.3.equal_instalment"
FRIDGE_6 = "shenpu_appliance.6.equal_instalment"
TV_6 = "shenpu_smart_home.6.equal_principal"
CAR_36, PLATE_36 = "shenpu_car.36.equal_instalment", "shenpu_plate.36.equal_principal"
SYSTEM = Actor("test", "system")
SHOP = Actor("shop", "merchant", "haitai")
FORM: dict[str, Any] = {"job_months": 60, "device_tampered": False}
LATE = date(2026, 12, 7)

Answer = Mapping[str, Any]


@dataclass(slots=True)
class Answers:
    """What flows answered, by a short name of the case."""

    shelf: Shelf
    catalogue: Catalogue
    grants: tuple[Grant, ...] = ()
    seen: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - answers are plain mappings
        return self.seen[name]


class Shop(Desk):
    """A desk where every application comes from a device of its own: nobody looks like a ring."""

    def applied(self, who: Actor, plan: str = FRIDGE_3, **more: Any) -> str:  # noqa: ANN401 - as Desk
        """Quote, agree and apply; returns the application's id."""
        quote_id = self.quoted(who, **more)["quote_id"]
        self.agreed(who)
        request = {"quote_id": quote_id, "plan_key": plan, **FORM, "device": quote_id}
        return str(self.do("apply_for_plan", who, **request)["application_id"])


def gather(opened: Desk) -> Answers:
    """Live through enough of a few loans to have seen every page."""
    desk = Shop(opened.world, opened.time, opened.outside, opened.url)
    world = desk.world
    made = Answers(Shelf.of(world.catalogue, world.policies), world.catalogue)
    who = desk.person(XIAOMAN)
    _quotes(desk, who, made.seen)
    _decisions(desk, who, made.seen)
    _contracts(desk, who, made.seen)
    made.grants = grants_of(world, who.person_id)
    _loans(desk, who, made.seen)
    return made


def asked_of(desk: Desk, application_id: str, sku: str | None = None) -> dict[str, Any]:
    row = desk.world.store.row("application", application_id=application_id)
    assert row is not None
    return seen_from(read_paper(desk.world, row["document_id"]).content, sku)


def _quotes(desk: Desk, who: Actor, seen: dict[str, Any]) -> None:
    right = {"benefit": "appliance_trade_in", "category": "television"}
    seen["quote_tv_conditional"] = desk.quoted(who, sku="HT-TV-75")
    desk.do("issue_voucher", SYSTEM, person_id=who.person_id, **right)
    seen["quote_fridge"] = desk.quoted(who)
    seen["quote_tv"] = desk.quoted(who, sku="HT-TV-75")
    seen["quote_poor"] = desk.quoted(
        who, monthly_income_fen=400_000, monthly_debt_service_fen=150_000
    )
    seen["quote_unknown"] = desk.quoted(
        who, monthly_income_fen=None, monthly_debt_service_fen=None, total_debt_fen=None
    )
    seen["quote_student"] = desk.quoted(who, student=True, merchant="puhui", sku="PH-TV-75")
    seen["quote_dear"] = desk.quoted(who, merchant="puhui", sku="PH-TV-75")
    seen["quote_car"] = desk.quoted(who, merchant="pujiang_auto", sku="PJ-BEV-E5")
    seen["quote_cars"] = desk.quoted(
        who, merchant="pujiang_auto", sku="PJ-ICE-P15", also=[{"sku": "PJ-PLATE"}]
    )


def _decisions(desk: Desk, who: Actor, seen: dict[str, Any]) -> None:
    tired = desk.person(LIXIA)
    for case, plan in (("declined", FRIDGE_3), ("referred", FRIDGE_6)):
        application_id = desk.applied(tired, plan)
        seen[case] = _decided(desk, tired, application_id)
        assert seen[case]["outcome"] == case
        seen[f"{case}_asked"] = asked_of(desk, application_id)
    quote = desk.quoted(who, merchant="pujiang_auto", sku="PJ-ICE-P15", also=[{"sku": "PJ-PLATE"}])
    desk.agreed(who)
    applied = desk.do(
        "apply_for_plan",
        who,
        quote_id=quote["quote_id"],
        plan_key=CAR_36,
        also={"PJ-PLATE": PLATE_36},
        device="phone-1",
        **FORM,
    )
    seen["approved"] = _decided(desk, who, applied["application_id"])
    assert seen["approved"]["outcome"] == "approved"
    seen["approved_asked"] = asked_of(desk, applied["application_id"])


def _decided(desk: Desk, who: Actor, application_id: str) -> Any:  # noqa: ANN401 - a flow's answer
    """Have an application decided; returns the answer as its person sees it."""
    desk.do("decide_application", staff("risk"), application_id=application_id)
    return desk.do("see_own_application", who, application_id=application_id)["decided"]


def _contracts(desk: Desk, who: Actor, seen: dict[str, Any]) -> None:
    for case, plan, more in (
        ("online", TV_6, {"sku": "HT-TV-75"}),
        ("branch", CAR_36, {"merchant": "pujiang_auto", "sku": "PJ-ICE-P15"}),
    ):
        application_id = desk.applied(who, plan, **more)
        desk.do("decide_application", staff("risk"), application_id=application_id)
        offered = desk.do("offer_contract", who, application_id=application_id)
        seen[f"{case}_offered"] = offered
        seen[f"{case}_served"] = desk.do("serve_contract", who, contract_id=offered["contract_id"])
        seen[f"{case}_asked"] = asked_of(desk, application_id)


def _loans(desk: Desk, who: Actor, seen: dict[str, Any]) -> None:
    television, washer = "HT-TV-75", "HT-WASHER-10"
    tv_id = desk.paid_out(who, TV_6, sku=television)
    fridge_id = desk.paid_out(who, FRIDGE_3)
    washer_id = desk.signed(who, "shenpu_appliance.12.equal_instalment", sku=washer)
    small_id = desk.paid_out(who, "shenpu_appliance.6.equal_principal", sku=washer)

    def look(case: str, loan_id: str) -> None:
        found = desk.do("see_own_loan", who, loan_id=loan_id)
        seen[case], seen[f"{case}_about"] = found["seen"], found["about"]

    given_up_id = desk.signed(who, FRIDGE_6, session_id=_session(desk, seen))
    desk.do("void_authorization", who, authorization_id=given_up_id)
    look("cancelled", given_up_id)
    look("pending", washer_id)
    look("fresh", fridge_id)
    _live_until(desk, date(2026, 12, 2))
    look("due", fridge_id)
    look("paying_before", small_id)
    desk.do("pay", who, loan_id=small_id)
    look("paying", small_id)
    deliver(desk.world)
    desk.do("pay", who, loan_id=small_id, purpose="settle")
    deliver(desk.world)
    look("settled", small_id)
    desk.do("grant_subsidies", SYSTEM, entity=LENDER, shard=_shard(desk, tv_id))
    desk.do("pay", who, loan_id=tv_id)
    deliver(desk.world)
    look("subsidised", tv_id)
    desk.do("return_goods", staff("servicing"), loan_id=tv_id, price_fen=200_000)
    deliver(desk.world)
    look("returned", tv_id)
    _live_until(desk, LATE)
    look("overdue", fridge_id)
    _asked(desk, who, fridge_id, seen)
    why = {"reason": "r-4711", "evidence": "e-4711"}
    desk.do("write_off_loan", staff("servicing"), loan_id=fridge_id, **why)
    look("written_off", fridge_id)
    desk.do("pay", who, loan_id=fridge_id)
    deliver(desk.world)
    look("recovered", fridge_id)
    sale: dict[str, Any] = {"buyer": "申江资产（虚构）", "price_fen": 4_711, "reason": "r-4711"}
    desk.do("transfer_loan", staff("servicing"), loan_id=tv_id, **sale)
    look("sold", tv_id)


def _asked(desk: Desk, who: Actor, loan_id: str, seen: dict[str, Any]) -> None:
    """Ask the lender for things, and let its staff look at who asks."""
    seen["requests_none"] = desk.do("see_own_requests", who)
    for about in ("enquiry", "complaint"):
        asked = {"about": about, "lender": LENDER, "text": f"{about} …", "loan_id": loan_id}
        case_id = desk.do("ask_lender", who, **asked)["case_id"]
        if about == "enquiry":
            told = {"case_id": case_id, "text": "Paying early costs nothing: contract, section 4."}
            answer_id = desk.do("write_answer", staff("conduct"), **told)["answer_id"]
            closed = {"case_id": case_id, "finding": "answered", "answer_id": answer_id}
            desk.do("close_case", staff("conduct"), **closed)
    seen["requests"] = desk.do("see_own_requests", who)
    desk.do("desk_customer", staff("servicing"), person_id=who.person_id)
    desk.do("unmask_customer", staff("servicing"), person_id=who.person_id, reason="a complaint")
    desk.do("withdraw_consent", who, consent_id=desk.agreed(who)[0])
    seen["data"] = desk.do("see_own_data", who)


def _session(desk: Desk, seen: dict[str, Any]) -> str:
    """Open a checkout, and see it as it goes on; returns one that is open."""
    order: dict[str, Any] = {
        "reference": "order-1",
        "items": [{"sku": "HT-FRIDGE-520"}],
        "return_url": "https://shop.example/thanks",
        "cancel_url": "https://shop.example/basket",
    }
    seen["session"] = desk.do("open_session", SHOP, **order)
    firm = {**order, "host": "payment_firm", "items": [{"sku": "HT-TV-75", "down_payment_fen": 9}]}
    seen["session_firm"] = desk.do("open_session", SHOP, **firm)
    for stage in ("cash", "cancelled", "expired", "authorized"):
        seen[f"session_{stage}"] = {**seen["session"], "stage": stage}
    return str(seen["session"]["session_id"])


def _shard(desk: Desk, loan_id: str) -> int:
    row = desk.world.store.row("loan", loan_id=loan_id)
    assert row is not None
    return int(row["shard"])


def _live_until(desk: Desk, last: date) -> None:
    while (day := desk.world.clock.business_date()) < last:
        desk.outside.set_date(day)
        close_day(desk.world, day, only=(LENDER, "platform"))
        desk.time.move(days=1)
        desk.outside.set_date(desk.world.clock.business_date())
