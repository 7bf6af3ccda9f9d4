"""Say the oracle's deal in the engine's words, and the engine's answer in the oracle's."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from peers.law import deals
from peers.law.deals import Deal, InterestSubsidy, TradeIn, Vehicle
from peers.law.oracle import Force
from sanshi.catalogue.rulebook import Context
from sanshi.kernel.money import PPM
from sanshi.quote.certificate import Certificate, Finding

KINDS: Mapping[str, str] = {
    deals.LOAN: "instalment_loan",
    deals.CARD_INSTALMENT: "card_instalment",
    deals.CARD: "card_account",
    deals.LEASE: "finance_lease",
}
PURPOSES: Mapping[str, str] = {
    deals.CONSUMPTION: "consumption",
    deals.CAR: "car_purchase",
    deals.PLATE: "plate_quota",
    deals.HOUSE: "house_purchase",
    deals.MORTGAGE: "mortgage_repayment",
    deals.SECURITIES: "securities",
    deals.EQUITY: "equity_investment",
    deals.FIXED_ASSETS: "fixed_asset_investment",
    deals.REPAY_DEBT: "loan_repayment",
    deals.BUSINESS: "business",
    deals.OTHER_BARRED: "other_barred",
}
ENERGIES: Mapping[str, str] = {
    deals.BEV: "bev",
    deals.PHEV: "phev",
    deals.FUEL_CELL: "fcev",
    deals.PETROL: "ice",
}
ENTRIES: Mapping[str, str] = {
    "principal": "principal",
    "items": "cost_items",
    "annual_cost": "annualised_cost",
    "contingent_items": "contingent_items",
    "nothing_else": "nothing_else_statement",
}
STEPS: Mapping[str, str] = {
    "pop_up": "pop_up",
    "reading_time": "reading_time",
    "confirmed": "confirmed_before_contract",
    "signature": "signed_before_contract",
}
REGION = "CN-SH"


def context(deal: Deal) -> Context:
    """Return what decides which rules bind."""
    return Context(
        quote_date=deal.first_day,
        lender_type=deal.lender,
        product_kind=KINDS[deal.kind],
        region=REGION,
        attributes={
            "channel": "online" if deal.online else "branch",
            "purpose": PURPOSES[deal.purpose],
            "category": "appliance",
            "method": "bullet" if deal.principal_at_end else "equal_instalment",
            "at_checkout": deal.at_checkout,
            "payment_page_operator": "payment_institution"
            if deal.payment_firm_lists_loan
            else "merchant",
            "facilitated": deal.facilitated,
            "student": deal.student,
            **vehicle_attributes(deal.vehicle),
        },
        house_values=house_values(deal.vehicle),
        stage="sign" if deal.signing else "quote",
        sign_date=deal.on if deal.signing else None,
    )


def vehicle_attributes(vehicle: Vehicle | None) -> dict[str, bool | str]:
    """Return a car's attributes."""
    if vehicle is None:
        return {}
    return {
        "energy": ENERGIES[vehicle.energy],
        "vehicle_use": "private" if vehicle.private else "commercial",
        "vehicle_state": "new" if vehicle.new else "used",
    }


def house_values(vehicle: Vehicle | None) -> dict[str, int]:
    """Return the lender's own limits on cars, if it has set any."""
    if vehicle is None or vehicle.own_limit_percent is None:
        return {}
    limit = vehicle.own_limit_percent * (PPM // 100)
    return {"auto.ltv.private_ice": limit, "auto.ltv.private_nev": limit}


def observed(deal: Deal) -> dict[str, object]:
    """Return what is measured on the plan."""
    total_fen = deal.owed_fen + deal.amount_fen
    return {
        "borrower.age_years": deal.age,
        "borrower.student": deal.student,
        "borrower.second_repayment_source": deal.second_source_agreed,
        "purchase.purpose": PURPOSES[deal.purpose],
        "borrower.internet_consumer_balance_fen": total_fen,
        "borrower.credit_balance_fen": total_fen,
        "loan.term_months": deal.term_months,
        "loan.over_one_month": deal.term_months > 1,
        "loan.self_paid_draw_fen": 0 if deal.entrusted else deal.amount_fen,
        "cost.nominal_ppm": ceil(deal.nominal_cost * PPM),
        "cost.effective_ppm": ceil(deal.effective_cost * PPM),
        "disclosure.fields": frozenset(ENTRIES[entry] for entry in deal.cost_table),
        "disclosure.places": frozenset({"payment_page"} if deal.table_on_payment_page else ()),
        "payment_page.lists_loans": deal.payment_firm_lists_loan,
        "confirmation.steps": frozenset(STEPS[step] for step in deal.steps),
        **of_vehicle(deal),
        **of_interest_subsidy(deal.interest_subsidy),
        **of_trade_in(deal.trade_in),
    }


def of_vehicle(deal: Deal) -> dict[str, object]:
    """Return what is measured on a car loan."""
    if deal.vehicle is None:
        return {}
    share = Fraction(deal.amount_fen, deal.vehicle.price_basis_fen)
    return {"loan.ltv_ppm": ceil(share * PPM), "loan.finances_plate": deal.pays_for_plate}


def of_interest_subsidy(claim: InterestSubsidy | None) -> dict[str, object]:
    """Return what is measured on a claim of the interest subsidy."""
    if claim is None:
        return {"fiscal_subsidy.claimed": False}
    return {
        "fiscal_subsidy.claimed": True,
        "fiscal_subsidy.product": "credit_card_bill_instalment"
        if claim.card_instalment
        else "personal_consumption_loan",
        "fiscal_subsidy.rate_ppm": ceil(claim.rate * PPM),
        "fiscal_subsidy.share_ppm": ceil(claim.rate / claim.contract_rate * PPM),
        "fiscal_subsidy.granted_fen": claim.granted_fen,
        "fiscal_subsidy.transaction_fen": claim.transaction_fen,
        "fiscal_subsidy.small_tickets_fen": claim.small_tickets_fen,
        "fiscal_subsidy.base_fen": claim.base_fen,
        "fiscal_subsidy.large_ticket": claim.large_ticket,
        "fiscal_subsidy.field": claim.field,
        "lender.listed": claim.listed,
        "lender.rating": claim.rating,
    }


def of_trade_in(claim: TradeIn | None) -> dict[str, object]:
    """Return what is measured on a trade-in claim."""
    if claim is None:
        return {"trade_in.scheme": "none"}
    return {
        **({"trade_in.goods": claim.goods} if claim.goods else {}),
        "trade_in.scheme": claim.scheme,
        "trade_in.tier": claim.tier,
        "trade_in.amount_fen": claim.amount_fen,
        "trade_in.share_ppm": ceil(Fraction(claim.amount_fen, claim.price_fen) * PPM),
        "trade_in.price_fen": claim.price_fen,
        "trade_in.items_in_category": claim.items_in_category,
        "trade_in.cars_this_year": claim.cars_this_year,
    }


STANDINGS: Mapping[str, Force] = {
    "law": "law",
    "house_unverified": "house",
    "house_wider": "wider",
    "house_own": "own",
}
PUBLIC_MONEY = ("subsidy.", "tradein.")


def forbidding(certificate: Certificate) -> frozenset[tuple[str, Force]]:
    """Return what withholds a plan, in the oracle's words."""
    return frozenset((one.fact_key, force(one)) for one in certificate.failures)


def force(finding: Finding) -> Force:
    """Return the force of a failure; public money has one force only."""
    if finding.fact_key.startswith(PUBLIC_MONEY):
        return "claim"
    return STANDINGS[str(finding.as_json()["standing"])]


def warning(certificate: Certificate) -> frozenset[str]:
    """Return what only warns."""
    return frozenset(one.fact_key for one in certificate.findings if one.result == "warn")
