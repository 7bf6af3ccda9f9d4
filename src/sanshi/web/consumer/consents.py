"""Consents 授权: unticked, each with its purpose, fields, recipient and term.

Each says what happens without it. `read_consents` reads the form back: what was ticked, and what
`apply_for_plan` takes beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.consent.grants import PURPOSES, Grant, Purpose, covering
from sanshi.decision.vocabulary import FEATURES
from sanshi.flows.consents import GrantConsent
from sanshi.web.consumer.checkout import CASH
from sanshi.web.forms import FieldError, Filled, whole_in
from sanshi.web.language import mark
from sanshi.web.reader import Reader

DAYS: int = GrantConsent.model_fields["days"].default
"""How long a consent lasts unless withdrawn earlier."""

MAX_JOB_MONTHS = 720

NAMES: Mapping[str, str] = {
    "credit_report": mark("查询个人征信报告"),
    "housing_fund": mark("查询公积金和个税记录"),
}
"""What each purpose is called."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One thing to agree to. `held_until`: it is given already, until then, as `held_id`."""

    purpose: str
    name: Markup
    text: str
    fields: tuple[str, ...]
    recipient: str
    until: date
    required: bool
    held_until: date | None
    held_id: str

    @property
    def field(self) -> str:
        """The name of its box."""
        return f"consent.{self.purpose}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A plan that is applied for, as it is repeated above the consents."""

    field: str
    key: str
    name: str
    first_fen: int
    level: bool
    instalments: int
    rate_ppm: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Consents:
    """The page. `days`: how long a consent lasts."""

    template: ClassVar[str] = "consents"

    quote_id: str
    chosen: tuple[Chosen, ...]
    hidden: Mapping[str, str]
    consents: tuple[Consent, ...]
    lenders: tuple[str, ...]
    filled: Filled
    days: int = DAYS


def consents(
    reader: Reader,
    quoted: Mapping[str, Any],
    chosen: Mapping[str, str],
    grants: Iterable[Grant] = (),
    filled: Filled | None = None,
) -> Consents:
    """Make the page for plans of a quote's answer; `grants` are those the person has given."""
    plans = list(_chosen(reader, quoted, chosen))
    lender = plans[0][1]["lender"]
    held, day = tuple(grants), date.fromisoformat(quoted["quoted_on"])
    return Consents(
        quote_id=quoted["quote_id"],
        chosen=tuple(one for one, _ in plans),
        hidden=dict(chosen),
        consents=tuple(
            _consent(reader, purpose, lender, day, covering(held, purpose.code, lender, day))
            for purpose in PURPOSES.values()
        ),
        lenders=(reader.lender(lender),),
        filled=filled or Filled(),
    )


def read_consents(
    reader: Reader, sent: Mapping[str, str], held: Iterable[str] = ()
) -> tuple[tuple[str, ...], dict[str, Any], tuple[FieldError, ...]]:
    """Return the purposes ticked, what the application says beside its plans, and errors."""
    say, errors = reader.say, []
    ticked = tuple(code for code in PURPOSES if sent.get(f"consent.{code}") == "yes")
    given = {*ticked, *held}
    for purpose in PURPOSES.values():
        if purpose.required and purpose.code not in given:
            message = say("没有这项授权，无法审批贷款；您也可以返回选择一次付清。")
            errors.append(FieldError(f"consent.{purpose.code}", message))
    months = whole_in(sent.get("job_months", ""), MAX_JOB_MONTHS)
    if months is None:
        message = say("请填写整数月份，例如 36；没有工作就填 0。")
        errors.append(FieldError("job_months", message))
    return ticked, {"job_months": months}, tuple(errors)


def _chosen(
    reader: Reader, quoted: Mapping[str, Any], chosen: Mapping[str, str]
) -> Iterable[tuple[Chosen, Mapping[str, Any]]]:
    quotes = {"plan": quoted} | {f"also.{other['sku']}": other for other in quoted["also"]}
    for field, key in chosen.items():
        if key == CASH or field not in quotes:
            continue
        quote = quotes[field]
        plan = next(plan for plan in quote["plans"] if plan["key"] == key)
        payments = [row["payment_fen"] for row in plan["rows"]]
        one = Chosen(
            field=field,
            key=key,
            name=reader.name(reader.good(quote["merchant"], quote["sku"])),
            first_fen=payments[0],
            level=len(set(payments[:-1])) <= 1,
            instalments=len(payments),
            rate_ppm=plan["disclosure"]["cn_irr_nominal_ppm"] or 0,
            total_fen=plan["total_fen"],
        )
        yield one, plan


def _consent(
    reader: Reader, purpose: Purpose, lender: str, day: date, held: Grant | None
) -> Consent:
    return Consent(
        purpose=purpose.code,
        name=reader.say(NAMES[purpose.code]),
        text=reader.name(purpose),
        fields=tuple(reader.name(FEATURES[name]) for name in purpose.fields),
        recipient=reader.lender(lender),
        until=day + timedelta(days=DAYS),
        required=purpose.required,
        held_until=held.expires_on if held else None,
        held_id=held.consent_id if held else "",
    )
