"""Rules of goods that go back to the shop, and of money that goes back to the buyer."""

from __future__ import annotations

from flows.machine_base import LIVE, Base
from flows.machine_rule import EITHER, PICK, SELDOM, some, step
from flows.machine_tables import Loan
from flows.machine_walk import staff
from sanshi.flows.returning import RETURN_CREDIT, RETURN_GOODS

PARTS = ("all", "all", "third", "third", "one", "too much")
"""How much of the goods, by their price tag, is sent back."""


class Returns(Base):
    """What goes back."""

    @step(some("loan", "active"), pick=PICK, part=PARTS, again=EITHER, other=SELDOM, at_once=EITHER)
    def return_goods(
        self, *, pick: int, part: str, again: bool, other: bool, at_once: bool
    ) -> None:
        """Send back a part or all; again, when it was all, or of a loan without money yet."""
        loan_id = self.choose(pick, "loan", *(LIVE if other else ("active",)))
        come_back = [one.loan_id for one in self.now.loans if self.returned_fen(one)]
        if again and come_back:
            loan_id = come_back[pick % len(come_back)]
        loan = self.loan(loan_id)
        left_fen = loan.events[0].data["price_fen"] - self.returned_fen(loan)
        fen = {"third": left_fen // 3, "one": 1, "too much": left_fen + 1}
        request = {} if part == "all" else {"price_fen": max(fen[part], 1)}
        self.attempt(RETURN_GOODS, staff("servicing"), {"loan_id": loan_id, **request}, keyed=True)
        if at_once:
            self.send()

    def returned_fen(self, loan: Loan) -> int:
        return self.worked.state(loan, self.now.today).goods_returned_fen

    @step(some("loan", "settled"), pick=PICK, other=SELDOM, at_once=EITHER)
    def return_credit(self, *, pick: int, other: bool, at_once: bool) -> None:
        """Ask for what is left over; of a loan that still runs nothing is."""
        loan_id = self.choose(pick, "loan", *(LIVE if other else ("settled",)))
        buyer = self.buyer_of("loan", loan_id=loan_id)
        self.attempt(RETURN_CREDIT, buyer.actor, {"loan_id": loan_id}, keyed=True)
        if at_once:
            self.send()
