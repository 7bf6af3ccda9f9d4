"""Edges of checkouts and captures: two at once, one after the other, and things that have left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.flows.api_keys import holder_of_key, key_text
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import deliver
from sanshi.jobs.sweep import sweep
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.wiring import Content
from worlds import LIXIA, PLAN, XIAOMAN, Desk, open_desk, staff

HAITAI = Actor("till", "merchant", "haitai")
SYSTEM = Actor("test", "system")
ORDER: dict[str, Any] = {
    "reference": "order-1",
    "items": [{"sku": "HT-FRIDGE-520"}],
    "return_url": "https://shop.example/thanks",
    "cancel_url": "https://shop.example/basket",
}
LONGER = "shenpu_appliance.6.equal_instalment"


def opened(desk: Desk, who: Actor = HAITAI, **more: object) -> str:
    return str(desk.do("open_session", who, **{**ORDER, **more})["session_id"])


def decided(desk: Desk, application_id: str) -> str:
    answer = desk.do("decide_application", staff("risk"), application_id=application_id)
    return str(answer["outcome"])


def sign(desk: Desk, who: Actor, application_id: str) -> str:
    offer = desk.do("offer_contract", who, application_id=application_id)
    served = desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=served["reading_seconds"])
    confirmed = {"content_hash": served["content_hash"], "confirmed": True}
    answer = desk.do("sign_contract", who, contract_id=offer["contract_id"], **confirmed)
    return str(answer["loan_id"])


def test_a_thing_is_bought_on_credit_once_in_a_session(desk: Desk) -> None:
    session_id = opened(desk)
    who = desk.person(XIAOMAN)
    both = [desk.applied(who, plan, session_id=session_id) for plan in (PLAN, LONGER)]
    assert [decided(desk, one) for one in both] == ["approved", "approved"]
    loan_id = sign(desk, who, both[0])
    with pytest.raises(ConflictError) as refused:
        sign(desk, who, both[1])
    assert refused.value.code == "contract.already_signed"
    desk.do("void_authorization", HAITAI, authorization_id=loan_id)
    with pytest.raises(ConflictError):
        sign(desk, who, both[1])
    assert len(desk.world.store.rows("loan", {"session_id": session_id})) == 1


def test_a_second_application_that_is_refused_leaves_the_first_alone(desk: Desk) -> None:
    session_id = opened(desk)
    who = desk.person(LIXIA)
    longest = "shenpu_appliance.24.equal_instalment"
    first = desk.applied(who, longest, session_id=session_id)
    second = desk.applied(who, PLAN, session_id=session_id)
    assert decided(desk, first) == "approved"
    assert decided(desk, second) == "declined"
    assert sign(desk, who, first).startswith("ln_")


@pytest.mark.parametrize("end", ["choose_cash", "cancel_session", "expire_session"])
def test_once_a_checkout_has_ended_nobody_looks_into_anything(desk: Desk, end: str) -> None:
    session_id = opened(desk)
    application_id = desk.applied(desk.person(XIAOMAN), session_id=session_id)
    actors = {
        "choose_cash": Actor("visitor", "consumer"),
        "cancel_session": HAITAI,
        "expire_session": SYSTEM,
    }
    if end == "expire_session":
        desk.time.move(days=1)
    desk.do(end, actors[end], session_id=session_id)
    assert desk.world.store.standing(application_id)[1] == "withdrawn"
    asked: list[str] = []

    class Listening:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(desk.world.bureau, name)

    deaf = desk.world
    desk.world = replace(deaf, bureau=Listening())  # type: ignore[arg-type] # stands in for it
    with pytest.raises(ConflictError) as refused:
        decided(desk, application_id)
    desk.world = deaf
    assert (refused.value.code, asked) == ("application.wrong_stage", [])


def test_a_shop_that_has_left_stops_nobody_from_sweeping(desk: Desk) -> None:
    gone = opened(desk)
    other = opened(desk, Actor("till", "merchant", "puhui"), items=[{"sku": _puhui_sku(desk)}])
    desk.time.move(days=2)
    catalogue = desk.world.catalogue
    left = {name: shop for name, shop in catalogue.merchants.items() if name != "haitai"}
    world = replace(desk.world, catalogue=replace(catalogue, merchants=left))
    assert sweep(world)["sessions"] == 2
    stages = [world.store.standing(one)[1] for one in (gone, other)]
    assert stages == ["expired", "expired"]


def _puhui_sku(desk: Desk) -> str:
    return desk.world.catalogue.merchants["puhui"].goods[0].sku


def test_a_test_key_opens_no_live_door(desk: Desk) -> None:
    issued = desk.do("issue_api_key", SYSTEM, entity="haitai", role="merchant", label="x")
    test, live = (key_text(desk.world, issued["key_id"], kind) for kind in ("test", "live"))
    assert holder_of_key(desk.world, test, "test") is not None
    assert holder_of_key(desk.world, test.replace("sk_test_", "sk_live_"), "live") is None
    assert holder_of_key(desk.world, live, "test") is None


@pytest.mark.parametrize("where", ["reference", "items"])
def test_a_character_that_stands_in_no_text_is_refused(desk: Desk, where: str) -> None:
    bad = {"reference": "a\0b"} if where == "reference" else {"items": [{"sku": "HT\0"}]}
    with pytest.raises(InputError) as refused:
        opened(desk, **bad)
    assert refused.value.field == ("reference" if where == "reference" else "items.0.sku")


def test_a_twin_that_comes_through_first_gives_its_answer(desk: Desk) -> None:
    """The same request twice at once: the second finds the thing done, by the first."""
    session_id = opened(desk)

    class Overtaken:
        """The real store; before the second look at the session, a twin has cancelled it."""

        def __init__(self) -> None:
            self.twin = False

        def __getattr__(self, name: str) -> object:
            if name == "standing" and not self.twin:
                self.twin = True
                desk.do("cancel_session", HAITAI, "the key", session_id=session_id)
            return getattr(real.store, name)

    real = desk.world
    mine = replace(real, store=Overtaken())  # type: ignore[arg-type] # stands in for it
    second = Desk(mine, desk.time, desk.outside, desk.url)
    answer = second.do("cancel_session", HAITAI, "the key", session_id=session_id)
    assert answer["stage"] == "cancelled"


def test_interest_is_subsidised_on_what_was_paid_out(
    database_url: str, tmp_path: Path, content: Content
) -> None:
    """Of ¥58,000 only ¥20,000 are handed over: no large sum in the sense of the rules of 2025."""
    day = date(2025, 11, 3)
    plan = SandboxPlan(data=tmp_path / "outside", value_date=day)
    agreements = []
    for number, price_fen in enumerate((None, 2_000_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with (
            running_sandbox(replace(plan, data=folder / "outside")) as own,
            open_desk(database_url, tmp_path, content, own, day) as desk,
        ):
            agreements.append(_agreement(desk, price_fen))
    whole, part = agreements
    assert whole["principal_fen"] == 5_800_000
    assert part["principal_fen"] == 2_000_000
    assert part["base_fen"] == 2_000_000
    assert (whole["large_ticket"], part["large_ticket"]) == (True, False)


def _agreement(desk: Desk, price_fen: int | None) -> dict[str, Any]:
    rich = {"monthly_income_fen": 9_000_000, "monthly_debt_service_fen": 0, "total_debt_fen": 0}
    who = desk.person(XIAOMAN)
    session_id = opened(desk, items=[{"sku": "HT-SOUND-3"}])
    quote = desk.quoted(who, "HT-SOUND-3", session_id=session_id, **rich)
    with_subsidy = [p["key"] for p in quote["plans"] if p["after_subsidy"]]
    lender = next(p["lender"] for p in quote["plans"] if p["key"] == with_subsidy[-1])
    for purpose in ("credit_report", "housing_fund"):
        agreed = {"person_id": who.person_id, "purpose": purpose, "recipient": lender}
        desk.do("grant_consent", who, ticked=True, **agreed)
    applied = desk.do(
        "apply_for_plan",
        who,
        quote_id=quote["quote_id"],
        plan_key=with_subsidy[-1],
        job_months=60,
        device=f"phone-{price_fen}",
        device_tampered=False,
    )
    application_id = applied["application_id"]
    risk = staff("risk", lender)
    outcome = desk.do("decide_application", risk, application_id=application_id)["outcome"]
    assert outcome == "approved"
    loan_id = sign(desk, who, application_id)
    desk.do("capture", HAITAI, authorization_id=loan_id, price_fen=price_fen)
    deliver(desk.world)
    events = desk.world.store.events(loan_id)
    paid = next(event for event in events if event.kind == "disbursed")
    return dict(paid.data["subsidy"])
