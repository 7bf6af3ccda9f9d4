"""Cars and plates 汽车与车牌: what decides which rules bind, and what is measured on the loan.

A plate's rules ask what drives the car it is for, so a plate is quoted together with its car.
"""

from __future__ import annotations

from sanshi.catalogue.observables import ATTRIBUTES
from sanshi.catalogue.products import Good
from sanshi.kernel.money import PPM, div_round
from sanshi.quote.purchase import Candidate, Purchase

CAR, PLATE = "car_purchase", "plate_quota"


def good_attributes(purchase: Purchase) -> dict[str, bool | str]:
    """Return what rules may know of the good; a plate is driven by what the car beside it is.

    Cars of different kinds beside one plate leave it unknown, so that its rules fail closed.
    """
    own = _registered(purchase.good)
    if purchase.scenario.purpose == PLATE and "energy" not in own:
        known = [_registered(good) for good in purchase.of_bundle]
        energies = {one["energy"] for one in known if "energy" in one}
        if len(energies) == 1:
            own["energy"] = energies.pop()
    return own


def _registered(good: Good) -> dict[str, bool | str]:
    return {
        name: value
        for name, value in good.attributes.items()
        if name in ATTRIBUTES and isinstance(value, bool | str)
    }


def observe_car(candidate: Candidate, government_subsidy_fen: int = 0) -> dict[str, object]:
    """Measure a loan for a car or a plate; nothing for any other.

    `government_subsidy_fen` is what a government will give for the car and the price after
    benefits does not show yet, since it is reimbursed later.
    """
    purchase = candidate.purchase
    purpose, good = purchase.scenario.purpose, purchase.good
    if purpose not in {CAR, PLATE}:
        return {}
    includes_plate = good.attributes.get("includes_plate") is True
    seen: dict[str, object] = {"loan.finances_plate": purpose == PLATE or includes_plate}
    if purpose == CAR:
        seen["dealer.commission_ppm"] = candidate.product.dealer_commission_ppm
        basis_fen = price_basis_fen(good, candidate.net_price_fen, government_subsidy_fen)
        if basis_fen:
            principal_fen = candidate.terms.principal_fen
            seen["loan.ltv_ppm"] = div_round(principal_fen * PPM, basis_fen, "up")
    return seen


def price_basis_fen(good: Good, price_fen: int, government_subsidy_fen: int = 0) -> int | None:
    """Return the price that a car loan is measured against 计价基础; None: it cannot be known.

    The lower of the transaction price less government subsidies and the list price; for a used
    car also the valuation, without which there is no basis (fact `auto.price_basis`, remembered
    only). Prices in the packs hold no taxes, fees or insurance that would have to come off.
    """
    amounts_fen: list[object] = [price_fen - government_subsidy_fen]
    if "list_price_fen" in good.attributes:
        amounts_fen.append(good.attributes["list_price_fen"])
    if good.attributes.get("vehicle_state") == "used":
        amounts_fen.append(good.attributes.get("valuation_fen"))
    known_fen = [fen for fen in amounts_fen if isinstance(fen, int) and fen > 0]
    return min(known_fen) if len(known_fen) == len(amounts_fen) else None
