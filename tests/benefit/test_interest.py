"""The fiscal interest subsidy: both versions, who may have it, and never more than its caps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefit.shops import law
from sanshi.benefit.interest import Agreement, Loan, agree, foreseen, room_fen
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.reasons import Reason
from sanshi.kernel.schedules import Interest

IN_2025, IN_2026 = date(2025, 11, 3), date(2026, 11, 2)


def asked(
    catalogue: Catalogue,
    day: date,
    lender: str = "pujiang_bank",
    *,
    principal_fen: int = 1_000_000,
    rate_ppm: int = 36_000,
    field: str = "electronics",
    kind: str = "instalment_loan",
) -> Agreement | Reason:
    whose = catalogue.lenders[lender]
    loan = Loan(whose, kind, principal_fen, rate_ppm, field)
    context = law(catalogue, day, lender_type=whose.lender_type, product_kind=kind)
    return agree(context, catalogue.benefits["interest_subsidy"], loan)


def agreed(*args: object, **more: object) -> Agreement:
    answer = asked(*args, **more)  # type: ignore[arg-type] # passed on
    assert isinstance(answer, Agreement), answer
    return answer


def refused(*args: object, **more: object) -> str:
    answer = asked(*args, **more)  # type: ignore[arg-type] # passed on
    assert isinstance(answer, Reason), answer
    return answer.code


def limits(agreement: Agreement) -> dict[str, int]:
    return {limit.per: limit.limit_fen for limit in agreement.limits}


def test_the_version_of_2025(catalogue: Catalogue) -> None:
    small = agreed(catalogue, IN_2025)
    assert limits(small) == {"borrower": 300_000, "small_tickets": 100_000, "transaction": 50_000}
    assert small.last_day == date(2025, 12, 31)
    large = agreed(catalogue, IN_2025, principal_fen=8_000_000)
    assert large.base_fen == 5_000_000
    assert limits(large) == {"borrower": 300_000, "transaction": 50_000}
    # 50,000 yuan for a year at one point is the 500 yuan of the cap.
    year = Interest(8_000_000 * 36_000, 1_000_000)
    assert large.earned_fen(year) == 50_000


def test_the_version_of_2026(catalogue: Catalogue) -> None:
    agreement = agreed(catalogue, IN_2026, principal_fen=8_000_000)
    assert limits(agreement) == {"borrower": 300_000}
    assert agreement.base_fen == 8_000_000
    assert agreement.last_day == date(2026, 12, 31)
    assert sum(weight for _, weight in agreement.weights) == 1_000_000


def test_never_more_than_half_the_contract_rate(catalogue: Catalogue) -> None:
    assert agreed(catalogue, IN_2026, rate_ppm=36_000).rate_ppm == 10_000
    assert agreed(catalogue, IN_2026, rate_ppm=20_001).rate_ppm == 10_000
    assert agreed(catalogue, IN_2026, rate_ppm=19_999).rate_ppm == 9_999
    assert refused(catalogue, IN_2026, rate_ppm=1) == "benefit.nothing"


@pytest.mark.parametrize(
    ("day", "more", "code"),
    [
        (IN_2025, {"lender": "shenpu_bank"}, "benefit.lender_not_listed"),
        (date(2025, 8, 31), {}, "benefit.not_yet"),
        (date(2027, 1, 1), {}, "benefit.lapsed"),
        (IN_2025, {"kind": "card_instalment"}, "benefit.product_not_covered"),
        (IN_2026, {"kind": "finance_lease"}, "benefit.product_not_covered"),
        (
            IN_2025,
            {"principal_fen": 5_000_000, "field": "jewellery"},
            "benefit.field_not_covered",
        ),
    ],
)
def test_who_may_not_have_it(
    catalogue: Catalogue, day: date, more: dict[str, object], code: str
) -> None:
    assert refused(catalogue, day, **more) == code


def test_what_2026_opened(catalogue: Catalogue) -> None:
    assert agreed(catalogue, IN_2026, lender="shenpu_bank").rate_ppm == 10_000
    assert agreed(catalogue, IN_2026, kind="card_instalment").product_class == (
        "credit_card_bill_instalment"
    )
    assert agreed(catalogue, IN_2026, principal_fen=9_000_000, field="jewellery").base_fen == (
        9_000_000
    )
    assert agreed(catalogue, IN_2025, principal_fen=4_999_999, field="jewellery").rate_ppm


@given(
    principal_fen=st.integers(1, 10_000_000),
    rate_ppm=st.integers(2, 240_000),
    numerators=st.lists(st.integers(0, 10**12), max_size=12),
    taken_fen=st.integers(0, 400_000),
    day=st.sampled_from([IN_2025, IN_2026]),
)
def test_grants_stay_below_rate_share_and_caps(  # noqa: PLR0917 - hypothesis passes them by name
    catalogue: Catalogue,
    principal_fen: int,
    rate_ppm: int,
    numerators: list[int],
    taken_fen: int,
    day: date,
) -> None:
    answer = asked(catalogue, day, principal_fen=principal_fen, rate_ppm=rate_ppm)
    if isinstance(answer, Reason):
        assert rate_ppm < 2 or answer.code == "benefit.nothing"
        return
    interest = [Interest(numerator, 997) for numerator in numerators]
    taken = {limit.account: taken_fen for limit in answer.limits}
    grants = foreseen(answer, interest, taken)
    for grant, one in zip(grants, interest, strict=True):
        exact = Fraction(one.numerator, one.denominator)
        assert grant <= exact / 2
        assert grant <= exact * 10_000 / rate_ppm
        assert sum(fen for _, fen in answer.funded(grant)) == grant
    lowest = min(limit.limit_fen for limit in answer.limits)
    assert sum(grants) <= max(lowest - taken_fen, 0)
    if sum(grants) < max(lowest - taken_fen, 0):
        assert grants == tuple(answer.earned_fen(one) for one in interest)


def test_an_agreement_reads_back_as_it_was_stored(catalogue: Catalogue) -> None:
    agreement = agreed(catalogue, IN_2025)
    assert Agreement.from_json(agreement.as_json()) == agreement


def test_room_is_that_of_the_tightest_limit(catalogue: Catalogue) -> None:
    agreement = agreed(catalogue, IN_2025)
    accounts = {limit.per: limit.account for limit in agreement.limits}
    assert room_fen(agreement.limits, {}) == 50_000
    assert room_fen(agreement.limits, {accounts["small_tickets"]: 99_000}) == 1_000
    assert room_fen(agreement.limits, {accounts["borrower"]: 310_000}) == 0
    assert room_fen((), {}) is None
