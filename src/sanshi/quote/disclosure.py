"""The cost disclosure table 综合融资成本明示表, in force since 2026-08-01.

Principal; every cost with how it is charged, its standard and who receives it; the annualised
cost when all goes as agreed; costs that arise only on default, apart; and that nothing else is
charged. Source: 个人贷款业务明示综合融资成本规定 (facts `disclosure.cost_table.*`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sanshi.catalogue.products import Product
from sanshi.kernel.rates import AnnualRate, Unproven
from sanshi.kernel.schedules import Instalment, Method
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class CostItem:
    """One cost: what, how it is charged 收取方式, its standard 收取标准, its payee 收取主体.

    `amount_fen` is the whole of it if all goes as agreed; None for a cost that may never arise.
    """

    item: str
    method: str
    standard_rate_ppm: int
    payee: str
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The table of one plan. `costs` are all that is charged; `contingent` only on default.

    `cap_nominal_ppm` and `cap_effective_ppm` are the exact cost rounded up, to hold against caps;
    they are not part of the table.
    """

    principal_fen: int
    method: Method
    term_months: int
    costs: tuple[CostItem, ...]
    contingent: tuple[CostItem, ...]
    cn_irr_nominal_ppm: int | None
    effective_ppm: int | None
    proven: bool
    total_cost_fen: int
    nothing_else_charged: bool
    cap_nominal_ppm: int | None
    cap_effective_ppm: int | None

    def fields(self) -> frozenset[str]:
        """Return the codes of the required items that this table really states."""
        stated = {
            "principal": self.principal_fen > 0,
            "cost_items": bool(self.costs) and all(c.payee and c.method for c in self.costs),
            "annualised_cost": self.cn_irr_nominal_ppm is not None and self.proven,
            "contingent_items": bool(self.contingent) and all(c.payee for c in self.contingent),
            "nothing_else_statement": self.nothing_else_charged,
        }
        return frozenset(code for code, is_stated in stated.items() if is_stated)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        stated = {n: v for n, v in asdict(self).items() if not n.startswith("cap_")}
        return {
            **stated,
            "costs": [asdict(item) for item in self.costs],
            "contingent": [asdict(item) for item in self.contingent],
        }


def disclose(
    product: Product,
    terms: LoanTerms,
    rows: tuple[Instalment, ...],
    rate: AnnualRate | Unproven,
) -> Disclosure:
    """Draw up the table from the same rows that will be collected.

    A rate that cannot be proven is left empty, and the certificate then fails for it.
    """
    interest_fen = sum(row.interest_fen for row in rows)
    interest = CostItem("interest", terms.method, terms.rate_ppm, product.lender, interest_fen)
    penalty = CostItem(
        "penalty_interest", "daily_on_overdue", terms.penalty_rate_ppm, product.lender, None
    )
    paid_fen = sum(row.payment_fen for row in rows)
    return Disclosure(
        principal_fen=terms.principal_fen,
        method=terms.method,
        term_months=terms.term_months,
        costs=(interest,),
        contingent=(penalty,),
        cn_irr_nominal_ppm=rate.cn_irr_nominal_ppm if rate.proven else None,
        effective_ppm=rate.effective_ppm if rate.proven else None,
        proven=rate.proven,
        total_cost_fen=paid_fen - terms.principal_fen,
        # All that is collected is principal and the costs listed: checked here, not just said.
        nothing_else_charged=paid_fen == terms.principal_fen + interest_fen,
        cap_nominal_ppm=rate.nominal_up_ppm if rate.proven else None,
        cap_effective_ppm=rate.effective_up_ppm if rate.proven else None,
    )
