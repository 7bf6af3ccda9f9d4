"""A chart that cannot be booked on is refused, and what is wrong with it is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from charts import CHART
from loan_lives import LOAN, event, opening
from sanshi.flows.claiming import GIVEN
from sanshi.kernel.errors import InputError
from sanshi.ledger.accounts import COMPONENTS, NAMED, Account, Chart, Legs, flaws
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.store.packs import packs_root, read_packs

Accounts = dict[str, Account]
AllLegs = dict[str, Legs]
OTHER = Account("debit", "off_balance", "表外", "off balance")


def test_the_chart_that_comes_with_sanshi_has_no_flaw_and_has_words() -> None:
    assert list(flaws(CHART.accounts, CHART.legs)) == []
    assert set(CHART.legs) == COMPONENTS
    assert set(CHART.accounts) >= NAMED
    assert all(account.zh and account.en for account in CHART.accounts.values())


def test_what_loans_and_benefits_name_is_known_to_the_ledger() -> None:
    gone = date(2027, 3, 2)
    lives = [
        opening(),
        [*opening(), event(4, "written_off", gone, "written_off")],
        [*opening(), event(4, "transferred", gone, "transferred", price_fen=1)],
    ]
    named = {name for life in lives for name, _ in components(fold(LOAN, life, gone))}
    assert {"recovered", "transfer_loss", "interest_earned"} <= named
    assert named | set(GIVEN) <= COMPONENTS


@pytest.mark.parametrize(
    ("spoil", "code", "place"),
    [
        (lambda _, legs: legs.pop("ordered"), "no_legs", "legs.ordered"),
        (
            lambda _, legs: legs.update(ordered=("cellar", "rail_clearing")),
            "unknown_account",
            "legs.ordered.debit",
        ),
        (
            lambda _, legs: legs.update(ordered=("rail_clearing", "rail_clearing")),
            "same_account",
            "legs.ordered.credit",
        ),
        (
            lambda _, legs: legs.update(gifts=("rail_clearing", "suspense")),
            "unknown_component",
            "legs.gifts.component",
        ),
        (lambda accounts, _: accounts.update(cellar=OTHER), "unused", "accounts.cellar.id"),
        (
            lambda accounts, _: accounts.update(suspense=OTHER),
            "off_balance",
            "legs.unmatched_in.credit",
        ),
        (lambda accounts, _: accounts.pop("customer_loan"), "no_account", "accounts.customer_loan"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_flaw_is_named_and_keeps_a_chart_from_being_made(
    spoil: Callable[[Accounts, AllLegs], object], code: str, place: str
) -> None:
    accounts, legs = dict(CHART.accounts), dict(CHART.legs)
    spoil(accounts, legs)
    named = {
        ".".join(part for part in (one.where, one.name, one.field) if part): one
        for one in flaws(accounts, legs)
    }
    assert named[place].code == f"chart.{code}"
    assert named[place].fix
    with pytest.raises(InputError) as caught:
        Chart(accounts, legs)
    assert caught.value.field in named


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("debit: customer_loan", "debit: cellar", "chart.unknown_account"),
        ("component: ordered", "component: odrered", "chart.unknown_component"),
        ("id: suspense", "id: cellar", "chart.unused"),
        ("class: income", "class: incomes", "pack.field"),
    ],
)
def test_a_flaw_in_a_file_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    pack = tmp_path / "china"
    shutil.copytree(packs_root() / "china", pack)
    (path,) = (p for p in pack.glob("chart/*.yaml") if f"{old}\n" in p.read_text("utf-8"))
    text = path.read_text("utf-8").replace(f"{old}\n", f"{new}\n", 1)
    path.write_text(text, "utf-8")
    (error,) = (one for one in read_packs([pack]).errors if one.code == code)
    assert error.file == f"china/chart/{path.name}"
    assert new in text.splitlines()[error.line - 1]
    assert error.fix


def test_a_component_that_is_missing_is_named_at_the_file_it_belongs_to(tmp_path: Path) -> None:
    pack = tmp_path / "china"
    shutil.copytree(packs_root() / "china", pack)
    path = pack / "chart" / "legs.yaml"
    text = path.read_text("utf-8")
    at = text.index("  - component: received")
    path.write_text(text[:at] + text[text.index("  - component:", at + 5) :], "utf-8")
    (error,) = read_packs([pack]).errors
    assert (error.code, error.file) == ("chart.no_legs", "china/chart/legs.yaml")
    assert "'received'" in error.message
