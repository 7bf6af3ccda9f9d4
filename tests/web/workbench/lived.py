"""A lender's day at the desk: real loans, cases, claims and colleagues, made by the flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows.settling_desk import agreed_with
from sanshi.flows.staff_sign_in import signed_in
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import deliver
from web.consumer.answers import FRIDGE_3, FRIDGE_6, TV_6, Shop
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

SYSTEM = Actor("test", "system")
OTHER = "pujiang_bank"
LATE = date(2026, 12, 7)
SETTLED = (date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 6))
"""When the shop is settled with: the rail refuses the first batch, the second pays its sum, and
the third gives the reserve back."""
FIRST, SECOND = "handed over at noon", "and changed before one"
ROLES = ("product", "risk", "servicing", "conduct", "audit", "admin")
NAMES = {
    "product": "陶示（虚构）",
    "risk": "尹例（虚构）",
    "servicing": "贺样（虚构）",
    "conduct": "孟范（虚构）",
    "audit": "冯本（虚构）",
    "admin": "卓模（虚构）",
}


@dataclass(slots=True)
class Lived:
    """The desk after five weeks, with a browser's token for each role, and ids by name."""

    desk: Desk
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def do(self, flow: str, actor: Actor, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as a caller would send it
        return self.desk.do(flow, actor, **request)

    def actor(self, who: str) -> Actor:
        login = signed_in(self.desk.world, self.tokens[who])
        assert login is not None
        return login.actor


def live(opened: Desk) -> Lived:
    """Live through five weeks; then let colleagues sign in."""
    desk = Shop(opened.world, opened.time, opened.outside, opened.url)
    made = Lived(desk)
    who, tired = desk.person(XIAOMAN), desk.person(LIXIA)
    for case, plan in (("declined", FRIDGE_3), ("referred", FRIDGE_6)):
        made.ids[case] = desk.applied(tired, plan)
        desk.do("decide_application", staff("risk"), application_id=made.ids[case])
        desk.time.move(seconds=1)
    _lend(desk, who, made.ids)
    made.ids["draft"] = desk.applied(who, FRIDGE_6)
    _pass_days(desk, LATE)
    desk.outside.queue_fault("submit", "timeout_before")
    desk.do("pay", staff("servicing"), loan_id=made.ids["overdue"])
    deliver(desk.world)
    for entity, funder in ((LENDER, "central_treasury"), ("platform", "shanghai_treasury")):
        desk.do("make_claim", SYSTEM, entity=entity, funder=funder)
    _hire(made)
    _remember(made)
    _ask_easier(made)
    return made


def _lend(desk: Shop, who: Actor, ids: dict[str, str]) -> None:
    washer = "HT-WASHER-10"
    right = {"benefit": "appliance_trade_in", "category": "television"}
    desk.do("issue_voucher", SYSTEM, person_id=who.person_id, **right)
    ids["subsidised"] = desk.paid_out(who, TV_6, sku="HT-TV-75")
    ids["overdue"] = desk.paid_out(who, FRIDGE_3)
    ids["pending"] = desk.signed(who, "shenpu_appliance.12.equal_instalment", sku=washer)
    agreed_with(desk)  # from here on the shop is paid the day after, less fee and reserve
    ids["settled"] = desk.paid_out(who, "shenpu_appliance.6.equal_principal", sku=washer)


def _pass_days(desk: Shop, last: date) -> None:
    settled = desk.world.store.rows("loan", order_by=("loan_id",))[-1]["loan_id"]
    while (day := desk.world.clock.business_date()) < last:
        desk.outside.set_date(day)
        if day == date(2026, 11, 20):
            desk.do("pay", staff("servicing"), loan_id=settled, purpose="settle")
            deliver(desk.world)
        if day == date(2026, 11, 10):
            _complain(desk, settled)
        if day in {date(2026, 11, 18), date(2026, 12, 1)}:
            desk.outside.queue_fault("statement", "unknown_line")
        if day == date(2026, 12, 2):
            for row in desk.world.store.rows("loan", {"merchant": "haitai"}):
                request = {"entity": LENDER, "shard": row["shard"]}
                desk.do("grant_subsidies", SYSTEM, **request)
            _pay_television(desk)
        close_day(desk.world, day, only=(LENDER,))
        desk.time.move(days=1)
        desk.outside.set_date(desk.world.clock.business_date())
        if day == date(2026, 11, 3):
            desk.outside.queue_fault("submit", "reject")
        if day in SETTLED:
            deliver(desk.world)


def _complain(desk: Shop, loan_id: str) -> None:
    text = "洗衣机送来时门是坏的，商户说要等三周才换。\n这段时间还要还款吗？"
    told = {"about": "complaint", "lender": LENDER, "loan_id": loan_id, "text": text}
    desk.do("ask_lender", desk.person(XIAOMAN), **told)


def _pay_television(desk: Shop) -> None:
    first = desk.world.store.rows("loan", order_by=("loan_id",))[0]["loan_id"]
    desk.do("pay", staff("servicing"), loan_id=first)
    deliver(desk.world)


def _hire(made: Lived) -> None:
    for role in ROLES:
        made.tokens[role] = hired(made, f"{role}.one", (role,), NAMES[role])
    made.tokens["second"] = hired(made, "admin.two", ("admin",), "殷二（虚构）")
    made.tokens["many"] = hired(made, "many.hats", ("audit", "risk"), "阮多（虚构）")
    made.tokens["stranger"] = hired(made, "stranger", ("servicing",), "石外（虚构）", OTHER)
    made.tokens["new"] = hired(made, "new.one", ("risk",), "新人（虚构）", changed=False)


def hired(
    made: Lived,
    user_name: str,
    roles: tuple[str, ...],
    name: str,
    entity: str = LENDER,
    *,
    changed: bool = True,
) -> str:
    """Add an account and sign in with it; returns the browser's token."""
    about = {"entity": entity, "user_name": user_name, "display_name": name, "roles": list(roles)}
    made.do("add_account", SYSTEM, **about, password=SECOND, must_change=not changed)
    token = made.desk.world.keys.salt().hex()
    made.do("sign_in_staff", SYSTEM, user_name=user_name, password=SECOND, token=token)
    return token


def _ask_easier(made: Lived) -> None:
    """Let the desk propose easier terms for one loan."""
    reason = "客户失业，双方商定新的条件。"
    easier = {"rate_ppm": 15_000, "method": "equal_principal", "instalments": 8}
    request = {
        "loan_id": made.ids["subsidised"],
        "change": {"kind": "restructured", **easier},
        "value_date": LATE.isoformat(),
        "reason": reason,
    }
    asked = {"what": "change_loan", "request": request, "reason": reason}
    answer = made.do("propose", made.actor("servicing"), **asked)
    made.ids["change"] = answer["proposal_id"]


def _remember(made: Lived) -> None:
    store, ids = made.desk.world.store, made.ids
    breaks = {"entity": LENDER, "kind": "rail_unknown_line"}
    cases = store.in_stage("work_case", "case_id", ("open",), breaks)
    ids["case"], ids["proposed_case"] = (row["case_id"] for row in cases)
    ids["complaint"] = store.rows("work_case", {"kind": "complaint"})[0]["case_id"]
    ids["person"] = made.desk.person(XIAOMAN).person_id
    loan = store.row("loan", loan_id=ids["overdue"])
    assert loan is not None
    ids["contract"] = loan["contract_id"]
    batches = store.rows("settlement", {"entity": LENDER}, order_by=("settlement_id",))
    ids["refused_batch"], ids["settlement"], *_ = (row["settlement_id"] for row in batches)
    claims = {row["entity"]: row["claim_id"] for row in store.rows("claim")}
    ids["claim"] = claims[LENDER]
    request = {"case_id": ids["proposed_case"], "finding": "与通道核对无误，对方重复记账，已更正。"}
    asked = {"what": "close_case", "request": request, "reason": "通道已经出具更正说明。"}
    answer = made.do("propose", made.actor("servicing"), **asked)
    ids["proposal"] = answer["proposal_id"]
    wanted = {
        "entity": LENDER,
        "user_name": "ke.ren",
        "display_name": "柯人（虚构）",
        "roles": ["risk", "audit"],
    }
    hire = {"what": "add_account", "request": wanted, "reason": "风控部新同事，周一入职。"}
    ids["add_account"] = made.do("propose", made.actor("admin"), **hire)["proposal_id"]
    key_id = made.do("issue_api_key", SYSTEM, entity=LENDER, role="servicing", label="夜间批处理")
    ids["key"] = key_id["key_id"]
    account = store.row("staff_account", user_name="risk.one")
    assert account is not None
    ids["account"] = account["account_id"]
