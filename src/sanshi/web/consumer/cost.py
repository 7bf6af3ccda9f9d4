"""The whole cost of a chosen plan: annualised cost, every item, schedule, and what it asks of you.

It is made from the same checked values as the contract, so that a page never says what the
plan's own figures contradict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from sanshi.catalogue.benefits import Funder
from sanshi.catalogue.products import Merchant
from sanshi.catalogue.units import percent_text
from sanshi.documents.findings import Check, basis, checks, source
from sanshi.documents.sums import check_claims
from sanshi.documents.values import Cost, DisclosureValues, Row, read
from sanshi.documents.words import exact_percent, word
from sanshi.quote.terms import LoanTerms
from sanshi.web.reader import Reader
from sanshi.web.rendering import tenths


@dataclass(frozen=True, slots=True)
class CostItem:
    """One cost: what it is, 收取方式, 收取标准, 收取主体, and its amount if it is certain."""

    name: Markup
    method: Markup
    standard: Markup
    payee: str
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class After:
    """The cost once a third party's interest subsidy has come in full."""

    rate_ppm: int | None
    total_cost_fen: int


@dataclass(frozen=True, slots=True)
class Fit:
    """One of the three fits 三适: its question, the answer in a word, the evidence."""

    name: Markup
    question: Markup
    evidence: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Findings in words: how many passed, and every one of them. `later` come at signing."""

    day: date
    checks: tuple[Check, ...]
    later: int

    def count(self, result: str) -> int:
        """Return how many came out so."""
        return sum(check.result == result for check in self.checks)


@dataclass(frozen=True, slots=True)
class FullCost:
    """Everything about one plan. `lease`: it is rent, not a loan.

    `level`: every instalment but the last is the same.
    """

    sku: str
    title: str
    key: str
    lender: str
    product: str
    lease: bool
    terms: LoanTerms
    method: str
    meaning: str
    rate_ppm: int
    effective_ppm: int
    cost_fen: int
    principal_fen: int
    payment_fen: int
    down_payment_fen: int
    total_fen: int
    level: bool
    rows: tuple[Row, ...]
    costs: tuple[CostItem, ...]
    contingent: tuple[CostItem, ...]
    nothing_else: bool
    basis: Markup
    after: After | None
    fits: tuple[Fit, ...]
    checklist: Checklist


def full_cost(reader: Reader, merchant: str, sku: str, plan: Mapping[str, Any]) -> FullCost:
    """Read a plan of a quote's answer."""
    document = _document(reader, merchant, plan)
    table, stored = document.plan.disclosure, plan["fits"]
    lease = document.certificate.product_kind == "finance_lease"
    product = reader.catalogue.products[plan["product"]]
    terms = LoanTerms.from_json(plan["terms"])
    after = document.plan.after_subsidy
    return FullCost(
        sku=sku,
        title=reader.name(reader.good(merchant, sku)),
        key=plan["key"],
        lender=reader.lender(plan["lender"]),
        product=reader.name(product),
        lease=lease,
        terms=terms,
        method=word(f"method.{table.method}", reader.language),
        meaning=word(f"meaning.{table.method}", reader.language),
        rate_ppm=table.cn_irr_nominal_ppm or 0,
        effective_ppm=table.effective_ppm or 0,
        cost_fen=table.total_cost_fen,
        principal_fen=table.principal_fen,
        payment_fen=document.plan.payment_fen,
        down_payment_fen=plan["down_payment_fen"],
        total_fen=plan["total_fen"],
        level=document.plan.level,
        rows=document.plan.rows,
        costs=tuple(_cost(reader, cost, terms, lease=lease) for cost in table.costs),
        contingent=tuple(_contingent(reader, cost, terms) for cost in table.contingent),
        nothing_else=table.nothing_else_charged,
        basis=_basis(reader, document),
        after=After(after.cn_irr_nominal_ppm, after.total_cost_fen) if after else None,
        fits=_fits(reader, stored),
        checklist=checklist(reader, document),
    )


def checklist(reader: Reader, document: DisclosureValues) -> Checklist:
    """Word the findings of a certificate 合规检查清单."""
    certificate = document.certificate
    return Checklist(
        day=certificate.policy_date,
        checks=checks(certificate, reader.catalogue.texts, reader.language),
        later=len(certificate.later),
    )


def _document(reader: Reader, merchant: str, plan: Mapping[str, Any]) -> DisclosureValues:
    catalogue, lines = reader.catalogue, plan["benefits"]["lines"]
    payers: dict[str, Funder | Merchant] = {
        **catalogue.funders,
        merchant: catalogue.merchants[merchant],
    }
    given = {line["benefit"]: catalogue.benefits[line["benefit"]] for line in lines}
    funders = {part["funder"] for line in lines for part in line["funded"]}
    lender = catalogue.lenders[plan["lender"]]
    names = {
        "benefits": {
            code: {"zh": one.zh, "en": one.en, "on_return": one.on_return}
            for code, one in given.items()
        },
        "funders": {code: {"zh": payers[code].zh, "en": payers[code].en} for code in funders},
    }
    who = {"zh": lender.zh, "en": lender.en}
    document = read(DisclosureValues, {"lender": who, "names": names, "plan": plan})
    check_claims(document)
    return document


def _basis(reader: Reader, document: DisclosureValues) -> Markup:
    finding = basis(document.certificate)
    if finding is None:
        return Markup()
    return source(finding.instrument, finding.article, reader.language, finding.standing)


def _cost(reader: Reader, cost: Cost, terms: LoanTerms, *, lease: bool) -> CostItem:
    say = reader.say
    return CostItem(
        name=say("租息（租金中高于本金的部分）") if lease else say("贷款利息"),
        method=say(
            "{when}（{how}）",
            when=word(f"collected.{cost.method}", reader.language),
            how=word(f"method.{terms.method}", reader.language),
        ),
        standard=say(
            "年利率 {rate}，按剩余本金计息，{count}",
            rate=exact_percent(cost.standard_rate_ppm),
            count=word(f"day_count.{terms.day_count}", reader.language),
        ),
        payee=reader.lender(cost.payee),
        amount_fen=cost.amount_fen,
    )


def _contingent(reader: Reader, cost: Cost, terms: LoanTerms) -> CostItem:
    say = reader.say
    return CostItem(
        name=escape(word(f"item.{cost.item}", reader.language)),
        method=escape(word(f"collected.{cost.method}", reader.language)),
        standard=say(
            "年利率 {rate}（合同利率 {base} 加收 {markup}），只按逾期本金计，{count}",
            rate=exact_percent(cost.standard_rate_ppm),
            base=exact_percent(terms.rate_ppm),
            markup=percent_text(terms.penalty_markup_ppm),
            count=word(f"day_count.{terms.penalty_day_count}", reader.language),
        ),
        payee=reader.lender(cost.payee),
        amount_fen=None,
    )


def _fits(reader: Reader, stored: Mapping[str, Any]) -> tuple[Fit, ...]:
    say = reader.say
    cost, customer, measure = stored["cost"], stored["customer"], stored["measure"]
    cap, lpr, service = cost["cap_ppm"], cost["lpr_1y_ppm"], customer["debt_service_ppm"]
    price = [
        say("年化 {rate}", rate=exact_percent(cost["annual_cost_ppm"])),
        say("适用上限 {cap}", cap=exact_percent(cap))
        if cap is not None
        else say("没有已核实的适用上限"),
    ]
    if lpr is not None:
        price.append(say("一年期 LPR {lpr}", lpr=exact_percent(lpr)))
    return (
        Fit(say("成本适当"), say("价格公道、说全了吗？"), tuple(price)),
        Fit(
            say("客群适合"),
            say("这种借法适合您吗？"),
            (
                say("每月还款占收入 {share}", share=tenths(service))
                if service is not None
                else say("收入未知，无法估算"),
                say("暂估，审批时以核实为准") if customer["provisional"] else Markup(),
            ),
        ),
        Fit(say("服务适度"), say("会不会借得太多？"), tuple(_measure(reader, measure))),
    )


def _measure(reader: Reader, measure: Mapping[str, Any]) -> list[Markup]:
    say = reader.say
    lines = [
        say("借款占应付 {share}", share=tenths(measure["debt_share_ppm"])),
        say("在本平台未结清的贷款 {n} 笔", n=measure["live_loans"]),
    ]
    exposure = measure["exposure_ppm"]
    if exposure is not None:
        whole, tenth = divmod(-(-exposure // 100_000), 10)
        times = f"{whole}.{tenth}"
        lines.insert(0, say("总负债约为月收入的 {times} 倍", times=times))
    return lines
