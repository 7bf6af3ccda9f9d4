"""The oracle stands alone, and judges what a lawyer would call plain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from peers.law import deals
from peers.law.costs import annual_costs
from peers.law.deals import Deal, InterestSubsidy, TradeIn, Vehicle
from peers.law.oracle import ROOMS, RULES, judge

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
YUAN = 100
PLAIN = Deal(TODAY, deals.CITY, 5_000 * YUAN, 12)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_the_oracle_imports_nothing_of_what_it_judges() -> None:
    standard = {"__future__", "ast", "collections", "dataclasses", "datetime", "fractions"}
    allowed = standard | {"math", "pathlib", "peers", "pytest", "typing"}
    files = sorted(HERE.glob("*.py"))
    assert len(files) > len(ROOMS)
    for path in files:
        roots = {name.split(".")[0] for name in imports(path)}
        assert roots <= allowed, path.name
        assert all(name.startswith("peers.law") for name in imports(path) if "peers" in name)


def test_the_oracle_reads_no_file_of_the_packs() -> None:
    for path in HERE.glob("*.py"):
        if path.name != Path(__file__).name:
            words = {n.id for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Name)}
            assert not words & {"open", "Path", "exec", "eval", "__import__"}, path.name


def broken(deal: Deal) -> set[str]:
    return {key for key, _ in judge(deal).broken}


def test_an_ordinary_appliance_is_nobodys_concern() -> None:
    for lender in deals.LENDERS:
        assert broken(replace(PLAIN, lender=lender)) == set()


@pytest.mark.parametrize(
    ("lender", "day", "yuan", "allowed"),
    [
        (deals.CITY, date(2025, 3, 13), 200_000, True),
        (deals.CITY, date(2025, 3, 13), 200_001, False),
        (deals.CITY, date(2025, 3, 14), 300_000, True),
        (deals.CITY, date(2025, 3, 14), 300_001, False),
        (deals.PRIVATE, TODAY, 200_001, False),
        (deals.CONSUMER_FINANCE, TODAY, 200_001, False),
        (deals.MICROLOAN, date(2024, 12, 30), 200_001, True),
        (deals.MICROLOAN, date(2024, 12, 31), 200_001, False),
    ],
)
def test_the_most_that_one_person_borrows_online(
    lender: str,
    day: date,
    yuan: int,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    deal = replace(PLAIN, on=day, lender=lender, amount_fen=yuan * YUAN)
    assert judge(deal).allowed is allowed


def test_who_says_so_decides_how_strongly() -> None:
    student = replace(PLAIN, lender=deals.MICROLOAN, student=True)
    assert judge(student).broken == {("student.microloan_internet_consumer_ban", "law")}
    at_a_branch = replace(student, online=False)
    assert judge(at_a_branch).broken == {("student.microloan_internet_consumer_ban", "wider")}
    house = replace(PLAIN, lender=deals.CONSUMER_FINANCE, purpose=deals.HOUSE)
    assert judge(house).broken == {("cfc.scope_excludes", "house")}
    dear = replace(PLAIN, lender=deals.CONSUMER_FINANCE, nominal_cost=Fraction(23, 100))
    assert judge(dear).broken == {("rate.cap.cfc_window", "warn")}
    assert judge(dear).allowed


def test_the_higher_of_two_cost_figures_decides() -> None:
    """2 % a month is 24.0 % nominal and 26.8 % effective."""
    payments = [2_00] * 11 + [102_00]
    nominal, effective = annual_costs(100_00, payments)
    assert float(nominal) == pytest.approx(0.24, abs=1e-12)
    assert float(effective) == pytest.approx(1.02**12 - 1, abs=1e-12)
    deal = replace(
        PLAIN, lender=deals.MICROLOAN, nominal_cost=Fraction(24, 100), effective_cost=effective
    )
    assert broken(deal) == {"rate.cap.microloan_new"}
    assert broken(replace(deal, effective_cost=Fraction(24, 100))) == set()
    assert broken(replace(deal, on=date(2025, 12, 23))) == set()


def test_a_loan_without_cost_costs_nothing() -> None:
    nominal, effective = annual_costs(120_00, [10_00] * 12)
    assert float(nominal) == pytest.approx(0, abs=1e-12)
    assert float(effective) == pytest.approx(0, abs=1e-12)


def test_a_battery_car_needs_no_plate_loan_and_a_petrol_car_may_have_one() -> None:
    basis_fen = 200_000 * YUAN
    electric = Vehicle(deals.BEV, private=True, new=True, price_basis_fen=basis_fen)
    plate = replace(PLAIN, purpose=deals.PLATE, vehicle=electric, pays_for_plate=True)
    assert judge(plate).broken == {("plate.shanghai.bev_quota_free", "house")}
    petrol = replace(plate, vehicle=replace(electric, energy=deals.PETROL))
    assert judge(petrol).allowed


def test_public_money_ends_with_2026() -> None:
    claim = InterestSubsidy(
        rate=Fraction(1, 100),
        contract_rate=Fraction(4, 100),
        granted_fen=3_000 * YUAN,
        transaction_fen=3_000 * YUAN,
        small_tickets_fen=3_000 * YUAN,
        base_fen=300_000 * YUAN,
        large_ticket=True,
        field="jewellery",
        listed=True,
    )
    subsidised = replace(PLAIN, lender=deals.STATE, interest_subsidy=claim)
    assert judge(replace(subsidised, on=date(2026, 1, 1))).allowed
    assert judge(replace(subsidised, on=date(2026, 12, 31))).allowed
    assert not judge(replace(subsidised, on=date(2027, 1, 1))).allowed
    assert broken(replace(subsidised, on=date(2025, 12, 31))) == {
        "subsidy.cap_per_transaction",
        "subsidy.cap_small_ticket_under_50k",
        "subsidy.large_ticket_threshold",
        "subsidy.large_ticket_categories",
    }


def test_an_appliance_of_grade_2_gets_nothing_in_2026() -> None:
    first = TradeIn("appliance", "grade1", 855 * YUAN, 5_700 * YUAN)
    bought = replace(PLAIN, trade_in=first)
    assert judge(bought).allowed
    assert broken(replace(bought, trade_in=replace(first, amount_fen=855 * YUAN + 1))) == {
        "tradein.appliance"
    }
    second = replace(bought, trade_in=replace(first, tier="grade2"))
    assert broken(second) == {"tradein.appliance"}
    assert broken(replace(second, on=date(2025, 12, 31))) == set()


def test_no_version_is_entered_twice() -> None:
    seen = [(r.key, r.instrument, r.since, r.kind, r.lenders, r.confidence) for r in RULES]
    assert len(seen) == len(set(seen))
