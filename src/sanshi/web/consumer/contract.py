"""The contract 签约: the stored document, its reading time, the confirmation, the signature.

Made from the answers of `offer_contract` and `serve_contract`, and the plan it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sanshi.web.forms import FieldError, Filled
from sanshi.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Contract:
    """The page. At a `branch` the printed cost table is signed first, in front of staff."""

    template: ClassVar[str] = "contract"

    contract_id: str
    content_hash: str
    name: str
    reading_seconds: int
    branch: bool
    table_signed: bool
    lease: bool
    rate_ppm: int
    first_fen: int
    instalments: int
    first_due: date
    cost_fen: int
    payment_fen: int
    lenders: tuple[str, ...]
    filled: Filled

    @property
    def can_sign(self) -> bool:
        """Whether the form for signing is open."""
        return self.table_signed or not self.branch


def contract(
    reader: Reader,
    offered: Mapping[str, Any],
    served: Mapping[str, Any],
    asked: Mapping[str, Any],
    *,
    table_signed: bool = False,
    filled: Filled | None = None,
) -> Contract:
    """Make the page; `asked` is the application's paper seen from the part in question."""
    plan = asked["plan"]
    certificate, table = plan["certificate"], plan["disclosure"]
    return Contract(
        contract_id=offered["contract_id"],
        content_hash=served["content_hash"],
        name=reader.name(reader.good(asked["merchant"], offered["sku"])),
        reading_seconds=served["reading_seconds"],
        branch=certificate["attributes"]["channel"] == "branch",
        table_signed=table_signed,
        lease=certificate["product_kind"] == "finance_lease",
        rate_ppm=table["cn_irr_nominal_ppm"] or 0,
        first_fen=plan["rows"][0]["payment_fen"],
        instalments=len(plan["rows"]),
        first_due=date.fromisoformat(plan["rows"][0]["due_date"]),
        cost_fen=table["total_cost_fen"],
        payment_fen=sum(row["payment_fen"] for row in plan["rows"]),
        lenders=(reader.lender(plan["lender"]),),
        filled=filled or Filled(),
    )


def read_signature(reader: Reader, sent: Mapping[str, str]) -> tuple[FieldError, ...]:
    """Return what keeps the form from being a signature."""
    if sent.get("confirmed") == "yes":
        return ()
    return (FieldError("confirmed", reader.say("请先勾选确认，再签署。")),)
