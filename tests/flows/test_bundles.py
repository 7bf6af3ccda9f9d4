"""Things bought together: one quote, one decision, a contract and a loan for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dumps import state_hash
from sanshi.flows.certify_again import Moment, certified_again
from sanshi.flows.contracts import SIGN, SignContract
from sanshi.flows.papers import read_paper
from sanshi.flows.parts import seen_from
from sanshi.flows.shards import begun
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import deliver
from sanshi.kernel.effects import Applied, Conflict
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

CAR, ELECTRIC, PLATE = "PJ-ICE-P15", "PJ-BEV-E5", "PJ-PLATE"
CAR_36, PLATE_36 = "shenpu_car.36.equal_instalment", "shenpu_plate.36.equal_principal"
CAR_24, PLATE_24 = "shenpu_car.24.equal_instalment", "shenpu_plate.24.equal_instalment"
LENT_FEN = {CAR: 12_000_000, PLATE: 9_300_000}
BOTH: dict[str, Any] = {"merchant": "pujiang_auto", "sku": CAR, "also": [{"sku": PLATE}]}
FORM: dict[str, Any] = {"job_months": 60, "device": "phone-1", "device_tampered": False}
TV = {"sku": "HT-TV-75"}


def sold_otherwise(desk: Desk, merchant: str, **fields: object) -> None:
    """Let a merchant be another one for this test."""
    catalogue = desk.world.catalogue
    other = catalogue.merchants[merchant].model_copy(update=fields)
    changed = replace(catalogue, merchants={**catalogue.merchants, merchant: other})
    desk.world = replace(desk.world, catalogue=changed)


def applied(
    desk: Desk,
    who: Actor,
    plans: tuple[str, str] = (CAR_36, PLATE_36),
    **more: Any,  # noqa: ANN401 - fields of a quote
) -> str:
    quote_id = desk.quoted(who, **(BOTH | more))["quote_id"]
    desk.agreed(who)
    request = {"quote_id": quote_id, "plan_key": plans[0], "also": {PLATE: plans[1]}, **FORM}
    return str(desk.do("apply_for_plan", who, **request)["application_id"])


def approved(desk: Desk, who: Actor, **more: Any) -> str:  # noqa: ANN401 - fields of a quote
    application_id = applied(desk, who, **more)
    decided = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert decided["outcome"] == "approved"
    assert decided["approved_fen"] == sum(LENT_FEN.values())
    return application_id


def read(desk: Desk, who: Actor, application_id: str, sku: str) -> dict[str, Any]:
    """Have a contract offered and read; returns what signing it takes."""
    offer = desk.do("offer_contract", who, application_id=application_id, sku=sku)
    desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=10)
    return {
        "contract_id": offer["contract_id"],
        "content_hash": offer["content_hash"],
        "confirmed": True,
    }


def table(who: Actor, ready: Mapping[str, Any], **more: object) -> dict[str, Any]:
    """Return what signing the cost table of a contract takes."""
    text = {name: ready[name] for name in ("contract_id", "content_hash")}
    return {**text, "person_id": who.person_id, "seen_signing": True, **more}


def at_the_branch(desk: Desk, who: Actor, application_id: str, sku: str) -> dict[str, Any]:
    ready = read(desk, who, application_id, sku)
    desk.do("sign_cost_table", staff("product"), **table(who, ready))
    return ready


def signed(desk: Desk, who: Actor, application_id: str, sku: str) -> str:
    ready = at_the_branch(desk, who, application_id, sku)
    return str(desk.do("sign_contract", who, **ready)["loan_id"])


# ── what cannot be asked for ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("also", "field"),
    [
        ([{"sku": "NO-SUCH"}], "also.0.sku"),
        ([{"sku": PLATE}, {"sku": "NO-SUCH"}], "also.1.sku"),
        ([{"sku": CAR}], "also"),
        ([{"sku": PLATE}, {"sku": PLATE}], "also"),
        ([{"sku": PLATE}] * 3, "also"),
        ([{"sku": "HT-FRIDGE-520"}], "also.0.sku"),
        ([{"sku": PLATE, "price_fen": 1}], "also.0.price_fen"),
        ([{"sku": PLATE, "down_payment_fen": -1}], "also.0.down_payment_fen"),
        ([{"sku": PLATE, "down_payment_fen": 9_300_000}], "down_payment_fen"),
        ([PLATE], "also.0"),
        (PLATE, "also"),
    ],
)
def test_other_things_are_asked_for_properly_or_not_at_all(
    desk: Desk, also: object, field: str
) -> None:
    who = desk.person(XIAOMAN)
    before = state_hash(desk.url)
    with pytest.raises(InputError) as refused:
        desk.quoted(who, **(BOTH | {"also": also}))
    assert refused.value.field == field
    assert state_hash(desk.url) == before


@pytest.mark.parametrize(
    ("plan_key", "also", "code", "field"),
    [
        (PLATE_36, {}, "quote.plan", "plan_key"),
        (CAR_36, {PLATE: CAR_36}, "quote.plan", f"also.{PLATE}"),
        (CAR_36, {PLATE: "free.money"}, "quote.plan", f"also.{PLATE}"),
        (CAR_36, {ELECTRIC: PLATE_36}, "application.part", "also"),
        (CAR_36, {CAR: CAR_36}, "application.part", "also"),
        (CAR_36, {PLATE: 5}, "request.malformed", f"also.{PLATE}"),
        (
            "shenxing_car.36.equal_instalment",
            {PLATE: PLATE_36},
            "application.lenders_mixed",
            "also",
        ),
    ],
)
def test_plans_belong_to_their_part_and_to_one_lender(
    desk: Desk, plan_key: str, also: dict[str, Any], code: str, field: str
) -> None:
    who = desk.person(XIAOMAN)
    quote_id = desk.quoted(who, **BOTH)["quote_id"]
    before = state_hash(desk.url)
    with pytest.raises(InputError) as refused:
        desk.do("apply_for_plan", who, quote_id=quote_id, plan_key=plan_key, also=also)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert state_hash(desk.url) == before
    desk.do("apply_for_plan", who, quote_id=quote_id, plan_key=CAR_36, also={PLATE: PLATE_36})


def test_a_contract_is_for_something_that_was_applied_for(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    application_id = approved(desk, who)
    with pytest.raises(InputError) as refused:
        desk.do("offer_contract", who, application_id=application_id, sku=ELECTRIC)
    assert (refused.value.code, refused.value.field) == ("application.part", "sku")
    first = desk.do("offer_contract", who, application_id=application_id)
    assert first["sku"] == CAR


# ── one affordability ─────────────────────────────────────────────────────────────────────────


def decided(desk: Desk, application_id: str) -> Mapping[str, Any]:
    return desk.do("decide_application", staff("risk"), application_id=application_id)


def one_of_two(desk: Desk, who: Actor, sku: str, other: str, plan_key: str) -> Mapping[str, Any]:
    """Apply for one thing on credit; the other is paid in full."""
    quote_id = desk.quoted(who, **(BOTH | {"sku": sku, "also": [{"sku": other}]}))["quote_id"]
    desk.agreed(who)
    answer = desk.do("apply_for_plan", who, quote_id=quote_id, plan_key=plan_key, **FORM)
    return decided(desk, answer["application_id"])


def test_what_is_affordable_part_by_part_is_declined_together(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    assert one_of_two(desk, who, CAR, PLATE, CAR_24)["outcome"] == "approved"
    assert one_of_two(desk, who, PLATE, CAR, PLATE_24)["outcome"] == "approved"
    together = decided(desk, applied(desk, who, (CAR_24, PLATE_24)))
    assert together["outcome"] == "declined"
    assert [r["code"] for r in together["reasons"]] == ["decision.debt_service_above_limit"]
    assert together["counter_offers_left_out"] == ["cheaper_item", "longer_term"]
    offers = {offer["kind"]: offer for offer in together["counter_offers"]}
    assert offers.keys() == {"cash", "larger_down_payment", "later"}
    assert offers["cash"]["price_fen"] == 24_300_000
    # Only the car's loan is made smaller; what is offered instead is approved, 100 yuan more not.
    larger = offers["larger_down_payment"]
    assert LENT_FEN[PLATE] < larger["debt_fen"] < sum(LENT_FEN.values())
    down_fen = 24_300_000 - larger["debt_fen"]
    for down_payment_fen, outcome in ((down_fen, "approved"), (down_fen - 10_000, "referred")):
        asked = applied(desk, who, (CAR_24, PLATE_24), down_payment_fen=down_payment_fen)
        assert decided(desk, asked)["outcome"] == outcome
    assert desk.do("replay_decision", staff("risk"), decision_id=together["decision_id"])["same"]


# ── one limit ─────────────────────────────────────────────────────────────────────────────────


def owed_fen(desk: Desk, application_id: str, sku: str, moment: Moment) -> int:
    """Return what the rule on Internet loans sees the buyer owe with this part."""
    row = desk.world.store.row("application", application_id=application_id)
    assert row is not None
    asked = seen_from(read_paper(desk.world, row["document_id"]).content, sku)
    certificate = certified_again(desk.world, row, asked, moment)
    (found,) = (one for one in certificate.findings if one.rule_id == "amount.internet")
    ((_, value),) = found.observed
    assert isinstance(value, int)
    return value


def test_each_part_counts_once_whether_it_is_a_loan_yet_or_not(desk: Desk) -> None:
    sold_otherwise(desk, "pujiang_auto", channel="online")
    who = desk.person(XIAOMAN)
    application_id = approved(desk, who)
    both_fen = sum(LENT_FEN.values())

    def sees(sku: str, *, own: bool = False) -> int:
        stage = Moment("disburse", own_fen=LENT_FEN[sku]) if own else Moment("quote")
        return owed_fen(desk, application_id, sku, stage)

    assert (sees(CAR), sees(PLATE)) == (both_fen, both_fen)
    car = read(desk, who, application_id, CAR)
    car_loan = desk.do("sign_contract", who, **car)["loan_id"]
    assert (sees(CAR, own=True), sees(PLATE)) == (both_fen, both_fen)
    plate = read(desk, who, application_id, PLATE)
    desk.do("sign_contract", who, **plate)
    assert (sees(CAR, own=True), sees(PLATE, own=True)) == (both_fen, both_fen)
    desk.do("order_disbursement", staff("servicing"), loan_id=car_loan)
    deliver(desk.world)
    assert sees(PLATE, own=True) == both_fen
    desk.do("pay", who, loan_id=car_loan, purpose="settle")
    deliver(desk.world)
    assert desk.world.store.standing(car_loan)[1] == "settled"
    assert sees(PLATE, own=True) == LENT_FEN[PLATE]


def test_plans_that_break_a_limit_together_are_refused_by_its_name(desk: Desk) -> None:
    """Limits are the same when asked and when applied for; another loan may come in between."""
    sold_otherwise(desk, "pujiang_auto", channel="online")
    who = desk.person(XIAOMAN)
    quote_id = desk.quoted(who, **BOTH)["quote_id"]
    other = approved(desk, who)
    desk.do("sign_contract", who, **read(desk, who, other, CAR))
    before = state_hash(desk.url)
    request = {"quote_id": quote_id, "plan_key": CAR_36, "also": {PLATE: PLATE_36}, **FORM}
    with pytest.raises(ConflictError, match=r"amount\.internet") as refused:
        desk.do("apply_for_plan", who, **request)
    assert refused.value.code == "application.not_together"
    assert state_hash(desk.url) == before
    assert desk.do("apply_for_plan", who, **(request | {"also": {}}))["application_id"]


def test_one_voucher_is_not_held_by_two_things(desk: Desk) -> None:
    (good,) = (g for g in desk.world.catalogue.merchants["haitai"].goods if g.sku == TV["sku"])
    second = good.model_copy(update={"sku": "HT-TV-76"})
    goods = (*desk.world.catalogue.merchants["haitai"].goods, second)
    sold_otherwise(desk, "haitai", goods=goods)
    who = desk.person(XIAOMAN)
    voucher = {"benefit": "appliance_trade_in", "category": "television"}
    desk.do("issue_voucher", Actor("city", "system"), person_id=who.person_id, **voucher)
    quote = desk.quoted(who, **TV, also=[{"sku": "HT-TV-76"}])
    held = [
        line["voucher_id"]
        for part in (quote, *quote["also"])
        for line in part["benefits"]["lines"]
        if line["voucher_id"]
    ]
    assert len(held) == 1
    assert quote["net_price_fen"] == 484_500
    (other,) = quote["also"]
    assert other["net_price_fen"] == 570_000
    assert {d["benefit"]: d["reason"]["code"] for d in other["benefits"]["dropped"]} == {
        "appliance_trade_in": "benefit.used"
    }
    assert quote["bundle"]["without_credit"]["total_fen"] == 484_500 + 570_000


# ── signing ───────────────────────────────────────────────────────────────────────────────────


def test_each_part_is_signed_once_and_becomes_one_loan(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    application_id = approved(desk, who)
    again = at_the_branch(desk, who, application_id, CAR)
    loans = {sku: signed(desk, who, application_id, sku) for sku in (CAR, PLATE)}
    with pytest.raises(ConflictError) as refused:
        desk.do("sign_contract", who, **again)
    assert refused.value.code == "contract.already_signed"
    rows = desk.world.store.rows("loan", {"person_id": who.person_id})
    assert {row["loan_id"]: row["terms"]["principal_fen"] for row in rows} == {
        loans[sku]: fen for sku, fen in LENT_FEN.items()
    }


@pytest.mark.parametrize(("one", "other", "both"), [(CAR, PLATE, True), (CAR, CAR, False)])
def test_of_two_signatures_at_once_each_thing_gets_one(
    desk: Desk,
    one: str,
    other: str,
    both: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    for lender in desk.world.catalogue.lenders:  # else the first would also begin its shard
        desk.world.store.apply(begun(desk.world, lender, 0))
    who = desk.person(XIAOMAN)
    application_id = approved(desk, who)
    ready = [at_the_branch(desk, who, application_id, sku) for sku in (one, other)]
    decisions = [SIGN.decide(desk.world, who, SignContract(**request)) for request in ready]
    first, second = (desk.world.store.apply(decision.effects) for decision in decisions)
    assert isinstance(first, Applied)
    assert isinstance(second, Applied if both else Conflict)
    rows = desk.world.store.rows("loan", {"person_id": who.person_id})
    assert len(rows) == (2 if both else 1)


def test_a_cost_table_is_signed_at_the_branch_by_the_person_who_read_it(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    application_id = approved(desk, who)
    offer = desk.do("offer_contract", who, application_id=application_id)
    request = table(who, offer)
    clerk = staff("servicing")
    with pytest.raises(ConflictError, match="open for 10 seconds"):
        desk.do("sign_cost_table", clerk, **request)
    desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=9)
    with pytest.raises(ConflictError, match="open for 10 seconds"):
        desk.do("sign_cost_table", clerk, **request)
    desk.time.move(seconds=1)
    wrong: list[tuple[Actor, dict[str, Any], type[Exception]]] = [
        (who, {}, ForbiddenError),
        (staff("risk"), {}, ForbiddenError),
        (staff("servicing", "shenxing_auto"), {}, ForbiddenError),
        (clerk, {"person_id": desk.person(LIXIA).person_id}, ForbiddenError),
        (clerk, {"content_hash": "0" * 64}, ConflictError),
        (clerk, {"seen_signing": False}, InputError),
    ]
    for actor, fields, error in wrong:
        with pytest.raises(error):
            desk.do("sign_cost_table", actor, **(request | fields))
    sign = {k: offer[k] for k in ("contract_id", "content_hash")} | {"confirmed": True}
    unsigned = desk.do("sign_contract", who, **sign)
    failed = [f for f in unsigned["certificate"]["findings"] if f["result"] == "fail"]
    assert [(f["rule"], f["standing"]) for f in failed] == [("confirmation.offline", "law")]
    desk.do("sign_cost_table", clerk, **request)
    with pytest.raises(ConflictError) as twice:
        desk.do("sign_cost_table", clerk, **request)
    assert twice.value.code == "contract.cost_table_signed"
    assert desk.do("sign_contract", who, **sign)["signed"]
    events = {e.kind: e.data for e in desk.world.store.events(offer["contract_id"])}
    assert events["cost_table_signed"]["present"] == [who.person_id, clerk.actor_id]
    assert events["cost_table_signed"]["content_hash"] == offer["content_hash"]
    assert events["signed"]["steps"] == [
        "confirmed_before_contract",
        "reading_time",
        "signed_before_contract",
    ]


def test_online_nothing_is_signed_on_paper(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    offer = desk.offered(who)
    desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=10)
    with pytest.raises(ConflictError) as refused:
        desk.do("sign_cost_table", staff("servicing", LENDER), **table(who, offer))
    assert refused.value.code == "contract.not_at_a_branch"
    sign = {k: offer[k] for k in ("contract_id", "content_hash")} | {"confirmed": True}
    assert desk.do("sign_contract", who, **sign)["signed"]
    events = {e.kind: e.data for e in desk.world.store.events(offer["contract_id"])}
    assert events["signed"]["steps"] == ["confirmed_before_contract", "pop_up", "reading_time"]


def test_the_second_contract_may_be_signed_after_the_checkouts_time_is_over(desk: Desk) -> None:
    shop = Actor("till", "merchant", "pujiang_auto")
    order: dict[str, Any] = {
        "reference": "car-1",
        "items": [{"sku": CAR}, {"sku": PLATE}],
        "return_url": "https://shop.example/thanks",
        "cancel_url": "https://shop.example/basket",
    }
    session_id = desk.do("open_session", shop, **order)["session_id"]
    who = desk.person(XIAOMAN)
    application_id = approved(desk, who, session_id=session_id)
    first = signed(desk, who, application_id, CAR)
    desk.time.move(days=2)
    second = signed(desk, who, application_id, PLATE)
    seen = desk.do("view_session", shop, session_id=session_id)
    assert (seen["stage"], seen["authorizations"]) == ("authorized", sorted([first, second]))
