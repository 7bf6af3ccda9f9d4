"""The chart of accounts of a pack: `chart/accounts.yaml` and `chart/legs.yaml`.

Whether a chart can be booked on is the ledger's to say; here are the types of its fields.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Name, Words


class LedgerAccount(Packed):
    """A general-ledger account 会计科目.

    Args:
        normal: the side on which it usually stands.
    """

    id: Name
    zh: Words
    en: Words
    account_class: Annotated[
        Literal["asset", "liability", "equity", "income", "expense", "off_balance"],
        Field(alias="class"),
    ]
    normal: Literal["debit", "credit"]


class LedgerLegs(Packed):
    """Between which accounts a component of the books moves."""

    component: Name
    debit: Name
    credit: Name
