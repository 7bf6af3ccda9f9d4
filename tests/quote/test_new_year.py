"""The first working day of 2027: what lapsed with 2026 is gone, said so, and nothing else moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from peers.law import deals
from peers.law.deals import Deal
from peers.law.oracle import judge
from quote.described import context, forbidding, observed
from quote.drafts import Draft, Offer
from quote.edges import APPLIANCE, CLAIM, DIGITAL, SCRAPPED
from quote.engine import answers
from sanshi.catalogue.catalogue import Catalogue
from sanshi.quote.certificate import Certificate, certify
from sanshi.quote.checklist import words

LAST_DAY, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 4)
KINDS = {deals.LEASING: "finance_lease"}
CLAIMS: dict[str, Deal] = {
    "interest": Deal(LAST_DAY, deals.STATE, 500_000, 12, interest_subsidy=CLAIM),
    "local lender": Deal(
        LAST_DAY, deals.CITY, 500_000, 12, interest_subsidy=replace(CLAIM, listed=False)
    ),
    "appliance": Deal(LAST_DAY, deals.CITY, 500_000, 12, trade_in=APPLIANCE),
    "digital": Deal(LAST_DAY, deals.CITY, 500_000, 12, trade_in=DIGITAL),
    "scrapped car": Deal(LAST_DAY, deals.CITY, 500_000, 12, trade_in=SCRAPPED),
    "replaced car": Deal(
        LAST_DAY, deals.CITY, 500_000, 12, trade_in=replace(SCRAPPED, scheme="car_replace")
    ),
}


def certified(lawful: Catalogue, deal: Deal) -> Certificate:
    return certify(lawful.rulebook, observed(deal), context(deal))


@pytest.mark.parametrize("name", CLAIMS)
def test_public_money_is_to_be_had_on_the_last_day_of_2026_and_not_after(
    lawful: Catalogue, name: str
) -> None:
    before = CLAIMS[name]
    after = replace(before, on=NEW_YEAR)
    assert certified(lawful, before).lawful
    assert judge(before).allowed
    gone = certified(lawful, after)
    assert not gone.lawful
    assert forbidding(gone) == judge(after).forbidding


@pytest.mark.parametrize("name", CLAIMS)
def test_the_reason_names_the_day_on_which_it_lapsed(lawful: Catalogue, name: str) -> None:
    gone = certified(lawful, replace(CLAIMS[name], on=NEW_YEAR))
    for finding in gone.failures:
        stored = finding.as_json()
        assert (stored["kind"], stored["effective_to"]) == ("withheld", "2026-12-31")
        assert stored["date_used"] == "2027-01-04"
        for language in ("zh", "en"):
            assert "2026-12-31" in words(stored, lawful.texts, language)


@pytest.mark.parametrize("lender", deals.LENDERS)
def test_an_ordinary_purchase_meets_the_same_law_on_both_days(
    lawful: Catalogue, lender: str
) -> None:
    offer = Offer(lender, kind=KINDS.get(lender, "instalment_loan"))
    draft = Draft(0, 0, "new year", LAST_DAY, (offer,))
    before, after = answers(lawful, draft), answers(lawful, replace(draft, on=NEW_YEAR))
    assert [one.name for one in before] == [one.name for one in after] != []
    for old, new in zip(before, after, strict=True):
        assert old.offered
        assert new.offered
        assert _compared(old.certificate) == _compared(new.certificate) != {}


def _compared(certificate: Certificate) -> dict[str, object]:
    return {f.rule_id: f.active.limit for f in certificate.findings if f.active.kind == "compared"}
