"""What people of the demo city do up to the signature: look, choose, agree, apply, sign.

Each act runs real flows, as its person, shop or lender would. One whose object never came to be,
because the lender said no, does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanshi.demo.city_visit import Visit
from sanshi.flows.applying import APPLY
from sanshi.flows.authorizations import VOID
from sanshi.flows.confirming import SIGN_COST_TABLE
from sanshi.flows.consents import GRANT, WITHDRAW
from sanshi.flows.contracts import OFFER, SERVE, SIGN
from sanshi.flows.deciding import DECIDE
from sanshi.flows.quoting import QUOTE
from sanshi.flows.sessions import CANCEL_SESSION, CHOOSE_CASH, OPEN_SESSION
from sanshi.flows.vouchers import ISSUE
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import JOB

PURPOSES = ("credit_report", "housing_fund")
_JOB_MONTHS = 60


# ── Looking, choosing, applying ──


def identify(visit: Visit) -> None:
    """Be known by name, and do nothing else."""
    visit.buyer()


def get_voucher(visit: Visit) -> None:
    """Be given a trade-in voucher by the city's operator."""
    category = visit.who.basket.voucher
    buyer = visit.buyer()
    right = {"benefit": "appliance_trade_in", "category": category}
    visit.do(JOB, ISSUE, person_id=buyer.person_id, **right)


def open_session(visit: Visit) -> None:
    """Come from the shop to its checkout."""
    skus = (visit.who.basket.sku, *(visit.who.basket.also or {}))
    shop = f"https://{visit.who.basket.merchant}.example"
    visit.do(
        visit.shop,
        OPEN_SESSION,
        reference=visit.who.reference,
        items=[{"sku": sku} for sku in skus],
        return_url=f"{shop}/thanks",
        cancel_url=f"{shop}/basket",
    )


def cancel_session(visit: Visit) -> None:
    """Let the shop take its offer back."""
    session = visit.session()
    if session is not None:
        visit.do(visit.shop, CANCEL_SESSION, session_id=session["session_id"])


def pay_cash(visit: Visit) -> None:
    """Pay in full; applications that were made are withdrawn."""
    session = visit.session()
    if session is not None:
        visit.do(Actor("visitor", "consumer"), CHOOSE_CASH, session_id=session["session_id"])


def quote(visit: Visit) -> Mapping[str, Any]:
    """Compare plans with paying in full."""
    basket, person = visit.who.basket, visit.who.resident
    buyer, session = visit.buyer(), visit.session()
    return visit.do(
        buyer,
        QUOTE,
        person_id=buyer.person_id,
        session_id=session["session_id"] if session else None,
        merchant=basket.merchant,
        sku=basket.sku,
        also=[{"sku": sku} for sku in basket.also or {}],
        student=False,
        monthly_income_fen=person.monthly_income_fen,
        monthly_debt_service_fen=person.monthly_debt_service_fen,
        total_debt_fen=person.total_debt_fen,
    )


def apply(visit: Visit, *, tampered: bool = False) -> None:
    """Choose a plan and apply for it, with a voucher and through a checkout where there is one."""
    if visit.who.basket.voucher:
        get_voucher(visit)
    if visit.who.path.session == "shop":
        open_session(visit)
    quoted = quote(visit)
    wanted = f"{visit.who.product}.{visit.who.months}."
    chosen = next((p["key"] for p in quoted["plans"] if p["key"].startswith(wanted)), None)
    if chosen is not None:
        visit.do(
            visit.buyer(),
            APPLY,
            quote_id=quoted["quote_id"],
            plan_key=chosen,
            also=dict(visit.who.basket.also or {}),
            job_months=_JOB_MONTHS,
            device=f"phone-{visit.who.number}",
            device_tampered=tampered,
        )


def apply_oddly(visit: Visit) -> None:
    """Apply from a device that looks tampered with: a person has to look at it."""
    apply(visit, tampered=True)


def agree(visit: Visit) -> None:
    """Let the lender look at both sources."""
    buyer = visit.buyer()
    for purpose in PURPOSES:
        asked = {"person_id": buyer.person_id, "purpose": purpose, "recipient": visit.lender}
        visit.do(buyer, GRANT, **asked, ticked=True)


def withdraw_consents(visit: Visit) -> None:
    """Take every consent back."""
    for row in visit.rows("consent", "consent_id", "granted"):
        visit.do(visit.buyer(), WITHDRAW, consent_id=row["consent_id"])


def decide(visit: Visit) -> None:
    """Have the lender decide."""
    for row in visit.rows("application", "application_id", "draft"):
        visit.do(visit.staff("risk"), DECIDE, application_id=row["application_id"])


# ── Signing ──


def offer(visit: Visit) -> None:
    """Have the contracts drawn up, and open them for reading."""
    for row in visit.rows("application", "application_id", "approved"):
        for sku in (visit.who.basket.sku, *(visit.who.basket.also or {})):
            asked = {"application_id": row["application_id"], "sku": sku}
            offer = visit.do(visit.buyer(), OFFER, **asked)
            if offer["offered"]:
                visit.do(visit.buyer(), SERVE, contract_id=offer["contract_id"])


def sign(visit: Visit) -> None:
    """Sign every contract that was read; at a branch the printed cost table first."""
    world = visit.stage.world
    for row in visit.rows("contract", "contract_id", "offered"):
        paper = world.store.row("document", document_id=row["document_id"])
        assert paper is not None  # noqa: S101 - a contract has its text
        read = {"contract_id": row["contract_id"]}
        read["content_hash"] = bytes(paper["content_hash"]).hex()
        if _needs_table(visit):
            seen = {"person_id": row["person_id"], "seen_signing": True}
            visit.do(visit.staff("product"), SIGN_COST_TABLE, **read, **seen)
        visit.do(visit.buyer(), SIGN, **read, confirmed=True)


def _needs_table(visit: Visit) -> bool:
    """Say whether the cost table is signed in front of staff: for loans taken at a branch."""
    catalogue = visit.stage.world.catalogue
    at_branch = catalogue.merchants[visit.who.basket.merchant].channel == "branch"
    return at_branch and catalogue.products[visit.who.product].kind != "finance_lease"


def give_up(visit: Visit) -> None:
    """Let the shop void what was signed."""
    for loan in visit.loans("pending"):
        visit.do(visit.shop, VOID, authorization_id=loan.loan_id)
