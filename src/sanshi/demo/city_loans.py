"""What people of the demo city do with a loan: get it, pay it, return goods, ask for help."""

from __future__ import annotations

from sanshi.connectors.sandbox.faults import FaultKind
from sanshi.demo.city_visit import Visit
from sanshi.flows.asking import ASK
from sanshi.flows.authorizations import CAPTURE, REFUND
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.paying import PAY
from sanshi.flows.returning import RETURN_CREDIT
from sanshi.jobs.outbox import enquire_open

_WORDS = {
    "review": "我的收入已有变化，请人工复核。 My income has changed; please look at it again.",
    "hardship": "暂时失业，希望调整还款安排。 I lost my job for now; may I pay differently?",
    "complaint": "提前还款页面打不开。 The page for paying early does not open.",
    "goods_return": "有一件有划痕，想退。 One of them is scratched; I should like to return it.",
}
"""What people write（虚构）."""


# ── Handing over ──


def order_capture(visit: Visit, price_fen: int | None = None) -> None:
    """Ask for the money; what came without a checkout session is paid out by the lender."""
    for loan in visit.loans("pending"):
        if visit.who.path.session == "none":
            visit.do(visit.staff("servicing"), DISBURSE, loan_id=loan.loan_id)
        else:
            asked = {"authorization_id": loan.loan_id, "price_fen": price_fen}
            visit.do(visit.shop, CAPTURE, **asked)


def capture(visit: Visit, *faults: FaultKind) -> None:
    """Have the money paid out; the rail may do something else than asked."""
    order_capture(visit)
    visit.send(*faults)


def capture_refused(visit: Visit) -> None:
    """The rail refuses; the loan waits for another attempt."""
    capture(visit, "reject")


def capture_slowly(visit: Visit) -> None:
    """The rail takes the order, and has not settled it yet."""
    capture(visit, "unsettled")


def capture_in_doubt(visit: Visit) -> None:
    """The rail says nothing, and nobody has asked again yet."""
    capture(visit, "timeout_after")


def capture_misheard(visit: Visit) -> None:
    """The rail's answer is about another amount; it is asked again, and a case tells of it."""
    capture(visit, "wrong_amount")
    enquire_open(visit.stage.world, visit.lender)


def capture_unheard(visit: Visit) -> None:
    """The order is lost; sent again, it is taken, and the rail has not settled it yet."""
    capture(visit, "timeout_before")
    enquire_open(visit.stage.world, visit.lender)
    visit.send("unsettled")


def capture_part(visit: Visit) -> None:
    """Hand two thirds over, by the price tags; the loan is that smaller."""
    for loan in visit.loans("pending"):
        price_fen = int(loan.events[0].data["price_fen"])
        order_capture(visit, price_fen * 2 // 3)
    visit.send()


# ── Paying, and taking back ──


def pay(visit: Visit, purpose: str, share: int = 1) -> None:
    """Pay ahead; `share`: one part in so many of the principal to come, if not all of it."""
    world = visit.stage.world
    for loan in visit.loans("active"):
        state = loan.on(world.clock.business_date())
        asked: dict[str, object] = {"loan_id": loan.loan_id, "purpose": purpose}
        if share > 1:
            asked["amount_fen"] = state.due_fen + state.principal_ahead_fen // share
        visit.do(visit.buyer(), PAY, **asked)
    visit.send()


def bring_back(visit: Visit, share: int, *faults: FaultKind) -> None:
    """Bring goods back: one part in so many by their price tags; all, if 1.

    What is left over then goes back to the buyer, as a second payment.
    """
    for loan in visit.loans("active", "settled"):
        price_fen = None if share == 1 else int(loan.events[0].data["price_fen"]) // share
        visit.do(visit.shop, REFUND, authorization_id=loan.loan_id, price_fen=price_fen)
    visit.send(*faults, rounds=2)


def return_in_vain(visit: Visit) -> None:
    """Bring a part back; the rail refuses what goes to the buyer, so it stays owed to them."""
    bring_back(visit, 4, "late", "reject")  # the shop's payment is the first, and only late


def ask_money_back(visit: Visit) -> None:
    """Ask for the money that is left on a settled loan."""
    for loan in visit.loans("settled"):
        visit.do(visit.buyer(), RETURN_CREDIT, loan_id=loan.loan_id)
    visit.send()


def run_dry(visit: Visit) -> None:
    """Nothing is left on the account that instalments are collected from."""
    visit.stage.outside.set_accounts({f"acct:{visit.buyer().person_id}": 0})


def earn_again(visit: Visit) -> None:
    """There is money on the account again."""
    visit.stage.outside.set_accounts({f"acct:{visit.buyer().person_id}": None})


# ── Asking the lender ──


def ask(visit: Visit, about: str) -> None:
    """Ask the lender for something; a loan stands behind it where there is one."""
    loans = visit.loans("active")
    asked = {"about": about, "lender": visit.lender, "text": _WORDS[about]}
    visit.do(visit.buyer(), ASK, **asked, loan_id=loans[0].loan_id if loans else None)
