"""The chart of accounts that comes with Sanshi, read without the law around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sanshi.catalogue.charts import LedgerAccount, LedgerLegs
from sanshi.ledger.accounts import Account, Chart, Legs
from sanshi.store.packs import packs_root, read_document


def _list(name: str) -> list[Mapping[str, Any]]:
    document = read_document(packs_root() / "china" / "chart" / f"{name}.yaml")
    return list(cast("dict[str, Any]", document.content)[name])


@cache
def chart() -> Chart:
    accounts = [LedgerAccount.model_validate(one) for one in _list("accounts")]
    legs = [LedgerLegs.model_validate(one) for one in _list("legs")]
    return Chart(
        {one.id: Account(one.normal, one.account_class, one.zh, one.en) for one in accounts},
        {one.component: (one.debit, one.credit) for one in legs},
    )


CHART = chart()
LEGS: Mapping[str, Legs] = CHART.legs
