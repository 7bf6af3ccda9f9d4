"""What is done in the demo city's offices: claims on funders, cases, and a file that is wrong."""

from __future__ import annotations

from datetime import date, timedelta

from sanshi.demo.personas import Stage
from sanshi.flows.cases import CLOSE_CASE, WRITE_ANSWER
from sanshi.flows.claiming import COLLECT_CLAIM, MAKE_CLAIM, PAY_MERCHANT
from sanshi.flows.entities import PLATFORM, entities
from sanshi.flows.perform import perform
from sanshi.flows.reconciling import RECONCILE
from sanshi.flows.world import Actor, Role
from sanshi.jobs.outbox import JOB, deliver

CLAIM_DAYS = (6, 20)
"""Days of a month on which what funders owe is claimed."""
PAY_DAY = 16
"""The day of a month on which funders pay what was claimed until then."""
CASE_DAYS = 6
"""How long a case is looked at before it is closed."""
WRONG_FILES = {
    100: "shenrong_consumer",
    61: "shenpu_bank",
    33: "xiaohe_microloan",
    3: "shenpu_bank",
    1: "shenrong_consumer",
}
"""Days before the pinned date → whose file of the day before has a line too many."""
_CHECKED = "已与通道核对并更正。 Checked with the rail, and put right there."
_ANSWERED = "已答复客户。 The customer has an answer."
_ANSWERS = {
    "review": "已由人工重新看过您的申请，结论不变：负债相对收入偏高。收入证明更新后可以再次申请。"
    " A person has looked at your application again; debts are still high for the income.",
    "hardship": "已登记您的情况，专人会在两个工作日内与您商量还款安排。"
    " Your situation is noted; somebody will talk with you within two working days.",
    "complaint": "页面已修复，给您添麻烦了；提前还款不收费用。"
    " The page is mended, and we are sorry; paying early costs nothing.",
    "goods_return": "已转商户，收回商品之后退款会先还借款。"
    " The shop knows; once it has the goods, the refund repays the loan first.",
}
"""What people are told（虚构）."""


def office_day(stage: Stage, day: date, last: date) -> None:
    """Do a morning's work."""
    if day.day in CLAIM_DAYS:
        _claim(stage)
    if day.day == PAY_DAY:
        _collect(stage)
    lender = WRONG_FILES.get((last - day).days)
    if lender is not None:
        _reconcile_again(stage, lender, day - timedelta(days=1))
    if day <= last:  # later ones wait for whoever looks at the city
        _close_cases(stage, day - timedelta(days=CASE_DAYS))


def _claim(stage: Stage) -> None:
    world = stage.world
    for entity in entities(world):
        for funder in sorted(world.catalogue.funders):
            perform(world, JOB, MAKE_CLAIM, {"entity": entity, "funder": funder})


def _collect(stage: Stage) -> None:
    world = stage.world
    open_claims = world.store.in_stage("claim", "claim_id", ("submitted",), {})
    for claim in open_claims:
        perform(world, JOB, COLLECT_CLAIM, {"claim_id": claim["claim_id"]})
    deliver(world)
    for claim in open_claims:
        if claim["entity"] == PLATFORM:
            for merchant in sorted(world.catalogue.merchants):
                asked = {"claim_id": claim["claim_id"], "merchant": merchant}
                perform(world, JOB, PAY_MERCHANT, asked)
    deliver(world)


def _reconcile_again(stage: Stage, lender: str, value_date: date) -> None:
    """Read the rail's file of a day once more; this time it has a line that nobody knows."""
    stage.outside.queue_fault("statement", "unknown_line")
    asked = {"entity": lender, "value_date": value_date.isoformat()}
    perform(stage.world, Actor(f"{lender}:servicing", "servicing", lender), RECONCILE, asked)


def _close_cases(stage: Stage, until: date) -> None:
    world = stage.world
    for case in world.store.in_stage("work_case", "case_id", ("open",), {}):
        if case["opened_on"] <= until:
            lender, from_rail = case["entity"], case["kind"].startswith("rail_")
            role: Role = "servicing" if from_rail else "conduct"
            staff = Actor(f"{lender}:{role}", role, lender)
            finding = _CHECKED if from_rail else _ANSWERED
            asked = {"case_id": case["case_id"], "finding": finding}
            if case["body"].get("person_id"):
                told = {"case_id": case["case_id"], "text": _ANSWERS[case["kind"]]}
                asked["answer_id"] = perform(world, staff, WRITE_ANSWER, told)["answer_id"]
            perform(world, staff, CLOSE_CASE, asked)
