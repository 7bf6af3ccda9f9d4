"""Cars and plates: loan-to-value, terms, and the free quota of battery-electric cars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from peers.law.book import rule
from peers.law.deals import BEV, CAR, LEASE, LOAN, NEW_ENERGY, PETROL, PLATE, Deal, Vehicle


def _financed_car(deal: Deal) -> Vehicle | None:
    """The car, if it is bought with a loan; a lease is no loan."""
    return deal.vehicle if deal.purpose == CAR and deal.kind != LEASE else None


def _over(deal: Deal, car: Vehicle, percent: int) -> bool:
    return deal.amount_fen * 100 > car.price_basis_fen * percent


def _kind(*, petrol: bool, private: bool) -> Callable[[Vehicle], bool]:
    def suits(car: Vehicle) -> bool:
        energy = car.energy == PETROL if petrol else car.energy in NEW_ENERGY
        return car.new and energy and car.private == private

    return suits


PRIVATE_PETROL, PRIVATE_NEV = _kind(petrol=True, private=True), _kind(petrol=False, private=True)
TRADE_PETROL, TRADE_NEV = _kind(petrol=True, private=False), _kind(petrol=False, private=False)


@rule("auto.ltv.private_ice", "auto_loan_2017", date(2018, 1, 1), "V2", until=date(2024, 4, 2))
def private_petrol_car_over_80_percent(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and PRIVATE_PETROL(car) and _over(deal, car, 80)


@rule("auto.ltv.private_nev", "auto_loan_2017", date(2018, 1, 1), "V2", until=date(2024, 4, 2))
def private_new_energy_car_over_85_percent(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and PRIVATE_NEV(car) and _over(deal, car, 85)


def _over_own(deal: Deal, car: Vehicle) -> bool:
    """A lender that has set nothing cannot show that it keeps its own limit."""
    return car.own_limit_percent is None or _over(deal, car, car.own_limit_percent)


@rule("auto.ltv.private_ice", "auto_loan_2024", date(2024, 4, 3), "V2", kind="set_by_lender")
def private_petrol_car_over_the_lenders_own(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and PRIVATE_PETROL(car) and _over_own(deal, car)


@rule("auto.ltv.private_nev", "auto_loan_2024", date(2024, 4, 3), "V2", kind="set_by_lender")
def private_new_energy_car_over_the_lenders_own(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and PRIVATE_NEV(car) and _over_own(deal, car)


@rule("auto.ltv.commercial_ice", "auto_loan_2024", date(2018, 1, 1), "V2")
def commercial_petrol_car_over_70_percent(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and TRADE_PETROL(car) and _over(deal, car, 70)


@rule("auto.ltv.commercial_nev", "auto_loan_2024", date(2018, 1, 1), "V2")
def commercial_new_energy_car_over_75_percent(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and TRADE_NEV(car) and _over(deal, car, 75)


@rule("auto.ltv.used", "auto_loan_2024", date(2018, 1, 1), "V2")
def used_car_over_70_percent(deal: Deal) -> bool:
    car = _financed_car(deal)
    return car is not None and not car.new and _over(deal, car, 70)


@rule("auto.max_term", "auto_loan_2017", date(2018, 1, 1), "M")
def car_loan_too_long(deal: Deal) -> bool:
    car = _financed_car(deal)
    if car is None or deal.kind != LOAN:
        return False
    return deal.term_months > (60 if car.new else 36)


@rule(
    "plate.shanghai.bev_quota_free",
    "sh_plate_rules",
    date(2023, 1, 1),
    "V2s",
    kind="prohibition",
)
def plate_loan_for_a_battery_electric_car(deal: Deal) -> bool:
    electric = deal.vehicle is not None and deal.vehicle.energy == BEV
    return electric and deal.purpose in {CAR, PLATE} and deal.pays_for_plate
