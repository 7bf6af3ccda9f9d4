"""Commands that only compute: schedule, annual rate, quote, receipt verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rich.table import Table

from sanshi.benefit.lines import Stack
from sanshi.catalogue.catalogue import Catalogue
from sanshi.cli.output import AS_JSON, FILE, console, plain_errors, print_json, read_json
from sanshi.cli.scheduling import Day, EveryInput, ScheduleInput, print_schedule, schedule_answer
from sanshi.connectors.keys import ed25519_verify
from sanshi.evidence.verdict import verify_receipt
from sanshi.kernel.conventions import stated_rate
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import percent, yuan
from sanshi.kernel.rates import LABELS, Convention, Flow
from sanshi.kernel.reasons import say
from sanshi.kernel.schedules import MAX_INSTALMENTS
from sanshi.quote.bundle import make_bundle
from sanshi.quote.purchase import Borrower, Purchase
from sanshi.quote.quote import Quote
from sanshi.wiring import read_content


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FlowInput(_Input):
    """Money on a day, or again and again, as the lender sees it: advances are negative."""

    on: Day
    amount_fen: int
    repeat: Annotated[int, Field(ge=1, le=MAX_INSTALMENTS)] = 1
    every: EveryInput = EveryInput(months=1)


class AprInput(_Input):
    """What `sanshi apr` reads. `periods_per_year`: of the Chinese conventions, if not plain."""

    convention: Convention
    flows: tuple[FlowInput, ...] = Field(strict=False, min_length=1)
    periods_per_year: int | None = None


class ThingInput(_Input):
    """Another thing bought together with the first."""

    sku: str
    down_payment_fen: int = 0


class QuoteInput(_Input):
    """What `sanshi quote` reads: a purchase of the packs and what is known of the buyer.

    `also` are other things of the same merchant, such as the plate of a car.
    """

    merchant: str
    sku: str
    quoted_on: Day
    down_payment_fen: int = 0
    also: tuple[ThingInput, ...] = Field(default=(), strict=False)
    age_years: int
    student: bool
    second_repayment_source: bool = False
    monthly_income_fen: int | None = None
    monthly_debt_service_fen: int | None = None
    total_debt_fen: int | None = None
    live_loans: int | None = None


INPUTS: Mapping[str, type[BaseModel]] = {
    "schedule": ScheduleInput,
    "apr": AprInput,
    "quote": QuoteInput,
}


def schedule_command(
    file: Annotated[str, FILE] = "-", as_json: Annotated[bool, AS_JSON] = False
) -> None:
    """Work out a repayment schedule 还款计划 and its annual cost."""
    with plain_errors():
        answer = schedule_answer(_read(ScheduleInput, file))
        if as_json:
            print_json(answer)
        else:
            print_schedule(answer)


def apr_command(
    file: Annotated[str, FILE] = "-", as_json: Annotated[bool, AS_JSON] = False
) -> None:
    """Work out the annual rate 年化利率 of cash flows, and prove it where that can be done."""
    with plain_errors():
        asked = _read(AprInput, file)
        flows = [
            Flow(day, -flow.amount_fen)
            for flow in asked.flows
            for day in flow.every.dates(flow.on, flow.repeat)
        ]
        rate = stated_rate(asked.convention, flows, asked.periods_per_year)
        answer = {
            "convention": asked.convention,
            "annual_rate_pct": None if rate is None else percent(rate.rate_ppm)[:-1],
            "exact": rate is not None and rate.exact,
        }
        if as_json:
            print_json(answer)
        elif rate is None:
            console.print("no one rate makes these flows worth nothing", markup=False)
        else:
            how = "proven" if rate.exact else "solved"
            text = f"{percent(rate.rate_ppm)} {LABELS[asked.convention]['en']}, {how}"
            console.print(text, markup=False)


def quote_command(
    file: Annotated[str, FILE] = "-", as_json: Annotated[bool, AS_JSON] = False
) -> None:
    """Quote a purchase: every lawful plan beside paying in full."""
    with plain_errors():
        asked = _read(QuoteInput, file)
        catalogue = read_content().catalogue
        first = ThingInput(sku=asked.sku, down_payment_fen=asked.down_payment_fen)
        things = [_purchase(catalogue, asked, thing) for thing in (first, *asked.also)]
        borrower = Borrower(**asked.model_dump(exclude=_PURCHASE))
        bundle = make_bundle(catalogue, things, borrower)
        if as_json:
            print_json(bundle.led_by_first())
            return
        for quote in bundle.quotes:
            _print_quote(catalogue, quote)
        if asked.also:
            console.print(f"all in full: {yuan(bundle.in_full_fen)}", markup=False)


_PURCHASE = {"merchant", "sku", "quoted_on", "down_payment_fen", "also"}
"""What of the input is about the purchase, not about the buyer."""


def _print_quote(catalogue: Catalogue, quote: Quote) -> None:
    heads = ("plan", "a month", "total", "cost", "annual cost", "may come back")
    table = Table(*heads, title=quote.purchase.good.en)
    table.add_row("pay in full", "", yuan(quote.benefits.net_price_fen), "0.00", "", "")
    for plan in quote.plans:
        cost, after = plan.disclosure, plan.after_subsidy
        rate = cost.cn_irr_nominal_ppm
        table.add_row(
            plan.key,
            yuan(plan.rows[0].payment_fen),
            yuan(plan.total_fen),
            yuan(cost.total_cost_fen),
            percent(rate) if rate is not None else "",
            yuan(cost.total_cost_fen - after["total_cost_fen"]) if after else "",
        )
    console.print(table)
    # What every plan says is said once.
    stacks = (quote.benefits, *(plan.benefits for plan in quote.plans))
    for line in dict.fromkeys(said for stack in stacks for said in _benefits(catalogue, stack)):
        console.print(line, markup=False)
    for held in quote.withheld:
        for failure in held.certificate.failures:
            reason = say(failure.reason, catalogue.texts, "en")
            console.print(f"not offered: {held.key}: {reason}", markup=False)


def _benefits(catalogue: Catalogue, stack: Stack) -> Iterator[str]:
    """Say what a stack gives at the checkout, and what it does not give and why."""
    names = catalogue.benefits
    for line in stack.lines:
        if line.timing == "at_checkout":
            given = "less" if line.reduces_price else "might give"
            yield f"{given} {yuan(line.amount_fen)}: {names[line.benefit].en}"
    for one in stack.dropped:
        reason = say(one.reason, catalogue.texts, "en")
        yield f"no {names[one.benefit].en}: {reason}"


def verify_command(
    receipt: Annotated[str, FILE],
    key: Annotated[str, typer.Option(help="The log's public key in hex, if you have it.")] = "",
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Check a receipt 回执 offline: content, place in the log, signature."""
    with plain_errors():
        content = read_json(receipt)
        verdict = verify_receipt(
            content.get("receipt", content), ed25519_verify, bytes.fromhex(key) if key else None
        )
        if as_json:
            print_json(verdict.as_json())
        else:
            for step in verdict.steps:
                console.print(f"{step.outcome:8} {step.name}", markup=False)
        if not verdict.intact:
            raise typer.Exit(1)


def _read(model: type[Any], file: str) -> Any:  # noqa: ANN401 - the model that was passed
    try:
        return model.model_validate(read_json(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            "input.malformed",
            f"{first['msg']}.",
            field=".".join(str(part) for part in first["loc"]),
            fix="See `sanshi schema` for the fields and their types.",
        ) from error


def _purchase(catalogue: Catalogue, asked: QuoteInput, thing: ThingInput) -> Purchase:
    merchant = catalogue.merchants.get(asked.merchant)
    goods = {good.sku: good for good in merchant.goods} if merchant else {}
    if merchant is None or thing.sku not in goods:
        raise InputError(
            "quote.unknown",
            f"{asked.merchant!r} with {thing.sku!r} is not in the packs.",
            field="merchant" if merchant is None else "sku",
            fix=f"Known: {', '.join(goods or catalogue.merchants)}.",
        )
    good = goods[thing.sku]
    scenario = catalogue.scenarios[good.scenario]
    return Purchase(merchant, good, scenario, asked.quoted_on, thing.down_payment_fen)
