"""What is asked of the decision: one purchase, one loan, on one business date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanshi.decision.features import Input, Registry
from sanshi.kernel.dates import check_date
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import check_fen

MAX_TERM_MONTHS = 480


@dataclass(frozen=True, slots=True)
class Request:
    """A loan asked for.

    Args:
        amount_fen: to be lent; of two contracts decided together (plate and car), the sum.
        term_months: the longest term asked.
        instalment_fen: the highest monthly instalment of all contracts together.
        cash_price_fen: what the purchase costs when paid in cash.
        purchase_category: the id of the scenario 场景 in the packs.
        purpose: a code of the catalogue's PURPOSES.
        business_date: the open business date.
        consents: purposes (of `consent.grants`) that a live grant covers at this moment.
    """

    amount_fen: int
    term_months: int
    instalment_fen: int
    cash_price_fen: int
    purchase_category: str
    purpose: str
    business_date: date
    consents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be decided, naming the field."""
        check_fen(self.cash_price_fen, "cash_price_fen", low=1)
        check_fen(self.amount_fen, "amount_fen", low=1, high=self.cash_price_fen)
        check_fen(self.instalment_fen, "instalment_fen")
        check_date(self.business_date, "business_date")
        term = self.term_months
        if isinstance(term, bool) or not 1 <= term <= MAX_TERM_MONTHS:
            raise InputError(
                "decision.term",
                f"A term of {term!r} months cannot be decided.",
                field="term_months",
                fix=f"Ask for 1 to {MAX_TERM_MONTHS} whole months.",
            )
        # One order and no repeats, so that equal requests have equal traces.
        object.__setattr__(self, "consents", tuple(sorted(set(self.consents))))

    @property
    def down_payment_fen(self) -> int:
        """What the person pays at once."""
        return self.cash_price_fen - self.amount_fen


FROM_REQUEST = (
    "amount_fen",
    "cash_price_fen",
    "instalment_fen",
    "purchase_category",
    "purpose",
    "term_months",
)
"""Features that are read from the request itself."""


def request_inputs(request: Request, features: Registry) -> tuple[Input, ...]:
    """Read the request as features; a code that nobody knows counts as mistyped."""
    return tuple(_read(request, features, name) for name in FROM_REQUEST)


def _read(request: Request, features: Registry, name: str) -> Input:
    value: int | str = getattr(request, name)
    fault = features[name].fault(value)
    return Input(name, "mistyped", detail=fault) if fault else Input(name, "known", value)
