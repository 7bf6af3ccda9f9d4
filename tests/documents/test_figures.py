"""The figures in a document agree with each other, worked out from the document alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.plans import LANGUAGES, METHODS, contract, contract_values, papers
from documents.reading import (
    amount,
    cells,
    figures,
    parse,
    rate,
    schedule,
    stated,
)
from sanshi.documents.words import exact_percent, long_date, money


def lawful(asked: dict[str, Any]) -> bool:
    """Leave out what the law withholds: Internet loans repaid at once after more than a year."""
    return asked["methods"][0] not in {"interest_only", "bullet"} or asked["terms_months"][0] <= 12


plans = st.fixed_dictionaries(
    {
        "price_fen": st.integers(10_000, 20_000_000),
        "down_payment_fen": st.integers(0, 9_000),
        "terms_months": st.sampled_from([(1,), (3,), (12,), (24,)]),
        "methods": st.sampled_from([(method,) for method in METHODS]),
        "prices": st.integers(0, 230_000).map(lambda r: ({"up_to_months": 480, "rate_ppm": r},)),
        "due_day": st.sampled_from([None, 5, 28]),
        "day_count": st.sampled_from(["30/360", "act/360", "act/365", "act/act"]),
        "remainder": st.sampled_from(["last", "smooth"]),
        "grace_days": st.integers(0, 5),
        "penalty_markup_ppm": st.sampled_from([0, 300_000, 500_000]),
    }
).filter(lawful)


@given(asked=plans)
def test_totals_are_the_sums_of_the_rows(asked: dict[str, Any]) -> None:
    root = parse(contract("zh", **asked))
    printed = schedule(root)
    principal, interest, payment = (sum(column) for column in list(zip(*printed.rows))[:3])  # noqa: B905 - rows are quadruples
    assert printed.totals == (principal, interest, payment)
    for row_principal, row_interest, row_payment, _ in printed.rows:
        assert row_principal + row_interest == row_payment
    balance = printed.totals[0]
    for row_principal, _, _, closing in printed.rows:
        balance -= row_principal
        assert closing == balance
    assert balance == 0


@given(asked=plans)
def test_cost_table_says_what_the_schedule_collects(asked: dict[str, Any]) -> None:
    root = parse(contract("zh", **asked))
    printed = schedule(root)
    principal, costs, both, first = (amount(text) for text in stated(root))
    assert (principal, costs, both) == printed.totals
    assert first == printed.rows[0][2]
    charged, contingent = root.all("table", "s-costs")
    listed = [amount(cells(row)[4]) for row in charged.one("tbody").all("tr")]
    assert sum(listed) == costs == amount(cells(charged.one("tfoot").one("tr"))[1])
    assert not [text for row in contingent.all("tr") for text in cells(row) if "¥" in text]
    parts = [int(rect.attributes["width"]) for rect in root.one("svg", "s-scale").all("rect")]
    assert [Decimal(width) / 100 for width in parts] == [principal, costs]


def present_value(rows: list[tuple[Decimal, ...]], monthly: Decimal) -> Decimal:
    return sum((row[2] / (1 + monthly) ** t for t, row in enumerate(rows, 1)), Decimal(0))


@given(asked=plans.filter(lambda p: p["due_day"] is None and p["methods"] != ("bullet",)))
def test_annualised_cost_follows_from_the_printed_payments(asked: dict[str, Any]) -> None:
    root = parse(contract("en", **asked))
    printed = schedule(root)
    half = Decimal("0.00005")  # it is printed to 0.01 %

    def worth(nominal: Decimal) -> Decimal:
        return present_value([*printed.rows], nominal / 12)

    nominal = rate(root.one("dd", "s-annual").text)
    assert worth(nominal + half) <= printed.totals[0] <= worth(nominal - half)
    effective = rate(root.one("dd", "s-effective").text)
    twelfth = Decimal(1) / 12

    def worth_effective(yearly: Decimal) -> Decimal:
        return present_value([*printed.rows], (1 + yearly) ** twelfth - 1)

    assert worth_effective(effective + half) <= printed.totals[0]
    assert printed.totals[0] <= worth_effective(effective - half)


@given(asked=plans)
def test_both_languages_show_the_same_figures_and_dates(asked: dict[str, Any]) -> None:
    values = contract_values(**asked)
    zh, en = (parse(papers().render("contract", language, values)) for language in LANGUAGES)
    assert figures(zh) == figures(en)
    zh_days, en_days = (
        [time.attributes["datetime"] for time in root.all("time")] for root in (zh, en)
    )
    assert zh_days == en_days
    assert len(figures(zh)) >= 4 * len(values["plan"]["rows"])


def test_published_example_of_an_annuity() -> None:
    # 6,000.00 at 4.8 % over 12 months: 6000 × 0.004 / (1 − 1.004^−12) = 513.10 a month.
    i = Decimal("0.004")
    monthly = (6000 * i / (1 - (1 + i) ** -12)).quantize(Decimal("0.01"))
    root = parse(contract("zh"))
    printed = schedule(root)
    assert [row[2] for row in printed.rows[:-1]] == [monthly] * 11
    assert stated(root)[3] == "513.10"
    assert printed.dates[0] == "2026-12-22"
    assert printed.dates[-1] == "2027-11-22"


def test_due_dates_come_in_order_after_the_quote() -> None:
    days = [date.fromisoformat(text) for text in schedule(parse(contract("en"))).dates]
    assert all(a < b for a, b in pairwise([date(2026, 11, 22), *days]))


@pytest.mark.parametrize(
    ("ppm", "shown"),
    [(48_000, "4.80%"), (0, "0.00%"), (267_902, "26.7902%"), (48_030, "4.803%"), (5, "0.0005%")],
)
def test_rates_lose_no_digit(ppm: int, shown: str) -> None:
    assert exact_percent(ppm) == shown


@given(st.integers(-(10**9), 10**9))
def test_every_rate_reads_back(ppm: int) -> None:
    assert Decimal(exact_percent(ppm).replace("−", "-").removesuffix("%")) * 10_000 == ppm


@given(st.integers(-(10**13), 10**13))
def test_every_amount_reads_back(fen: int) -> None:
    sign = -1 if fen < 0 else 1
    assert sign * amount(money(fen).removeprefix("−")) * 100 == fen


def test_dates_in_words() -> None:
    assert long_date(date(2027, 2, 28), "zh") == "2027年2月28日"
    assert long_date(date(2027, 2, 28), "en") == "28 February 2027"
