"""What each document is made from: typed, checked values, read from their stored JSON form.

A value that is missing or of the wrong kind is named by its path before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from sanshi.benefit.lines import Certainty
from sanshi.catalogue.benefits import BenefitKind, Timing
from sanshi.catalogue.units import Dimension
from sanshi.catalogue.vocabulary import Confidence
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import MAX_FEN
from sanshi.kernel.reasons import Language
from sanshi.kernel.schedules import Method
from sanshi.quote.certificate import Result
from sanshi.quote.terms import LoanTerms

Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]
Ppm = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]


class Value(BaseModel):
    """A frozen part of a document; fields that a document does not print are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Words(Value):
    """A name in both languages."""

    zh: Text
    en: Text

    def said(self, language: Language) -> str:
        """Return it in one of them."""
        return self.zh if language == "zh" else self.en


class Good(Words):
    """What is bought."""

    sku: Text


class Cost(Value):
    """One cost of the table; a new kind of cost needs its own words first."""

    item: Literal["interest", "penalty_interest"]
    method: Text
    standard_rate_ppm: Ppm
    payee: Text
    amount_fen: Fen | None


class Disclosure(Value):
    """The cost disclosure table 综合融资成本明示表."""

    principal_fen: Annotated[Fen, Field(ge=1)]
    method: Method
    term_months: int
    costs: Annotated[tuple[Cost, ...], Field(min_length=1)]
    contingent: Annotated[tuple[Cost, ...], Field(min_length=1)]
    cn_irr_nominal_ppm: Ppm | None
    effective_ppm: Ppm | None
    proven: bool
    total_cost_fen: Fen
    nothing_else_charged: bool


class Row(Value):
    """One instalment."""

    number: int
    due_date: date
    principal_fen: Fen
    interest_fen: Fen
    payment_fen: Fen
    closing_fen: Fen


class Instrument(Words):
    """Where a policy value comes from."""

    id: Text
    doc_no: str | None


Standing = Literal[
    "law",
    "house_own",
    "house_wider",
    "house_unverified",
    "warning_unverified",
    "warning_advisory",
    "information",
]
"""How a finding's source must be introduced; see `quote.certificate`."""


class Seen(Value):
    """What was measured on the plan, by observable."""

    name: Text
    value: JsonValue


class Finding(Value):
    """One finding of a certificate, as stored."""

    fact: Text
    title: Words
    kind: Text
    result: Result
    standing: Standing
    operator: Text
    limit: JsonValue
    unit: Dimension
    observed: tuple[Seen, ...]
    unseen: str
    date_used: date
    effective_from: date | None
    effective_to: date | None
    confidence: Confidence
    instrument: Instrument | None
    article: str | None
    reason: Text


class Certificate(Value):
    """A plan held against the rules that bind it 合规检查清单."""

    pack_hash: Text
    policy_date: date
    lawful: bool
    findings: tuple[Finding, ...]
    later: tuple[str, ...]


class Funded(Value):
    """A funder's part of a benefit."""

    funder: Text
    amount_fen: Annotated[Fen, Field(ge=1)]


class BenefitLine(Value):
    """One benefit of the plan: from whom, when, and how surely."""

    benefit: Text
    kind: BenefitKind
    timing: Timing
    certainty: Certainty
    base_fen: Fen
    amount_fen: Annotated[Fen, Field(ge=1)]
    funded: Annotated[tuple[Funded, ...], Field(min_length=1)]
    voucher_id: str

    @property
    def reduces_price(self) -> bool:
        """Whether it lowers what is due or financed."""
        return self.timing == "at_checkout" and self.certainty == "held"


class Benefits(Value):
    """What lowers the price, and what else may come."""

    price_fen: Fen
    net_price_fen: Fen
    lines: tuple[BenefitLine, ...]


class AfterSubsidy(Value):
    """The cost once a third party's interest subsidy has come, beside the cost before it."""

    total_cost_fen: Fen
    cn_irr_nominal_ppm: Ppm | None
    effective_ppm: Ppm | None


class Bound(Value):
    """What of a certificate's context decides the words of a document."""

    purpose: Text
    channel: Literal["online", "branch"]


class BoundCertificate(Certificate):
    """A certificate of a kind of credit that documents have words for: see `templates/kinds`."""

    product_kind: Literal["instalment_loan", "credit_line", "finance_lease"]
    attributes: Bound


class Plan(Value):
    """The plan a document is about; its own certificate was made on the day of the quote."""

    lender: Text
    price_fen: Fen
    net_price_fen: Fen
    down_payment_fen: Fen
    total_fen: Fen
    benefits: Benefits
    after_subsidy: AfterSubsidy | None
    terms: LoanTerms
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    disclosure: Disclosure
    certificate: BoundCertificate

    @property
    def quoted_on(self) -> date:
        """The day that the schedule assumes the money to go out."""
        return self.certificate.policy_date

    @property
    def level(self) -> bool:
        """Whether every instalment but the last is the same."""
        return len({row.payment_fen for row in self.rows[:-1]}) == 1

    @property
    def principal_fen(self) -> int:
        """Sum of the rows."""
        return sum(row.principal_fen for row in self.rows)

    @property
    def interest_fen(self) -> int:
        """Sum of the rows."""
        return sum(row.interest_fen for row in self.rows)

    @property
    def payment_fen(self) -> int:
        """Sum of the rows."""
        return sum(row.payment_fen for row in self.rows)


class BenefitName(Words):
    """A benefit's name, and what becomes of it when goods go back."""

    on_return: Literal["proportional", "kept"]


class Names(Value):
    """Who and what the plan's benefits name only by id; a shop that gives one is a funder."""

    benefits: Mapping[str, BenefitName]
    funders: Mapping[str, Words]


class DisclosureValues(Value):
    """Values of `disclosure`: the table as it stands on the payment page."""

    lender: Words
    names: Names
    plan: Plan

    @property
    def certificate(self) -> BoundCertificate:
        """The plan's own certificate."""
        return self.plan.certificate


class CertificateValues(Value):
    """Values of `certificate`: the checklist alone, of an offered plan or a withheld one."""

    certificate: Certificate


class ContractValues(DisclosureValues):
    """Values of `contract`: of a personal consumption loan 个人消费贷款 or a finance lease."""

    contract_id: Text
    signed_on: date
    borrower: Text
    merchant: Words
    good: Good
    product: Words
    entrusted_payment: bool
    checked: BoundCertificate = Field(alias="certificate")

    @property
    def certificate(self) -> BoundCertificate:
        """The certificate made again for this contract."""
        return self.checked


V = TypeVar("V", bound=Value)


def read(kind: type[V], values: Mapping[str, Any]) -> V:
    """Type a document's values, or raise ImpossibleError naming the first one at fault.

    They pass through canonical JSON, so that fresh values and stored ones are the same.
    """
    try:
        return kind.model_validate_json(canonical_json(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        missing = first["type"] == "missing"
        raise ImpossibleError(
            "document.missing_value" if missing else "document.wrong_value",
            f"{first['msg']}.",
            field=field,
            fix=f"Give the template the value {field}." if missing else f"Correct {field}.",
        ) from error
