"""Reading at the desk: lists, one thing at a time, masks, and nothing of another institution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from flows.settling_desk import agreed_with, captured, settle
from sanshi.flows.cases import opened
from sanshi.flows.desk_lists import LISTS
from sanshi.flows.registry import FLOWS
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import deliver
from sanshi.kernel.effects import Applied
from sanshi.kernel.errors import ForbiddenError, InputError, NotFoundError
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

OTHER = "pujiang_bank"
SYSTEM = Actor("test", "system")


def of_desk(name: str, role: str, entity: str = LENDER) -> Actor:
    return Actor(f"sa_{name}", role, entity)  # type: ignore[arg-type] # a role, as tests write it


def listed(desk: Desk, name: str, role: str, entity: str = LENDER, **asked: Any) -> Any:  # noqa: ANN401 - a flow's answer, and what it is asked
    return desk.do(f"desk_{name}", staff(role, entity), **asked)


def audits(desk: Desk, action: str) -> list[Mapping[str, Any]]:
    return list(desk.world.store.rows("audit", {"action": action}, order_by=("audit_id",)))


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with a declined application, a loan that is paid out, and a case."""
    tired = desk.applied(desk.person(LIXIA))
    desk.do("decide_application", staff("risk"), application_id=tired)
    desk.time.move(seconds=1)  # ids sort by time
    desk.paid_out(desk.person(XIAOMAN))
    effects = opened(desk.world, LENDER, "rail_missing", "py_x", {"amount_fen": 5})
    assert isinstance(desk.world.store.apply(effects), Applied)
    return desk


def test_a_list_is_filtered_sorted_and_paged(busy: Desk) -> None:
    everything = listed(busy, "applications", "risk")
    assert everything["total"] == 2
    newest, oldest = everything["rows"]
    assert (newest["stage"], oldest["stage"]) == ("approved", "declined")
    assert oldest["decision_id"].startswith("de_")
    for asked, wanted in (
        ({"stage": "declined"}, [oldest]),
        ({"stage": "referred"}, []),
        ({"text": oldest["application_id"].upper()}, [oldest]),
        ({"text": "%"}, []),
        ({"descending": False}, [oldest, newest]),
        ({"sort": "plan", "descending": False, "limit": 1}, [oldest]),
        ({"offset": 1}, [oldest]),
        ({"since": "2026-11-03"}, []),
        ({"until": "2026-11-02"}, [newest, oldest]),
    ):
        answer = listed(busy, "applications", "risk", **asked)
        assert answer["rows"] == wanted, asked
    assert listed(busy, "applications", "risk", limit=1)["total"] == 2


def test_a_list_refuses_what_it_does_not_know(desk: Desk) -> None:
    wrong: tuple[tuple[str, Any], ...] = (
        ("sort", "person_id"),
        ("stage", "settled"),
        ("kind", "x"),
        ("limit", 501),
        ("offset", -1),
        ("since", "yesterday"),
    )
    for field, value in wrong:
        with pytest.raises(InputError) as raised:
            listed(desk, "applications", "risk", **{field: value})
        assert raised.value.field == field


def test_another_institutions_lists_are_empty(busy: Desk) -> None:
    desk = busy
    desk.do(
        "add_account", SYSTEM, entity=LENDER, user_name="abc", display_name="x", roles=["admin"]
    )
    desk.do("issue_api_key", SYSTEM, entity=LENDER, role="risk", label="x")
    case_id = desk.world.store.rows("work_case")[0]["case_id"]
    request = {"case_id": case_id, "finding": "x"}
    desk.do("propose", of_desk("a", "servicing"), what="close_case", request=request, reason="x")
    desk.do("view_loan", staff("audit"), loan_id=desk.world.store.rows("loan")[0]["loan_id"])
    agreed_with(desk, days=0)
    captured(desk, sku="HT-WASHER-10")
    settle(desk)
    for name in LISTS:
        role = min(FLOWS[name].roles)
        here = desk.do(name, of_desk("b", role))
        there = desk.do(name, of_desk("b", role, OTHER))
        assert here["total"] == len(here["rows"]), name
        assert here["total"] > 0 or name == "desk_claims", name  # nothing has been claimed yet
        assert (there["rows"], there["total"]) == ([], 0), name


def test_one_loan_shows_how_it_came_and_what_was_booked(busy: Desk) -> None:
    line = listed(busy, "loans", "servicing")["rows"][0]
    assert line["outstanding_fen"] == line["principal_fen"] == 699_900
    assert line["days_past_due"] == 0
    loan = busy.do("desk_loan", staff("servicing"), loan_id=line["loan_id"])
    assert loan["stage"] == "active"
    assert loan["way"]["quoted_on"] == loan["way"]["signed_on"] == "2026-11-02"
    assert loan["way"]["consents"] == 2
    assert [one["purpose"] for one in loan["payments"]] == ["disburse"]
    assert {one["component"] for one in loan["postings"]} == {"ordered", "disbursed"}
    assert [row["subject"] for row in audits(busy, "view_loan")] == [line["loan_id"]]


def test_an_application_shows_every_rule_with_its_threshold(busy: Desk) -> None:
    line = listed(busy, "applications", "risk", stage="declined")["rows"][0]
    seen = busy.do("desk_application", staff("risk"), application_id=line["application_id"])
    decision = seen["decision"]
    assert decision["outcome"] == "decline"
    loans = next(rule for rule in decision["rules"] if rule["rule_id"] == "far_too_many_loans")
    assert loans["when"] == {"feature": "live_loans", "gt": 8}
    assert (loans["answer"], decision["values"]["live_loans"]) == ("missed", 5)
    assert decision["result"]["affordability"]["limit_ppm"] == 500_000
    assert len(audits(busy, "view_application")) == 1


def test_customers_are_masked_until_somebody_says_why(busy: Desk) -> None:
    answer = listed(busy, "customers", "servicing")
    assert answer["total"] == 2
    names = {row["full_name"] for row in answer["rows"]}
    assert names == {"林**", "周**"}
    assert not any(XIAOMAN["mobile"] in repr(row) for row in answer["rows"])
    person_id = busy.person(XIAOMAN).person_id
    for short in ("", "  x  "):
        with pytest.raises(InputError):
            busy.do("unmask_customer", staff("servicing"), person_id=person_id, reason=short)
    assert audits(busy, "unmask_customer") == []
    reason = "He asks for his contract by telephone."
    seen = busy.do("unmask_customer", staff("servicing"), person_id=person_id, reason=reason)
    assert {name: seen[name] for name in XIAOMAN} == XIAOMAN
    kept = audits(busy, "unmask_customer")
    assert [(row["subject"], row["purpose"]) for row in kept] == [(person_id, reason)]


@pytest.mark.parametrize("element", ["id_number", "mobile"])
def test_a_customer_is_found_by_a_whole_number(busy: Desk, element: str) -> None:
    answer = listed(busy, "customers", "risk", text=f" {XIAOMAN[element]} ")
    assert [row["full_name"] for row in answer["rows"]] == ["林**"]
    assert len(audits(busy, "find_customer")) == 1
    with pytest.raises(InputError):
        listed(busy, "customers", "risk", text=XIAOMAN[element][:-1])


def test_another_institution_finds_no_customer_and_no_thing(busy: Desk) -> None:
    desk = busy
    store = desk.world.store
    person_id = desk.person(XIAOMAN).person_id
    stranger = staff("servicing", OTHER)
    assert desk.do("desk_customers", stranger)["total"] == 0
    assert desk.do("desk_customers", stranger, text=XIAOMAN["id_number"])["total"] == 0
    for flow, request in (
        ("desk_customer", {"person_id": person_id}),
        ("unmask_customer", {"person_id": person_id, "reason": "just curious"}),
        ("desk_loan", {"loan_id": store.rows("loan")[0]["loan_id"]}),
        ("desk_case", {"case_id": store.rows("work_case")[0]["case_id"]}),
    ):
        with pytest.raises(NotFoundError):
            desk.do(flow, stranger, **request)
    application_id = store.rows("application")[0]["application_id"]
    with pytest.raises(NotFoundError):
        desk.do("desk_application", staff("risk", OTHER), application_id=application_id)
    assert audits(desk, "unmask_customer") == []


def test_a_case_shows_what_was_proposed_about_it(busy: Desk) -> None:
    case_id = listed(busy, "cases", "conduct")["rows"][0]["case_id"]
    maker = of_desk("a", "servicing")
    request = {"case_id": case_id, "finding": "x"}
    busy.do("propose", maker, what="close_case", request=request, reason="Seen.")
    own = busy.do("desk_case", maker, case_id=case_id)["proposals"][0]
    assert (own["may_check"], own["may_withdraw"]) == (False, True)
    others = busy.do("desk_case", of_desk("b", "conduct"), case_id=case_id)["proposals"][0]
    assert (others["may_check"], others["may_withdraw"]) == (True, False)
    auditor = busy.do("desk_case", of_desk("c", "audit"), case_id=case_id)["proposals"][0]
    assert auditor["may_check"] is False


def test_the_overview_counts_what_waits(busy: Desk) -> None:
    seen = busy.do("desk_overview", staff("servicing"))
    counts = {name: seen[name] for name in ("open_cases", "referred", "active_loans")}
    assert counts == {"open_cases": 1, "referred": 0, "active_loans": 1}
    assert seen["outstanding_fen"] == 699_900
    assert seen["lapsing"] > 0
    assert busy.do("desk_overview", staff("product"))["cases"] == []
    assert busy.do("desk_overview", staff("servicing", OTHER))["outstanding_fen"] == 0


def test_claims_are_shown_with_their_lines(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    right = {"benefit": "appliance_trade_in", "category": "television"}
    desk.do("issue_voucher", SYSTEM, person_id=who.person_id, **right)
    desk.paid_out(who, "shenpu_smart_home.6.equal_principal", sku="HT-TV-75")
    deliver(desk.world)
    made = desk.do("make_claim", SYSTEM, entity="platform", funder="shanghai_treasury")
    assert made["claim_id"]
    line = listed(desk, "claims", "servicing", "platform")["rows"][0]
    claim = desk.do("desk_claim", staff("audit", "platform"), claim_id=line["claim_id"])
    assert sum(one["amount_fen"] for one in claim["lines"]) == claim["amount_fen"] > 0
    with pytest.raises(NotFoundError):
        desk.do("desk_claim", staff("audit"), claim_id=line["claim_id"])


def test_a_role_that_has_no_business_here_sees_nothing(busy: Desk) -> None:
    for name, role in (
        ("desk_customers", "audit"),
        ("desk_audit", "servicing"),
        ("desk_accounts", "servicing"),
        ("desk_loans", "product"),
        ("desk_applications", "conduct"),
    ):
        with pytest.raises(ForbiddenError):
            busy.do(name, staff(role))


def test_the_close_is_shown_day_by_day(living_desk: Desk) -> None:

    desk = living_desk
    desk.paid_out(desk.person(XIAOMAN))
    day = desk.world.clock.business_date()
    before = desk.do("desk_close", staff("servicing"), days=2)
    assert [one["closed"] for one in before["days"]] == [False, False]
    desk.outside.set_date(day)
    close_day(desk.world, day, only=(LENDER,))
    after = desk.do("desk_close", staff("servicing"), days=2)
    last = after["days"][0]
    assert (last["day"], last["closed"], last["done"], last["loans"]) == (
        day.isoformat(),
        True,
        1,
        1,
    )
    assert [step["shard"] for step in last["steps"]] == [0]
    assert desk.do("desk_close", staff("audit", OTHER), days=1)["days"][0]["done"] == 0


def test_what_lapses_is_named_with_its_instrument(desk: Desk) -> None:
    rows = desk.do("desk_lapsing", staff("product"))["rows"]
    ends = [row for row in rows if row["ends"] == "2026-12-31"]
    assert ends
    assert all(row["instrument_zh"] for row in rows)
